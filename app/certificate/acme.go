package certificate

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// ACME is where certificates are made, and for which names.
type ACME struct {
	Hosts     []string
	Email     string // whom the authority writes to; "" for nobody
	Directory string // its address; "" for that of Let's Encrypt
	CA        string // PEM file of whom to believe there; "" for whom this machine believes
	Folder    string // of the account and what was made
}

// How long is waited after a first failure, and at most: an authority that refuses is
// not to be asked every minute.
const (
	firstWait = time.Minute
	mostWait  = 6 * time.Hour
)

// maker has certificates made. They are proved by TLS-ALPN-01 on the port of the server
// itself, so that no other has to be open. Handshakes only take what is there: whoever
// comes makes nobody ask the authority.
type maker struct {
	*autocert.Manager
	hosts []string
	now   func() time.Time
	log   *slog.Logger

	mu    sync.RWMutex
	ready map[string]*tls.Certificate
}

func newMaker(a ACME, now func() time.Time, log *slog.Logger) (*maker, error) {
	roots, err := believed(a.CA)
	if err != nil {
		return nil, err
	}
	// The folder of data is the server's alone, and only one server opens it: there are
	// never two that ask for the same certificate.
	if err := os.MkdirAll(a.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of certificates: %w", err)
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, TLSHandshakeTimeout: 10 * time.Second}
	return &maker{
		Manager: &autocert.Manager{
			Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(a.Folder), HostPolicy: autocert.HostWhitelist(a.Hosts...), Email: a.Email,
			Client: &acme.Client{DirectoryURL: a.Directory, HTTPClient: &http.Client{Transport: transport, Timeout: time.Minute}, UserAgent: "selfhelp"},
		},
		hosts: a.Hosts, now: now, log: log, ready: map[string]*tls.Certificate{},
	}, nil
}

// believed reads whom to believe, nil for whom this machine believes.
func believed(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read whom to believe of the ACME server: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(b) {
		return nil, fmt.Errorf("%s holds no certificate in PEM", file)
	}
	return roots, nil
}

// isChallenge reports whether the authority is asking for its proof.
func isChallenge(hello *tls.ClientHelloInfo) bool {
	return slices.Equal(hello.SupportedProtos, []string{acme.ALPNProto})
}

func (m *maker) pick(name string) *tls.Certificate {
	if m == nil {
		return nil
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.ready[name]
}

// first is one of those there are, for who names none of them.
func (m *maker) first() *tls.Certificate {
	if all := m.all(); len(all) > 0 {
		return all[0]
	}
	return nil
}

func (m *maker) all() (all []*tls.Certificate) {
	if m == nil {
		return nil
	}
	for _, host := range m.hosts {
		if c := m.pick(host); c != nil {
			all = append(all, c)
		}
	}
	return all
}

// try is when a host is asked for next.
type try struct {
	at   time.Time
	wait time.Duration
}

// run has what is missing made, one after the other, and takes what was renewed.
func (m *maker) run(ctx context.Context) {
	next := map[string]try{}
	for {
		for _, host := range m.hosts {
			if t := next[host]; ctx.Err() == nil && !m.now().Before(t.at) {
				next[host] = m.again(t, m.obtain(ctx, host))
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(every):
		}
	}
}

// again says when to ask next: soon for what is at hand, and twice as late after each
// failure.
func (m *maker) again(t try, err error) try {
	if err == nil {
		return try{at: m.now().Add(firstWait)}
	}
	t.wait = min(max(2*t.wait, firstWait), mostWait)
	return try{at: m.now().Add(t.wait + time.Second), wait: t.wait}
}

// obtain takes the certificate of a host: that of before, or one that is made now. Near
// its end the manager renews it by itself.
func (m *maker) obtain(ctx context.Context, host string) error {
	came := make(chan error, 1)
	var c *tls.Certificate
	go func() { // the manager has a time limit of its own, and knows no other
		var err error
		// Keys are ECDSA, whoever comes: one certificate a name.
		c, err = m.GetCertificate(&tls.ClientHelloInfo{ServerName: host, SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}, SupportedCurves: []tls.CurveID{tls.CurveP256}, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}})
		came <- err
	}()
	var err error
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err = <-came:
	}
	if err == nil && c.Leaf == nil {
		err = errors.New("the authority gave no certificate")
	}
	if err != nil {
		m.log.Error("the ACME server gave no certificate", "host", host, "err", err)
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if old := m.ready[host]; old == nil || !old.Leaf.Equal(c.Leaf) {
		m.log.Info("a certificate made by ACME is shown", "host", host, "until", c.Leaf.NotAfter)
	}
	m.ready[host] = c
	return nil
}
