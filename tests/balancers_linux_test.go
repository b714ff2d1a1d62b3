package tests

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"selfhelp/tests/cluster"
	"selfhelp/tests/network"
)

// authority makes certificates.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	root []byte // PEM
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t}
	a.root, _ = a.issue("Test authority")
	return a
}

// issue makes a certificate for names and its key, as PEM; the first one is the
// authority's own.
func (a *authority) issue(names ...string) (cert, private []byte) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: names[0]}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(0, 3, 0),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, KeyUsage: x509.KeyUsageDigitalSignature, DNSNames: names, BasicConstraintsValid: true,
	}
	parent, signing := a.cert, a.key
	if a.cert == nil {
		about.IsCA, about.KeyUsage, about.DNSNames = true, x509.KeyUsageCertSign, nil
		parent, signing = about, key
	}
	der, err := x509.CreateCertificate(rand.Reader, about, parent, &key.PublicKey, signing)
	if err != nil {
		a.t.Fatal(err)
	}
	if a.cert == nil {
		a.key = key
		if a.cert, err = x509.ParseCertificate(der); err != nil {
			a.t.Fatal(err)
		}
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})
}

// balancer is one that people use, and the example that is delivered for it.
type balancer struct {
	program, example, folder string // the last one in /etc
	args                     []string
	change                   func(string) string // of the example; nil: none
}

var balancers = []balancer{
	{"haproxy", "haproxy.cfg", "haproxy", []string{"-db", "-f", "/etc/haproxy/haproxy.cfg"}, nil},
	{"nginx", "nginx.conf", "nginx", []string{"-c", "/etc/nginx/nginx.conf", "-g", "daemon off; error_log stderr;"}, nil},
	// Caddy has its certificate made by an authority of the Internet, which is not here.
	{"caddy", "Caddyfile", "caddy", []string{"run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"}, func(example string) string {
		return strings.Replace(example, "help.example.org {\n", "help.example.org {\n\ttls /etc/caddy/help.example.org.pem /etc/caddy/help.example.org.key\n", 1)
	}},
}

// start starts a balancer on a host, and returns what ends it.
func (b balancer) start(t *testing.T, on *network.Host, a *authority, way *http.Transport) (end func()) {
	t.Helper()
	text, err := os.ReadFile("../packaging/balancing/" + b.example)
	if err != nil {
		t.Fatal(err)
	}
	if b.change != nil {
		text = []byte(b.change(string(text)))
	}
	cert, key := a.issue("help.example.org")
	on.File(t, filepath.Join(b.folder, b.example), text)
	on.File(t, filepath.Join(b.folder, "help.example.org.key"), key)
	if b.program == "haproxy" { // takes both from one file
		cert = append(cert, key...)
	}
	on.File(t, filepath.Join(b.folder, "help.example.org.pem"), cert)
	said := &cluster.Log{}
	process := on.Command(b.program, b.args...)
	process.Env = append(os.Environ(), "HOME="+t.TempDir())
	process.Stdout, process.Stderr = said, said
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	end = sync.OnceFunc(func() { _ = process.Process.Signal(os.Interrupt); _ = process.Wait() })
	t.Cleanup(end)
	client := &http.Client{Transport: way, Timeout: 5 * time.Second}
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		w, page, err := cluster.Get(client, "https://help.example.org/readyz")
		if err == nil && w.StatusCode == http.StatusOK {
			closed(t, b, client)
			return end
		}
		if time.Now().After(until) {
			t.Fatalf("%s answers %v %s: %s", b.program, err, page, said)
		}
	}
}

// closed asks a balancer for what the edition server asks presentation servers, however
// that is spelt: it has nothing there.
func closed(t *testing.T, b balancer, client *http.Client) {
	t.Helper()
	for _, path := range []string{"/peer/v1/state", "/peer/v1/join", "/%70eer/v1/state"} {
		w, _, err := cluster.Get(client, "https://help.example.org"+path)
		if err != nil || w.StatusCode != http.StatusNotFound {
			t.Errorf("%s lets people in at %s: %v (%v)", b.program, path, w, err)
		}
	}
}

// TestBehindEachBalancer puts each balancer, with the example that is delivered, in front
// of two presentation servers. Every server has a host of its own in a network that
// loses packets and is slow; people answer while a server is killed, while another is cut
// off from everybody, and while the edition server is. Nobody loses their journey, and
// each answer that was acknowledged is at the edition server in the end, once.
func TestBehindEachBalancer(t *testing.T) {
	if os.Getenv("SELFHELP_THOROUGH") == "" {
		t.Skip("it takes more than a minute: make test runs it")
	}
	t.Parallel() // it waits most of the time
	required := os.Getenv("SELFHELP_PEERS") == "required"
	for _, b := range balancers {
		if _, err := exec.LookPath(b.program); (err != nil || os.Getuid() != 0) && !required {
			t.Skipf("it needs %s, and the rights of root", b.program)
		}
	}
	for _, b := range balancers {
		t.Run(b.program, func(t *testing.T) {
			t.Parallel()
			b.stormed(t)
		})
	}
}

