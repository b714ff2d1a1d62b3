package certificate

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"crypto/tls"
	"crypto/x509"
	"log/slog"

	"golang.org/x/net/dns/dnsmessage"
)

// resolve answers every question for an address with this machine, over TCP as pebble asks.
func resolve(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go resolveOne(conn)
		}
	}()
	return l.Addr().String()
}

func resolveOne(conn net.Conn) {
	defer conn.Close()
	var length [2]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return
	}
	b := make([]byte, binary.BigEndian.Uint16(length[:]))
	var m dnsmessage.Message
	if _, err := io.ReadFull(conn, b); err != nil || m.Unpack(b) != nil || len(m.Questions) != 1 {
		return
	}
	m.Response, m.Authoritative, m.Additionals = true, true, nil
	if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
		m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1}, Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}}}
	}
	if packed, err := m.Pack(); err == nil {
		conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(packed))), packed...))
	}
}

func free(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer l.Close()
	return l.Addr().String()
}

// pebble starts the ACME server that Let's Encrypt tests clients with; it comes to look at
// the port of the address. Returned are its directory and whom to believe there.
func pebble(t *testing.T, looksAt string) (directory, ca string) {
	t.Helper()
	dir, at := t.TempDir(), free(t)
	program := filepath.Join(dir, "pebble")
	if said, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "github.com/letsencrypt/pebble/v2/cmd/pebble").CombinedOutput(); err != nil {
		t.Fatalf("build pebble: %v\n%s", err, said)
	}
	cert, key := write(t, dir, issue(t, nil, ec(t), func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = nil, []net.IP{net.IPv4(127, 0, 0, 1)} }))
	_, port, _ := net.SplitHostPort(looksAt)
	number, err := strconv.Atoi(port)
	check(t, err)
	b, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": at, "managementListenAddress": "", "certificate": cert, "privateKey": key, "httpPort": 1, "tlsPort": number,
		"profiles": map[string]any{"default": map[string]any{"description": "the only one", "validityPeriod": 777600}},
	}})
	check(t, err)
	config := filepath.Join(dir, "pebble.json")
	check(t, os.WriteFile(config, b, 0o600))
	server := exec.Command(program, "-config", config, "-dnsserver", resolve(t), "-strict")
	server.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0")
	var said strings.Builder
	server.Stdout, server.Stderr = &said, &said
	server.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	check(t, server.Start())
	t.Cleanup(func() {
		server.Process.Kill()
		server.Wait()
		if t.Failed() {
			t.Log(said.String())
		}
	})
	for range 200 {
		if conn, err := net.Dial("tcp", at); err == nil {
			conn.Close()
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "https://" + at + "/dir", cert
}

// TestACME has a certificate made by a real ACME server, over the port of the server and
// no other, and finds it again after a start.
func TestACME(t *testing.T) {
	at := free(t)
	directory, ca := pebble(t, at)
	const host = "help.example.org"
	folder := filepath.Join(t.TempDir(), "acme")
	settings := Settings{ACME: &ACME{Hosts: []string{host}, Email: "admin@example.org", Directory: directory, CA: ca, Folder: folder}}
	settings.Log, settings.Now = slog.New(slog.NewTextHandler(t.Output(), nil)), time.Now
	h, err := Open(settings)
	check(t, err)
	l, err := tls.Listen("tcp", at, h.TLS())
	check(t, err)
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				conn.(*tls.Conn).Handshake()
				conn.Close()
			}()
		}
	}()
	if conn, err := tls.Dial("tcp", at, &tls.Config{ServerName: host, InsecureSkipVerify: true}); err == nil {
		conn.Close()
		t.Error("something is shown before anything was made")
	}
	check(t, h.maker.obtain(t.Context(), host))
	for _, name := range []string{host, ""} {
		if got := shake(t, at, name).PeerCertificates[0]; got.VerifyHostname(host) != nil {
			t.Errorf("%q is shown %v", name, got.DNSNames)
		}
	}
	if got := h.Shown(); len(got) != 1 || got[0].Source != Made || got[0].Name != host {
		t.Errorf("told of %+v", got)
	}
	files, err := os.ReadDir(folder)
	check(t, err)
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", f.Name(), info.Mode(), err)
		}
	}
	settings.ACME.Directory = "https://127.0.0.1:1/dir" // nobody: what was made is at hand
	again, err := Open(settings)
	check(t, err)
	check(t, again.maker.obtain(t.Context(), host))
	if !again.Shown()[0].Until.Equal(h.Shown()[0].Until) {
		t.Error("another one was made")
	}
}

// TestBackoff: who fails asks later and later, and soon enough once it succeeded.
func TestBackoff(t *testing.T) {
	now := time.Now()
	m := &maker{now: func() time.Time { return now }}
	var one try
	var waits []time.Duration
	for range 11 {
		one = m.again(one, fmt.Errorf("no"))
		waits = append(waits, one.wait)
	}
	if waits[0] != time.Minute || waits[1] != 2*time.Minute || waits[10] != mostWait {
		t.Errorf("waits %v", waits)
	}
	if one = m.again(one, nil); one.wait != 0 {
		t.Errorf("after it succeeded: %v", one.wait)
	}
}
