package web_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	netmail "net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/connect/mail"
	"selfhelp/app/connect/mail/mailtest"
	"selfhelp/app/job"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
	"selfhelp/store/people"
)

// mailing is a site with a mail server, whose outbox is emptied when asked.
type mailing struct {
	*frame.Site
	peer   *mailtest.Peer
	outbox job.Outbox
	log    *bytes.Buffer
}

func newMailing(t *testing.T) *mailing {
	t.Helper()
	m := &mailing{peer: mailtest.Start(t, mail.STARTTLS, mailtest.Login), log: &bytes.Buffer{}}
	m.Site = webtest.NewSite(t, func(c *frame.Config) {
		c.Origin = "http://help.example.org"
		c.Log = slog.New(slog.NewTextHandler(m.log, nil))
		c.Limits = frame.Limits{Signs: frame.Rate{PerSecond: -1}}
	})
	if err := m.Post.SaveServer(t.Context(), m.peer.Server, 0, "test"); err != nil {
		t.Fatal(err)
	}
	m.outbox = job.Outbox{Activity: m.Activity, Deeds: m.Post.Deeds(), Now: m.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	return m
}

// person makes an account with an address.
func (m *mailing) person(t *testing.T, login, address string, change ...func(*store.User)) store.User {
	t.Helper()
	u := webtest.AddUser(t, m.Site, login, access.User, "production")
	u.Mail, u.Language = address, "fr"
	for _, f := range change {
		f(&u)
	}
	u, err := m.Content.SaveUser(t.Context(), u, "test")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// send does what the outbox holds.
func (m *mailing) send(t *testing.T) {
	t.Helper()
	for {
		if n, err := m.outbox.Round(t.Context()); err != nil {
			t.Fatal(err)
		} else if n == 0 {
			return
		}
	}
}

// texts are the plain and the HTML text of a message, and its subject.
func texts(t *testing.T, raw []byte) (subject, plain, page string) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, into := range []*string{&plain, &page} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		*into = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
	return subject, plain, page
}

var linkOfReset = regexp.MustCompile(`http://help\.example\.org(/reset\?token=[a-z2-7]+)`)

// link asks for a reset and returns the path of the link that comes.
func (m *mailing) link(t *testing.T, who string) string {
	t.Helper()
	webtest.NewBrowser(t, m.Site).Send("POST", "/forgotten", webtest.Form(url.Values{"who": {who}}.Encode()))
	m.send(t)
	_, plain, _ := texts(t, m.peer.Next(t).Raw)
	found := linkOfReset.FindStringSubmatch(plain)
	if found == nil {
		t.Fatalf("no link in\n%s", plain)
	}
	return found[1]
}

const newOne = "tramway des quais d’hier"

func choose(password string) func(*http.Request) {
	return webtest.Form(url.Values{"password": {password}}.Encode())
}

// TestResetByMail goes the whole way, and then tries the same link again.
func TestResetByMail(t *testing.T) {
	m := newMailing(t)
	u := m.person(t, "zoe", "zoe@example.org", func(u *store.User) { u.FirstName, u.LastName = "Zoé", "Lefèvre <b>" })
	elsewhere := webtest.SignedInAs(t, m.Site, "zoe")
	b := webtest.NewBrowser(t, m.Site).Open("/login")
	b.Sees(`href="/forgotten"`)
	b.Open("/forgotten").Follow(b.Send("POST", "/forgotten", webtest.Form("who=ZOE%40example.org")), "/forgotten")
	b.Sees("Look into your mailbox")
	m.send(t)
	got := m.peer.Next(t)
	subject, plain, page := texts(t, got.Raw)
	if subject != "Choisir un nouveau mot de passe" || !slices.Equal(got.To, []string{"zoe@example.org"}) || !got.Secure {
		t.Errorf("%q to %v", subject, got.To)
	}
	for _, want := range []string{"Bonjour Zoé Lefèvre <b>,", "«\u202fzoe\u202f»", "60 minutes"} {
		if !strings.Contains(plain, want) {
			t.Errorf("%q is not in\n%s", want, plain)
		}
	}
	path := linkOfReset.FindStringSubmatch(plain)[1]
	if !strings.Contains(page, `<a href="http://help.example.org`+path+`">`) || strings.Contains(page, "<b>") || !strings.Contains(page, `<html lang="fr">`) {
		t.Errorf("the page is\n%s", page)
	}

	r := b.Send("GET", path)
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/reset/password" || r.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	token := strings.TrimPrefix(path, "/reset?token=")
	for _, c := range r.Cookies() {
		if strings.Contains(c.Value, token) || !c.HttpOnly || c.MaxAge > 900 {
			t.Errorf("cookie %+v", c)
		}
	}
	b.Open("/reset/password")
	b.Sees("zoe", "At least 10 characters")
	webtest.ForbidWords(t, m.Site, "Rhône Électro")
	for password, wrong := range map[string]string{"short": "too short", "azertyuiop": "too easy", "velours rhone-electro quai": "a name of the organisation"} {
		b.Follow(b.Send("POST", "/reset/password", choose(password)), "/reset/password")
		b.Sees(wrong)
	}
	b.Follow(b.Send("POST", "/reset/password", choose(newOne)), "/reset/password")
	if b.Path != "/login" {
		t.Errorf("led to %s", b.Path)
	}
	b.Sees("Your password is changed")

	if r := elsewhere.Send("GET", "/me"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("a session goes on: %d", r.StatusCode)
	}
	if r := webtest.TryToSignIn(m.Site, "zoe", webtest.GoodPassword); r.StatusCode == http.StatusSeeOther {
		t.Error("the old password still does")
	}
	if r := webtest.TryToSignIn(m.Site, "zoe", newOne); r.StatusCode != http.StatusSeeOther {
		t.Errorf("the new password does not: %d", r.StatusCode)
	}
	m.send(t)
	subject, plain, page = texts(t, m.peer.Next(t).Raw)
	if subject != "Votre mot de passe a été changé" || strings.Contains(page, "<a ") || strings.Contains(plain, "token") {
		t.Errorf("%q\n%s", subject, plain)
	}
	again := webtest.NewBrowser(t, m.Site).Open(path)
	if again.Status != http.StatusGone {
		t.Errorf("the link opens again: %d", again.Status)
	}
	again.Sees("This link is no longer valid")
	if strings.Contains(m.log.String(), token) {
		t.Error("the log has the token")
	}
	entries, err := m.Content.AuditLike(t.Context(), store.AuditFilter{Who: []string{u.ID}})
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, e := range entries {
		actions = append(actions, e.Action+string(e.Detail))
	}
	if all := strings.Join(actions, " "); !strings.Contains(all, "user.reset") || !strings.Contains(all, `user.password{"by":"mail"}`) {
		t.Errorf("the audit has %s", all)
	}
}

// TestForgottenTellsNothing compares what is said of accounts that are there,
// and that are not, are suspended, are a directory's, or have no address.
func TestForgottenTellsNothing(t *testing.T) {
	m := newMailing(t)
	m.person(t, "zoe", "zoe@example.org")
	m.person(t, "silent", "")
	m.person(t, "gone", "gone@example.org", func(u *store.User) { u.Active = false })
	arrived, err := m.Content.Arrive(t.Context(), []people.Arrival{{Method: "lyon", Subject: "1", Create: true, Account: func(u store.User) store.User {
		u.Login, u.Mail, u.Role, u.Active = "theirs", "theirs@example.org", access.User, true
		return u
	}}}, "test")
	if err != nil || arrived[0].Err != nil {
		t.Fatal(err, arrived)
	}
	fresh, err := m.Content.CreateUser(t.Context(), store.User{Login: "fresh", Mail: "fresh@example.org", Role: access.User, Active: true}, "test")
	if err != nil {
		t.Fatal(err)
	}
	var first string
	took := map[string]time.Duration{}
	for _, who := range []string{"nobody", "zoe", "zoe@example.org", "silent", "gone", "theirs", "theirs@example.org", fresh.Mail, "", "\x00\xff", "a@b\r\nBcc: c@d", strings.Repeat("x", 5000)} {
		for range 5 {
			began := time.Now()
			r := webtest.NewBrowser(t, m.Site).Send("POST", "/forgotten", webtest.Form(url.Values{"who": {who}}.Encode()))
			if d := time.Since(began); took[who] == 0 || d < took[who] {
				took[who] = d
			}
			body := webtest.Text(t, r)
			if r.StatusCode != http.StatusOK || len(r.Cookies()) > 0 {
				t.Errorf("%q: %d, %v", who, r.StatusCode, r.Cookies())
			}
			if first == "" {
				first = body
			} else if body != first {
				t.Errorf("%q: another page:\n%s", who, body)
			}
		}
	}
	for who, d := range took {
		if d > took["nobody"]*5+20*time.Millisecond || took["nobody"] > d*5+20*time.Millisecond {
			t.Errorf("%q takes %s, nobody %s", who, d, took["nobody"])
		}
	}
	m.send(t)
	came := map[string]int{}
	for len(m.peer.Taken) > 0 || came["zoe@example.org"]+came["fresh@example.org"] < 6 {
		came[m.peer.Next(t).To[0]]++
	}
	m.peer.None(t)
	if len(came) != 2 || came["zoe@example.org"] != 3 || came["fresh@example.org"] != 3 { // asked for more often, and no more than that
		t.Errorf("written to %v", came)
	}
}

// TestResetTokens tries links that are late, used elsewhere, or of an account
// that changed meanwhile.
func TestResetTokens(t *testing.T) {
	m := newMailing(t)
	for name, spoil := range map[string]func(store.User, string) error{
		"password by an administrator": func(u store.User, _ string) error { return m.Content.SetPassword(t.Context(), u.ID, "", "test") },
		"another address": func(u store.User, _ string) error {
			u.Mail = "other@example.org"
			_, err := m.Content.SaveUser(t.Context(), u, "test")
			return err
		},
		"suspended": func(u store.User, _ string) error {
			u.Active = false
			_, err := m.Content.SaveUser(t.Context(), u, "test")
			return err
		},
		"another link used": func(u store.User, _ string) error {
			_, err := m.Content.UseResetToken(t.Context(), strings.TrimPrefix(m.link(t, u.Login), "/reset?token="), "hash")
			return err
		},
	} {
		login := strings.ReplaceAll(name, " ", "-")
		u := m.person(t, login, login+"@example.org")
		b := webtest.NewBrowser(t, m.Site).Open(m.link(t, login))
		if b.Status != http.StatusOK {
			t.Fatalf("%s: %d", name, b.Status)
		}
		if err := spoil(u, b.Path); err != nil {
			t.Fatal(err)
		}
		b.Follow(b.Send("POST", "/reset/password", choose(newOne)), "/reset/password")
		if b.Status != http.StatusGone {
			t.Errorf("%s: %d", name, b.Status)
		}
		if r := webtest.TryToSignIn(m.Site, login, newOne); r.StatusCode == http.StatusSeeOther {
			t.Errorf("%s: the password was changed", name)
		}
	}
	for _, path := range []string{"/reset", "/reset?token=", "/reset?token=" + strings.Repeat("a", 52), "/reset?token=" + strings.Repeat("a", 5000), "/reset/password"} {
		if b := webtest.NewBrowser(t, m.Site).Open(path); b.Status != http.StatusGone {
			t.Errorf("%.40s: %d", path, b.Status)
		}
	}
}

// TestResetInParallel has many use one link at once: one of them wins.
func TestResetInParallel(t *testing.T) {
	m := newMailing(t)
	m.person(t, "zoe", "zoe@example.org")
	path := m.link(t, "zoe")
	codes := make([]int, 8)
	var all sync.WaitGroup
	for i := range codes {
		b := webtest.NewBrowser(t, m.Site).Open(path)
		all.Go(func() {
			codes[i] = b.Send("POST", "/reset/password", choose(newOne+strings.Repeat("x", i))).StatusCode
		})
	}
	all.Wait()
	slices.Sort(codes)
	if codes[0] != http.StatusSeeOther || codes[1] != http.StatusGone {
		t.Errorf("got %v", codes)
	}
}

// TestResetKeepsFactors: who has a second factor still needs it, for whoever
// reads the mail is not yet them.
func TestResetKeepsFactors(t *testing.T) {
	m := newMailing(t)
	u := m.person(t, "zoe", "zoe@example.org")
	if err := m.Content.AddFactor(t.Context(), people.Factor{ID: "f1", User: u.ID, Kind: people.Code, Data: "sealed"}); err != nil {
		t.Fatal(err)
	}
	b := webtest.NewBrowser(t, m.Site).Open(m.link(t, "zoe"))
	if b.Follow(b.Send("POST", "/reset/password", choose(newOne)), "/reset/password"); b.Path != "/login" {
		t.Errorf("led to %s", b.Path)
	}
	if left, err := m.Content.Factors(t.Context(), u.ID); err != nil || len(left) != 1 {
		t.Errorf("left %v, %v", left, err)
	}
	if r := webtest.TryToSignIn(m.Site, "zoe", newOne); r.Header.Get("Location") == "/me" {
		t.Error("the password is enough")
	}
}

// TestResetIsOff hides the pages where nothing can be sent, or must not.
func TestResetIsOff(t *testing.T) {
	m := newMailing(t)
	m.person(t, "zoe", "zoe@example.org")
	hidden := func(t *testing.T, s *frame.Site) {
		t.Helper()
		for _, path := range []string{"/forgotten", "/reset?token=x", "/reset/password"} {
			if r := webtest.Ask(s, "GET", path); r.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", path, r.StatusCode)
			}
		}
		if page := webtest.Text(t, webtest.Ask(s, "GET", "/login")); strings.Contains(page, "/forgotten") {
			t.Error("the sign-in page leads there")
		}
	}
	hidden(t, webtest.NewSite(t, func(c *frame.Config) { c.Origin = "http://help.example.org" })) // no mail server
	settings, version, err := m.Desk.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	internal, _ := settings.Method(admission.InternalID)
	internal.Kept.NoReset = true
	if err := m.Desk.Save(t.Context(), settings.Put(internal), version, "test"); err != nil {
		t.Fatal(err)
	}
	hidden(t, m.Site)
}

