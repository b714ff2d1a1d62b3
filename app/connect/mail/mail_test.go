package mail_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"selfhelp/app/connect/mail"
	"selfhelp/app/connect/mail/mailtest"
	"selfhelp/app/fault"
	"selfhelp/app/login"
)

func letter(to string) mail.Letter {
	return mail.Letter{To: to, Name: "Zoé Lefèvre", Subject: "Votre mot de passe : « été »", Text: "Bonjour,\n\n.un point\nVoilà.\n", HTML: "<p>Voilà.</p>"}
}

// TestSend gives letters to servers of every kind.
func TestSend(t *testing.T) {
	for _, security := range mail.Securities() {
		for _, account := range []string{"", mailtest.Login} {
			t.Run(string(security)+account, func(t *testing.T) {
				t.Parallel()
				peer := mailtest.Start(t, security, account)
				trace := &login.Trace{}
				if err := peer.Send(t.Context(), letter("zoe@example.org"), trace); err != nil {
					t.Fatalf("%v\n%+v", err, trace.Lines)
				}
				m := peer.Next(t)
				if m.From != "help@example.org" || len(m.To) != 1 || m.To[0] != "zoe@example.org" || m.Secure != (security != mail.None) || m.User != account {
					t.Errorf("got %+v", m)
				}
				isThatLetter(t, m.Raw)
				tellsNoSecret(t, trace)
				if len(trace.Lines) < 6 {
					t.Errorf("the trace is short: %+v", trace.Lines)
				}
			})
		}
	}
}

// isThatLetter reads what travelled as a mail program does.
func isThatLetter(t *testing.T, raw []byte) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if want := letter("").Subject; err != nil || subject != want {
		t.Errorf("subject %q, %v", subject, err)
	}
	to, err := m.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Name != "Zoé Lefèvre" || to[0].Address != "zoe@example.org" {
		t.Errorf("to %v, %v", to, err)
	}
	if id := m.Header.Get("Message-Id"); !strings.HasSuffix(id, "@example.org>") || m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("User-Agent") != "" {
		t.Errorf("headers %v", m.Header)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range []string{letter("").Text, letter("").HTML} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if got := strings.ReplaceAll(string(text), "\r\n", "\n"); err != nil || strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("text %q, %v; want %q", got, err, want)
		}
	}
}

func tellsNoSecret(t *testing.T, trace *login.Trace) {
	t.Helper()
	text, _ := json.Marshal(trace.Lines)
	for _, secret := range []string{mailtest.Password, base64.StdEncoding.EncodeToString([]byte(mailtest.Password)), base64.StdEncoding.EncodeToString([]byte("\x00" + mailtest.Login + "\x00" + mailtest.Password)), "Voilà"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the trace has a secret: %s", text)
		}
	}
}

// TestRefusals names what the server says, and whether to try again.
func TestRefusals(t *testing.T) {
	peer := mailtest.Start(t, mail.STARTTLS, mailtest.Login)
	wrongPassword, noRoots, plain := *peer, *peer, mailtest.Start(t, mail.None, "")
	wrongPassword.Password = "another"
	noRoots.Roots = ""
	plain.Security = mail.STARTTLS
	closed := *peer
	closed.Port = 1
	for name, c := range map[string]struct {
		server mail.Server
		to     string
		kind   fault.Kind
		key    string
		said   string
	}{
		"nobody":      {peer.Server, "refused@example.org", fault.Invalid, "fault.mail.refused", "nobody of that name"},
		"full":        {peer.Server, "full@example.org", fault.Unavailable, "fault.mail.later", "the box is full"},
		"content":     {peer.Server, "bad@example.org", fault.Invalid, "fault.mail.refused", "not like that"},
		"password":    {wrongPassword.Server, "zoe@example.org", fault.Unavailable, "fault.mail.login", ""},
		"certificate": {noRoots.Server, "zoe@example.org", fault.Unavailable, "fault.mail.certificate", ""},
		"no STARTTLS": {plain.Server, "zoe@example.org", fault.Unavailable, "fault.mail.starttls", ""},
		"closed":      {closed.Server, "zoe@example.org", fault.Unavailable, "fault.mail.unreachable", "127.0.0.1:1"},
		"none":        {mail.Server{}, "zoe@example.org", fault.Unavailable, "fault.mail.none", ""},
	} {
		trace := &login.Trace{}
		err := c.server.Send(t.Context(), letter(c.to), trace)
		key, args := fault.TextOf(err)
		if fault.KindOf(err) != c.kind || key != c.key || !strings.Contains(fmt.Sprint(args...), c.said) {
			t.Errorf("%s: %v, %v", name, err, args)
		}
		failed := func(l login.TraceLine) bool { return l.Failed }
		if c.server.Host != "" && !slices.ContainsFunc(trace.Lines, failed) {
			t.Errorf("%s: the trace does not tell what failed: %+v", name, trace.Lines)
		}
		tellsNoSecret(t, trace)
	}
	peer.None(t)
}

