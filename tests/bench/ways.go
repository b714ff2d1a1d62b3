package main

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/login"
	"selfhelp/app/login/oidc"
	"selfhelp/app/login/oidc/oidctest"
	"selfhelp/app/login/saml"
	"selfhelp/app/login/saml/samltest"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
	"selfhelp/store/people"
)

// ways measures each way in, and what administers many people.
func (m *measure) ways(ctx context.Context) (err error) {
	o := &owner{dir: m.folder("ways")}
	defer o.end()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("measure the ways in: %v", p)
		}
	}()
	s := webtest.NewSite(o, func(c *frame.Config) {
		c.Limits = frame.Limits{All: unlimited, Starts: unlimited, Search: unlimited, Signs: unlimited}
	})
	boss := webtest.AddUser(o, s, "boss", access.Administrator)
	boss.Everywhere = true
	if _, err := s.Content.SaveUser(ctx, boss, "bench"); err != nil {
		return err
	}
	m.passwords(o, s)
	if err := m.vouched(ctx); err != nil {
		return err
	}
	m.federated(ctx)
	for _, step := range []func(context.Context, *owner, *frame.Site) error{m.taken, m.explained, m.provisioned} {
		if err := step(ctx, o, s); err != nil {
			return err
		}
	}
	return nil
}

// middle is the median time of something done a number of times.
func middle(times int, do func(i int)) time.Duration {
	took := make([]time.Duration, times)
	for i := range took {
		began := time.Now()
		do(i)
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	return took[times/2]
}

// passwords compares a sign-in by a password with the hash it is made of, and lets
// many come at once.
func (m *measure) passwords(o *owner, s *frame.Site) {
	hash := login.Hash(webtest.GoodPassword)
	bare := middle(30, func(int) { login.Verify(context.Background(), login.First, hash, webtest.GoodPassword) })
	came := func(name string) {
		if r := webtest.TryToSignIn(s, name, webtest.GoodPassword); r.StatusCode != http.StatusSeeOther {
			panic(fmt.Sprintf("a sign-in is answered %d", r.StatusCode))
		}
	}
	one := middle(30, func(int) { came("boss") })
	m.add("sign in by a password, session and audit durable", tenths(one), tenths(bare)+" one hash", ratio(float64(one), float64(bare)), "≤ 1.50")
	const crowd = 40
	for i := range crowd {
		webtest.AddUser(o, s, fmt.Sprint("early", i), access.User, "production")
	}
	began := time.Now()
	var all sync.WaitGroup
	for i := range crowd {
		all.Go(func() { came(fmt.Sprint("early", i)) })
	}
	all.Wait()
	took, hashes := time.Since(began), crowd*bare/time.Duration(login.AtOnce())
	m.add(fmt.Sprintf("%d people sign in by a password at once, the last of them", crowd), tenths(took), tenths(hashes)+" their hashes", ratio(float64(took), float64(hashes)), "≤ 1.50")
}

func tenths(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/1e6) }

// anew finds every key fresh: what keeps them is measured with the sign-in.
type anew struct{}

func (anew) Fresh(context.Context, string, time.Time) (bool, error) { return true, nil }

// vouched times the judgement of an answer of a SAML provider.
func (m *measure) vouched(ctx context.Context) error {
	now := time.Now()
	theirs := samltest.New("https://idp.example.org", 2048, now)
	pair, err := saml.NewKeyPair("help.example.org", now, now.AddDate(1, 0, 0))
	if err != nil {
		return err
	}
	ours := saml.ServiceProvider{EntityID: "https://help.example.org", ACS: "https://help.example.org/acs", SLO: "https://help.example.org/slo", Keys: []saml.KeyPair{pair}}
	trust, err := saml.NewTrust(ours, theirs.Settings())
	if err != nil {
		return err
	}
	a := theirs.Answer(ours, "_q", now)
	a.SignAnswer = true
	answer := theirs.Make(a)
	took := middle(200, func(int) {
		if _, _, judged := trust.Consume(ctx, answer, "_q", anew{}, now, nil); judged != nil {
			err = judged
		}
	})
	m.add("judge an answer of a SAML provider, answer and assertion signed by RSA", fmt.Sprintf("%.2f ms", float64(took)/1e6), "", "", "5 ms")
	return err
}

