package scim_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
	"selfhelp/store/people"
)

// program provisions as directories do.
type program struct {
	t      *testing.T
	site   *frame.Site
	secret string
}

// provisioning is a site with an administrator, whose program provisions.
func provisioning(t *testing.T, change ...func(*admission.Method)) program {
	t.Helper()
	s := webtest.NewSite(t)
	boss := webtest.AddUser(t, s, "boss", access.Administrator)
	boss.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), boss, "test"); err != nil {
		t.Fatal(err)
	}
	m := admission.Method{ID: "entra", Kind: admission.SCIM, Name: "Entra ID", Accounts: admission.Accounts{Take: people.TakeUnclaimed, Domains: []string{"production"}}}
	for _, f := range change {
		f(&m)
	}
	settings, version, err := s.Desk.Settings(t.Context())
	if err == nil {
		err = s.Desk.Save(t.Context(), settings.Put(m), version, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	return program{t, s, webtest.Token(t, s, "boss", access.ScopeProvision)}
}

// call sends a request and returns the answer, held to what every answer is.
func (p program) call(method, path, body string, change ...func(*http.Request)) (int, map[string]any) {
	p.t.Helper()
	r := webtest.Ask(p.site, method, "/scim/v2"+path, append([]func(*http.Request){webtest.Bearer(p.secret), func(r *http.Request) {
		if body != "" {
			r.Header.Set("Content-Type", "application/scim+json")
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		}
	}}, change...)...)
	content := webtest.Text(p.t, r)
	if r.StatusCode == http.StatusNoContent || r.StatusCode == http.StatusNotModified {
		return r.StatusCode, nil
	}
	var reply map[string]any
	if err := json.Unmarshal([]byte(content), &reply); err != nil || r.Header.Get("Content-Type") != "application/scim+json" {
		p.t.Fatalf("%s %s: %d is not of SCIM: %.200s", method, path, r.StatusCode, content)
	}
	if r.StatusCode >= 400 && (reply["status"] != fmt.Sprint(r.StatusCode) || reply["detail"] == "" || !strings.Contains(content, "messages:2.0:Error")) {
		p.t.Errorf("%s %s: %d is no error of SCIM: %s", method, path, r.StatusCode, content)
	}
	return r.StatusCode, reply
}

// make makes an account and returns its id.
func (p program) make(login, external string) string {
	p.t.Helper()
	status, reply := p.call("POST", "/Users", fmt.Sprintf(`{"userName":%q,"externalId":%q,"name":{"givenName":"Camille","familyName":"Moreau"},"active":true}`, login, external))
	if status != 201 {
		p.t.Fatalf("make %s: %d %v", login, status, reply)
	}
	return reply["id"].(string)
}

func (p program) kept(id string) store.User {
	p.t.Helper()
	u, err := p.site.Content.User(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return u
}

func patch(operations string) string {
	return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + operations + `]}`
}

// TestLifeOfAnAccount from the first look for it to its end.
func TestLifeOfAnAccount(t *testing.T) {
	p := provisioning(t)
	find := "/Users?filter=" + url.QueryEscape(`userName eq "Camille@example.org"`)
	if _, list := p.call("GET", find, ""); list["totalResults"] != 0.0 {
		t.Errorf("before: %v", list)
	}
	id := p.make("camille@example.org", "c1")
	if _, list := p.call("GET", find, ""); list["totalResults"] != 1.0 {
		t.Errorf("after: %v", list)
	}
	status, reply := p.call("PATCH", "/Users/"+id, patch(`{"op":"Replace","path":"active","value":"False"},{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"Support"},{"op":"Add","path":"preferredLanguage","value":"fr-FR"},{"op":"add","path":"title","value":"Technicienne"}`))
	u := p.kept(id)
	if status != 200 || reply["active"] != false || u.Active || u.Attributes["entity"] != "Support" || u.Language != "fr" || u.Attributes["job_title"] != "Technicienne" || u.Role != access.User {
		t.Errorf("patched: %d %v, %+v", status, reply, u)
	}
	if m, err := p.site.Content.Memberships(t.Context(), id); err != nil || len(m.Domains) != 1 || m.Domains[0] != "production" {
		t.Errorf("belongs: %+v, %v", m, err)
	}
	status, reply = p.call("PUT", "/Users/"+id, `{"userName":"camille.moreau@example.org","externalId":"c2","name":{"givenName":"Camille","familyName":"Durand"},"active":true}`)
	if u = p.kept(id); status != 200 || u.Login != "camille.moreau@example.org" || u.LastName != "Durand" || !u.Active || u.Attributes["entity"] != "" || reply["externalId"] != "c2" {
		t.Errorf("put: %d %v, %+v", status, reply, u)
	}
	for _, f := range []string{`externalId eq "c2"`, `externalId eq "c2" and userName eq "camille.moreau@example.org"`, `id eq "` + id + `"`} {
		if _, list := p.call("GET", "/Users?filter="+url.QueryEscape(f), ""); list["totalResults"] != 1.0 {
			t.Errorf("%s: %v", f, list)
		}
	}
	if status, _ = p.call("DELETE", "/Users/"+id, ""); status != 204 || p.kept(id).Active {
		t.Errorf("deleted: %d, %+v", status, p.kept(id))
	}
	if status, _ = p.call("GET", "/Users/"+id, ""); status != 404 {
		t.Errorf("gone: %d", status)
	}
	if again := p.make("camille.moreau@example.org", "c3"); again != id || !p.kept(id).Active {
		t.Errorf("the account that comes back is %s, was %s", again, id)
	}
}

// TestLifeOfAGroup fills a group beside what people do to it by hand.
func TestLifeOfAGroup(t *testing.T) {
	p := provisioning(t)
	one, two := p.make("one", "1"), p.make("two", "2")
	status, reply := p.call("POST", "/Groups", `{"displayName":"Support","members":[{"value":"`+one+`"}]}`)
	id, _ := reply["id"].(string)
	if status != 201 || id == "" {
		t.Fatalf("make: %d %v", status, reply)
	}
	for alike, found := range map[string]float64{"SUPPORT": 1, "Ｓｕｐｐｏｒｔ": 0, " support ": 0, "support\u3000": 0} { // what only looks the same is no group to put people in
		if status, reply := p.call("POST", "/Groups", `{"displayName":"`+alike+`"}`); status != 409 || reply["scimType"] != "uniqueness" {
			t.Errorf("%s: %d %v", alike, status, reply)
		}
		if _, list := p.call("GET", "/Groups?filter="+url.QueryEscape(`displayName eq "`+alike+`"`), ""); list["totalResults"] != found {
			t.Errorf("%s is found: %v, want %v", alike, list, found)
		}
	}
	hand := webtest.AddUser(t, p.site, "hand", access.User, "production")
	for _, user := range []string{hand.ID, one} {
		if err := p.site.Content.EnterGroup(t.Context(), id, user, "test"); err != nil {
			t.Fatal(err)
		}
	}
	members := func(want ...string) {
		t.Helper()
		_, g := p.call("GET", "/Groups/"+id, "")
		content, _ := json.Marshal(g["members"])
		list, _ := g["members"].([]any)
		for _, id := range want {
			if !strings.Contains(string(content), id) {
				t.Errorf("%s is not in %s", id, content)
			}
		}
		if len(list) != len(want) {
			t.Errorf("%s, want %d", content, len(want))
		}
	}
	members(one)
	p.call("PATCH", "/Groups/"+id, patch(`{"op":"Add","path":"members","value":[{"value":"`+two+`"}]}`))
	members(one, two)
	p.call("PATCH", "/Groups/"+id, patch(`{"op":"remove","path":"members[value eq \"`+one+`\"]"}`))
	members(two)
	if _, list := p.call("GET", "/Groups?excludedAttributes=members&filter="+url.QueryEscape(`displayName eq "support"`), ""); list["totalResults"] != 1.0 || strings.Contains(fmt.Sprint(list), two) {
		t.Errorf("found: %v", list)
	}
	if status, reply := p.call("PUT", "/Groups/"+id, `{"displayName":"Help","members":[]}`); status != 400 || reply["scimType"] != "mutability" {
		t.Errorf("renamed: %d %v", status, reply)
	}
	if status, _ := p.call("DELETE", "/Groups/"+id, ""); status != 204 {
		t.Errorf("delete: %d", status)
	}
	members()
	left, err := p.site.Content.GroupMembers(t.Context(), id)
	if err != nil || len(left) != 2 {
		t.Errorf("by hand are %v, %v", left, err)
	}
	for name, members := range map[string]string{"nobody": "zzz", "not the program's": hand.ID} {
		if status, _ := p.call("PATCH", "/Groups/"+id, patch(`{"op":"add","path":"members","value":[{"value":"`+members+`"}]}`)); status != 400 {
			t.Errorf("%s: %d", name, status)
		}
	}
}

// TestFormerNamesFindNothing renames an account and a group, and looks for them: a filter
// compares what a resource has now (RFC 7644, section 3.4.2.2), and what it was called is
// none of its attributes. A program that looks by an old name would be answered with one
// that does not match, and PATCH what it did not mean.
func TestFormerNamesFindNothing(t *testing.T) {
	p := provisioning(t)
	user := p.make("before", "1")
	_, reply := p.call("POST", "/Groups", `{"displayName":"Before"}`)
	group, _ := reply["id"].(string)
	g, err := p.site.Content.Group(t.Context(), group)
	if err == nil {
		g.Name = "After"
		g, err = p.site.Content.SaveGroup(t.Context(), g, "test")
	}
	if err != nil || !slices.Contains(g.Former, "Before") {
		t.Fatalf("%+v, %v", g, err)
	}
	if status, _ := p.call("PATCH", "/Users/"+user, patch(`{"op":"replace","path":"userName","value":"after"}`)); status != 200 {
		t.Fatalf("rename: %d", status)
	}
	for filter, found := range map[string]float64{
		"/Users?filter=" + url.QueryEscape(`userName eq "before"`): 0, "/Users?filter=" + url.QueryEscape(`userName eq "after"`): 1,
		"/Groups?filter=" + url.QueryEscape(`displayName eq "Before"`): 0, "/Groups?filter=" + url.QueryEscape(`displayName eq "After"`): 1,
	} {
		if _, list := p.call("GET", filter, ""); list["totalResults"] != found {
			t.Errorf("%s: %v, want %v", filter, list["totalResults"], found)
		}
	}
	if status, reply := p.call("POST", "/Groups", `{"displayName":"Before"}`); status != 409 {
		t.Errorf("the name that a group had is given again: %d %v", status, reply)
	}
}

// TestAGroupIsMadeWithItsMembersOrNotAtAll makes one with somebody whom nobody knows.
func TestAGroupIsMadeWithItsMembersOrNotAtAll(t *testing.T) {
	p := provisioning(t)
	one := p.make("one", "1")
	whole := `{"displayName":"Half","members":[{"value":"` + one + `"}]}`
	half := strings.Replace(whole, `]`, `,{"value":"nobody"}]`, 1)
	if status, reply := p.call("POST", "/Groups", half); status != 400 {
		t.Errorf("somebody unknown became a member: %d %v", status, reply)
	}
	if _, list := p.call("GET", "/Groups", ""); list["totalResults"] != 0.0 {
		t.Errorf("a group was made although its members were refused: %v", list)
	}
	if made, err := p.site.Content.AuditLike(t.Context(), store.AuditFilter{Action: "group.create", Limit: 10}); err != nil || len(made) > 0 {
		t.Errorf("the audit has it: %v, %v", made, err)
	}
	if status, reply := p.call("POST", "/Groups", whole); status != 201 || len(reply["members"].([]any)) != 1 {
		t.Errorf("sent again with who is known: %d %v", status, reply)
	}
}

// TestAProgramInheritsNoGroup makes a group by the name of one that is gone, which a
// version is still on trial with.
func TestAProgramInheritsNoGroup(t *testing.T) {
	p := provisioning(t)
	content := p.site.Content
	g, err := content.CreateGroup(t.Context(), store.Group{Domain: "production", Name: "Lyon"}, "test")
	if err != nil {
		t.Fatal(err)
	}
	data := webtest.Desk(t)
	project, err := content.CreateProject(t.Context(), "production", data, "test")
	if err == nil {
		_, err = content.FreezeVersion(t.Context(), store.Freeze{Project: project.ID, Data: data, Audience: []string{"Lyon"}, By: "test"})
	}
	if err == nil {
		err = content.DeleteGroup(t.Context(), g.ID, g.Version, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	status, said := p.call("POST", "/Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Lyon"}`)
	if detail, _ := said["detail"].(string); status != http.StatusConflict || !strings.Contains(detail, project.Alias) {
		t.Errorf("%d %v", status, said)
	}
}

// TestWhatIsRefused, in the words of SCIM.
func TestWhatIsRefused(t *testing.T) {
	p := provisioning(t)
	one, two := p.make("one", "1"), p.make("two", "2")
	webtest.AddUser(t, p.site, "claimed", access.User, "production")
	boss, err := p.site.Content.UserByLogin(t.Context(), "boss")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		method, path, body string
		status             int
		is                 any
	}{
		"a login twice":            {"POST", "/Users", `{"userName":"ONE"}`, 409, "uniqueness"},
		"an externalId twice":      {"POST", "/Users", `{"userName":"three","externalId":"1"}`, 409, "uniqueness"},
		"an account with password": {"POST", "/Users", `{"userName":"claimed"}`, 409, "uniqueness"},
		"an administrator":         {"POST", "/Users", `{"userName":"boss"}`, 409, "uniqueness"},
		"a login that is taken":    {"PATCH", "/Users/" + two, patch(`{"op":"replace","path":"userName","value":"one"}`), 409, "uniqueness"},
		"a subject that is taken":  {"PATCH", "/Users/" + two, patch(`{"op":"replace","path":"externalId","value":"1"}`), 409, "uniqueness"},
		"a subject of ours":        {"POST", "/Users", `{"userName":"three","externalId":"urn:selfhelp:none:x"}`, 400, "invalidValue"},
		"a login that is none":     {"POST", "/Users", `{"userName":"a b<c>"}`, 400, "invalidValue"},
		"an externalId of lines":   {"POST", "/Users", `{"userName":"three","externalId":"a\r\nb"}`, 400, "invalidValue"},
		"a name of lines":          {"PATCH", "/Users/" + two, patch(`{"op":"replace","path":"name.givenName","value":"a\u0000b"}`), 400, "invalidValue"},
		"no JSON":                  {"POST", "/Users", `{`, 400, "invalidSyntax"},
		"a filter for all":         {"GET", "/Users?filter=" + url.QueryEscape(`userName eq "x" or userName pr`), "", 400, "invalidFilter"},
		"a filter of groups":       {"GET", "/Groups?filter=" + url.QueryEscape(`userName eq "x"`), "", 400, "invalidFilter"},
		"an unknown account":       {"GET", "/Users/zzz", "", 404, nil},
		"one that is not theirs":   {"GET", "/Users/" + boss.ID, "", 404, nil},
		"to change it":             {"PATCH", "/Users/" + boss.ID, patch(`{"op":"replace","path":"active","value":false}`), 404, nil},
		"to delete it":             {"DELETE", "/Users/" + boss.ID, "", 404, nil},
		"a giant body":             {"POST", "/Users", `{"userName":"` + strings.Repeat("x", 2<<20) + `"}`, 413, nil},
		"10,000 members":           {"POST", "/Groups", `{"displayName":"G","members":[` + strings.TrimSuffix(strings.Repeat(`{"value":"x"},`, 10_000), ",") + `]}`, 413, "tooMany"},
		"a page that is no number": {"GET", "/Users?startIndex=x", "", 400, "invalidValue"},
		"an unknown schema":        {"GET", "/Schemas/x", "", 404, nil},
	} {
		if status, reply := p.call(c.method, c.path, c.body); status != c.status || reply["scimType"] != c.is {
			t.Errorf("%s: %d %v, want %d %v", name, status, reply, c.status, c.is)
		}
	}
	if !p.kept(boss.ID).Active || p.kept(two).Login != "two" {
		t.Error("something of it was done")
	}
	// An account that came to administer is left alone, and is no member by a program.
	chief := p.kept(one)
	chief.Role = access.Administrator
	if _, err := p.site.Content.SaveUser(t.Context(), chief, "test"); err != nil {
		t.Fatal(err)
	}
	_, group := p.call("POST", "/Groups", `{"displayName":"G"}`)
	for _, c := range [][3]string{
		{"PATCH", "/Users/" + one, patch(`{"op":"replace","path":"active","value":false}`)}, {"PUT", "/Users/" + one, `{"userName":"other"}`}, {"DELETE", "/Users/" + one, ""},
		{"PATCH", "/Groups/" + group["id"].(string), patch(`{"op":"add","path":"members","value":[{"value":"` + one + `"}]}`)},
	} {
		if status, _ := p.call(c[0], c[1], c[2]); status != 403 {
			t.Errorf("%s %s of an administrator: %d", c[0], c[1], status)
		}
	}
	if !p.kept(one).Active {
		t.Error("an administrator was suspended")
	}
}

// TestWhoMayProvision: programs of those who administer the server, with the
// scope, and nobody by a session.
func TestWhoMayProvision(t *testing.T) {
	p := provisioning(t)
	webtest.AddUser(t, p.site, "local", access.Administrator, "production")
	webtest.AddUser(t, p.site, "writer", access.Writer, "production")
	for name, c := range map[string]struct {
		secret string
		want   int
	}{
		"boss": {p.secret, 200}, "boss, other scopes": {webtest.Token(t, p.site, "boss", access.ScopeRun, access.ScopeStudio, access.ScopeReports), 403},
		"an administrator of a domain": {webtest.Token(t, p.site, "local", access.ScopeProvision), 403}, "a writer": {webtest.Token(t, p.site, "writer", access.ScopeProvision), 403},
		"nobody": {"", 401}, "a wrong token": {"sh_" + strings.Repeat("a", 52), 401},
	} {
		q := p
		q.secret = c.secret
		if status, reply := q.call("GET", "/Users", ""); status != c.want {
			t.Errorf("%s: %d %v, want %d", name, status, reply, c.want)
		}
	}
	q := p
	q.secret = ""
	if status, _ := q.call("GET", "/Users", "", webtest.SignedIn(t, p.site, "boss")); status != 401 {
		t.Errorf("by a session: %d", status)
	}
	off := provisioning(t, func(m *admission.Method) { m.Off = true })
	if status, _ := off.call("GET", "/Users", ""); status != 404 {
		t.Errorf("turned off: %d", status)
	}
	if status, _ := off.call("GET", "/ServiceProviderConfig", ""); status != 200 {
		t.Errorf("what there is: %d", status)
	}
}

// TestVersions: a change of what is not as the program has it is refused.
func TestVersions(t *testing.T) {
	p := provisioning(t)
	id := p.make("one", "1")
	r := webtest.Ask(p.site, "GET", "/scim/v2/Users/"+id, webtest.Bearer(p.secret))
	etag := r.Header.Get("ETag")
	if status, _ := p.call("GET", "/Users/"+id, "", webtest.Header("If-None-Match", etag)); status != 304 {
		t.Errorf("as it is: %d", status)
	}
	suspend := patch(`{"op":"replace","path":"active","value":false}`)
	if status, _ := p.call("PATCH", "/Users/"+id, suspend, webtest.Header("If-Match", `W/"99"`)); status != 412 || !p.kept(id).Active {
		t.Errorf("over another: %d", status)
	}
	if status, _ := p.call("PATCH", "/Users/"+id, suspend, webtest.Header("If-Match", etag)); status != 200 || p.kept(id).Active {
		t.Errorf("over the same: %d", status)
	}
}

// TestPages walks through a list.
func TestPages(t *testing.T) {
	p := provisioning(t)
	for i := range 5 {
		p.make(fmt.Sprintf("user%d", i), fmt.Sprint(i))
	}
	seen := map[string]bool{}
	for start := 1; start <= 5; start += 2 {
		_, list := p.call("GET", fmt.Sprintf("/Users?startIndex=%d&count=2", start), "")
		for _, one := range list["Resources"].([]any) {
			seen[one.(map[string]any)["id"].(string)] = true
		}
		if list["totalResults"] != 5.0 {
			t.Errorf("%v", list["totalResults"])
		}
	}
	if len(seen) != 5 {
		t.Errorf("%d seen", len(seen))
	}
	if _, list := p.call("GET", "/Users?count=0", ""); list["totalResults"] != 5.0 || len(list["Resources"].([]any)) != 0 {
		t.Errorf("only counted: %v", list)
	}
}

// TestSuspendedLosesSession at the next request.
func TestSuspendedLosesSession(t *testing.T) {
	p := provisioning(t, func(m *admission.Method) { m.Accounts.Take = people.TakeAny })
	webtest.AddUser(t, p.site, "one", access.User, "production")
	b := webtest.SignedInAs(t, p.site, "one").Open("/me")
	id := p.make("one", "1")
	if b.Open("/me"); b.Status != 200 {
		t.Fatalf("taken: %d", b.Status)
	}
	p.call("DELETE", "/Users/"+id, "")
	if r := b.Send("GET", "/me"); r.StatusCode != 303 {
		t.Errorf("suspended: %d", r.StatusCode)
	}
}

// TestStaffWithOwnPassword: a program that may take any account takes nobody's
// over that works in the Studio and comes in by what is kept here.
func TestStaffWithOwnPassword(t *testing.T) {
	p := provisioning(t, func(m *admission.Method) { m.Accounts.Take = people.TakeAny })
	writer := webtest.AddUser(t, p.site, "writer", access.Writer, "production")
	writer.Mail = "writer@example.org"
	writer, err := p.site.Content.SaveUser(t.Context(), writer, "test")
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what, method, path, body string) {
		t.Helper()
		if status, reply := p.call(method, path, body); status != 403 || reply["scimType"] != "mutability" {
			t.Errorf("%s: %d %v", what, status, reply)
		}
	}
	with := func(mail, department string) string {
		return `{"userName":"writer","externalId":"w","emails":[{"value":"` + mail + `"}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"` + department + `"}}`
	}
	refused("taken with another address", "POST", "/Users", with("evil@example.org", "Support"))
	if status, reply := p.call("POST", "/Users", with("writer@example.org", "Support")); status != 201 {
		t.Fatalf("taken as it is: %d %v", status, reply)
	}
	path := "/Users/" + writer.ID
	refused("another address", "PUT", path, with("evil@example.org", "Support"))
	refused("another login", "PATCH", path, patch(`{"op":"replace","path":"userName","value":"other"}`))
	refused("another name", "PATCH", path, patch(`{"op":"replace","path":"name.familyName","value":"Other"}`))
	if status, _ := p.call("PUT", path, with("writer@example.org", "Sales")); status != 200 || p.kept(writer.ID).Attributes["entity"] != "Sales" {
		t.Errorf("another department: %d, %+v", status, p.kept(writer.ID))
	}
	if u := p.kept(writer.ID); u.Mail != "writer@example.org" || u.Login != "writer" || u.LastName != "" {
		t.Errorf("it is now %+v", u)
	}
	if status, _ := p.call("DELETE", path, ""); status != 204 || p.kept(writer.ID).Active {
		t.Errorf("who left is not suspended: %d", status)
	}
}
