// Package phptest knows how to start SimpleSAMLphp as an identity provider, for
// tests. It refuses to know what is asked of it, and who asks.
package phptest

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"selfhelp/app/login/saml"
)

// Who can sign in there.
const (
	Login    = "camille" // c.moreau, Camille Moreau, camille@example.org, of the groups support and paris
	Password = "canal-brume-jeudi"
)

// Settings are what a test changes while the provider runs.
type Settings struct {
	Key     string // that signs: first, both (the next one is published), or next
	Encrypt bool   // assertions, by AES-128-CBC: it has no other method
	Bare    bool   // only assertions are signed, not the answers around them
	Clock   int    // seconds it is ahead
}

// Provider is a running SimpleSAMLphp.
type Provider struct {
	Base   string // its address, which ends with a slash
	folder string
}

// Need skips a test where SimpleSAMLphp is not installed; where SELFHELP_PEERS is
// "required" it fails instead.
func Need(t testing.TB) {
	t.Helper()
	missing := ""
	if _, err := os.Stat("/usr/share/simplesamlphp/www/module.php"); err != nil {
		missing = "SimpleSAMLphp is not installed: apt-get install simplesamlphp"
	} else if _, err := exec.LookPath("php"); err != nil {
		missing = "PHP is not installed: apt-get install php-cli php-xml php-mbstring"
	}
	if missing != "" && os.Getenv("SELFHELP_PEERS") == "required" {
		t.Fatal(missing)
	}
	if missing != "" {
		t.Skip(missing)
	}
}

// Start starts a provider with PHP's own server, without Apache, and stops it with
// the test. It calls itself by the name of a host, and not by a number, so that for
// a browser it is another site than a test's server on 127.0.0.1.
func Start(t testing.TB) *Provider {
	t.Helper()
	Need(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	_, port, _ := net.SplitHostPort(address)
	p := &Provider{Base: "http://localhost:" + port + "/simplesamlphp/", folder: t.TempDir()}
	if err := os.Mkdir(filepath.Join(p.folder, "tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"first", "next"} {
		pair, err := saml.NewKeyPair("SimpleSAMLphp "+name, time.Now(), time.Now().Add(24*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		p.write(t, name+".pem", pair.Certificate)
		p.write(t, name+".key", pair.Key)
	}
	p.Set(t, Settings{})
	_, file, _, _ := runtime.Caller(0)
	config := filepath.Join(filepath.Dir(file), "config")
	log, err := os.Create(filepath.Join(p.folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command("php", "-S", address, filepath.Join(config, "router.php"))
	server.Env = append(os.Environ(), "SIMPLESAMLPHP_CONFIG_DIR="+config, "PHPTEST_FOLDER="+p.folder, "PHPTEST_BASE="+p.Base)
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Kill()
		server.Wait()
		log.Close()
		if said, err := os.ReadFile(log.Name()); t.Failed() && err == nil {
			t.Logf("SimpleSAMLphp said:\n%s", connection.ReplaceAll(said, nil))
		}
	})
	for range 200 {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return p
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("SimpleSAMLphp does not answer")
	return nil
}

// connection is what PHP's server says of each.
var connection = regexp.MustCompile(`(?m)^.* (Accepted|Closing|Closed without .*)\n`)

// Set changes settings, from the next request on.
func (p *Provider) Set(t testing.TB, s Settings) {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	p.write(t, "say.json", string(text))
}

// Trust gives it the metadata of somebody whose people sign in there; a later
// document under the same name replaces the earlier one.
func (p *Provider) Trust(t testing.TB, name, metadata string) {
	t.Helper()
	p.write(t, name+".sp.xml", metadata)
}

// write replaces a file at once, as requests read it meanwhile.
func (p *Provider) write(t testing.TB, name, content string) {
	t.Helper()
	path := filepath.Join(p.folder, name)
	err := os.WriteFile(path+".new", []byte(content), 0o600)
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Metadata is what it says of itself, XML.
func (p *Provider) Metadata(t testing.TB) string {
	t.Helper()
	answer, err := http.Get(p.Base + "saml2/idp/metadata.php")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || !strings.Contains(string(text), "IDPSSODescriptor") {
		t.Fatalf("SimpleSAMLphp gives no metadata: %v\n%s", err, text)
	}
	return string(text)
}
