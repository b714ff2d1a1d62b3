package certificate

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"selfhelp/app/fault"
	"selfhelp/store"
)

// signer is an authority, or a certificate with its key.
type signer struct {
	leaf *x509.Certificate
	key  crypto.Signer
}

func (s signer) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.leaf.Raw}))
}

func (s signer) keyPEM(t testing.TB) string {
	der, err := x509.MarshalPKCS8PrivateKey(s.key)
	check(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// issue makes a certificate, signed by another one or by itself.
func issue(t testing.TB, by *signer, key crypto.Signer, change func(*x509.Certificate)) signer {
	t.Helper()
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	check(t, err)
	c := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: serial.String()}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour),
		DNSNames: []string{"help.example.org"}, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	change(c)
	parent, signing := c, key
	if by != nil {
		parent, signing = by.leaf, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), signing)
	check(t, err)
	leaf, err := x509.ParseCertificate(der)
	check(t, err)
	return signer{leaf, key}
}

func ec(t testing.TB) crypto.Signer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	return key
}

func authority(c *x509.Certificate) {
	c.IsCA, c.DNSNames, c.KeyUsage, c.ExtKeyUsage = true, nil, x509.KeyUsageCertSign, nil
}

func usual(*x509.Certificate) {}

// TestCheck refuses what browsers would not believe, and says which it is.
func TestCheck(t *testing.T) {
	root := issue(t, nil, ec(t), authority)
	middle := issue(t, &root, ec(t), authority)
	good := issue(t, &middle, ec(t), usual)
	selfSigned := issue(t, nil, ec(t), usual)
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Setenv("GODEBUG", "rsa1024min=0")
		short, err = rsa.GenerateKey(rand.Reader, 1024)
		check(t, err)
	}
	weak := issue(t, &middle, short, usual)
	old := issue(t, &middle, ec(t), func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	early := issue(t, &middle, ec(t), func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) })
	other := issue(t, &middle, ec(t), func(c *x509.Certificate) { c.DNSNames = []string{"other.example.org"} })
	for _, c := range []struct {
		name, host, chain, key, roots string
		field, want                   string
	}{
		{"good", "Help.example.org.", good.pem() + middle.pem(), good.keyPEM(t), root.pem(), "", ""},
		{"with the root", "help.example.org", good.pem() + middle.pem() + root.pem(), good.keyPEM(t), root.pem(), "", ""},
		{"no host", "https://help.example.org", good.pem() + middle.pem(), good.keyPEM(t), root.pem(), "host", "host"},
		{"no PEM", "help.example.org", "hello", good.keyPEM(t), root.pem(), "chain", "pem"},
		{"no key", "help.example.org", good.pem(), "hello", root.pem(), "key", "key"},
		{"another key", "help.example.org", good.pem() + middle.pem(), middle.keyPEM(t), root.pem(), "key", "pair"},
		{"ended", "help.example.org", old.pem() + middle.pem(), old.keyPEM(t), root.pem(), "chain", "ended"},
		{"early", "help.example.org", early.pem() + middle.pem(), early.keyPEM(t), root.pem(), "chain", "early"},
		{"its own", "help.example.org", selfSigned.pem(), selfSigned.keyPEM(t), selfSigned.pem(), "chain", "self"},
		{"an authority", "help.example.org", middle.pem() + root.pem(), middle.keyPEM(t), root.pem(), "chain", "authority"},
		{"other names", "help.example.org", other.pem() + middle.pem(), other.keyPEM(t), root.pem(), "chain", "name"},
		{"short", "help.example.org", weak.pem() + middle.pem(), weak.keyPEM(t), root.pem(), "chain", "short"},
		{"out of order", "help.example.org", good.pem() + root.pem() + middle.pem(), good.keyPEM(t), root.pem(), "chain", "order"},
		{"alone", "help.example.org", good.pem(), good.keyPEM(t), root.pem(), "chain", "alone"},
		{"unknown root", "help.example.org", good.pem() + middle.pem(), good.keyPEM(t), "", "chain", "chain"},
		{"no root", "help.example.org", good.pem() + middle.pem(), good.keyPEM(t), good.pem(), "roots", "roots"},
	} {
		_, err := Offer{c.host, c.chain, c.key, c.roots}.Check(time.Now())
		switch fields := fault.FieldsOf(err); {
		case c.want == "" && err != nil:
			t.Errorf("%s: refused: %v %v", c.name, err, fields)
		case c.want != "" && fields[c.field] != "fault.certificate."+c.want:
			t.Errorf("%s: %v %v", c.name, err, fields)
		}
	}
}

