package app

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/demo"
	"selfhelp/app/edition"
	"selfhelp/app/fault"
	"selfhelp/app/platform"
	"selfhelp/app/publication"
	"selfhelp/store"
)

// copied stops the edition server, puts a copy of its folder aside, and starts it again.
func (f *fleet) copied(t *testing.T) string {
	t.Helper()
	if err := f.end(); err != nil {
		t.Fatal(err)
	}
	aside := t.TempDir()
	if err := os.CopyFS(aside, os.DirFS(f.data)); err != nil {
		t.Fatal(err)
	}
	f.start(t)
	return aside
}

// start starts the edition server in its folder.
func (f *fleet) start(t *testing.T) {
	t.Helper()
	f.edition, f.end = started(t, config.Config{Role: config.Edition, Data: f.data})
}

// bringBack goes on with the edition server as it was in a copy of its folder.
func (f *fleet) bringBack(t *testing.T, copied string) {
	t.Helper()
	if err := f.end(); err != nil {
		t.Fatal(err)
	}
	f.data = copied
	f.start(t)
	if err := f.edition.platform.TakeOver(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// standing waits until a presentation server stands as is wanted.
func (f *fleet) standing(t *testing.T, name string, want func(platform.Standing) bool) platform.Standing {
	t.Helper()
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		all, err := f.edition.platform.Members(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			if m.Server.Name == name && want(m) {
				return m
			}
		}
		if time.Now().After(until) {
			t.Fatalf("%s: %+v", name, all)
		}
	}
}

// chief is an administrator at the edition server.
func (f *fleet) chief(t *testing.T) *person {
	t.Helper()
	chief := newPerson(t)
	for _, a := range demo.Accounts() {
		if a.Login == "c.fontanel" {
			chief.signIn(f.edition.URL(), a.Login, a.Password)
		}
	}
	return chief
}

// shows looks for texts on the page of servers, and for none that begins with a "!".
func (f *fleet) shows(t *testing.T, query string, texts ...string) {
	t.Helper()
	status, page := f.chief(t).get(f.edition.URL() + "/admin/servers" + query)
	if status != http.StatusOK {
		t.Fatalf("the page of servers answered %d", status)
	}
	for _, text := range texts {
		text, none := strings.CutPrefix(text, "!")
		if strings.Contains(page, text) == none {
			t.Errorf("%q is on the page of servers: %v", text, none)
		}
	}
}

// TestServersAfterTheEditionCameBack has an edition server come back from an older copy:
// what happens meanwhile is brought there, and what is published there is not taken for
// the other publication of the same number that its server has.
func TestServersAfterTheEditionCameBack(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	aside := f.copied(t)
	f.publish(t)
	f.await(t)
	f.bringBack(t, aside)
	f.standing(t, "a", platform.Standing.Newer)
	f.shows(t, "", "1 sur 1 servent ce qui", "sert plus récent", `action="/admin/servers/renew"`, `!action="/admin/servers/force"`)
	before := counted(t, f.edition)
	f.begin(t, newPerson(t), f.servers[0], "imprimante")
	f.comesBack(t, before, f.servers[0])

	projects, err := f.edition.store.Content.Projects(t.Context(), "production")
	if err != nil || len(projects) < 2 {
		t.Fatalf("%d projects (%v)", len(projects), err)
	}
	if _, err := f.edition.edition.Publish(t.Context(), edition.Order{Project: projects[1].ID, Notes: "after"}); err != nil {
		t.Fatal(err)
	}
	sequence := f.edition.shelf().Sequence()
	if got := f.servers[0].shelf().Sequence(); got != sequence {
		t.Fatalf("publication %d is in force there, want another one of number %d", got, sequence)
	}
	m := f.standing(t, "a", platform.Standing.Other)
	f.shows(t, "", "1 sur 1 servent ce qui", "sert autre chose", `action="/admin/servers/renew"`, `!action="/admin/servers/force"`)
	if m.Serves(sequence) {
		t.Error("another publication of the same number is taken for the one that is wanted")
	}
	if err := f.edition.edition.Renew(t.Context(), sequence); err != nil {
		t.Fatal(err)
	}
	f.await(t)
	f.standing(t, "a", func(m platform.Standing) bool { return m.Serves(sequence + 1) })
}

// TestServersWithDamagedBundlesAreMended bends a bit of every bundle of a presentation server
// while it is stopped: it is ready for nobody until the edition server has sent them again.
func TestServersWithDamagedBundlesAreMended(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	folder := t.TempDir()
	b, end := startedAs(t, f, folder, "127.0.0.1:0")
	f.await(t)
	sequence, listen := b.shelf().Sequence(), strings.TrimPrefix(b.URL(), "http://")
	if err := end(); err != nil {
		t.Fatal(err)
	}
	all, err := filepath.Glob(filepath.Join(folder, "bundles", "*.bundle"))
	if err != nil || len(all) == 0 {
		t.Fatalf("%v, %v", all, err)
	}
	for _, path := range all {
		damage(t, path)
	}
	back, _ := started(t, config.Config{Role: config.Presentation, Data: folder, Listen: listen})
	f.standing(t, "z", func(m platform.Standing) bool {
		return m.Err == nil && m.Serves(sequence) && back.shelf().InForce() == f.servers[0].shelf().InForce()
	})
	ready(t, back)
}

// TestServersThatJoinedSinceComeAgain has a server join after the copy was made that its
// edition server comes back from: it joins again without a code, and has lost nothing. No
// other edition server gets it that way.
func TestServersThatJoinedSinceComeAgain(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	aside := f.copied(t)
	b := f.add(t, config.Config{})
	f.await(t)
	f.bringBack(t, aside)
	f.begin(t, newPerson(t), b, "imprimante")
	join := func(by *Server) error {
		_, err := by.platform.Join(t.Context(), store.Server{Name: "b", Address: b.URL(), Target: "production"}, "", "test")
		return err
	}
	other, _ := started(t, config.Config{Role: config.Edition})
	if err := join(other); err == nil {
		t.Error("a server joined another platform without a code")
	}
	before := counted(t, f.edition)
	if err := join(f.edition); err != nil {
		t.Fatal(err)
	}
	f.comesBack(t, before, b)
	f.standing(t, "b", func(m platform.Standing) bool { return m.Err == nil && m.Serves(f.edition.shelf().Sequence()) })
	fresh, _ := started(t, config.Config{Role: config.Presentation})
	if _, err := f.edition.platform.Join(t.Context(), store.Server{Name: "c", Address: fresh.URL(), Target: "production"}, "", "test"); err == nil {
		t.Error("a server joined for the first time without a code")
	}
}

// TestServersFollowOneOfTwoEditions starts an edition server again, which goes on at once, and
// another one on a clone of its folder: that one changes nothing, both know, and it takes
// over once somebody says so.
func TestServersFollowOneOfTwoEditions(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	aside := f.copied(t)
	f.publish(t) // what the second one does not know
	f.await(t)
	f.standing(t, "a", func(m platform.Standing) bool { return m.Err == nil && !m.Seen.IsZero() && m.State.Office.Nonce != "" })
	second := &fleet{data: aside, servers: f.servers}
	second.start(t)
	second.standing(t, "a", platform.Standing.Twin)
	f.standing(t, "a", func(m platform.Standing) bool { return m.Err == nil && m.State.Rival.Host != "" })
	second.shows(t, "", "suit un autre serveur d’édition", "une copie des mêmes données", `action="/admin/servers/office"`, `!action="/admin/servers/renew"`)
	f.shows(t, "", "en bon état", "une copie des mêmes données", `!action="/admin/servers/office"`)
	before := f.edition.shelf().Sequence()
	second.publish(t)
	if s := second.standing(t, "a", func(m platform.Standing) bool { return m.Seen.After(time.Now().Add(-time.Second)) }); !s.Twin() || s.State.Sequence != before || s.State.Staged != 0 {
		t.Errorf("the second one changed something: %+v", s)
	}
	if err := second.edition.platform.TakeOver(t.Context()); err != nil {
		t.Fatal(err)
	}
	second.await(t)
	f.standing(t, "a", platform.Standing.Twin)
	second.standing(t, "a", func(m platform.Standing) bool { return m.Err == nil })
}

// TestServersThatChangedAddresses starts two servers in each other's place: neither is taken
// for the other, the page of servers knows why, and giving the address of one, which that one
// proves, puts both right. An address where another server answers is refused.
func TestServersThatChangedAddresses(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 0)
	type one struct {
		folder, url string
		end         func() error
	}
	all := map[string]*one{"x": {}, "y": {}}
	for name, o := range all {
		o.folder = t.TempDir()
		var s *Server
		s, o.end = started(t, config.Config{Role: config.Presentation, Data: o.folder})
		o.url = s.URL()
		if _, err := f.edition.platform.Join(t.Context(), store.Server{Name: name, Address: o.url, Target: "production"}, s.joiningCode(), "test"); err != nil {
			t.Fatal(err)
		}
	}
	sequence := f.edition.shelf().Sequence()
	well := func(m platform.Standing) bool { return m.Err == nil && m.Serves(sequence) }
	x := f.standing(t, "x", well).Server
	f.standing(t, "y", well)
	x.Address = all["y"].url
	if err := f.edition.platform.Change(t.Context(), x, "test"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("an address where another server answers: %v", err)
	}
	if err := errors.Join(all["x"].end(), all["y"].end()); err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]string{"x": "y", "y": "x"} {
		started(t, config.Config{Role: config.Presentation, Data: all[name].folder, Listen: strings.TrimPrefix(all[other].url, "http://")})
	}
	for name := range all {
		if m := f.standing(t, name, platform.Standing.Another); m.Serves(sequence) || !m.Seen.IsZero() {
			t.Errorf("%s: what answers in its place is taken for it: %+v", name, m)
		}
	}
	f.shows(t, "", "0 sur 2 servent", "un autre serveur répond", "Un autre serveur que celui-ci répond à "+all["y"].url)
	f.shows(t, "?change="+x.ID, `action="/admin/servers/change"`, `value="`+all["x"].url+`"`)
	form := url.Values{"server": {x.ID}, "version": {strconv.FormatInt(x.Version, 10)}, "name": {"x again"}, "address": {all["x"].url + "1"}, "target": {x.Target}}
	chief := f.chief(t)
	if status, page := chief.send(f.edition.URL(), "/admin/servers/change", form); status != http.StatusUnprocessableEntity || !strings.Contains(page, "x again") {
		t.Errorf("an address where nothing is: %d", status)
	}
	form.Set("address", all["y"].url)
	if status, page := chief.send(f.edition.URL(), "/admin/servers/change", form); status != http.StatusOK {
		t.Fatalf("%d %s", status, page)
	}
	f.standing(t, "x again", well)
	f.standing(t, "y", well)
}

