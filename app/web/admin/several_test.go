package admin_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/job"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// page is what an address shows to someone, in English.
func (s staff) page(t *testing.T, who, path string) string {
	t.Helper()
	return webtest.Text(t, webtest.Ask(s.Site, "GET", path, s.as[who], webtest.Header("Accept-Language", "en")))
}

func (s staff) group(t *testing.T, domain, name string) store.Group {
	t.Helper()
	g, err := s.Content.CreateGroup(t.Context(), store.Group{Domain: domain, Name: name}, "test")
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestSeveralAccountsAreSuspended chooses several, is asked, and answers: what
// the person may not change is named, and stays as it is.
func TestSeveralAccountsAreSuspended(t *testing.T) {
	s := withStaff(t)
	both := webtest.AddUser(t, s.Site, "both", access.User, "sandbox", "production")
	far := webtest.AddUser(t, s.Site, "far", access.User, "sandbox")
	wide := webtest.AddUser(t, s.Site, "wide", access.Writer, "production")
	wide.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), wide, "test"); err != nil {
		t.Fatal(err)
	}
	picks := url.Values{"do": {"suspend"}, "pick": {s.writer.ID, both.ID, far.ID, s.local.ID, wide.ID, "none", s.writer.ID}}
	asked := webtest.Text(t, webtest.Ask(s.Site, "POST", "/admin/users/choose", webtest.Form(picks.Encode()), s.as["local"], webtest.Header("Accept-Language", "en")))
	for _, want := range []string{"Suspend 1 account?", "writer (writer)", "both: it belongs to domains that you do not administer", "wide: it belongs to domains that you do not administer", "local: it is your own account"} {
		if !strings.Contains(asked, want) {
			t.Errorf("the question does not say %q: %s", want, webtest.MainOf(asked))
		}
	}
	if strings.Contains(asked, "far") {
		t.Error("an account of another domain is named")
	}
	if r := s.post("local", "/admin/users/apply", picks); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", r.StatusCode)
	}
	for id, want := range map[string]bool{s.writer.ID: false, both.ID: true, far.ID: true, wide.ID: true, s.local.ID: true} {
		if u, err := s.Content.User(t.Context(), id); err != nil || u.Active != want {
			t.Errorf("%s is active: %v, %v", u.Login, u.Active, err)
		}
	}
	for _, bad := range []url.Values{{"do": {"suspend"}}, {"do": {"erase"}, "pick": {s.writer.ID}}, {"do": {"enter"}, "pick": {s.writer.ID}}} {
		if r := s.post("chief", "/admin/users/choose", bad); r.Header.Get("Location") != "/admin/users" {
			t.Errorf("%v leads to %d %s", bad, r.StatusCode, r.Header.Get("Location"))
		}
	}
}

// TestEveryAccountOfAFilter puts all that a filter shows in a group, beyond the
// page, and keeps the filter.
func TestEveryAccountOfAFilter(t *testing.T) {
	s := withStaff(t)
	for i := range 60 {
		webtest.AddUser(t, s.Site, "lyon"+string(rune('a'+i/26))+string(rune('a'+i%26)), access.User, "production")
	}
	g := s.group(t, "production", "Lyon")
	form := url.Values{"do": {"enter"}, "to": {g.ID}, "every": {"yes"}, "filter": {"q=lyon&sort=login"}}
	asked := webtest.Text(t, webtest.Ask(s.Site, "POST", "/admin/users/choose", webtest.Form(form.Encode()), s.as["local"], webtest.Header("Accept-Language", "en")))
	if !strings.Contains(asked, "Put 60 accounts in the group “Lyon”?") || !strings.Contains(asked, "and 40 more") {
		t.Error(webtest.MainOf(asked))
	}
	r := s.post("local", "/admin/users/apply", form)
	if got := r.Header.Get("Location"); got != "/admin/users?q=lyon&sort=login" {
		t.Errorf("it leads to %s", got)
	}
	if members, err := s.Content.GroupMembers(t.Context(), g.ID); err != nil || len(members) != 60 {
		t.Errorf("%d members, %v", len(members), err)
	}
	for query, want := range map[string]string{"?sort=login&down=1&q=lyon": "lyonch", "?sort=login&q=lyon": "lyonaa", "?group=" + g.ID: "60 accounts"} {
		if body := s.page(t, "local", "/admin/users"+query); !strings.Contains(body, want) {
			t.Errorf("%s does not show %s", query, want)
		}
	}
	first := s.page(t, "local", "/admin/users?sort=login&down=1&q=lyon")
	if strings.Contains(first, "lyonaa") || !strings.Contains(first, `aria-sort="descending"`) {
		t.Error("the last do not come first")
	}
}

