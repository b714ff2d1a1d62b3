package app

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"selfhelp/app/config"
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
	if _, page := chief.get(f.edition.URL() + "/admin/sessions"); !regexp.MustCompile(`those of this server|celles de ce serveur`).MatchString(page) {
		t.Errorf("the table of everybody does not say whose sessions it has: %s", page)
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