// TestHanging sends to servers that accept and then say nothing, or never stop.
func TestHanging(t *testing.T) {
	t.Parallel()
	for name, serve := range map[string]func(net.Conn){
		"silent":  func(net.Conn) {},
		"endless": func(c net.Conn) { repeat(c, "220-still greeting\r\n") },
		"no line": func(c net.Conn) { repeat(c, "220 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") },
		"letter":  func(c net.Conn) { half(c, ".") },
	} {
		listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		go func() {
			if c, err := listener.Accept(); err == nil {
				serve(c)
			}
		}()
		server := mail.Server{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Security: mail.None, Sender: "help@example.org"}
		began := time.Now()
		err = mail.SendWithin(server, t.Context(), letter("zoe@example.org"), 300*time.Millisecond)
		if took := time.Since(began); !fault.Is(err, fault.Unavailable) || took > 5*time.Second {
			t.Errorf("%s: %v after %s", name, err, took)
		}
	}
}

func repeat(c net.Conn, text string) {
	defer c.Close()
	for range 1 << 20 {
		if _, err := io.WriteString(c, text); err != nil {
			return
		}
	}
}

// half answers everything but what one word is for: the end of the letter, or
// the farewell.
func half(c net.Conn, but string) {
	fmt.Fprint(c, "220 here\r\n")
	inside := false
	for lines := bufio.NewScanner(c); lines.Scan(); {
		line := lines.Text()
		switch {
		case line == but || inside && line != ".":
		case line == "DATA":
			inside = true
			fmt.Fprint(c, "354 go on\r\n")
		default:
			inside = false
			fmt.Fprint(c, "250 yes\r\n")
		}
	}
}

// TestFarewell takes the letter and hangs at QUIT: it was sent.
func TestFarewell(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		if c, err := listener.Accept(); err == nil {
			half(c, "QUIT")
		}
	}()
	server := mail.Server{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Security: mail.None, Sender: "help@example.org"}
	if err := mail.SendWithin(server, t.Context(), letter("zoe@example.org"), 300*time.Millisecond); err != nil {
		t.Error(err)
	}
}