// federated times a sign-in at a real OpenID provider, from what the person brings
// back: exchange of the code, keys, judgement. Without Node there is none.
func (m *measure) federated(ctx context.Context) {
	const what = "sign in by an OpenID provider, from code to identity"
	o := &owner{dir: m.folder("oidc")}
	defer o.end()
	defer func() {
		if p := recover(); p != nil {
			m.add(what, "not measured: "+fmt.Sprint(p), "", "", "")
		}
	}()
	issuer := oidctest.Start(o)
	party := oidc.New(oidctest.Provider(issuer), oidctest.Back, http.DefaultClient)
	var took []time.Duration
	for range 20 {
		address, kept, err := party.Start(ctx, false, nil)
		if err != nil {
			panic(err)
		}
		back := oidctest.SignIn(o, address, "camille")
		began := time.Now()
		if _, _, err := party.Finish(ctx, back, kept, nil); err != nil {
			panic(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	m.add(what, tenths(took[len(took)/2]), "", "", "50 ms")
}

// seenOf is what a plan of an import asks to be agreed to.
var seenOf = regexp.MustCompile(`name="seen" value="([^"]+)"`)

// taken times an import of a list of people, as long as one may be.
func (m *measure) taken(_ context.Context, o *owner, s *frame.Site) error {
	const lines = 20_000
	boss := webtest.SignedIn(o, s, "boss")
	var list strings.Builder
	list.WriteString("login,last_name,domains\n")
	for i := range lines {
		fmt.Fprintf(&list, "i%05d,N%d,production\n", i, i)
	}
	began := time.Now()
	r := send(s, "/admin/users/import", url.Values{"text": {list.String()}}, boss)
	found := seenOf.FindStringSubmatch(r.Body.String())
	if r.Code != http.StatusOK || found == nil {
		return fmt.Errorf("plan an import: %d %.900s", r.Code, webtest.MainOf(r.Body.String()))
	}
	planned := time.Since(began)
	began = time.Now()
	if r := send(s, "/admin/users/import", url.Values{"seen": {html.UnescapeString(found[1])}}, boss); r.Code != http.StatusSeeOther {
		return fmt.Errorf("import: %d %.900s", r.Code, webtest.MainOf(r.Body.String()))
	}
	m.add(fmt.Sprintf("plan an import of %d lines", lines), seconds(planned), "", "", "5 s")
	m.add(fmt.Sprintf("import %d people, durable", lines), seconds(time.Since(began)), "", "", "30 s")
	return nil
}

func send(s *frame.Site, path string, values url.Values, as func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, nil)
	webtest.Form(values.Encode())(r)
	as(r)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// explained times the page that says why somebody may do something, for somebody
// in many groups.
func (m *measure) explained(ctx context.Context, o *owner, s *frame.Site) error {
	u := webtest.AddUser(o, s, "member", access.User, "production")
	var groups []string
	for i := range m.groups {
		g, err := s.Content.CreateGroup(ctx, store.Group{Domain: "production", Name: fmt.Sprintf("g-%04d", i), Title: procedure.T(fmt.Sprint("Groupe ", i), fmt.Sprint("Group ", i))}, "bench")
		if err != nil {
			return err
		}
		groups = append(groups, g.ID)
	}
	if err := s.Content.SetMemberships(ctx, u.ID, []string{"production"}, groups, "bench"); err != nil {
		return err
	}
	p, err := s.Content.CreateProject(ctx, "production", generated(10), "")
	if err != nil {
		return err
	}
	boss, length := webtest.SignedIn(o, s, "boss"), 0
	took := middle(20, func(int) {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/admin/explain?"+url.Values{"person": {"member"}, "on": {"project:" + p.ID}}.Encode(), nil)
		boss(r)
		if s.ServeHTTP(w, r); w.Code != http.StatusOK {
			err = fmt.Errorf("explain: %d", w.Code)
		}
		length = w.Body.Len()
	})
	m.add(fmt.Sprintf("explain what somebody in %d groups may do, among %d people", m.groups, 2*m.people), tenths(took), fmt.Sprintf("%d KB", length>>10), "", "100 ms")
	return err
}

// provisioned times a list of everybody as a directory in the cloud asks for it.
func (m *measure) provisioned(ctx context.Context, o *owner, s *frame.Site) error {
	method := admission.Method{ID: "cloud", Kind: admission.SCIM, Name: "Cloud", Accounts: admission.Accounts{Domains: []string{"production"}}}
	settings, version, err := s.Desk.Settings(ctx)
	if err == nil {
		err = s.Desk.Save(ctx, settings.Put(method), version, "bench")
	}
	if err != nil {
		return err
	}
	for from := 0; from < m.people; from += 50 {
		var some []people.Arrival
		for i := range 50 {
			name := fmt.Sprintf("c%05d", from+i)
			some = append(some, people.Arrival{Method: "cloud", Subject: name, Create: true, Domains: []string{"production"}, Account: func(u store.User) store.User {
				u.Login, u.LastName, u.Active, u.Role = name, "Person", true, access.User
				return u
			}})
		}
		if _, err := s.Content.Arrive(ctx, some, "bench"); err != nil {
			return err
		}
	}
	bearer := webtest.Bearer(webtest.Token(o, s, "boss", access.ScopeProvision))
	began, got, pages := time.Now(), 0, 0
	for got < m.people {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, fmt.Sprintf("/scim/v2/Users?startIndex=%d&count=1000", got+1), nil)
		bearer(r)
		s.ServeHTTP(w, r)
		n := strings.Count(w.Body.String(), `"userName"`)
		if w.Code != http.StatusOK || n == 0 {
			return fmt.Errorf("list by SCIM: %d after %d of %d people: %.300s", w.Code, got, m.people, w.Body)
		}
		got, pages = got+n, pages+1
	}
	took := time.Since(began)
	m.add(fmt.Sprintf("list %d people by SCIM, in %d pages", m.people, pages), tenths(took), tenths(took/time.Duration(pages))+" a page", "", "2 s")
	return nil
}