// write puts a pair in the files that a server was given.
func write(t testing.TB, dir string, s signer, chain ...signer) (cert, key string) {
	t.Helper()
	text := s.pem()
	for _, c := range chain {
		text += c.pem()
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, text := range map[string]string{cert: text, key: s.keyPEM(t)} {
		check(t, os.WriteFile(name+".new", []byte(text), 0o600))
		check(t, os.Rename(name+".new", name))
	}
	return cert, key
}

// serve answers by a holder, and returns the address.
func serve(t testing.TB, h *Holder) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	server := &http.Server{TLSConfig: h.TLS(), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) }), ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
	go server.ServeTLS(l, "", "")
	t.Cleanup(func() { server.Close() })
	return l.Addr().String()
}

// shake is what a handshake for a name shows.
func shake(t testing.TB, address, name string) tls.ConnectionState {
	t.Helper()
	conn, err := tls.Dial("tcp", address, &tls.Config{ServerName: name, InsecureSkipVerify: true, NextProtos: []string{"h2"}})
	check(t, err)
	defer conn.Close()
	return conn.ConnectionState()
}

func opened(t testing.TB, s Settings) (*Holder, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	s.Log, s.Now = slog.New(slog.NewTextHandler(&log, nil)), time.Now
	h, err := Open(s)
	check(t, err)
	return h, &log
}

// TestAKeyThatEverybodyReads is taken, at the start and when it is replaced, and the log
// says what to do each time; one that only a group reads is nothing to tell.
func TestAKeyThatEverybodyReads(t *testing.T) {
	dir := t.TempDir()
	cert, key := write(t, dir, issue(t, nil, ec(t), usual))
	for mode, warns := range map[os.FileMode]bool{0o600: false, 0o640: false, 0o644: true, 0o602: true} {
		check(t, os.Chmod(key, mode))
		h, log := opened(t, Settings{Cert: cert, Key: key})
		if told := strings.Contains(log.String(), "chmod o= "+key); told != warns || warns && !strings.Contains(log.String(), "level=WARN") {
			t.Errorf("%v at the start: %s", mode, log)
		}
		log.Reset()
		write(t, dir, issue(t, nil, ec(t), usual))
		check(t, os.Chmod(key, mode))
		h.Look(t.Context())
		h.Look(t.Context())
		if n := strings.Count(log.String(), "chmod o= "+key); n > 1 || (n == 1) != warns {
			t.Errorf("%v replaced: told %d times: %s", mode, n, log)
		}
	}
}

