package ldap

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"time"

	"github.com/go-ldap/ldap/v3"

	"selfhelp/app/fault"
	"selfhelp/app/login"
)

// What a directory may take, and give.
const (
	dialTime   = 3 * time.Second
	askTime    = 8 * time.Second // for all of a sign-in
	listTime   = 5 * time.Minute // for all of a synchronisation
	askBytes   = 8 << 20
	listBytes  = 512 << 20
	maxEntries = 2 // of a search for one person: one is right, two are too many
)

// errTooMuch ends a connection whose answers never end.
var errTooMuch = errors.New("the directory sent more than is read")

// bounded is a connection that ends when too much came.
type bounded struct {
	net.Conn
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.Conn.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooMuch
	}
	return n, err
}

// link is an open connection to one of the servers of a directory.
type link struct {
	*ldap.Conn
	server Server
	trace  *login.Trace
	stop   func() bool
}

// open connects to the first server that answers. Everything said over the
// connection ends when the time has passed or ctx is done.
func (s Server) open(ctx context.Context, most time.Duration, bytes int64, trace *login.Trace) (*link, error) {
	var failures []error
	for _, address := range s.URLs {
		conn, err := s.dial(ctx, address, most, bytes)
		how := "trace.ldap.connect"
		if s.StartTLS && err == nil {
			how = "trace.ldap.connect.starttls"
		}
		trace.Add(time.Now(), err, login.Said{}, login.InWords(how, address))
		if err != nil {
			failures = append(failures, err)
			continue
		}
		l := &link{Conn: conn, server: s, trace: trace}
		l.stop = context.AfterFunc(ctx, func() { conn.Close() })
		return l, nil
	}
	return nil, fault.Because(fault.Unavailable, errors.Join(failures...), "fault.ldap.away")
}

func (l *link) close() {
	l.stop()
	l.Conn.Close()
}

func (s Server) dial(ctx context.Context, address string, most time.Duration, bytes int64) (*ldap.Conn, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"ldap": ldap.DefaultLdapPort, "ldaps": ldap.DefaultLdapsPort}[u.Scheme]
	}
	dialer := net.Dialer{Timeout: dialTime}
	raw, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return nil, err
	}
	if err := raw.SetDeadline(time.Now().Add(most)); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	var wire net.Conn = &bounded{Conn: raw, left: bytes}
	config := s.tls(u.Hostname())
	if u.Scheme == "ldaps" {
		secured := tls.Client(wire, config)
		if err := secured.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, raw.Close())
		}
		wire = secured
	}
	conn := ldap.NewConn(wire, u.Scheme == "ldaps")
	conn.Start()
	conn.SetTimeout(most)
	if u.Scheme == "ldap" && s.StartTLS {
		if err := conn.StartTLS(config); err != nil { // never goes on without
			conn.Close()
			return nil, err
		}
	}
	return conn, nil
}

func (s Server) tls(host string) *tls.Config {
	c := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if s.Roots != "" {
		c.RootCAs = x509.NewCertPool()
		c.RootCAs.AppendCertsFromPEM([]byte(s.Roots))
	}
	return c
}

// bind proves who speaks. An empty password would be taken for nobody's bind
// and succeed (RFC 4513, section 5.1.2): it is refused before.
func (l *link) bind(name, password string) error {
	if name == "" || password == "" {
		return ldap.NewError(ldap.LDAPResultInvalidCredentials, errors.New("a name and a password are needed"))
	}
	err := l.Bind(name, password)
	l.trace.Add(time.Now(), err, login.Said{}, login.InWords("trace.ldap.bind", name))
	return err
}

// bindSearcher makes the connection that of the one who searches.
func (l *link) bindSearcher() error {
	if l.server.BindAs == "" {
		return nil
	}
	err := l.bind(l.server.BindAs, l.server.Password)
	if err != nil && !isAway(err) {
		return fault.Because(fault.Unavailable, err, "fault.ldap.searcher")
	}
	return failed(err)
}

// isAway reports whether it was the connection that failed.
func isAway(err error) bool {
	return ldap.IsErrorAnyOf(err, ldap.ErrorNetwork, ldap.LDAPResultTimeout, ldap.LDAPResultUnavailable, ldap.LDAPResultBusy)
}

// failed sorts what a directory answers to a search.
func failed(err error) error {
	if err == nil {
		return nil
	}
	if isAway(err) {
		return fault.Because(fault.Unavailable, err, "fault.ldap.away")
	}
	return fault.Because(fault.Unavailable, err, "fault.ldap.search")
}

// Probe asks whether the directory answers, and takes the one who searches.
func (s Server) Probe(ctx context.Context) error {
	l, err := s.open(ctx, askTime, askBytes, nil)
	if err != nil {
		return err
	}
	defer l.close()
	return l.bindSearcher()
}
