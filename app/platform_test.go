package app

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/demo"
	"selfhelp/store"
)

// fleet is an edition server with the demonstration, and presentation servers that
// joined it.
type fleet struct {
	edition *Server
	servers []*Server
	clock   *demo.Clock
}

// newFleet starts a platform.
func newFleet(t *testing.T, presentations int) *fleet {
	t.Helper()
	f := &fleet{clock: &demo.Clock{}}
	f.edition, _ = started(t, config.Config{Role: config.Edition})
	if err := f.edition.seed(t.Context(), f.clock, io.Discard); err != nil {
		t.Fatal(err)
	}
	for range presentations {
		f.add(t, config.Config{})
	}
	f.await(t)
	return f
}

// add starts a presentation server and lets it join.
func (f *fleet) add(t *testing.T, c config.Config) *Server {
	t.Helper()
	c.Role = config.Presentation
	s, _ := started(t, c)
	name := string(rune('a' + len(f.servers)))
	if _, err := f.edition.platform.Join(t.Context(), store.Server{Name: name, Address: s.URL(), Target: "production"}, s.joiningCode(), "test"); err != nil {
		t.Fatal(err)
	}
	f.servers = append(f.servers, s)
	return s
}

// await waits until each server serves what the edition server does.
func (f *fleet) await(t *testing.T) {
	t.Helper()
	f.edition.platform.Kick()
	until := time.Now().Add(20 * time.Second)
	for {
		late := ""
		for _, s := range f.servers {
			if got, want := s.shelf().Sequence(), f.edition.shelf().Sequence(); got != want {
				late = s.URL()
			}
		}
		if late == "" {
			return
		}
		if time.Now().After(until) {
			all, err := f.edition.platform.Members(t.Context())
			t.Fatalf("%s is not up to date: %+v (%v)", late, all, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// person is a browser.
type person struct {
	t    *testing.T
	http *http.Client
}

func newPerson(t *testing.T) *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t, &http.Client{Jar: jar}}
}

func (p *person) get(address string) (int, string) {
	p.t.Helper()
	reply, err := p.http.Get(address)
	if err != nil {
		p.t.Fatal(err)
	}
	defer reply.Body.Close()
	b, err := io.ReadAll(reply.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return reply.StatusCode, string(b)
}

func (p *person) signIn(at, login, password string) (int, string) {
	p.t.Helper()
	r, err := http.NewRequest("POST", at+"/login", strings.NewReader(url.Values{"login": {login}, "password": {password}}.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	reply, err := p.http.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer reply.Body.Close()
	b, err := io.ReadAll(reply.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return reply.StatusCode, string(b)
}

// TestAPlatform starts one edition server and two presentation servers, and looks at
// what people find on those.
func TestAPlatform(t *testing.T) {
	f := newFleet(t, 2)
	for _, s := range f.servers {
		if status, page := newPerson(t).get(s.URL() + "/"); status != http.StatusOK || strings.Contains(page, "/studio") {
			t.Errorf("%s: %d", s.URL(), status)
		}
		if status, _ := get(t, s.URL()+"/readyz"); status != http.StatusOK {
			t.Errorf("%s is not ready: %d", s.URL(), status)
		}
		ada := newPerson(t)
		var benali demo.Account
		for _, a := range demo.Accounts() {
			if a.Login == "k.benali" {
				benali = a
			}
		}
		if status, page := ada.signIn(s.URL(), benali.Login, benali.Password); status != http.StatusOK || !strings.Contains(page, benali.FirstName) {
			t.Errorf("%s: signing in gave %d", s.URL(), status)
		}
		for _, closed := range []string{"/studio", "/admin", "/setup", "/forgotten"} {
			if status, _ := ada.get(s.URL() + closed); status != http.StatusNotFound {
				t.Errorf("%s%s: %d", s.URL(), closed, status)
			}
		}
	}
	// The edition server shows visitors nothing: only who writes tries things there.
	if status, page := newPerson(t).get(f.edition.URL() + "/"); !strings.Contains(page, `name="password"`) {
		t.Errorf("a guest of the edition server gets %d %s", status, page)
	}
}
