package app

import (
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/config"
	"selfhelp/app/demo"
	"selfhelp/app/edition"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/login/oidc"
	"selfhelp/store"
)

// fleet is an edition server with the demonstration, and presentation servers that
// joined it.
type fleet struct {
	edition *Server
	data    string // its folder
	end     func() error
	servers []*Server
}

// seeded is the folder of an edition server with the demonstration, which is written
// once and copied: that takes longer than most tests of it do.
var seeded struct {
	once   sync.Once
	folder string
	err    error
}

// seed returns a copy of that folder.
func seed(t *testing.T) string {
	t.Helper()
	seeded.once.Do(func() {
		if seeded.folder, seeded.err = os.MkdirTemp("", "selfhelp-seeded-"); seeded.err != nil {
			return
		}
		s, end := started(t, config.Config{Role: config.Edition, Data: seeded.folder})
		seeded.err = errors.Join(s.seed(t.Context(), &demo.Clock{}, io.Discard), end())
	})
	data := t.TempDir()
	if err := errors.Join(seeded.err, os.CopyFS(data, os.DirFS(seeded.folder))); err != nil {
		t.Fatal(err)
	}
	return data
}

// newFleet starts a platform.
func newFleet(t *testing.T, presentations int) *fleet {
	t.Helper()
	f := &fleet{data: seed(t)}
	f.edition, f.end = started(t, config.Config{Role: config.Edition, Data: f.data})
	for range presentations {
		f.add(t, config.Config{})
	}
	f.await(t)
	return f
}

// add starts a presentation server and lets it join.
func (f *fleet) add(t *testing.T, c config.Config) *Server {
	t.Helper()
	return f.addAt(t, c, time.Now)
}

// addAt is add by another clock.
func (f *fleet) addAt(t *testing.T, c config.Config, now func() time.Time) *Server {
	t.Helper()
	c.Role = config.Presentation
	s, _ := startedAt(t, c, now)
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
	until := time.Now().Add(30 * time.Second)
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
	return p.send(at, "/login", url.Values{"login": {login}, "password": {password}})
}