// TestBundlesThatAreKeptAreMended damages the bundle of a version that was withdrawn, which
// only those need who are in the middle of it: while its server is stopped, and while it
// runs and nobody has read the bundle yet. Each time it is sent again by itself.
func TestBundlesThatAreKeptAreMended(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 0)
	folder := t.TempDir()
	b, end := startedAs(t, f, folder, "127.0.0.1:0")
	listen := strings.TrimPrefix(b.URL(), "http://")
	kept := f.withdraw(t)
	f.await(t)
	if err := end(); err != nil {
		t.Fatal(err)
	}
	whole := damage(t, publication.Path(filepath.Join(folder, "bundles"), kept.Hash))
	b, _ = started(t, config.Config{Role: config.Presentation, Data: folder, Listen: listen})
	f.servers = []*Server{b}
	eventually(t, "a damaged bundle was not sent again after the start", whole)

	whole = damage(t, publication.Path(filepath.Join(folder, "bundles"), kept.Hash))
	read := func() error {
		hold := b.shelf().Hold()
		defer hold.Release()
		_, err := hold.Version(kept.Domain, kept.Project, kept.Number)
		return err
	}
	if read() == nil {
		t.Fatal("a damaged bundle was opened")
	}
	eventually(t, "a damaged bundle was not sent again after it was read", func() bool { return whole() && read() == nil })
	f.standing(t, "z", func(m platform.Standing) bool { return m.Err == nil && len(m.State.Lost) == 0 })

	// The edition server makes its own again: nobody else has it.
	if err := f.end(); err != nil {
		t.Fatal(err)
	}
	whole = damage(t, publication.Path(filepath.Join(f.data, "bundles"), kept.Hash))
	f.start(t)
	eventually(t, "the edition server did not make its bundle again after the start", whole)
}