// TestFilesAreTakenHot: a new pair is shown to who comes next, who is inside stays, and
// a bad one changes nothing.
func TestFilesAreTakenHot(t *testing.T) {
	dir := t.TempDir()
	first, second := issue(t, nil, ec(t), usual), issue(t, nil, ec(t), usual)
	cert, key := write(t, dir, first)
	h, log := opened(t, Settings{Cert: cert, Key: key})
	address := serve(t, h)
	inside := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true, MaxConnsPerHost: 1}}
	ask := func() *x509.Certificate {
		reply, err := inside.Get("https://" + address + "/")
		check(t, err)
		defer reply.Body.Close()
		if b, _ := io.ReadAll(reply.Body); string(b) != "HTTP/2.0" {
			t.Errorf("answered over %s", b)
		}
		return reply.TLS.PeerCertificates[0]
	}
	ask()
	write(t, dir, second)
	h.Look(t.Context())
	if got := ask(); !got.Equal(first.leaf) {
		t.Error("who was inside was thrown out")
	}
	if got := shake(t, address, "help.example.org"); !got.PeerCertificates[0].Equal(second.leaf) || got.NegotiatedProtocol != "h2" {
		t.Error("the new pair is not shown, or without HTTP/2")
	}
	if got := h.Shown(); len(got) != 1 || !got[0].Until.Equal(second.leaf.NotAfter) {
		t.Errorf("it is told of %+v", got)
	}
	ended := issue(t, nil, ec(t), func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	for name, spoil := range map[string]func(){
		"half written":   func() { check(t, os.WriteFile(cert, []byte(first.pem()[:200]), 0o600)) },
		"key of another": func() { write(t, dir, first); check(t, os.WriteFile(key, []byte(ended.keyPEM(t)), 0o600)) },
		"ended":          func() { write(t, dir, ended) },
		"gone":           func() { check(t, os.Remove(cert)) },
	} {
		write(t, dir, second)
		h.Look(t.Context())
		log.Reset()
		spoil()
		h.Look(t.Context())
		h.Look(t.Context())
		if got := shake(t, address, ""); !got.PeerCertificates[0].Equal(second.leaf) {
			t.Errorf("%s: the good one is not shown any more", name)
		}
		if n := strings.Count(log.String(), "is not taken"); name != "gone" && n != 1 {
			t.Errorf("%s: told %d times: %s", name, n, log)
		}
	}
}

// TestTicketsRotate: a session goes on the next day, and its key is gone in the end.
func TestTicketsRotate(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	cert, key := write(t, dir, issue(t, nil, ec(t), usual))
	h, _ := opened(t, Settings{Cert: cert, Key: key})
	c := h.TLS()
	c.Time = func() time.Time { return now }
	l, err := tls.Listen("tcp", "127.0.0.1:0", c)
	check(t, err)
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			io.Copy(conn, conn)
			conn.Close()
		}
	}()
	dial := func(cache tls.ClientSessionCache) bool {
		conn, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{ServerName: "help.example.org", InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12, ClientSessionCache: cache})
		check(t, err)
		defer conn.Close()
		return conn.ConnectionState().DidResume
	}
	kept := tls.NewLRUClientSessionCache(1)
	dial(kept)
	if !dial(kept) {
		t.Error("no session goes on")
	}
	now = now.Add(8 * 24 * time.Hour)
	if dial(kept) {
		t.Error("after eight days the key of the first day still opens its ticket")
	}
}

func openStore(t testing.TB) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{Log: slog.New(slog.DiscardHandler)})
	check(t, err)
	t.Cleanup(func() { st.Close() })
	return st
}

// TestGivenIsShownByName: to who names it, with its own chain, on a server of the same
// content, and the key is nowhere in clear.
func TestGivenIsShownByName(t *testing.T) {
	st := openStore(t)
	root := issue(t, nil, ec(t), authority)
	given := issue(t, &root, ec(t), usual)
	cert, key := write(t, t.TempDir(), issue(t, nil, ec(t), func(c *x509.Certificate) { c.DNSNames = []string{"own.example.org"} }))
	h, _ := opened(t, Settings{Cert: cert, Key: key, Store: st})
	address := serve(t, h)
	offer := Offer{"help.example.org", given.pem(), given.keyPEM(t), root.pem()}
	check(t, Keep(t.Context(), st, offer, time.Now(), ""))
	check(t, Keep(t.Context(), st, offer, time.Now(), "")) // in place of the one of before
	h.Look(t.Context())
	for name, own := range map[string]bool{"help.example.org": true, "HELP.example.org": true, "own.example.org": false, "": false, "unknown.example.org": false} {
		if got := shake(t, address, name).PeerCertificates[0].Equal(given.leaf); got != own {
			t.Errorf("%q: the given one: %v", name, got)
		}
	}
	all, _, err := List(t.Context(), st.Content)
	check(t, err)
	if len(all) != 1 || strings.Contains(all[0].Key, "PRIVATE") {
		t.Fatalf("kept: %+v", all)
	}
	check(t, Remove(t.Context(), st, all[0].ID, ""))
	h.Look(t.Context())
	if shake(t, address, "help.example.org").PeerCertificates[0].Equal(given.leaf) {
		t.Error("it is shown though it was removed")
	}
	if err := Remove(t.Context(), st, all[0].ID, ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("removed twice: %v", err)
	}
}

