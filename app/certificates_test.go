package app

import (
	"crypto/tls"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"selfhelp/app/config"
)

// scanner finds a program that looks at TLS from outside; without it the test is skipped,
// or fails where peers are required.
func scanner(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("SELFHELP_PEERS") == "required" {
		t.Fatalf("%s is not installed", name)
	}
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}

// secured is a server that ends TLS itself.
func secured(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	made := exec.CommandContext(t.Context(), "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", cert)
	if said, err := made.CombinedOutput(); err != nil {
		t.Fatalf("openssl: %v\n%s", err, said)
	}
	s, end := started(t, config.Config{Certificate: cert, Key: key})
	t.Cleanup(func() {
		if err := end(); err != nil {
			t.Error(err)
		}
	})
	return strings.TrimPrefix(s.URL(), "https://")
}

// TestSSLScan: two protocols, and no cipher that anybody calls weak.
func TestSSLScan(t *testing.T) {
	t.Parallel()
	said, err := exec.CommandContext(t.Context(), scanner(t, "sslscan"), "--no-colour", "--no-heartbleed", secured(t)).CombinedOutput()
	text := string(said)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, line := range []string{`SSLv2\s+disabled`, `SSLv3\s+disabled`, `TLSv1.0\s+disabled`, `TLSv1.1\s+disabled`, `TLSv1.2\s+enabled`, `TLSv1.3\s+enabled`} {
		if !regexp.MustCompile(line).MatchString(text) {
			t.Errorf("not found: %s", line)
		}
	}
	ciphers := regexp.MustCompile(`(?m)^(?:Preferred|Accepted)\s+(TLSv\S+)\s+\d+ bits\s+(\S+)`).FindAllStringSubmatch(text, -1)
	if len(ciphers) < 5 {
		t.Errorf("%d ciphers", len(ciphers))
	}
	for _, c := range ciphers {
		if !strings.HasPrefix(c[2], "TLS_") && (!strings.HasPrefix(c[2], "ECDHE-") || !strings.Contains(c[2], "GCM") && !strings.Contains(c[2], "CHACHA20")) {
			t.Errorf("%s speaks %s", c[1], c[2])
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// TestTestSSL lets testssl.sh look at protocols, kinds of ciphers, forward secrecy, what
// the server chooses, its headers, and the mistakes of the past that concern TLS 1.2: with
// SELFHELP_THOROUGH. It takes half a minute; otherwise it looks at protocols and headers.
func TestTestSSL(t *testing.T) {
	t.Parallel()
	program, address, out := scanner(t, "testssl"), secured(t), filepath.Join(t.TempDir(), "found.json")
	looks, least := []string{"-p", "-h"}, 10
	if os.Getenv("SELFHELP_THOROUGH") != "" {
		looks, least = []string{"-p", "-s", "-f", "-S", "-h", "-R", "-C", "-BB"}, 20
	}
	args := append([]string{"--quiet", "--color", "0", "--warnings", "off", "--ip", "one", "--nodns", "min", "--jsonfile", out}, append(looks, address)...)
	said, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	b, failed := os.ReadFile(out)
	if failed != nil {
		t.Fatalf("%v %v\n%s", err, failed, said)
	}
	var found []struct{ ID, Severity, Finding string }
	if err := json.Unmarshal(b, &found); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if len(found) < least {
		t.Errorf("%d findings\n%s", len(found), said)
	}
	for _, f := range found {
		if (f.Severity == "HIGH" || f.Severity == "CRITICAL") && !strings.HasPrefix(f.ID, "cert_") { // nobody vouches for a test's certificate
			t.Errorf("%s %s: %s", f.Severity, f.ID, f.Finding)
		}
		if f.ID == "scanProblem" || f.Severity == "FATAL" {
			t.Errorf("%s: %s", f.ID, f.Finding)
		}
	}
}

// TestSecureTransport: browsers are told to come by HTTPS only, and over HTTP/2.
func TestSecureTransport(t *testing.T) {
	t.Parallel()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}}
	reply, err := client.Get("https://" + secured(t) + "/login")
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if reply.ProtoMajor != 2 || !strings.HasPrefix(reply.Header.Get("Strict-Transport-Security"), "max-age=31536000") {
		t.Errorf("%s %q", reply.Proto, reply.Header.Get("Strict-Transport-Security"))
	}
}
