// Package haproxytest knows how to start HAProxy in front of a server, told what
// administrators are advised to tell it, for tests. It refuses to know what goes
// through.
package haproxytest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/login/trusted"
)

// From is the address that the server sees HAProxy come from: another one of this
// machine than tests have who come without it.
const From = "127.0.0.2"

// Proxy is a running HAProxy.
type Proxy struct {
	URL   string
	roots *x509.CertPool
}

// Need skips a test where HAProxy is not installed; where SELFHELP_PEERS is
// "required" it fails instead.
func Need(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("haproxy")
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/haproxy")
	}
	if err != nil && os.Getenv("SELFHELP_PEERS") == "required" {
		t.Fatal("haproxy is not installed: apt-get install haproxy")
	}
	if err != nil {
		t.Skip("haproxy is not installed")
	}
	return path
}

// settings are what HAProxy needs beside the lines that are shown.
const settings = `defaults
    mode http
    timeout connect 10s
    timeout client 30s
    timeout server 30s

`

// Start starts HAProxy by trusted.HAProxy in front of the server at an address,
// with a certificate of the product, PEM, and stops it with the test. It listens on
// a socket that is open already, so that nobody waits for it.
func Start(t testing.TB, server, product string) *Proxy {
	t.Helper()
	program, folder := Need(t), t.TempDir()
	pair, root := ours(t)
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	lines := trusted.HAProxy
	for shown, here := range map[string]string{
		"bind :443": "bind fd@3", "/etc/haproxy/selfhelp.pem": file("selfhelp.pem", pair), "/etc/haproxy/product.pem": file("product.pem", product),
		"127.0.0.1:8080": server + " source " + From,
	} {
		if strings.Count(lines, shown) != 1 {
			t.Fatalf("the lines have no single %s:\n%s", shown, lines)
		}
		lines = strings.Replace(lines, shown, here, 1)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	socket, err := listener.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	var said bytes.Buffer
	process := exec.Command(program, "-db", "-f", file("haproxy.cfg", settings+lines))
	process.ExtraFiles, process.Stdout, process.Stderr = []*os.File{socket}, &said, &said
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		process.Process.Kill()
		process.Wait()
		if t.Failed() {
			t.Logf("haproxy said: %s", said.String())
		}
	})
	roots := x509.NewCertPool()
	roots.AddCert(root)
	return &Proxy{"https://" + listener.Addr().String(), roots}
}

// Client is one that shows a certificate whatever HAProxy asks for, or none, and
// takes up TLS sessions again. It follows no redirects.
func (p *Proxy) Client(certificate *tls.Certificate) *http.Client {
	settings := &tls.Config{RootCAs: p.roots, ClientSessionCache: tls.NewLRUClientSessionCache(1)}
	if certificate != nil {
		settings.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return certificate, nil }
	}
	return &http.Client{
		Transport: &http.Transport{TLSClientConfig: settings, DisableKeepAlives: true}, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// ours is a certificate of this machine with its key, PEM.
func ours(t testing.TB) (pair string, root *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), BasicConstraintsValid: true, IsCA: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if root, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pemOf := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return pemOf("CERTIFICATE", der) + pemOf("PRIVATE KEY", private), root
}
