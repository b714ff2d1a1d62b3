package app

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/config"
	"selfhelp/app/demo"
	"selfhelp/app/login"
	"selfhelp/app/peer"
	"selfhelp/store"
)

// passwordOf is the password of somebody of the demonstration.
func passwordOf(t *testing.T, name string) string {
	t.Helper()
	for _, a := range demo.Accounts() {
		if a.Login == name {
			return a.Password
		}
	}
	t.Fatalf("nobody is called %s", name)
	return ""
}

// opens reports whether a password opens an account at a server, in a browser of its own.
func opens(t *testing.T, s *Server, name, password string) bool {
	t.Helper()
	status, _ := newPerson(t).signIn(s.URL(), name, password)
	return status == http.StatusOK
}

// isIn reports whether somebody is signed in at a server.
func (p *person) isIn(s *Server) bool {
	p.t.Helper()
	status, page := p.get(s.URL() + "/me")
	return status == http.StatusOK && strings.Contains(page, `id="sessions"`)
}

// changes has somebody change their password, and returns what the page says.
func (p *person) changes(s *Server, was, now string) (int, string) {
	p.t.Helper()
	return p.send(s.URL(), "/me/password", url.Values{"present": {was}, "password": {now}})
}

// audited are the entries about somebody in the audit of the edition server, of an action.
func (f *fleet) audited(t *testing.T, name, action string) (entries []string) {
	t.Helper()
	u, err := f.edition.store.Content.UserByLogin(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	all, err := f.edition.store.Content.AuditEntries(t.Context(), 0, 200)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if e.Object == "user:"+u.ID && e.Action == action {
			entries = append(entries, string(e.Detail))
		}
	}
	return entries
}

// waitNothing waits until nobody's wish is left at a server.
func waitNothing(t *testing.T, s *Server) {
	t.Helper()
	eventually(t, "a wish is left", func() bool {
		left, err := s.store.Content.Wishes(t.Context(), 10)
		return err == nil && len(left) == 0
	})
}

const chosen = "lanterne verte du quai"

// TestAPasswordIsChangedAtAPresentationServer changes a password at one server: there the
// new one opens the account at once, and the old one nothing; soon that is so everywhere.
// The browser goes on, and all others are signed out. What was taken and comes again
// changes nothing.
func TestAPasswordIsChangedAtAPresentationServer(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2)
	a, b := f.servers[0], f.servers[1]
	old := passwordOf(t, "k.benali")
	before, err := f.edition.store.Content.UserByLogin(t.Context(), "k.benali")
	if err != nil {
		t.Fatal(err)
	}
	somebody, beside, away := newPerson(t), newPerson(t), newPerson(t)
	somebody.signIn(a.URL(), "k.benali", old)
	beside.signIn(a.URL(), "k.benali", old)
	away.signIn(b.URL(), "k.benali", old)
	if !somebody.isIn(a) || !beside.isIn(a) || !away.isIn(b) {
		t.Fatal("nobody is signed in")
	}
	if status, page := somebody.changes(a, "not the one", chosen); status != http.StatusUnprocessableEntity || !strings.Contains(page, `name="present"`) {
		t.Errorf("with a wrong password: %d", status)
	}
	if status, page := somebody.changes(a, old, chosen); status != http.StatusOK || !strings.Contains(page, "autres serveurs") && !strings.Contains(page, "other servers") {
		t.Fatalf("changing it gave %d %s", status, page)
	}
	if !opens(t, a, "k.benali", chosen) || opens(t, a, "k.benali", old) {
		t.Error("where it was changed, the old password still counts")
	}
	if !somebody.isIn(a) || beside.isIn(a) {
		t.Error("another browser goes on, or this one does not")
	}
	for _, s := range []*Server{b, f.edition} {
		eventually(t, "the new password does not hold at "+s.URL(), func() bool { return opens(t, s, "k.benali", chosen) })
		if opens(t, s, "k.benali", old) {
			t.Errorf("the old password opens %s", s.URL())
		}
	}
	eventually(t, "a browser of before goes on elsewhere", func() bool { return !away.isIn(b) })
	waitNothing(t, a)
	if !somebody.isIn(a) || !opens(t, a, "k.benali", chosen) {
		t.Error("after it was taken, the browser does not go on, or the password is another")
	}
	if all := f.audited(t, "k.benali", "user.password"); len(all) != 1 || !strings.Contains(all[0], `"server":"a"`) {
		t.Errorf("the audit says %q", all)
	}
	after, err := f.edition.store.Content.UserByLogin(t.Context(), "k.benali")
	if err != nil {
		t.Fatal(err)
	}
	forge(t, b, before.ID, before.Password, after.Password)
	waitNothing(t, b)
	again, err := f.edition.store.Content.UserByLogin(t.Context(), "k.benali")
	if err != nil || again.Version != after.Version || len(f.audited(t, "k.benali", "user.password.refused")) != 0 {
		t.Errorf("what was taken came again: %+v (%v)", again, err)
	}
}