// TestManyAccountsOfOneAddress: whoever gives the address of somebody to other
// accounts keeps no letter from them, and the letter tells the accounts apart.
func TestManyAccountsOfOneAddress(t *testing.T) {
	m := newMailing(t)
	m.person(t, "zoe", "zoe@example.org")
	for i := range 60 {
		u := store.User{Login: fmt.Sprintf("aa%d", i), Mail: "ZOE@example.org", Role: access.User, Active: true}
		if _, err := m.Content.CreateUser(t.Context(), u, "test"); err != nil {
			t.Fatal(err)
		}
	}
	webtest.NewBrowser(t, m.Site).Send("POST", "/forgotten", webtest.Form("who=zoe%40example.org"))
	m.send(t)
	_, plain, _ := texts(t, m.peer.Next(t).Raw)
	m.peer.None(t)
	_, after, found := strings.Cut(plain, "«\u202fzoe\u202f» (Production)")
	if !found || len(linkOfReset.FindAllString(plain, -1)) != 50 || !strings.Contains(plain, "votre identifiant") {
		t.Fatalf("the letter is\n%s", plain)
	}
	b := webtest.NewBrowser(t, m.Site).Open(linkOfReset.FindStringSubmatch(after)[1])
	b.Follow(b.Send("POST", "/reset/password", choose(newOne)), "/reset/password")
	if r := webtest.TryToSignIn(m.Site, "zoe", newOne); r.StatusCode != http.StatusSeeOther {
		t.Errorf("the link is not that of zoe: %d", r.StatusCode)
	}
	m.send(t)
	m.peer.Next(t) // that it was changed
	if path := m.link(t, "zoe"); path == "" {
		t.Error("by login there is no letter")
	}
}

// TestFirstPasswordByMail: an account made without a password gets one by mail
// only where nobody comes in otherwise.
func TestFirstPasswordByMail(t *testing.T) {
	m := newMailing(t)
	if _, err := m.Content.CreateUser(t.Context(), store.User{Login: "sso1", Mail: "sso1@example.org", Role: access.User, Active: true}, "test"); err != nil {
		t.Fatal(err)
	}
	if path := m.link(t, "sso1"); path == "" {
		t.Error("where there is no other way in, none came")
	}
	settings, version, err := m.Desk.Settings(t.Context())
	if err == nil {
		settings = settings.Put(admission.Method{ID: "entra", Kind: admission.SCIM, Name: "Entra ID", Accounts: admission.Accounts{Domains: []string{"production"}}})
		err = m.Desk.Save(t.Context(), settings, version, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	webtest.NewBrowser(t, m.Site).Send("POST", "/forgotten", webtest.Form("who=sso1"))
	m.send(t)
	m.peer.None(t)
}