// TestGroupsOfSeveralDomains attaches a group to a second domain: its members
// belong there, and whoever administers one of the two alone only looks on.
func TestGroupsOfSeveralDomains(t *testing.T) {
	s := withStaff(t)
	g := s.group(t, "production", "Lyon")
	s.group(t, "sandbox", "Taken")
	taken := s.group(t, "production", "Taken")
	if r := s.post("local", "/admin/groups/"+g.ID+"/attach", url.Values{"to": {"sandbox"}}); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("attached to a domain of others: %d", r.StatusCode)
	}
	if r := s.post("chief", "/admin/groups/"+taken.ID+"/attach", url.Values{"to": {"sandbox"}}); r.StatusCode != http.StatusConflict {
		t.Errorf("two groups of one name: %d", r.StatusCode)
	}
	if r := s.post("chief", "/admin/groups/"+g.ID+"/members", url.Values{"login": {"user"}}); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", r.StatusCode)
	}
	if r := s.post("chief", "/admin/groups/"+g.ID+"/attach", url.Values{"to": {"sandbox"}}); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", r.StatusCode)
	}
	if page := s.page(t, "chief", "/admin/domains/sandbox"); !strings.Contains(page, ">Lyon<") {
		t.Error("the second domain does not list the group")
	}
	// An administrator of one domain who is put into such a group belongs to the
	// other, and does not administer it.
	s.post("chief", "/admin/groups/"+g.ID+"/members", url.Values{"login": {"local"}})
	if r := webtest.Ask(s.Site, "GET", "/admin/domains/sandbox", s.as["local"]); r.StatusCode != http.StatusForbidden {
		t.Errorf("a group makes an administrator: %d", r.StatusCode)
	}
	if page := s.page(t, "chief", "/admin/explain?person=local&on=domain:sandbox"); !strings.Contains(page, "by a group only") {
		t.Error("nobody is told why")
	}
	u, err := s.Content.UserByLogin(t.Context(), "user")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.Content.CountUsersLike(t.Context(), store.UserFilter{Domain: "sandbox", Text: "user"}); err != nil || n != 1 {
		t.Errorf("the member does not belong to the second domain: %d, %v", n, err)
	}
	page := s.page(t, "local", "/admin/groups/"+g.ID)
	if !strings.Contains(page, "only their administrators change it") || strings.Contains(page, "/members") {
		t.Error("a group of wider reach can be changed from one of its domains")
	}
	for _, path := range []string{"", "/members", "/leave", "/delete", "/attach", "/detach"} {
		if r := s.post("local", "/admin/groups/"+g.ID+path, url.Values{"name": {"x"}, "login": {"user"}, "user": {u.ID}, "to": {"production"}, "confirm": {"Lyon"}, "version": {"2"}}); r.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	if r := s.post("chief", "/admin/groups/"+g.ID+"/detach", url.Values{"to": {"sandbox"}, "sure": {"yes"}}); r.StatusCode != http.StatusSeeOther {
		t.Errorf("%d", r.StatusCode)
	}
	if page := s.page(t, "chief", "/admin/domains/sandbox"); strings.Contains(page, ">Lyon<") {
		t.Error("the domain lists a group that was taken out")
	}
}

