// Package mailtest knows how to start a mail server, nodemailer's smtp-server,
// for tests, and hands over what it takes. It refuses to know what is sent.
package mailtest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"selfhelp/app/connect/mail"
)

// The account of servers that want one.
const (
	Login    = "selfhelp"
	Password = "vélo & tramway: 7/8"
)

// Peer is a server that is running.
type Peer struct {
	mail.Server // what one configures to send by it
	Taken       chan Message
}

// Message is one that the server took.
type Message struct {
	From   string   `json:"from"`
	To     []string `json:"to"`
	Secure bool     `json:"secure"`
	User   string   `json:"user"` // who signed in
	Raw    []byte   `json:"raw"`
}

// Start starts a server; it ends with the test. Without node the test is
// skipped; where SELFHELP_PEERS is "required" it fails instead.
func Start(t testing.TB, security mail.Security, login string) *Peer {
	t.Helper()
	folder := installed(t)
	key, cert := certificate(t)
	options, err := json.Marshal(map[string]string{"security": string(security), "key": key, "cert": cert, "login": login, "password": Password})
	if err != nil {
		t.Fatal(err)
	}
	peer := exec.Command("node", filepath.Join(folder, "peer.mjs"), string(options))
	stdin, err := peer.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := peer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := peer.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close(); peer.Wait() })
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, 4<<20)
	if !lines.Scan() {
		t.Fatal("the mail server does not start")
	}
	port, err := strconv.Atoi(lines.Text())
	if err != nil {
		t.Fatal(err)
	}
	p := &Peer{
		Server: mail.Server{Host: "127.0.0.1", Port: port, Security: security, Roots: cert, Login: login, Sender: "help@example.org", SenderName: "Assistance"},
		Taken:  make(chan Message, 1000),
	}
	if login != "" {
		p.Password = Password
	}
	go func() {
		for lines.Scan() {
			var m Message
			if json.Unmarshal(lines.Bytes(), &m) == nil {
				p.Taken <- m
			}
		}
	}()
	return p
}

// Next is the next message that the server takes.
func (p *Peer) Next(t testing.TB) Message {
	t.Helper()
	select {
	case m := <-p.Taken:
		return m
	case <-time.After(10 * time.Second):
		t.Fatal("no message comes")
		return Message{}
	}
}

// None says that the server took nothing more.
func (p *Peer) None(t testing.TB) {
	t.Helper()
	select {
	case m := <-p.Taken:
		t.Fatalf("a message to %v came", m.To)
	case <-time.After(100 * time.Millisecond):
	}
}

// certificate is one for this machine, that nobody but itself stands for.
func certificate(t testing.TB) (key, cert string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// installed returns this folder, with what package-lock.json names in it.
func installed(t testing.TB) string {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	folder := filepath.Dir(file)
	missing := func(why string) {
		if os.Getenv("SELFHELP_PEERS") == "required" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			missing("no mail server without " + tool)
		}
	}
	lock, err := os.Open(filepath.Join(folder, "package.json")) // one at a time: tests of several packages run at once
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "smtp-server")); err == nil {
		return folder
	}
	install := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = folder
	if out, err := install.CombinedOutput(); err != nil {
		missing("npm ci: " + err.Error() + "\n" + string(out))
	}
	return folder
}
