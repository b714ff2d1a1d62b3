package signin_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
	"selfhelp/store/clocktest"
	"selfhelp/store/people"
)

// clockedSite is a site whose time, and whose store's, is that of the test.
func clockedSite(t *testing.T) (*frame.Site, func(time.Duration)) {
	t.Helper()
	clock := clocktest.At(time.Now())
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{Now: clock.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	s := webtest.NewSite(t, func(c *frame.Config) {
		c.Store, c.Now, c.Limits = st, clock.Now, frame.Limits{Signs: frame.Rate{PerSecond: -1}}
	})
	for name, role := range map[string]access.Role{"chief": access.Administrator, "ada": access.User} {
		u := webtest.AddUser(t, s, name, role, "production")
		if u.Everywhere = role == access.Administrator; u.Everywhere {
			if _, err := s.Content.SaveUser(t.Context(), u, "test"); err != nil {
				t.Fatal(err)
			}
		}
	}
	return s, clock.Pass
}

// limits sends the form of the limits.
func limits(b *webtest.Browser, version int, idle, longest, most string) int {
	form := url.Values{"version": {strconv.Itoa(version)}, "idle": {idle}, "longest": {longest}, "most": {most}}
	b.Follow(b.Send("POST", "/admin/sign-in/sessions", webtest.Form(form.Encode())), "/admin/sign-in/sessions")
	return b.Status
}

// isIn reports whether a browser is still signed in.
func isIn(b *webtest.Browser) bool { return b.Send("GET", "/me").StatusCode == 200 }

// TestLimitsOfSessions: what an administrator says of sessions holds at once, and
// for those that began before.
func TestLimitsOfSessions(t *testing.T) {
	s, pass := clockedSite(t)
	chief := webtest.SignedInAs(t, s, "chief")
	chief.Open("/admin/sign-in").Sees("2 hours", "12 hours", "30 days", `name="most"`)
	idle, busy := webtest.SignedInAs(t, s, "ada"), webtest.SignedInAs(t, s, "ada")
	for range 4 {
		pass(20 * time.Minute)
		if !isIn(busy) || !isIn(chief) {
			t.Fatal("a session that is used ends")
		}
	}
	if status := limits(chief, 0, "60", "720", "20"); status != 200 {
		t.Fatalf("saved: %d", status)
	}
	chief.Sees("The rule is saved")
	if isIn(idle) || !isIn(busy) {
		t.Error("after 80 minutes: a session that nobody used opens something, or one in use does not")
	}
	if status := limits(chief, 1, "15", "60", "20"); status != 303 && status != 200 {
		t.Fatalf("saved: %d", status)
	}
	if isIn(busy) {
		t.Error("a session of 80 minutes goes on where an hour is the longest")
	}
	if left, err := s.Activity.SessionsOf(t.Context(), "", 100); err != nil || len(left) != 0 {
		t.Errorf("lists show what has ended: %+v, %v", left, err)
	}

	// A longer time in all is for sessions that begin after it.
	chief, ada := webtest.SignedInAs(t, s, "chief"), webtest.SignedInAs(t, s, "ada")
	if status := limits(chief, 2, "1440", "43200", "20"); status != 200 {
		t.Fatalf("saved: %d", status)
	}
	for _, minutes := range []time.Duration{10, 49} {
		if pass(minutes * time.Minute); !isIn(ada) {
			t.Error("it ends before its hour")
		}
	}
	if pass(2 * time.Minute); isIn(ada) {
		t.Error("it goes on after its hour")
	}
	later := webtest.SignedInAs(t, s, "ada")
	if pass(23 * time.Hour); !isIn(later) {
		t.Error("a session that may be idle for a day ends before")
	}
	entries, err := s.Content.AuditLike(t.Context(), store.AuditFilter{Action: "setting.save", Text: "setting:sessions"})
	if err != nil || len(entries) != 3 || string(entries[0].Detail) != `{"values":{"longest":{"was":60,"now":43200},"unused":{"was":15,"now":1440}}}` {
		t.Errorf("in the audit: %+v, %v", entries, err)
	}
	webtest.SignedInAs(t, s, "chief").Open("/admin/audit?action=setting.save").Sees("Limits of sessions", "Minutes unused at most")
}

// TestLimitsOutOfBounds shows the form again with what was typed, and why not.
func TestLimitsOutOfBounds(t *testing.T) {
	s, _ := clockedSite(t)
	chief := webtest.SignedInAs(t, s, "chief")
	for _, c := range []struct{ idle, longest, most, says string }{
		{"4", "720", "20", "5 minutes to 24 hours"}, {"1441", "43200", "20", "5 minutes to 24 hours"},
		{"5", "14", "20", "15 minutes to 30 days"}, {"5", "43201", "20", "15 minutes to 30 days"}, {"60", "30", "20", "cannot be unused for longer"},
		{"60", "720", "0", "from 1 to 100"}, {"60", "720", "101", "from 1 to 100"}, {"soon", "", "many", "from 1 to 100"},
	} {
		if status := limits(chief, 0, c.idle, c.longest, c.most); status != 422 {
			t.Errorf("%+v: %d", c, status)
		}
		chief.Sees(c.says, `value="`+c.most+`"`)
	}
	if kept, version, err := admission.ReadLimits(t.Context(), s.Content); err != nil || version != 0 || kept != admission.DefaultLimits {
		t.Errorf("kept %+v, %v", kept, err)
	}
	if limits(chief, 0, "5", "15", "1"); chief.Status != 200 {
		t.Errorf("the least: %d", chief.Status)
	}
	if limits(chief, 0, "60", "720", "20"); chief.Status != 409 {
		t.Errorf("over somebody else's: %d", chief.Status)
	}
}

// TestOneSessionTooMany ends the one that was not used for the longest time.
func TestOneSessionTooMany(t *testing.T) {
	s, pass := clockedSite(t)
	if limits(webtest.SignedInAs(t, s, "chief"), 0, "120", "720", "2"); t.Failed() {
		return
	}
	var all []*webtest.Browser
	for range 3 {
		all = append(all, webtest.SignedInAs(t, s, "ada"))
		pass(time.Minute)
	}
	s.Sessions.Forget() // as after a few seconds
	if isIn(all[0]) || !isIn(all[1]) || !isIn(all[2]) {
		t.Errorf("with two at most: %t %t %t", isIn(all[0]), isIn(all[1]), isIn(all[2]))
	}
}

// TestEverybodyMustShowMore holds whoever types a password here to the rule of
// all.
func TestEverybodyMustShowMore(t *testing.T) {
	s, _ := clockedSite(t)
	chief, ada := webtest.SignedInAs(t, s, "chief"), webtest.SignedInAs(t, s, "ada")
	chief.Open("/admin/sign-in").Sees("nothing but a password yourself", `href="/me/factors"`)
	for _, who := range []string{"staff", "all"} { // it would stop who saves it
		r := chief.Send("POST", "/admin/sign-in/second", webtest.Form("version=0&second="+who))
		if page := webtest.Text(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "with this rule you could not go on here") || !strings.Contains(page, `value="`+who+`" selected`) {
			t.Errorf("%s: %d %s", who, r.StatusCode, webtest.MainOf(page))
		}
	}
	u, err := s.Content.UserByLogin(t.Context(), "chief")
	if err == nil {
		err = s.Content.AddFactor(t.Context(), people.Factor{ID: "f1", User: u.ID, Kind: people.Code, Data: "-"})
	}
	if err != nil {
		t.Fatal(err)
	}
	chief.Open("/admin/sign-in").SeesNot("nothing but a password yourself")
	for version, who := range []string{"staff", "all", ""} {
		settings, _, err := s.Desk.Settings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		asked := admission.Settings{Methods: settings.Methods, Second: who != "", SecondOfAll: who == "all"}
		if who == "staff" {
			chief.Follow(chief.Send("POST", "/admin/sign-in/second", webtest.Form("version=0&second=staff")), "/")
			if settings, _, _ := s.Desk.Settings(t.Context()); !settings.Second || settings.SecondOfAll {
				t.Errorf("kept %+v", settings)
			}
		} else if err := s.Desk.Save(t.Context(), asked, int64(version), "test"); err != nil {
			t.Fatal(err)
		}
		s.Sessions.Forget()
		if r := chief.Send("POST", "/admin/sign-in/second", webtest.Form(fmt.Sprintf("version=%d&second=bogus", version+1))); r.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("a rule that is none: %d", r.StatusCode)
		}
		r := ada.Send("GET", "/me/executions")
		if must := strings.HasPrefix(r.Header.Get("Location"), "/me/factors"); must != (who == "all") {
			t.Errorf("rule %q: somebody who runs procedures gets %d %s", who, r.StatusCode, r.Header.Get("Location"))
		}
	}
}
