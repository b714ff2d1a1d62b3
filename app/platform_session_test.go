package app

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/login"
)

var pickPattern = regexp.MustCompile(`name="pick" value="([^"]+)"`)

// pickOf is the session of a list that is at a server, as the list calls it; "" for none.
func pickOf(page, server string) string {
	for _, item := range strings.Split(page, "<li")[1:] {
		item, _, _ = strings.Cut(item, "</li>")
		if m := pickPattern.FindStringSubmatch(item); m != nil && (strings.Contains(item, "sur le serveur "+server) || strings.Contains(item, "at server "+server)) {
			return m[1]
		}
	}
	return ""
}

// of are the sessions in the table of everybody, by the server that knows them.
func (p *person) of(s *Server, query string) map[string][]string {
	p.t.Helper()
	_, page := p.get(s.URL() + "/admin/sessions" + query)
	all := map[string][]string{}
	for _, row := range strings.Split(page, "<tr")[1:] {
		at := regexp.MustCompile(`(?:sur le serveur|at server) (\w+)`).FindStringSubmatch(row)
		if id := pickPattern.FindStringSubmatch(row); id != nil && at != nil {
			all[at[1]] = append(all[at[1]], id[1])
		} else if strings.Contains(row, `scope="row"`) {
			all[""] = append(all[""], row)
		}
	}
	return all
}