// TestSeveralGroupsAtOnce attaches and deletes from the list.
func TestSeveralGroupsAtOnce(t *testing.T) {
	s := withStaff(t)
	one, two, theirs := s.group(t, "production", "One"), s.group(t, "production", "Two"), s.group(t, "sandbox", "Theirs")
	form := url.Values{"do": {"delete"}, "pick": {one.ID, two.ID, theirs.ID}}
	asked := webtest.Text(t, webtest.Ask(s.Site, "POST", "/admin/groups/choose", webtest.Form(form.Encode()), s.as["local"], webtest.Header("Accept-Language", "en")))
	if !strings.Contains(asked, "Delete 2 groups?") || strings.Contains(asked, "Theirs") {
		t.Error(webtest.MainOf(asked))
	}
	s.post("chief", "/admin/groups/apply", url.Values{"do": {"attach"}, "to": {"sandbox"}, "pick": {one.ID}})
	if g, err := s.Content.Group(t.Context(), one.ID); err != nil || !slices.Equal(g.Also, []string{"sandbox"}) {
		t.Errorf("%+v, %v", g, err)
	}
	s.post("local", "/admin/groups/apply", form)
	for id, gone := range map[string]bool{one.ID: false, two.ID: true, theirs.ID: false} {
		if _, err := s.Content.Group(t.Context(), id); (err != nil) != gone {
			t.Errorf("%s: %v", id, err)
		}
	}
	table := s.page(t, "chief", "/admin/groups.csv?sort=name&down=1")
	if !strings.Contains(table, "Theirs,Theirs,Sandbox,0,no\nOne,One,\"Production, Sandbox\",0,no") {
		t.Error(table)
	}
}