// stormed lets people answer behind a balancer during a storm, in a network of its own.
func (b balancer) stormed(t *testing.T) {
	n := network.New(t, "edition.example.org", "help1.example.org", "help2.example.org", "help.example.org")
	a := newAuthority(t)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(a.root)
	way := &http.Transport{DialContext: n.Dial, TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true, IdleConnTimeout: time.Second}
	for _, name := range []string{"edition.example.org", "help1.example.org", "help2.example.org", "help.example.org"} {
		n.Host(name).File(t, "ssl/certs/ca-certificates.crt", a.root)
	}
	folder := t.TempDir()
	edition := filepath.Join(folder, "edition")
	desk(t, edition)
	command(t, "user", "create", "--data", edition, "--role", "user", "--domains", "production", "ada")
	c, err := cluster.Start(cluster.Options{
		Binary: absolute(t, binary()), Folder: folder, Servers: 2, Log: "warn", Administrator: &cluster.Account{Login: "boss", Password: bossPassword, Role: "administrator"},
		Way: way, Put: func(name string) cluster.Position { return position(t, n.Host(name+".example.org"), a, folder) },
	})
	if err != nil {
		t.Fatal(err)
	}
	stop := sync.OnceFunc(c.Stop)
	t.Cleanup(stop)
	people := &crowd{t: t, front: "https://help.example.org", way: way}
	began := time.Now()
	end := b.start(t, n.Host("help.example.org"), a, way)
	var going sync.WaitGroup
	for who := range 4 {
		going.Go(func() { people.goOn(uint64(who + 1)) })
	}
	storm(t, n, c)
	people.over.Store(true)
	going.Wait()
	end()
	took := time.Since(began).Round(time.Second)
	if err := c.Collected(60 * time.Second); err != nil {
		t.Fatal(err)
	}
	stop()
	people.found(edition)
	t.Logf("%d journeys in %v, %d requests sent again, longest wait %v; %d answers acknowledged, each there once", people.journeys.Load(), took, people.again.Load(), time.Duration(people.longest.Load()).Round(time.Millisecond), len(people.words))
}

// position is a server's on its host, with a certificate of its name.
func position(t *testing.T, h *network.Host, a *authority, folder string) cluster.Position {
	cert, key := a.issue(h.Name, "help.example.org")
	files := []string{filepath.Join(folder, h.Name+".pem"), filepath.Join(folder, h.Name+".key")}
	for i, content := range [][]byte{cert, key} {
		if err := os.WriteFile(files[i], content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cluster.Position{
		Listen: h.Address + ":443", Address: "https://" + h.Name, Command: h.Command,
		Flags: []string{"--tls-cert", files[0], "--tls-key", files[1], "--behind-proxy", "10.77.0.0/16"},
	}
}

// storm is what happens to a platform while people answer.
func storm(t *testing.T, n *network.Network, c *cluster.Cluster) {
	t.Helper()
	bad := network.Weather{Loss: 0.01, Delay: 3 * time.Millisecond, Jitter: 4 * time.Millisecond}
	one, two, edition := n.Host("help1.example.org"), n.Host("help2.example.org"), n.Host("edition.example.org")
	for _, h := range []*network.Host{one, two, edition} {
		h.Set(bad)
		defer h.Set(network.Weather{})
	}
	time.Sleep(2 * time.Second)
	c.Servers[0].Kill()
	time.Sleep(2 * time.Second)
	if err := c.Restart(c.Servers[0]); err != nil {
		t.Error(err)
		return
	}
	if err := c.Servers[0].Await(20 * time.Second); err != nil {
		t.Error(err)
		return
	}
	time.Sleep(2 * time.Second)
	two.Set(network.Weather{Cut: true})
	time.Sleep(12 * time.Second) // longer than a balancer may take to notice
	two.Set(bad)
	edition.Set(network.Weather{Cut: true})
	time.Sleep(3 * time.Second)
	edition.Set(bad)
	time.Sleep(2 * time.Second)
}

// absolute is where a program is, whatever folder it is started in.
func absolute(t *testing.T, program string) string {
	t.Helper()
	found, err := exec.LookPath(program)
	if err == nil {
		found, err = filepath.Abs(found)
	}
	if err != nil {
		t.Fatal(err)
	}
	return found
}