// TestSessionsAreListedFromEveryServer signs somebody in at two presentation servers. At the
// edition server they find both sessions when they ask for them, and end one; so does who
// administers. A server that does not answer is named, and the page comes all the same.
func TestSessionsAreListedFromEveryServer(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	z, end := startedAs(t, f, t.TempDir(), "127.0.0.1:0")
	f.await(t)
	a, password := f.servers[0], passwordOf(t, "k.benali")
	eventually(t, "the accounts did not come", func() bool { return opens(t, z, "k.benali", password) })
	atA, atZ, own := newPerson(t), newPerson(t), newPerson(t)
	atA.signIn(a.URL(), "k.benali", password)
	atZ.signIn(z.URL(), "k.benali", password)
	own.signIn(f.edition.URL(), "k.benali", password)
	if _, page := own.get(f.edition.URL() + "/me"); pickOf(page, "a") != "" || !strings.Contains(page, `href="/me?sessions=all#sessions"`) {
		t.Errorf("unasked they are shown, or nothing leads to them: %s", page)
	}
	_, page := own.get(f.edition.URL() + "/me?sessions=all")
	if pickOf(page, "a") == "" || pickOf(page, "z") == "" {
		t.Fatalf("a session is not listed: %s", page)
	}
	own.send(f.edition.URL(), "/me/sessions", url.Values{"pick": {pickOf(page, "a")}})
	eventually(t, "a session that was ended goes on", func() bool { return !atA.isIn(a) })
	if !atZ.isIn(z) || !own.isIn(f.edition) {
		t.Error("another session ended")
	}
	u, err := f.edition.store.Content.UserByLogin(t.Context(), "k.benali")
	if err != nil {
		t.Fatal(err)
	}
	chief, person := f.chief(t), f.edition.URL()+"/admin/users/"+u.ID
	all := chief.of(f.edition, "")
	if len(all["z"]) == 0 || len(all[""]) < 2 {
		t.Fatalf("the table of everybody has %v", all)
	}
	if found := chief.of(f.edition, "?q=benali"); len(found["z"]) != len(all["z"]) || len(found[""]) != 1 {
		t.Errorf("searched for, there are %v", found)
	}
	third := newPerson(t)
	third.signIn(z.URL(), "k.benali", password)
	for _, id := range chief.of(f.edition, "?q=benali")["z"] {
		if !slices.Contains(all["z"], id) {
			chief.send(f.edition.URL(), "/admin/sessions/apply", url.Values{"pick": {id}, "filter": {"q=benali"}})
		}
	}
	eventually(t, "a session that was ended in the table of everybody goes on", func() bool { return !third.isIn(z) })
	if !atZ.isIn(z) {
		t.Error("another session of the table ended")
	}
	stranger := newPerson(t)
	stranger.signIn(z.URL(), "c.perrachon", passwordOf(t, "c.perrachon"))
	other, err := f.edition.store.Content.UserByLogin(t.Context(), "c.perrachon")
	if err != nil {
		t.Fatal(err)
	}
	_, page = chief.get(f.edition.URL() + "/admin/users/" + other.ID + "?sessions=all")
	chief.send(f.edition.URL(), "/admin/users/"+u.ID+"/sessions", url.Values{"pick": {pickOf(page, "z")}}) // somebody else's
	_, page = chief.get(person + "?sessions=all")
	if pickOf(page, "z") == "" {
		t.Fatalf("who administers does not see it: %s", page)
	}
	chief.send(f.edition.URL(), "/admin/users/"+u.ID+"/sessions", url.Values{"pick": {pickOf(page, "z")}})
	eventually(t, "a session that was ended by who administers goes on", func() bool { return !atZ.isIn(z) })
	if !stranger.isIn(z) || !own.isIn(f.edition) {
		t.Error("another session ended")
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	status, page := chief.get(person + "?sessions=all")
	if status != http.StatusOK || !regexp.MustCompile(`(Pas de réponse de.:|No answer came from:) z\.`).MatchString(page) {
		t.Errorf("the server that is away is not named (%d): %s", status, page)
	}
}

// TestWhereSessionsEndLater has somebody end their other sessions, and change their
// password, at a presentation server: they are told that the others follow in a moment; and
// once the edition server does not ask any more, that they follow when it does.
func TestWhereSessionsEndLater(t *testing.T) {
	f := newFleet(t, 0)
	var off atomic.Int64
	here := f.addAt(t, config.Config{}, func() time.Time { return time.Now().Add(time.Duration(off.Load())) })
	f.await(t)
	old := passwordOf(t, "k.benali")
	eventually(t, "the accounts did not come", func() bool { return opens(t, here, "k.benali", old) })
	somebody := newPerson(t)
	somebody.signIn(here.URL(), "k.benali", old)
	all := url.Values{"every": {"yes"}}
	soon, later := regexp.MustCompile(`follow within|suivent en`), regexp.MustCompile(`on this server only|que sur ce serveur`)
	if status, page := somebody.send(here.URL(), "/me/sessions", all); status != http.StatusOK || !soon.MatchString(page) {
		t.Errorf("while the edition server asks: %d %s", status, page)
	}
	if err := f.end(); err != nil {
		t.Fatal(err)
	}
	off.Store(int64(time.Minute))
	if status, page := somebody.send(here.URL(), "/me/sessions", all); status != http.StatusOK || !later.MatchString(page) || soon.MatchString(page) {
		t.Errorf("while it does not: %d %s", status, page)
	}
	if status, page := somebody.changes(here, old, chosen); status != http.StatusOK || !later.MatchString(page) {
		t.Errorf("another password while it does not: %d %s", status, page)
	}
}

// TestEndsOfAllSessionsAskNoClock ends all sessions of somebody, by who administers and by
// another password, with one server whose clock is behind and one whose clock is ahead: what
// began at the latter before is over, and at the former they sign in at once.
func TestEndsOfAllSessionsAskNoClock(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 0)
	off := func(by time.Duration) func() time.Time { return func() time.Time { return time.Now().Add(by) } }
	behind, ahead := f.addAt(t, config.Config{}, off(-20*time.Minute)), f.addAt(t, config.Config{}, off(20*time.Minute))
	f.await(t)
	password := passwordOf(t, "k.benali")
	content := f.edition.store.Content
	u, err := content.UserByLogin(t.Context(), "k.benali")
	if err != nil {
		t.Fatal(err)
	}
	for name, end := range map[string]func() error{
		"signed out":       func() error { return content.EndSessions(t.Context(), u.ID, "test") },
		"another password": func() error { return content.SetPassword(t.Context(), u.ID, login.Hash(password), "test") },
	} {
		before := newPerson(t)
		eventually(t, name+": nobody is let in where the clock is ahead", func() bool {
			before.signIn(ahead.URL(), "k.benali", password)
			return before.isIn(ahead)
		})
		if err := end(); err != nil {
			t.Fatal(err)
		}
		f.edition.platform.Kick()
		eventually(t, name+": a session that began by a clock that is ahead goes on", func() bool { return !before.isIn(ahead) })
		now, err := content.User(t.Context(), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, name+": the server whose clock is behind does not hear of it", func() bool {
			there, err := behind.store.Content.User(t.Context(), u.ID)
			return err == nil && there.SessionsFrom.Equal(now.SessionsFrom)
		})
		after := newPerson(t)
		if after.signIn(behind.URL(), "k.benali", password); !after.isIn(behind) {
			t.Errorf("%s: nobody is let in where the clock is behind", name)
		}
	}
}
