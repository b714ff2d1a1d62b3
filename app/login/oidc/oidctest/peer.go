// Package oidctest knows how to start an OpenID provider, panva's oidc-provider,
// for tests, and how a person signs in at its pages. It refuses to know what is
// asked of it.
package oidctest

import (
	"bufio"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"selfhelp/app/login/oidc"
)

// Where people come back to; nobody listens there.
const (
	Back      = "https://selfhelp.example/sign-in/oidc/back"
	LoggedOut = "https://selfhelp.example/"
)

// Start starts a provider, which sends people to Back and to the further addresses,
// and returns its issuer; it ends with the test. Without
// node the test is skipped; where SELFHELP_PEERS is "required" it fails instead.
func Start(t testing.TB, backs ...string) string {
	t.Helper()
	folder := installed(t)
	peer := exec.Command("node", append([]string{filepath.Join(folder, "peer.mjs"), LoggedOut, Back}, backs...)...)
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
	said := bufio.NewScanner(stdout)
	for said.Scan() {
		if issuer := said.Text(); strings.HasPrefix(issuer, "http://") {
			go io.Copy(io.Discard, stdout)
			return issuer
		}
	}
	t.Fatal("the provider does not start")
	return ""
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
			missing("no OpenID provider without " + tool)
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
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "oidc-provider")); err == nil {
		return folder
	}
	install := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = folder
	if out, err := install.CombinedOutput(); err != nil {
		missing("npm ci: " + err.Error() + "\n" + string(out))
	}
	return folder
}

// Provider is what one would configure to sign in at the provider.
func Provider(issuer string) oidc.Provider {
	return oidc.Provider{
		Issuer: issuer, ClientID: "selfhelp", ClientSecret: "a secret: with signs & spaces/+", Login: "preferred_username", Groups: "groups",
		Names: map[string]string{"first_name": "given_name", "last_name": "family_name", "mail": "email", "language": "locale", "city": "address.locality"},
	}
}

// action is where a form of the provider's pages goes.
var action = regexp.MustCompile(`<form[^>]* action="([^"]+)"`)

// SignIn is a person at their browser: from the address of a start they sign in
// and consent, and it returns what they bring back. Without a login they give up.
func SignIn(t testing.TB, address, login string) url.Values {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	var back url.Values
	browser := &http.Client{Jar: jar, CheckRedirect: func(req *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(address, req.URL.Scheme+"://"+req.URL.Host+"/") { // away from the provider
			back = req.URL.Query()
			return http.ErrUseLastResponse
		}
		return nil
	}}
	page := visit(t)(browser.Get(address))
	for _, prompt := range []string{"login", "consent"} {
		if login == "" {
			visit(t)(browser.Get(strings.Split(pathOf(page), "?")[0] + "/abort"))
			break
		}
		if back == nil {
			page = visit(t)(browser.PostForm(pathOf(page), url.Values{"prompt": {prompt}, "login": {login}, "password": {"any"}}))
		}
	}
	if back == nil {
		t.Fatalf("the person does not come back from\n%s", page)
	}
	return back
}

// pathOf is the address that the form of a page goes to.
func pathOf(page string) string {
	found := action.FindStringSubmatch(page)
	if found == nil {
		return ""
	}
	return found[1]
}

func visit(t testing.TB) func(*http.Response, error) string {
	return func(res *http.Response, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		page, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(page)
	}
}