// forge puts a wish into the database of a server, as who broke into it would.
func forge(t *testing.T, s *Server, user, was, hash string) {
	t.Helper()
	if err := s.store.Content.Set(t.Context(), "forge", `INSERT INTO wish (user, was, password, at) VALUES (?, ?, ?, 0)`, user, was, hash); err != nil {
		t.Fatal(err)
	}
}

// TestAPasswordIsChangedWhileTheEditionIsAway stops the edition server: a password that is
// changed meanwhile holds where it was changed, and everywhere once that is back. One
// that somebody gave the person at the edition server meanwhile is stronger. Who came in by
// the password before, elsewhere and meanwhile, goes out again.
func TestAPasswordIsChangedWhileTheEditionIsAway(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2)
	a, b := f.servers[0], f.servers[1]
	names := []string{"k.benali", "c.perrachon"}
	own, thief := map[string]*person{}, newPerson(t)
	if err := f.end(); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		somebody, old := newPerson(t), passwordOf(t, name)
		own[name] = somebody
		somebody.signIn(a.URL(), name, old)
		for i, now := range []string{chosen, chosen + " du port"} { // twice
			if status, page := somebody.changes(a, old, now); status != http.StatusOK {
				t.Fatalf("%s, %d: changing it gave %d %s", name, i, status, page)
			}
			old = now
		}
		if !opens(t, a, name, old) || opens(t, a, name, chosen) || !opens(t, b, name, passwordOf(t, name)) {
			t.Errorf("%s: it holds not where it was changed, or elsewhere", name)
		}
	}
	thief.signIn(b.URL(), "k.benali", passwordOf(t, "k.benali")) // which became known
	if !thief.isIn(b) {
		t.Error("the other server knows already")
	}
	given := "la clef du jardin clos"
	kept, err := store.Open(t.Context(), f.data, store.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	u, err := kept.Content.UserByLogin(t.Context(), "c.perrachon")
	if err == nil {
		err = kept.Content.SetFirstPassword(t.Context(), u.ID, login.Hash(given), "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := kept.Close(); err != nil {
		t.Fatal(err)
	}
	f.start(t)
	waitNothing(t, a)
	for _, s := range []*Server{a, b, f.edition} {
		for name, password := range map[string]string{"k.benali": chosen + " du port", "c.perrachon": given} {
			eventually(t, name+" is not let in at "+s.URL(), func() bool { return opens(t, s, name, password) })
		}
		if opens(t, s, "c.perrachon", chosen+" du port") {
			t.Errorf("%s takes a password that was replaced", s.URL())
		}
	}
	eventually(t, "who came by the password before goes on", func() bool { return !thief.isIn(b) })
	eventually(t, "who was given another password goes on without it", func() bool { return !own["c.perrachon"].isIn(a) })
	if !own["k.benali"].isIn(a) {
		t.Error("who changed their password does not go on")
	}
	if all := f.audited(t, "c.perrachon", "user.password.refused"); len(all) != 1 || !strings.Contains(all[0], `"server":"a"`) {
		t.Errorf("the audit says %q", all)
	}
}

// TestThePasswordChosenLastCounts has two people choose passwords at two servers while the
// edition server is away, in one order and in the other: the one that was chosen last counts,
// whichever is collected first. Nobody is asked for wishes and arrivals where there are none.
func TestThePasswordChosenLastCounts(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 0)
	var asked atomic.Int64
	for _, off := range []time.Duration{10 * time.Minute, -10 * time.Minute} { // no clock is right
		s, _ := startedAt(t, config.Config{Role: config.Presentation}, func() time.Time { return time.Now().Add(off) })
		handlers := s.presentation.Door().Handlers
		for _, name := range []string{"GET wishes", "GET arrivals"} {
			do := handlers[name]
			handlers[name] = func(ctx context.Context, q peer.Ask) ([]byte, error) { asked.Add(1); return do(ctx, q) }
		}
		if _, err := f.edition.platform.Join(t.Context(), store.Server{Name: string(rune('a' + len(f.servers))), Address: s.URL(), Target: "production"}, s.joiningCode(), "test"); err != nil {
			t.Fatal(err)
		}
		f.servers = append(f.servers, s)
	}
	f.await(t)
	orders := map[string][]*Server{"k.benali": f.servers, "c.perrachon": {f.servers[1], f.servers[0]}}
	for name := range orders {
		for _, s := range f.servers {
			eventually(t, "the accounts did not come", func() bool { return opens(t, s, name, passwordOf(t, name)) })
		}
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("where there is nothing it was asked %d times", n)
	}
	if err := f.end(); err != nil {
		t.Fatal(err)
	}
	browsers := map[string][]*person{}
	for name, order := range orders {
		for i, s := range order {
			somebody := newPerson(t)
			somebody.signIn(s.URL(), name, passwordOf(t, name))
			if status, page := somebody.changes(s, passwordOf(t, name), []string{chosen, chosen + " du port"}[i]); status != http.StatusOK {
				t.Fatalf("changing it gave %d %s", status, page)
			}
			browsers[name] = append(browsers[name], somebody)
		}
	}
	f.start(t)
	for name, order := range orders {
		for _, s := range append([]*Server{f.edition}, f.servers...) {
			eventually(t, "what "+name+" chose last does not count at "+s.URL(), func() bool { return opens(t, s, name, chosen+" du port") })
		}
		for _, s := range f.servers {
			waitNothing(t, s)
			if opens(t, s, name, chosen) {
				t.Errorf("%s: what was chosen first counts at %s", name, s.URL())
			}
		}
		eventually(t, name+": the browser that chose first goes on", func() bool { return !browsers[name][0].isIn(order[0]) })
		if !browsers[name][1].isIn(order[1]) {
			t.Errorf("%s: the browser that chose last does not go on", name)
		}
	}
	if asked.Load() == 0 {
		t.Error("nobody asked for what there is")
	}
}

