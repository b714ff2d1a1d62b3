package app

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/demo"
	"selfhelp/app/fault"
	"selfhelp/app/platform"
	"selfhelp/store"
)

// TestRoleOfAMember starts a presentation server without its role, and makes accounts in
// its folder: both are refused, with the way out. What somebody wrote there in spite of
// that goes with the next start.
func TestRoleOfAMember(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 0)
	folder := t.TempDir()
	_, end := startedAs(t, f, folder, "127.0.0.1:0")
	f.await(t)
	if err := end(); err != nil {
		t.Fatal(err)
	}
	for _, role := range []string{"", config.Everything, config.Edition} {
		s, err := open(t.Context(), config.Config{Role: role, Data: folder, Listen: "127.0.0.1:0"}, time.Now, slog.New(slog.DiscardHandler))
		if err == nil {
			s.Close()
			t.Fatalf("it starts in the role %q", role)
		}
		if !strings.Contains(err.Error(), "--role presentation") || !strings.Contains(err.Error(), f.edition.URL()) {
			t.Errorf("the role %q: %v", role, err)
		}
	}
	for _, args := range [][]string{{"create", "--role", "administrator", "intruder"}, {"password", "k.benali"}, {"suspend", "k.benali"}, {"resume", "k.benali"}} {
		var out, errs bytes.Buffer
		line := append([]string{"user", args[0], "--data", folder}, args[1:]...)
		if code := Main(t.Context(), Terminal{Args: line, Out: &out, Err: &errs, Env: noVariable}); code == 0 || !strings.Contains(errs.String(), "edition server") {
			t.Errorf("user %s ended with %d: %s%s", args[0], code, out.String(), errs.String())
		}
	}
	var out, errs bytes.Buffer
	if code := Main(t.Context(), Terminal{Args: []string{"user", "list", "--data", folder}, Out: &out, Err: &errs, Env: noVariable}); code != 0 || !strings.Contains(out.String(), "k.benali") {
		t.Errorf("user list ended with %d: %s", code, errs.String())
	}
	written, err := store.Open(t.Context(), folder, store.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := written.Content.CreateAccount(t.Context(), store.User{Login: "intruder", Role: "administrator", Active: true}, []string{"production"}, nil, "test"); err != nil {
		t.Fatal(err)
	}
	if err := written.Close(); err != nil {
		t.Fatal(err)
	}
	back, _ := started(t, config.Config{Role: config.Presentation, Data: folder, Listen: strings.TrimPrefix(f.servers[0].URL(), "http://")})
	eventually(t, "an account that the edition server does not know is there", func() bool {
		_, err := back.store.Content.UserByLogin(t.Context(), "intruder")
		return err != nil
	})
	if _, err := back.store.Content.UserByLogin(t.Context(), "k.benali"); err != nil {
		t.Error(err)
	}
}

func noVariable(string) (string, bool) { return "", false }

// eventually waits until something holds.
func eventually(t *testing.T, otherwise string, holds func() bool) {
	t.Helper()
	for until := time.Now().Add(30 * time.Second); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal(otherwise)
		}
	}
}

// TestFolderOfWriters starts a presentation server on a folder in which things were
// written: it is refused, and nothing there is changed.
func TestFolderOfWriters(t *testing.T) {
	t.Parallel()
	folder := seed(t)
	before, err := store.ExtentOf(t.Context(), folder)
	if err != nil || before.Procedures == 0 {
		t.Fatal(before, err)
	}
	s, err := open(t.Context(), config.Config{Role: config.Presentation, Data: folder, Listen: "127.0.0.1:0"}, time.Now, slog.New(slog.DiscardHandler))
	if err == nil {
		s.Close()
		t.Fatal("it starts")
	}
	if key, args := fault.TextOf(err); key != "fault.peer.written" || len(args) != 3 || args[0] != folder {
		t.Errorf("refused by %v", err)
	}
	if after, err := store.ExtentOf(t.Context(), folder); err != nil || after != before {
		t.Errorf("it holds %+v, and held %+v (%v)", after, before, err)
	}
}