// TestStaples: what the responder says is shown, nobody waits for one that is silent.
func TestStaples(t *testing.T) {
	root := issue(t, nil, ec(t), authority)
	var about signer
	var silent atomic.Bool
	var status atomic.Int64
	silent.Store(true)
	status.Store(ocsp.Good)
	gone := make(chan struct{})
	defer close(gone)
	responder := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if silent.Load() {
			select {
			case <-gone:
			case <-r.Context().Done():
			}
			return
		}
		b, err := ocsp.CreateResponse(root.leaf, root.leaf, ocsp.Response{Status: int(status.Load()), SerialNumber: about.leaf.SerialNumber, ThisUpdate: time.Now().Add(-time.Minute), NextUpdate: time.Now().Add(time.Hour)}, root.key)
		if err != nil {
			t.Error(err)
		}
		w.Write(b)
	}))
	about = issue(t, &root, ec(t), func(c *x509.Certificate) { c.OCSPServer = []string{responder.URL} })
	cert, key := write(t, t.TempDir(), about, root)
	h, _ := opened(t, Settings{Cert: cert, Key: key})
	address := serve(t, h)
	waiting, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer stop()
	var said error
	round := func(ctx context.Context, after time.Duration) {
		h.staples.round(ctx, []*Pair{h.files.pair}, time.Now().Add(after), func(err error) { said = err })
		h.Look(t.Context())
	}
	began := time.Now()
	first := make(chan struct{})
	go func() { defer close(first); round(waiting, 0) }()
	if got := shake(t, address, "help.example.org"); len(got.OCSPResponse) > 0 || time.Since(began) > 5*time.Second {
		t.Error("a handshake waited for the responder")
	}
	<-first
	silent.Store(false)
	round(t.Context(), 10*time.Minute)
	if got := shake(t, address, "help.example.org"); len(got.OCSPResponse) == 0 {
		t.Errorf("nothing is stapled: %v", said)
	}
	status.Store(ocsp.Revoked)
	round(t.Context(), 2*time.Hour)
	if got := shake(t, address, "help.example.org"); len(got.OCSPResponse) > 0 || said == nil {
		t.Error("an answer that ended is still shown, or a bad one was taken")
	}
}

// TestModern: what is older or weaker finds nobody.
func TestModern(t *testing.T) {
	cert, key := write(t, t.TempDir(), issue(t, nil, ec(t), usual))
	h, _ := opened(t, Settings{Cert: cert, Key: key})
	address := serve(t, h)
	for name, c := range map[string]*tls.Config{
		"TLS 1.1": {MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11},
		"CBC":     {MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256}},
		"P-384":   {CurvePreferences: []tls.CurveID{tls.CurveP384}},
	} {
		c.InsecureSkipVerify = true
		if conn, err := tls.Dial("tcp", address, c); err == nil {
			conn.Close()
			t.Errorf("%s: it is spoken", name)
		}
	}
	for _, group := range []tls.CurveID{tls.X25519, tls.CurveP256} {
		conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true, CurvePreferences: []tls.CurveID{group}})
		if err != nil {
			t.Errorf("%v: %v", group, err)
			continue
		}
		conn.Close()
	}
}