// ready waits until people may be sent to a server, which looks at itself each second.
func ready(t *testing.T, s *Server) {
	t.Helper()
	until := time.Now().Add(30 * time.Second)
	for {
		status, page := get(t, s.URL()+"/readyz")
		if status == http.StatusOK {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("%s is not ready: %d %s", s.URL(), status, page)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// TestAPlatform starts one edition server and two presentation servers, and looks at
// what people find on those.
func TestAPlatform(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2)
	for _, s := range f.servers {
		if status, page := newPerson(t).get(s.URL() + "/"); status != http.StatusOK || strings.Contains(page, "/studio") {
			t.Errorf("%s: %d", s.URL(), status)
		}
		ready(t, s)
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

// publish publishes one of the demonstration's projects again.
func (f *fleet) publish(t *testing.T) {
	t.Helper()
	projects, err := f.edition.store.Content.Projects(t.Context(), "production")
	if err != nil || len(projects) == 0 {
		t.Fatalf("%d projects (%v)", len(projects), err)
	}
	if _, err := f.edition.edition.Publish(t.Context(), edition.Order{Project: projects[0].ID, Notes: "again"}); err != nil {
		t.Fatal(err)
	}
}

// TestAServerThatWasAwayCatchesUp stops a presentation server, publishes, and starts it
// again: it serves what it had at once, and what was published soon after. Meanwhile
// its group, which switches together, stays as it is until somebody says to go on.
func TestAServerThatWasAwayCatchesUp(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	folder := t.TempDir()
	b, end := startedAs(t, f, folder, "127.0.0.1:0")
	f.await(t)
	before := b.shelf().Sequence()
	listen := strings.TrimPrefix(b.URL(), "http://")
	if err := end(); err != nil {
		t.Fatal(err)
	}
	f.servers = f.servers[:1]
	f.publish(t)
	after := f.edition.shelf().Sequence()
	until := time.Now().Add(30 * time.Second)
	for f.servers[0].shelf().Staged() != after {
		if time.Now().After(until) {
			t.Fatal("the server that is there was not made ready")
		}
		time.Sleep(20 * time.Millisecond)
	}
	time.Sleep(1500 * time.Millisecond) // a look more
	if got := f.servers[0].shelf().Sequence(); got != before {
		t.Errorf("a group that switches together switched to %d without one of its servers", got)
	}
	if err := f.edition.platform.Force(t.Context(), "production"); err != nil {
		t.Fatal(err)
	}
	if got := f.servers[0].shelf().Sequence(); got != after {
		t.Errorf("it serves %d, want %d", got, after)
	}
	back, _ := started(t, config.Config{Role: config.Presentation, Data: folder, Listen: listen})
	if got := back.shelf().Sequence(); got != before {
		t.Errorf("started again it serves %d, want %d", got, before)
	}
	f.servers = append(f.servers, back)
	f.await(t)
}

// startedAs starts a presentation server in a folder and lets it join.
func startedAs(t *testing.T, f *fleet, folder, listen string) (*Server, func() error) {
	t.Helper()
	s, end := started(t, config.Config{Role: config.Presentation, Data: folder, Listen: listen})
	if _, err := f.edition.platform.Join(t.Context(), store.Server{Name: "z", Address: s.URL(), Target: "production"}, s.joiningCode(), "test"); err != nil {
		t.Fatal(err)
	}
	f.servers = append(f.servers, s)
	return s, end
}

// TestTwoEditionServersClaimOne lets a second edition server ask for a presentation
// server that belongs to a platform: it is told whose it is, and changes nothing. One
// that was removed joins another.
func TestTwoEditionServersClaimOne(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	mine := f.servers[0]
	other, _ := started(t, config.Config{Role: config.Edition})
	claim := func(code string) error {
		_, err := other.platform.Join(t.Context(), store.Server{Name: "mine", Address: mine.URL(), Target: "production"}, code, "test")
		return err
	}
	before := mine.shelf().Sequence()
	if key, _ := fault.TextOf(claim("ABCDE-FGHIJ-KLMNO-PQRST")); key != "fault.peer.joined" {
		t.Errorf("it was answered %s", key)
	}
	if mine.shelf().Sequence() != before {
		t.Error("something changed")
	}
	members, err := f.edition.platform.Members(t.Context())
	if err != nil || len(members) != 1 {
		t.Fatalf("%+v, %v", members, err)
	}
	if err := f.edition.platform.Remove(t.Context(), members[0].Server.ID, "test", false); err != nil {
		t.Fatal(err)
	}
	if mine.shelf().Sequence() != 0 {
		t.Error("a server that was removed goes on serving")
	}
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) { // it looks at itself each second
		if status, _ := get(t, mine.URL()+"/readyz"); status == http.StatusServiceUnavailable {
			break
		}
		if time.Now().After(until) {
			t.Fatal("a server that belongs to nobody says that it is ready")
		}
	}
	if key, _ := fault.TextOf(claim("ABCDE-FGHIJ-KLMNO-PQRST")); key != "fault.peer.code" {
		t.Errorf("with a wrong code it was answered %s", key)
	}
	if err := claim(mine.joiningCode()); err != nil {
		t.Fatal(err)
	}
	if n, err := mine.store.Content.CountUsers(t.Context()); err != nil || n != 0 {
		t.Errorf("%d accounts of the platform before are left (%v)", n, err)
	}
}

// TestWhatHappenedComesBack has a guest go through a procedure on a presentation server,
// and finds the journey at the edition server.
func TestWhatHappenedComesBack(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	before := counted(t, f.edition)
	f.begin(t, newPerson(t), f.servers[0], "imprimante")
	f.comesBack(t, before, f.servers[0])
	list, err := f.edition.store.Activity.Executions(t.Context(), store.ExecutionFilter{Limit: 1})
	if err != nil || len(list.Executions) != 1 {
		t.Fatalf("%d executions (%v)", len(list.Executions), err)
	}
	e, writer := list.Executions[0], newPerson(t)
	for _, a := range demo.Accounts() {
		if a.Login == "c.fontanel" {
			writer.signIn(f.edition.URL(), a.Login, a.Password)
		}
	}
	status, page := writer.get(f.edition.URL() + "/studio/p/" + e.Project + "/executions/" + e.ID)
	if status != http.StatusOK || !strings.Contains(page, "<dd>a</dd>") {
		t.Errorf("the report (%d) does not say on which server it was: %s", status, page)
	}
}

// begin has somebody look for a procedure at a server and begin it, and returns the page.
func (f *fleet) begin(t *testing.T, somebody *person, at *Server, looking string) string {
	t.Helper()
	status, page := somebody.get(at.URL() + "/search?q=" + url.QueryEscape(looking))
	if status != http.StatusOK {
		t.Fatalf("searching gave %d", status)
	}
	link := regexp.MustCompile(`href="(/r/[^"]+)"`).FindStringSubmatch(page)
	if link == nil {
		t.Fatal("nothing was found")
	}
	status, page = somebody.send(at.URL(), strings.ReplaceAll(link[1], "&amp;", "&"), url.Values{})
	if status != http.StatusOK || !strings.Contains(page, `action="/x/`) {
		t.Fatalf("starting gave %d", status)
	}
	return page
}

var (
	actionPattern = regexp.MustCompile(`action="(/x/[^"]+)"`)
	hiddenPattern = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
	answerPattern = regexp.MustCompile(`name="answer" value="([^"]+)"`)
)

// firstAnswer is what a person sends who takes the first answer of a page.
func firstAnswer(t *testing.T, page string) (action string, fields url.Values) {
	t.Helper()
	to, answer := actionPattern.FindStringSubmatch(page), answerPattern.FindStringSubmatch(page)
	if to == nil || answer == nil {
		t.Fatalf("there is nothing to answer: %s", page)
	}
	fields = url.Values{"answer": {html.UnescapeString(answer[1])}}
	for _, hidden := range hiddenPattern.FindAllStringSubmatch(page, -1) {
		fields.Set(hidden[1], html.UnescapeString(hidden[2]))
	}
	return html.UnescapeString(to[1]), fields
}

// comesBack waits until a journey more is at the edition server, and until that said so
// to the server where it happened.
func (f *fleet) comesBack(t *testing.T, before int64, from *Server) {
	t.Helper()
	until := time.Now().Add(30 * time.Second)
	for counted(t, f.edition) == before {
		if time.Now().After(until) {
			t.Fatal("the journey did not come back")
		}
		time.Sleep(50 * time.Millisecond)
	}
	for {
		w, err := from.store.Activity.Unacknowledged(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if w.Count == 0 {
			break
		}
		if time.Now().After(until) {
			t.Fatalf("%d things were not acknowledged", w.Count)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// TestAClockThatIsWrong has a server join whose clock is hours off, in both directions.
// It is given what the others are, what happens there comes back, journeys go on from it
// to another one and back, and how much it is off is known.
func TestAClockThatIsWrong(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	right := f.servers[0]
	for _, off := range []time.Duration{3 * time.Hour, -3 * time.Hour} {
		wrong := f.addAt(t, config.Config{}, func() time.Time { return time.Now().Add(off) })
		f.await(t)
		before := counted(t, f.edition)
		guest := newPerson(t)
		page := f.begin(t, guest, wrong, "imprimante")
		for _, at := range []*Server{right, wrong} {
			action, fields := firstAnswer(t, page)
			status, next := guest.send(at.URL(), action, fields)
			if status != http.StatusOK || !strings.Contains(next, `action="/x/`) {
				t.Fatalf("off by %v: going on at %s gave %d %s", off, at.URL(), status, next)
			}
			page = next
		}
		f.comesBack(t, before, wrong)
		members, err := f.edition.platform.Members(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range members {
			if m.Server.Address == wrong.URL() && (m.Ahead-off).Abs() > time.Minute {
				t.Errorf("off by %v: it is taken to be off by %v", off, m.Ahead)
			}
		}
	}
}

// counted is how many executions a server has.
func counted(t *testing.T, s *Server) int64 {
	t.Helper()
	projects, err := s.store.Content.Projects(t.Context(), "production")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, p := range projects {
		ids = append(ids, p.ID)
	}
	n, err := s.store.Activity.CountStarted(t.Context(), ids, time.Now().AddDate(0, 0, -1), time.Now().AddDate(0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// send sends a form.
func (p *person) send(at, path string, form url.Values) (int, string) {
	p.t.Helper()
	r, err := http.NewRequest("POST", at+path, strings.NewReader(form.Encode()))
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

// TestSomebodyNewComesToAPresentationServer lets a person whom a provider vouches for come
// to one server for the first time: they have their account there at once, and soon at
// the edition server and at the others, under the same id.
func TestSomebodyNewComesToAPresentationServer(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	f := newFleet(t, 2)
	m := admission.Method{
		ID: "company", Kind: admission.OIDC, Name: "Company", Accounts: admission.Accounts{Create: true, Domains: []string{"production"}, Role: access.User},
		OIDC: &oidc.Provider{Issuer: "https://id.example.org", ClientID: "selfhelp", ClientSecret: "secret", Login: "preferred_username"},
	}
	settings, version, err := f.edition.desk.Settings(ctx)
	if err != nil {
		t.Fatal(err)
	}
	settings.Methods = append(settings.Methods, m)
	if err := f.edition.desk.Save(ctx, settings, version, "test"); err != nil {
		t.Fatal(err)
	}
	a, b := f.servers[0], f.servers[1]
	u, err := a.desk.Arrive(ctx, m, login.Identity{Subject: "0007", Login: "zoe", Fields: map[string]string{login.FieldName: "Zoé Lefèvre"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*Server{"edition": f.edition, "other": b, "first": a} {
		until := time.Now().Add(30 * time.Second)
		for {
			got, err := s.store.Content.User(ctx, u.ID)
			waiting, werr := a.store.Content.Arrivals(ctx, 10)
			if err == nil && werr == nil && len(waiting) == 0 {
				if got.Login != "zoe" || got.LastName != "Lefèvre" {
					t.Errorf("%s: %+v", name, got)
				}
				break
			}
			if time.Now().After(until) {
				t.Fatalf("%s: %v, %d wait (%v)", name, err, len(waiting), werr)
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
	// A method that is gone makes nobody: what came by it does not stay.
	ghost, err := a.desk.Arrive(ctx, admission.Method{ID: "gone", Kind: admission.OIDC, Accounts: m.Accounts, OIDC: m.OIDC}, login.Identity{Subject: "1", Login: "ghost"})
	if err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(30 * time.Second)
	for {
		if _, err := a.store.Content.User(ctx, ghost.ID); fault.Is(err, fault.NotFound) {
			return
		}
		if time.Now().After(until) {
			t.Fatal("an account that the edition server refused stays")
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// TestAccountsAreKeptElsewhere looks at what somebody finds of their account on a
// presentation server, who has to choose another password before anything else: they do
// that there, and are told where the rest is changed. At the edition server they find their
// account and nothing else.
func TestAccountsAreKeptElsewhere(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 1)
	u, err := f.edition.store.Content.UserByLogin(t.Context(), "k.benali")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.edition.store.Content.SetFirstPassword(t.Context(), u.ID, u.Password, "test"); err != nil { // as an administrator does
		t.Fatal(err)
	}
	f.edition.platform.Kick()
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		there, err := f.servers[0].store.Content.UserByLogin(t.Context(), "k.benali")
		if err != nil {
			t.Fatal(err)
		}
		if there.MustChange {
			break
		}
		if time.Now().After(until) {
			t.Fatal("what was changed of an account did not come")
		}
	}
	password := passwordOf(t, "k.benali")
	somebody := newPerson(t)
	somebody.signIn(f.servers[0].URL(), "k.benali", password)
	status, page := somebody.get(f.servers[0].URL() + "/me/executions") // which leads to their account
	if status != http.StatusOK || !strings.Contains(page, `href="`+f.edition.URL()+`/me"`) {
		t.Errorf("they are not told (%d) where their account is: %s", status, page)
	}
	for _, dead := range []string{`action="/me"`, `href="/me/factors"`, `href="/studio"`, `href="/admin"`} {
		if strings.Contains(page, dead) {
			t.Errorf("the page leads to what is not on this server: %s", dead)
		}
	}
	somebody = newPerson(t)
	somebody.signIn(f.edition.URL(), "k.benali", password)
	if status, page := somebody.get(f.edition.URL() + "/"); status != http.StatusOK || !strings.Contains(page, `action="/me/password"`) {
		t.Errorf("at the edition server they cannot change it: %d %s", status, page)
	}
	somebody = newPerson(t)
	somebody.signIn(f.servers[0].URL(), "k.benali", password)
	somebody.changes(f.servers[0], password, chosen)
	if status, page := somebody.get(f.servers[0].URL() + "/me/executions"); status != http.StatusOK || strings.Contains(page, `action="/me/password"`) {
		t.Errorf("with another password they do not go on: %d", status)
	}
	eventually(t, "at the edition server they have to change it still", func() bool {
		u, err := f.edition.store.Content.UserByLogin(t.Context(), "k.benali")
		return err == nil && !u.MustChange
	})
}

// TestJourneysFollowTheirPerson has somebody begin a journey at one server, and sign in at
// another with another browser: it is in their list there, opens, has its report and goes
// on. When the edition server is away, the list says that it may lack something. It runs alone: people
// wait three seconds for what is elsewhere, and no longer.
func TestJourneysFollowTheirPerson(t *testing.T) {
	f := newFleet(t, 1)
	var passed atomic.Int64 // by the clock of the second
	f.addAt(t, config.Config{}, func() time.Time { return time.Now().Add(time.Duration(passed.Load())) })
	f.await(t)
	password := ""
	for _, a := range demo.Accounts() {
		if a.Login == "k.benali" {
			password = a.Password
		}
	}
	first, second := f.servers[0], f.servers[1]
	somebody := newPerson(t)
	somebody.signIn(first.URL(), "k.benali", password)
	before := counted(t, f.edition)
	page := f.begin(t, somebody, first, "printer")
	action, fields := firstAnswer(t, page)
	somebody.send(first.URL(), action, fields)
	f.comesBack(t, before, first)
	id := strings.Split(action, "/")[2]
	turns := func(s *Server) int {
		all, err := s.store.Activity.Turns(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	had := turns(first)

	elsewhere := newPerson(t) // another browser
	elsewhere.signIn(second.URL(), "k.benali", password)
	if status, list := elsewhere.get(second.URL() + "/me/executions"); status != http.StatusOK || !strings.Contains(list, "/x/"+id) {
		t.Fatalf("the list at the other server (%d) lacks it: %s", status, list)
	}
	if got := turns(second); got != had {
		t.Errorf("%d of %d turns are there", got, had)
	}
	if status, report := elsewhere.get(second.URL() + "/x/" + id + "/report"); status != http.StatusOK {
		t.Errorf("its report: %d %s", status, report)
	}
	status, page := elsewhere.get(second.URL() + "/x/" + id)
	if status != http.StatusOK {
		t.Fatalf("it opens with %d %s", status, page)
	}
	action, fields = firstAnswer(t, page)
	if status, page := elsewhere.send(second.URL(), action, fields); status != http.StatusOK {
		t.Errorf("it goes on with %d %s", status, page)
	}
	for until := time.Now().Add(30 * time.Second); turns(f.edition) != had+1; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("the edition server has %d turns, want %d", turns(f.edition), had+1)
		}
	}
	stranger := newPerson(t)
	for _, a := range demo.Accounts() {
		if a.Login == "a.berthet" {
			stranger.signIn(second.URL(), a.Login, a.Password)
		}
	}
	if status, _ := stranger.get(second.URL() + "/x/" + id); status != http.StatusNotFound && status != http.StatusForbidden {
		t.Errorf("it opens for somebody else with %d", status)
	}

	members, err := f.edition.platform.Members(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range members {
		if m.Server.Address == second.URL() { // as if it were away: nobody asks any more
			if err := f.edition.store.Content.RemoveServer(t.Context(), m.Server.ID, "test"); err != nil {
				t.Fatal(err)
			}
		}
	}
	passed.Store(int64(time.Minute)) // what came once is not asked for again for a while
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		if _, list := elsewhere.get(second.URL() + "/me/executions"); strings.Contains(list, "cannot be asked for") || strings.Contains(list, "ne peut pas être demandé") {
			break
		}
		if time.Now().After(until) {
			t.Fatal("the list does not say that it may lack something")
		}
	}
}
