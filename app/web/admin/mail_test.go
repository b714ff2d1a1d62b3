package admin_test

import (
	"io"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/connect/mail"
	"selfhelp/app/connect/mail/mailtest"
	"selfhelp/app/job"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// mailRoom is a site with a chief who has an address.
func mailRoom(t *testing.T) (*frame.Site, *webtest.Browser, store.User) {
	t.Helper()
	s := webtest.NewSite(t, func(c *frame.Config) { c.Limits.Signs = frame.Rate{PerSecond: -1} })
	u := webtest.AddUser(t, s, "chief", access.Administrator)
	u.Everywhere, u.Mail, u.Language = true, "chief@example.org", "en"
	u, err := s.Content.SaveUser(t.Context(), u, "test")
	if err != nil {
		t.Fatal(err)
	}
	return s, webtest.SignedInAs(t, s, "chief"), u
}

// fill sends the form of the mail server as a browser that shows it.
func fill(b *webtest.Browser, peer mail.Server, change map[string]string) {
	version := "0"
	if _, after, found := strings.Cut(b.Open("/admin/mail").Page, `name="version" value="`); found {
		version, _, _ = strings.Cut(after, `"`)
	}
	values := url.Values{
		"version": {version}, "host": {peer.Host}, "port": {strconv.Itoa(peer.Port)}, "security": {string(peer.Security)}, "roots": {peer.Roots},
		"login": {peer.Login}, "password": {peer.Password}, "sender": {peer.Sender}, "sender_name": {peer.SenderName},
	}
	for field, value := range change {
		values.Set(field, value)
	}
	b.Follow(b.Send("POST", "/admin/mail", webtest.Form(values.Encode())), "/admin/mail")
}

// TestMailServer sets one up, tries it, and keeps its password to itself.
func TestMailServer(t *testing.T) {
	s, b, u := mailRoom(t)
	peer := mailtest.Start(t, mail.TLS, mailtest.Login)
	b.Open("/admin/mail").Sees("Messages cannot have links")
	fill(b, peer.Server, map[string]string{"host": "no host", "sender": "Eve <e@x.org>", "sender_name": "a\r\nBcc: e@x.org", "port": "many"})
	if b.Status != 422 {
		t.Errorf("a form full of mistakes: %d", b.Status)
	}
	b.Sees(`href="#host"`, `href="#sender"`, `href="#sender_name"`, `href="#port"`)
	fill(b, peer.Server, nil)
	b.Sees("The mail server is saved")
	if strings.Contains(b.Page, mailtest.Password) {
		t.Error("the page tells the password")
	}
	fill(b, peer.Server, map[string]string{"password": "", "sender_name": "Help"})
	if kept, _, err := s.Post.Server(t.Context()); err != nil || kept.Password != mailtest.Password || kept.SenderName != "Help" {
		t.Errorf("kept %+v, %v", kept, err)
	}
	var raw struct{ Password string }
	if _, err := s.Content.Setting(t.Context(), "mail", &raw); err != nil || !strings.HasPrefix(raw.Password, "sealed:") {
		t.Errorf("kept in clear: %+v, %v", raw, err)
	}

	b.Follow(b.Send("POST", "/admin/mail/test"), "/admin/mail/test")
	b.Sees("The mail server took the message for chief@example.org", "RCPT TO:&lt;chief@example.org&gt;", "redacted")
	if strings.Contains(b.Page, mailtest.Password) {
		t.Error("the trace tells the password")
	}
	if m := peer.Next(t); m.To[0] != u.Mail || m.User != mailtest.Login {
		t.Errorf("got %+v", m)
	}
	fill(b, peer.Server, map[string]string{"password": "another"})
	b.Follow(b.Send("POST", "/admin/mail/test"), "/admin/mail/test")
	b.Sees("does not accept this login and password", "535")

	// Somebody else was faster; then all is erased.
	b.Send("POST", "/admin/mail", webtest.Form("version=1&host=x"))
	b.Follow(b.Send("POST", "/admin/mail", webtest.Form(url.Values{"version": {"1"}, "host": {"mail.example.org"}, "port": {"25"}, "security": {"starttls"}, "sender": {"a@example.org"}}.Encode())), "/admin/mail")
	if b.Status != 409 {
		t.Errorf("over another's: %d", b.Status)
	}
	_, version, err := s.Post.Server(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b.Follow(b.Send("POST", "/admin/mail/remove", webtest.Form("version="+strconv.Itoa(int(version)))), "/admin/mail")
	if kept, _, err := s.Post.Server(t.Context()); err != nil || kept != (mail.Server{}) {
		t.Errorf("kept %+v, %v", kept, err)
	}
}

// TestMailLost tells of messages that were refused, and has them tried again or
// forgotten.
func TestMailLost(t *testing.T) {
	s, b, u := mailRoom(t)
	peer := mailtest.Start(t, mail.STARTTLS, "")
	if err := s.Post.SaveServer(t.Context(), peer.Server, 0, "test"); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{"refused@example.org", "full@example.org"} {
		u.Mail = to
		if err := s.Post.TellChanged(t.Context(), u, "en"); err != nil {
			t.Fatal(err)
		}
	}
	o := job.Outbox{Activity: s.Activity, Deeds: s.Post.Deeds(), Now: s.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	round := func() {
		t.Helper()
		if _, err := o.Round(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	round()
	b.Open("/admin").Sees("1 message was not sent", `href="/admin/mail#lost"`)
	b.Open("/admin/mail").Sees("nobody of that name", "refused@example.org", "the box is full", "1 message waits")
	lost, err := s.Post.Undelivered(t.Context(), store.MessageFailed, 10)
	if err != nil || len(lost) != 1 {
		t.Fatal(lost, err)
	}
	address := "/admin/mail/letters/" + strconv.Itoa(int(lost[0].ID))
	b.Follow(b.Send("POST", address, webtest.Form("do=again")), address)
	b.Sees("2 messages wait")
	round()
	b.Open("/admin/mail").Sees("nobody of that name")
	b.Follow(b.Send("POST", address, webtest.Form("do=drop")), address)
	if b.Open("/admin/mail"); strings.Contains(b.Page, "nobody of that name") {
		t.Error("it is still spoken of")
	}
	for _, odd := range []string{"/admin/mail/letters/x", "/admin/mail/letters/999", address} {
		if r := b.Send("POST", odd, webtest.Form("do=again")); r.StatusCode != 404 {
			t.Errorf("%s: %d", odd, r.StatusCode)
		}
	}
	done, err := s.Activity.Messages(t.Context(), store.MessageDone, "", 0, 10)
	if err != nil || len(done) != 1 || string(done[0].Payload) != "null" {
		t.Errorf("what was forgotten keeps what it said: %+v, %v", done, err)
	}
}