// TestSessionsAreReadable signs in from browsers and ends one of them.
func TestSessionsAreReadable(t *testing.T) {
	s := withStaff(t)
	phone := webtest.TryToSignIn(s.Site, "user", webtest.GoodPassword, webtest.FromAddress(6), webtest.Header("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"))
	page := s.page(t, "chief", "/admin/sessions?q=iphone")
	if !strings.Contains(page, "Safari on iPhone") || !strings.Contains(page, "198.51.100.7") || strings.Count(page, `name="pick"`) != 1 {
		t.Error(webtest.MainOf(page))
	}
	all, err := s.Activity.SessionsOf(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	var picks []string
	for _, one := range all {
		picks = append(picks, one.ID)
	}
	form := url.Values{"pick": picks}
	asked := webtest.Text(t, webtest.Ask(s.Site, "POST", "/admin/sessions/choose", webtest.Form(form.Encode()), s.as["chief"], webtest.Header("Accept-Language", "en")))
	if !strings.Contains(asked, "End 4 sessions?") { // all five but one's own
		t.Error(webtest.MainOf(asked))
	}
	s.post("chief", "/admin/sessions/apply", form)
	if r := webtest.Ask(s.Site, "GET", "/me", webtest.Cookies(phone)); r.StatusCode != http.StatusSeeOther {
		t.Errorf("a session that was ended still opens: %d", r.StatusCode)
	}
	if r := webtest.Ask(s.Site, "GET", "/me", s.as["chief"]); r.StatusCode != http.StatusOK {
		t.Errorf("one's own session ended: %d", r.StatusCode)
	}
}

// TestSessionsOfOnesPeople: who administers one domain sees and ends the sessions of
// the accounts that are in no other.
func TestSessionsOfOnesPeople(t *testing.T) {
	s := withStaff(t)
	signedIn := map[string]func(*http.Request){"user": s.as["user"], "chief": s.as["chief"]}
	for name, domains := range map[string][]string{"far": {"sandbox"}, "both": {"production", "sandbox"}} {
		webtest.AddUser(t, s.Site, name, access.User, domains...)
		signedIn[name] = webtest.SignedIn(t, s.Site, name)
	}
	for _, path := range []string{"/admin/sessions", "/admin/sessions.csv"} {
		page := s.page(t, "local", path)
		for name, shown := range map[string]bool{"user": true, "local": true, "far": false, "both": false, "chief": false} {
			if regexp.MustCompile(`(?m)(>|^)`+name+`(<|,)`).MatchString(page) != shown {
				t.Errorf("%s: %s is shown: %t", path, name, !shown)
			}
		}
	}
	all, err := s.Activity.SessionsOf(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	for _, one := range all {
		form.Add("pick", one.ID)
	}
	s.post("local", "/admin/sessions/apply", form)
	for name, as := range signedIn {
		want := http.StatusOK
		if name == "user" {
			want = http.StatusSeeOther
		}
		if r := webtest.Ask(s.Site, "GET", "/me", as); r.StatusCode != want {
			t.Errorf("%s: %d, want %d", name, r.StatusCode, want)
		}
	}
	u, err := s.Content.UserByLogin(t.Context(), "user")
	if err != nil {
		t.Fatal(err)
	}
	if told, err := s.Content.AuditLike(t.Context(), store.AuditFilter{Action: "session.stop"}); err != nil || len(told) != 2 || !slices.ContainsFunc(told, func(a store.AuditEntry) bool { return a.Object == "user:"+u.ID }) { // and the writer's
		t.Errorf("the audit: %+v, %v", told, err)
	}
}

// TestRulesOfKeeping changes the retention and is refused what nobody can mean.
func TestRulesOfKeeping(t *testing.T) {
	s := withStaff(t)
	if page := s.page(t, "chief", "/admin/settings"); !strings.Contains(page, `value="13"`) {
		t.Error(webtest.MainOf(page))
	}
	if r := s.post("chief", "/admin/settings", url.Values{"months": {"0"}, "names": {"x"}, "idle": {"7"}, "version": {"0"}}); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(webtest.Text(t, r), `value="x"`) {
		t.Errorf("%d", r.StatusCode)
	}
	good := url.Values{"months": {"24"}, "names": {"60"}, "idle": {"3"}, "version": {"0"}}
	if r := s.post("chief", "/admin/settings", good); r.StatusCode != http.StatusSeeOther {
		t.Errorf("%d", r.StatusCode)
	}
	if rule, _, err := job.ReadRule(t.Context(), s.Content); err != nil || rule != (job.Rule{Months: 24, Names: 60, Idle: 3}) {
		t.Errorf("%+v, %v", rule, err)
	}
	good.Set("months", "6")
	if r := s.post("chief", "/admin/settings", good); r.StatusCode != http.StatusConflict || !strings.Contains(webtest.Text(t, r), "24") {
		t.Errorf("an older form was saved: %d", r.StatusCode)
	}
}

// TestARenamedGroupKeepsWhatItOpens: what was written for it finds it by the name
// it had, and no other group takes that name.
func TestARenamedGroupKeepsWhatItOpens(t *testing.T) {
	s := withStaff(t)
	g := s.group(t, "production", "managers")
	s.post("chief", "/admin/groups/"+g.ID+"/members", url.Values{"login": {"user"}})
	rename := func(name string) *http.Response {
		now, err := s.Content.Group(t.Context(), g.ID)
		if err != nil {
			t.Fatal(err)
		}
		return s.post("chief", "/admin/groups/"+g.ID, url.Values{"name": {name}, "version": {strconv.FormatInt(now.Version, 10)}})
	}
	if r := rename("Heads"); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", r.StatusCode)
	}
	u, err := s.Content.UserByLogin(t.Context(), "user")
	if err != nil {
		t.Fatal(err)
	}
	who, err := s.Person(t.Context(), u, "production")
	thing := access.Thing{Domain: "production", Project: &access.Project{Audience: access.Audience{"managers"}}}
	if err != nil || !access.Can(who, access.SeeProject, thing).Allowed {
		t.Errorf("a new name shuts its members out: %v", err)
	}
	if n, err := s.Content.CountReaders(t.Context(), "production", []string{"managers"}); err != nil || n != 1 {
		t.Errorf("%d people are counted of those it is for: %v", n, err)
	}
	if titles, err := s.Content.GroupTitles(t.Context(), "production", []string{"managers", "Heads"}); err != nil || len(titles) != 2 {
		t.Errorf("it is called %v: %v", titles, err)
	}
	if r := s.post("chief", "/admin/domains/production/groups", url.Values{"name": {"managers"}}); r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("another group takes the old name: %d", r.StatusCode)
	}
	other := s.group(t, "production", "Others")
	if r := s.post("chief", "/admin/groups/"+other.ID, url.Values{"name": {"managers"}, "version": {strconv.FormatInt(other.Version, 10)}}); r.StatusCode == http.StatusSeeOther {
		t.Error("another group is renamed to the old name")
	}
	if r := rename("managers"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("it does not get its own name back: %d", r.StatusCode)
	}
}