// withdraw publishes a project again, withdraws its version of before and returns that.
func (f *fleet) withdraw(t *testing.T) publication.Publication {
	t.Helper()
	kept := f.edition.shelf().Catalogue().Publications[0]
	p, err := f.edition.store.Content.ProjectByUID(t.Context(), kept.Domain, kept.Project)
	if err == nil {
		_, err = f.edition.edition.Publish(t.Context(), edition.Order{Project: p.ID, Notes: "again"})
	}
	if err == nil {
		err = f.edition.edition.Deactivate(t.Context(), p.ID, store.Number(kept.Number), "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

// damage bends a bit of a file, and reports later whether it is as it was.
func damage(t *testing.T, path string) (whole func() bool) {
	t.Helper()
	was, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bent := bytes.Clone(was)
	bent[len(bent)/2] ^= 1
	if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, bent, 0o400)); err != nil {
		t.Fatal(err)
	}
	return func() bool {
		now, err := os.ReadFile(path)
		return err == nil && bytes.Equal(now, was)
	}
}

// TestAPasswordOutlivesTheEditionThatTookIt has two servers' people choose passwords, one after
// the other, lets the edition server take them, and goes on with it as it was before: the
// password chosen last holds everywhere, and one that it gave somebody since then stays.
func TestAPasswordOutlivesTheEditionThatTookIt(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2)
	aside := f.copied(t)
	a, b := f.servers[0], f.servers[1]
	old := passwordOf(t, "k.benali")
	for i, now := range []string{chosen, chosen + " du port"} {
		s, somebody := []*Server{b, a}[i], newPerson(t)
		eventually(t, "the password before is not known at "+s.URL(), func() bool { return opens(t, s, "k.benali", old) })
		somebody.signIn(s.URL(), "k.benali", old)
		if status, page := somebody.changes(s, old, now); status != http.StatusOK {
			t.Fatalf("changing it gave %d %s", status, page)
		}
		waitNothing(t, s)
		old = now
	}
	f.bringBack(t, aside)
	for _, s := range []*Server{f.edition, a, b} {
		eventually(t, "the password does not hold at "+s.URL(), func() bool { return opens(t, s, "k.benali", old) })
	}
	waitNothing(t, a)
	waitNothing(t, b)
	if all := f.audited(t, "k.benali", "user.password.refused"); len(all) != 0 {
		t.Errorf("the audit says %q", all)
	}
	asked := len(f.audited(t, "k.benali", "user.password"))
	f.copied(t) // it comes back as it is: nothing is given again
	f.standing(t, "a", func(m platform.Standing) bool {
		return m.State.Taken != nil && m.State.Taken.Wish > 0 && !m.State.Wishes
	})
	if got := len(f.audited(t, "k.benali", "user.password")); got != asked {
		t.Errorf("it was taken %d times, then %d", asked, got)
	}
}
