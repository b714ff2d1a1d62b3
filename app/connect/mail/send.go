package mail

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/wneessen/go-mail"

	"selfhelp/app/fault"
	"selfhelp/app/login"
)

// patience is how long the server may take: to be reached and to greet, and then
// for the letter.
const patience = 20 * time.Second

// Send gives a letter to the server. An error of kind Invalid says that this
// letter will never be taken; any other, that it may be tried again. No secret
// goes into the trace.
func (s Server) Send(ctx context.Context, l Letter, trace *login.Trace) error {
	return s.send(ctx, l, trace, patience)
}

func (s Server) send(ctx context.Context, l Letter, trace *login.Trace, wait time.Duration) error {
	if err := l.Check(); err != nil {
		return err
	}
	if s.Host == "" || len(s.Check()) > 0 {
		return fault.New(fault.Unavailable, "fault.mail.none")
	}
	letter, err := s.write(l)
	if err != nil {
		return fault.Because(fault.Invalid, err, "fault.mail.letter")
	}
	line := &wire{server: s, trace: trace}
	defer line.close() // whatever the server does: it may never answer a farewell
	client, err := mail.NewClient(s.Host, append(s.options(line), mail.WithTimeout(wait))...)
	if err != nil {
		return fault.Because(fault.Unavailable, err, "fault.mail.none")
	}
	if err := client.DialWithContext(ctx); err != nil {
		return told(err, line)
	}
	if err := client.Send(letter); err != nil {
		return told(err, line)
	}
	_ = client.Close() // the letter is taken: a farewell that fails must not have it sent again
	return nil
}

// write puts a letter into the form that travels.
func (s Server) write(l Letter) (*mail.Msg, error) {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	_, domain, _ := strings.Cut(s.Sender, "@")
	m.SetMessageIDWithValue(strings.ToLower(rand.Text()) + "@" + domain)
	m.SetDate()
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence answers
	m.Subject(l.Subject)
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	if l.HTML != "" {
		m.AddAlternativeString(mail.TypeTextHTML, l.HTML)
	}
	return m, errors.Join(m.From(address(s.SenderName, s.Sender)), m.To(address(l.Name, l.To)))
}

// address is a name and an address as they stand in a header: whatever is in the
// name stays a name.
func address(name, address string) string {
	return (&netmail.Address{Name: name, Address: address}).String()
}

// preferred are the ways to sign in at a server, the best first. NTLM is not
// among them, which many servers offer and few mean.
var preferred = []mail.SMTPAuthType{mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthPlain, mail.SMTPAuthLogin, mail.SMTPAuthCramMD5}

func (s Server) options(line *wire) []mail.Option {
	options := []mail.Option{
		mail.WithPort(s.Port), mail.WithTLSConfig(s.tls()), mail.WithDialContextFunc(line.dial),
		mail.WithTLSPolicy(mail.TLSMandatory), mail.WithoutNoop(), mail.WithLogger(line), mail.WithDebugLog(),
	}
	switch s.Security {
	case TLS:
		options = append(options, mail.WithSSL())
	case None:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if s.Login != "" {
		options = append(options, mail.WithOpportunisticSMTPAuth(preferred...), mail.WithUsername(s.Login), mail.WithPassword(s.Password))
	}
	return options
}

func (s Server) tls() *tls.Config {
	c := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}
	if s.Roots != "" {
		c.RootCAs = x509.NewCertPool()
		c.RootCAs.AppendCertsFromPEM([]byte(s.Roots))
	}
	return c
}

// told says what went wrong in a sentence for people, and at the end of the
// trace in the words of the one who said it.
func told(err error, line *wire) error {
	said := short(err.Error())
	var refusal *mail.SendError
	if errors.As(err, &refusal) && refusal.ErrorCode() > 0 {
		_, said, _ = strings.Cut(said, ": ")
		said, _, _ = strings.Cut(said, ", affected ")
	}
	line.fails(said)
	if refusal != nil && refusal.ErrorCode() >= 500 && refusal.Reason != mail.ErrSMTPMailFrom {
		return fault.Because(fault.Invalid, err, "fault.mail.refused", said)
	}
	var certificate *tls.CertificateVerificationError
	var broken net.Error
	switch {
	case errors.As(err, &certificate):
		return fault.Because(fault.Unavailable, err, "fault.mail.certificate")
	case strings.Contains(said, "does not support STARTTLS"):
		return fault.Because(fault.Unavailable, err, "fault.mail.starttls")
	case refusal == nil && line.signing:
		return fault.Because(fault.Unavailable, err, "fault.mail.login")
	case refusal != nil && refusal.ErrorCode() >= 400:
		return fault.Because(fault.Unavailable, err, "fault.mail.later", said)
	case line.conn == nil || errors.As(err, &broken):
		return fault.Because(fault.Unavailable, err, "fault.mail.unreachable", net.JoinHostPort(line.server.Host, strconv.Itoa(line.server.Port)))
	}
	return fault.Because(fault.Unavailable, err, "fault.mail.broken", said)
}

// short is a text of theirs that can be shown: one line, and not endless.
func short(text string) string {
	line := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, " "))
	if runes := []rune(line); len(runes) > 300 {
		line = string(runes[:300]) + "…"
	}
	return strings.TrimSpace(line)
}