// TestInjection tries to say more in a header than it seems.
func TestInjection(t *testing.T) {
	peer := mailtest.Start(t, mail.None, "")
	many := strings.Repeat("a@example.org,", 10_000)
	for name, change := range map[string]func(*mail.Letter){
		"subject":        func(l *mail.Letter) { l.Subject = "hello\r\nBcc: eve@example.org" },
		"subject, LF":    func(l *mail.Letter) { l.Subject = "hello\nBcc: eve@example.org" },
		"subject, CR":    func(l *mail.Letter) { l.Subject = "hello\rBcc: eve@example.org" },
		"subject, line":  func(l *mail.Letter) { l.Subject = "hello\u2028Bcc: eve@example.org" },
		"subject, NEL":   func(l *mail.Letter) { l.Subject = "hello\u0085Bcc: eve@example.org" },
		"subject, NUL":   func(l *mail.Letter) { l.Subject = "hello\x00" },
		"subject, UTF-8": func(l *mail.Letter) { l.Subject = "hello\xff" },
		"name":           func(l *mail.Letter) { l.Name = "Zoé\r\nBcc: eve@example.org" },
		"address":        func(l *mail.Letter) { l.To = "zoe@example.org\r\nBcc: eve@example.org" },
		"end of address": func(l *mail.Letter) { l.To = "zoe@example.org>\r\nRCPT TO:<eve@example.org" },
		"two":            func(l *mail.Letter) { l.To = "zoe@example.org, eve@example.org" },
		"group":          func(l *mail.Letter) { l.To = "all:zoe@example.org,eve@example.org;" },
		"named":          func(l *mail.Letter) { l.To = "Eve <eve@example.org>" },
		"many":           func(l *mail.Letter) { l.To = strings.TrimSuffix(many, ",") },
		"none":           func(l *mail.Letter) { l.To = "" },
		"long":           func(l *mail.Letter) { l.Subject = strings.Repeat("a", 1000) },
		"large":          func(l *mail.Letter) { l.Text = strings.Repeat("a", 1<<20) },
	} {
		l := letter("zoe@example.org")
		change(&l)
		if err := peer.Send(t.Context(), l, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	peer.None(t)
	l := letter("zoe@example.org")
	l.Name, l.Subject = `Zoé "<eve@example.org>", eve@example.org`, "=?utf-8?Q?a=0D=0ABcc:_eve?="
	if err := peer.Send(t.Context(), l, nil); err != nil {
		t.Fatal(err)
	}
	m := peer.Next(t)
	read, err := netmail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		t.Fatal(err)
	}
	if to, err := read.Header.AddressList("To"); err != nil || len(to) != 1 || to[0].Name != l.Name || read.Header.Get("Bcc") != "" || len(m.To) != 1 {
		t.Errorf("%v, %v, %v", to, err, read.Header)
	}
}

// TestSettings refuses settings that make no sense or would send in clear.
func TestSettings(t *testing.T) {
	good := mail.Server{Host: "mail.example.org", Port: 587, Security: mail.STARTTLS, Sender: "help@example.org"}
	for name, c := range map[string]struct {
		change func(*mail.Server)
		field  string
		key    string
	}{
		"as it is":         {func(*mail.Server) {}, "", ""},
		"host":             {func(s *mail.Server) { s.Host = "mail.example.org\r\nx" }, "host", "fault.mail.host"},
		"host with port":   {func(s *mail.Server) { s.Host = "mail.example.org:25" }, "host", "fault.mail.host"},
		"port":             {func(s *mail.Server) { s.Port = 70000 }, "port", "fault.mail.port"},
		"in clear":         {func(s *mail.Server) { s.Security = mail.None }, "plain", "fault.mail.plain"},
		"in clear allowed": {func(s *mail.Server) { s.Security, s.Plain = mail.None, true }, "", ""},
		"in clear here":    {func(s *mail.Server) { s.Security, s.Host = mail.None, "::1" }, "", ""},
		"password in clear": {func(s *mail.Server) {
			s.Security, s.Plain, s.Login, s.Password = mail.None, true, "a", "b"
		}, "login", "fault.mail.clear"},
		"no password": {func(s *mail.Server) { s.Login = "a" }, "password", "fault.mail.password"},
		"roots":       {func(s *mail.Server) { s.Roots = "a certificate" }, "roots", "fault.mail.roots"},
		"sender":      {func(s *mail.Server) { s.Sender = "Help <help@example.org>" }, "sender", "fault.mail.address"},
		"sender name": {func(s *mail.Server) { s.SenderName = "Help\r\nBcc: eve@example.org" }, "sender_name", "fault.mail.name"},
		"security":    {func(s *mail.Server) { s.Security = "if possible" }, "security", "fault.mail.security"},
	} {
		s := good
		c.change(&s)
		wrong := s.Check()
		if c.field == "" && len(wrong) > 0 || wrong[c.field] != c.key {
			t.Errorf("%s: %v", name, wrong)
		}
	}
}