// TestWhoMayDoMoreChangesNothing has a writer change their password at a presentation
// server, which tells them where that is done. Who broke into that server and asks for
// the password of an administrator is refused, and it is seen.
func TestWhoMayDoMoreChangesNothing(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	a := f.servers[0]
	writer, old := newPerson(t), passwordOf(t, "a.berthet")
	writer.signIn(a.URL(), "a.berthet", old)
	if status, page := writer.get(a.URL() + "/me"); status != http.StatusOK || strings.Contains(page, `action="/me/password"`) || !strings.Contains(page, `href="`+f.edition.URL()+`/me"`) {
		t.Errorf("their account shows (%d) %s", status, page)
	}
	if status, page := writer.changes(a, old, chosen); status != http.StatusForbidden || !strings.Contains(page, "là où votre compte est tenu") && !strings.Contains(page, "where your account is kept") {
		t.Errorf("changing it gave %d %s", status, page)
	}
	if !opens(t, a, "a.berthet", old) {
		t.Error("it is another one all the same")
	}
	for _, one := range demo.Accounts() {
		if one.Role != access.Administrator {
			continue
		}
		u, err := f.edition.store.Content.UserByLogin(t.Context(), one.Login)
		if err != nil {
			t.Fatal(err)
		}
		chief := newPerson(t)
		chief.signIn(f.edition.URL(), one.Login, one.Password)
		forge(t, a, u.ID, u.Password, login.Hash(chosen))
		forge(t, a, "nobody", "", login.Hash(chosen))
		forge(t, a, u.ID+" ", "", "no hash")
		waitNothing(t, a)
		if !opens(t, f.edition, one.Login, one.Password) || opens(t, f.edition, one.Login, chosen) || !chief.isIn(f.edition) {
			t.Error("a presentation server changed the password of an administrator")
		}
		if all := f.audited(t, one.Login, "user.password.refused"); len(all) != 1 || !strings.Contains(all[0], `"server":"a"`) {
			t.Errorf("the audit says %q", all)
		}
		eventually(t, "the password of an administrator is another one where it was forged", func() bool { return opens(t, a, one.Login, one.Password) })
		return
	}
	t.Fatal("nobody administers")
}