// TestARemovedServerGivesWhatHappened removes a server on which somebody answered a moment
// ago: that is here before it goes.
func TestARemovedServerGivesWhatHappened(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	m := f.standing(t, "a", func(m platform.Standing) bool { return m.Err == nil && !m.Seen.IsZero() })
	for range 20 { // it is asked each second by itself, too
		before := counted(t, f.edition)
		f.begin(t, newPerson(t), f.servers[0], "imprimante")
		w, err := f.servers[0].store.Activity.Unacknowledged(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := f.edition.platform.Remove(t.Context(), m.Server.ID, "test", false); err != nil {
			t.Fatal(err)
		}
		if now := counted(t, f.edition); now != before+1 {
			t.Fatalf("%d journeys are here, %d were before, and %d things waited", now, before, w.Count)
		}
		if w.Count > 0 {
			return
		}
		if _, err := f.edition.platform.Join(t.Context(), m.Server, f.servers[0].joiningCode(), "test"); err != nil {
			t.Fatal(err)
		}
		f.await(t)
	}
	t.Fatal("nothing ever waited: this tells nothing")
}

// TestUsersThatWereLost takes the accounts of a presentation server away while it is at
// rest. It says that it is not ready until it has got them again, and gets them though
// nobody's account was changed.
func TestUsersThatWereLost(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 0)
	folder := t.TempDir()
	b, end := startedAs(t, f, folder, "127.0.0.1:0")
	f.await(t)
	ready(t, b)
	listen := strings.TrimPrefix(b.URL(), "http://")
	if err := end(); err != nil {
		t.Fatal(err)
	}
	lost, err := filepath.Glob(filepath.Join(folder, "content.db*"))
	if err != nil || len(lost) == 0 {
		t.Fatalf("%v, %v", lost, err)
	}
	for _, name := range lost {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	away, end := started(t, config.Config{Role: config.Presentation, Data: folder}) // where the edition server does not ask it
	if status, page := get(t, away.URL()+"/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("without accounts it is ready: %d %s", status, page)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	back, _ := started(t, config.Config{Role: config.Presentation, Data: folder, Listen: listen})
	ready(t, back)
	benali := newPerson(t)
	for _, a := range demo.Accounts() {
		if a.Login == "k.benali" {
			if status, page := benali.signIn(back.URL(), a.Login, a.Password); status != http.StatusOK || !strings.Contains(page, a.FirstName) {
				t.Errorf("signing in gave %d", status)
			}
		}
	}
}

// TestClaimUnderATakenName adds a server under the name or the address of another: it is
// refused before that server is asked, which joins under its own afterwards.
func TestClaimUnderATakenName(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	s, _ := started(t, config.Config{Role: config.Presentation})
	join := func(name, address string) string {
		_, err := f.edition.platform.Join(t.Context(), store.Server{Name: name, Address: address, Target: "production"}, s.joiningCode(), "test")
		if err == nil {
			return ""
		}
		key, _ := fault.TextOf(err)
		return key
	}
	if key := join("A", s.URL()); key != "fault.server.name" || s.presentation.Joined() {
		t.Errorf("under the name of another: %s", key)
	}
	if key := join("b", f.servers[0].URL()+"/"); key != "fault.server.address" {
		t.Errorf("at the address of another: %s", key)
	}
	if key := join("b", s.URL()); key != "" {
		t.Errorf("under its own: %s", key)
	}
	all, err := f.edition.store.Content.Servers(t.Context())
	if err != nil || len(all) != 2 {
		t.Fatalf("%+v, %v", all, err)
	}
	one := all[1]
	one.Name = all[0].Name
	if key, _ := fault.TextOf(f.edition.store.Content.SaveServer(t.Context(), one, "test")); key != "fault.server.name" {
		t.Errorf("renamed like another: %s", key)
	}
	one.Name = "C"
	if err := f.edition.store.Content.SaveServer(t.Context(), one, "test"); err != nil {
		t.Error(err)
	}
}

// TestWhoWritesIsToldWhere opens pages of writers and administrators at a presentation
// server: who may go there is led to the edition server, others learn nothing of it.
func TestWhoWritesIsToldWhere(t *testing.T) {
	f := newFleet(t, 1)
	at := f.servers[0].URL()
	eventually(t, "the accounts did not come", func() bool { return opens(t, f.servers[0], "k.benali", passwordOf(t, "k.benali")) })
	there := `href="` + f.edition.URL()
	for name, led := range map[string][]string{
		"":           nil,
		"k.benali":   nil,
		"a.berthet":  {"/studio", "/studio/projects"},
		"c.fontanel": {"/studio", "/studio/projects", "/admin", "/admin/servers"},
	} {
		somebody := newPerson(t)
		if name != "" {
			somebody.signIn(at, name, passwordOf(t, name))
		}
		for _, page := range []string{"/studio", "/studio/projects", "/admin", "/admin/servers", "/administer"} {
			status, said := somebody.get(at + page)
			if status != http.StatusNotFound {
				t.Errorf("%q at %s: %d", name, page, status)
			}
			if told := strings.Contains(said, there); told != slices.Contains(led, page) {
				t.Errorf("%q at %s is told where: %v", name, page, told)
			}
			if slices.Contains(led, page) && !strings.Contains(said, there+page+`"`) {
				t.Errorf("%q at %s is led to another page: %s", name, page, said)
			}
		}
	}
}

// TestNothingToShowYet has people come to a presentation server to which nothing came: they
// are told to come back, and programs when.
func TestNothingToShowYet(t *testing.T) {
	s, _ := started(t, config.Config{Role: config.Presentation})
	for _, page := range []string{"/", "/r/printer", "/search?q=x", "/p/production/help-desk"} {
		reply, err := http.Get(s.URL() + page)
		if err != nil {
			t.Fatal(err)
		}
		said, err := io.ReadAll(reply.Body)
		reply.Body.Close()
		if err != nil || reply.StatusCode != http.StatusServiceUnavailable || reply.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %d, Retry-After %q, %v", page, reply.StatusCode, reply.Header.Get("Retry-After"), err)
		}
		if !regexp.MustCompile(`Nothing to show yet|Rien à montrer`).Match(said) {
			t.Errorf("%s says %s", page, said)
		}
	}
	if status, _ := get(t, s.URL()+"/login"); status != http.StatusOK {
		t.Errorf("signing in: %d", status)
	}
}

// TestServersThatWereStartedWithOtherAddresses has two servers of which one knows that
// people come by HTTPS and the other does not: once the edition server says how people
// reach the portal, somebody who signed in at one is signed in at the other.
func TestServersThatWereStartedWithOtherAddresses(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 0)
	f.add(t, config.Config{Address: "https://help.example.org"})
	f.add(t, config.Config{})
	f.await(t)
	f.shows(t, "", "ne sont pas d’accord")
	chief := f.chief(t)
	if status, page := chief.send(f.edition.URL(), "/admin/servers/portal", url.Values{"portal": {"help.example.org"}, "version": {"0"}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, "sans rien après le nom") {
		t.Errorf("an address without https answered %d", status)
	}
	if status, _ := chief.send(f.edition.URL(), "/admin/servers/portal", url.Values{"portal": {"https://help.example.org/"}, "version": {"0"}}); status != http.StatusOK {
		t.Fatalf("the address of the portal was not saved: %d", status)
	}
	eventually(t, "a server does not use the address of the portal", func() bool {
		return f.servers[1].hosted.now.Load().Secure
	})
	f.shows(t, "", "!ne sont pas d’accord", `value="https://help.example.org"`)
	var kept []*http.Cookie
	at := func(s *Server, method, path string, form url.Values) (int, string) {
		t.Helper()
		r, err := http.NewRequest(method, s.URL()+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, c := range kept { // the balancer speaks HTTPS to the browser
			r.AddCookie(c)
		}
		reply, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		kept = append(kept, reply.Cookies()...)
		page, err := io.ReadAll(reply.Body)
		if err != nil {
			t.Fatal(err)
		}
		return reply.StatusCode, string(page)
	}
	for i, s := range f.servers {
		kept = nil
		for _, a := range demo.Accounts() {
			if a.Login == "k.benali" {
				at(s, "POST", "/login", url.Values{"login": {a.Login}, "password": {a.Password}})
			}
		}
		if status, _ := at(f.servers[1-i], "GET", "/me", nil); status != http.StatusOK {
			t.Errorf("who signed in at %s is nobody at the other: %d", s.URL(), status)
		}
	}
}

// TestACodeTypedAtTwoServers has two people type the code of a journey put aside at two
// servers that cannot hear of each other: both are let in, and once the edition server is
// back the one of which it heard first goes on, and the other is told. It is one journey.
func TestACodeTypedAtTwoServers(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2)
	before := counted(t, f.edition)
	guest := newPerson(t)
	action, fields := firstAnswer(t, f.begin(t, guest, f.servers[0], "imprimante"))
	fields.Del("answer")
	fields.Set("do", "pause")
	_, aside := guest.send(f.servers[0].URL(), action, fields)
	_, rest, found := strings.Cut(aside, "/resume/")
	if !found {
		t.Fatalf("putting aside gave %s", aside)
	}
	code := url.Values{"code": {rest[:12]}}
	eventually(t, "the other server does not hear of the code", func() bool {
		codes, err := f.servers[1].store.Activity.PausedCodes(t.Context(), time.Time{})
		return err == nil && len(codes) == 1
	})
	if err := f.end(); err != nil {
		t.Fatal(err)
	}
	var people []*person
	for _, s := range f.servers {
		somebody := newPerson(t)
		if status, page := somebody.send(s.URL(), "/resume", code); status != http.StatusOK || !strings.Contains(page, `action="/x/`) {
			t.Fatalf("the code opens nothing at %s: %d", s.URL(), status)
		}
		if status, _ := newPerson(t).send(s.URL(), "/resume", code); status != http.StatusUnprocessableEntity {
			t.Errorf("the code opens it again at %s: %d", s.URL(), status)
		}
		people = append(people, somebody)
	}
	f.start(t)
	path := "/x/" + strings.Split(action, "/")[2]
	told := func() (all []int) {
		for i, p := range people {
			if status, page := p.get(f.servers[i].URL() + path); status == http.StatusConflict && strings.Contains(page, "on another device") {
				all = append(all, i)
			}
		}
		return all
	}
	eventually(t, "nobody is told that the code was typed elsewhere first", func() bool { return len(told()) > 0 })
	lost := told()
	if len(lost) != 1 {
		t.Fatal("both are told that the other was first")
	}
	won, there := people[1-lost[0]], f.servers[1-lost[0]].URL()
	status, page := won.get(there + path)
	if status != http.StatusOK {
		t.Fatalf("who was first does not go on: %d", status)
	}
	action, fields = firstAnswer(t, page)
	if status, page := won.send(there, action, fields); status != http.StatusOK {
		t.Errorf("who was first cannot answer: %d %s", status, page)
	}
	if status, _ := guest.get(f.servers[0].URL() + path); status != http.StatusOK {
		t.Errorf("where it began it does not go on: %d", status)
	}
	eventually(t, "the journey is not counted once", func() bool { return counted(t, f.edition) == before+1 })
}
