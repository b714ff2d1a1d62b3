package load

import (
	"bufio"
	"context"
	"encoding/pem"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/transfer"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/assets"
)

// firstSteps is a project of the demonstration that has scenarios.
func firstSteps(t *testing.T) *procedure.Project {
	t.Helper()
	files, err := fs.Sub(assets.Demo(), "first-steps")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := transfer.OpenFS(files, transfer.Usual)
	if err != nil {
		t.Fatal(err)
	}
	a, err := transfer.Read(tree)
	if err != nil {
		t.Fatal(err)
	}
	a.Project.Public = true
	return a.Project
}

// portal is a server of ours with projects that everybody may follow.
func portal(t *testing.T, all ...*procedure.Project) http.Handler {
	t.Helper()
	s := webtest.NewSite(t, func(c *frame.Config) { c.Proxies = []string{"127.0.0.0/8"} })
	var published []webtest.Published
	for _, p := range all {
		published = append(published, webtest.Published{Domain: "production", Project: p, Number: publication.Number{Major: 1}})
	}
	webtest.Publish(t, s, published...)
	return s
}

// few is a small plan for a server of the tests.
func few(server *httptest.Server) Plan {
	return Plan{Address: server.URL, People: 4, For: time.Second, Patience: 10 * time.Second}
}

func ran(t *testing.T, p Plan) Report {
	t.Helper()
	r, err := Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", r)
	return r
}

// TestPeopleFollowProcedures lets people look around a real portal: they come to
// outcomes, without an error, as strangers who say what they are.
func TestPeopleFollowProcedures(t *testing.T) {
	var mu sync.Mutex
	from := map[string]bool{}
	site := portal(t, firstSteps(t), webtest.Desk(t))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		from[r.Header.Get("X-Forwarded-For")] = true
		mu.Unlock()
		if r.UserAgent() != agent {
			t.Errorf("%s is asked for by %q", r.URL.Path, r.UserAgent())
		}
		site.ServeHTTP(w, r)
	}))
	defer server.Close()
	r := ran(t, few(server))
	if r.Errors > 0 || r.Journeys.Finished == 0 || r.PagesPerSecond <= 0 || r.PagesAJourney <= 1 || r.Interrupted {
		t.Errorf("%+v", r)
	}
	if len(from) < r.Journeys.Begun {
		t.Errorf("%d journeys from %d addresses", r.Journeys.Begun, len(from))
	}
	pages := 0
	for _, k := range r.Kinds {
		pages += k.Pages
		if l := k.Latency; k.Pages == 0 || l.P50 <= 0 || l.P50 > l.P95 || l.P95 > l.P99 || l.P99 > l.Longest || l.Longest > r.Latency.Longest {
			t.Errorf("%+v", k)
		}
	}
	if pages != r.Pages {
		t.Errorf("%d pages, of the kinds %d", r.Pages, pages)
	}
}

// TestPeoplePlayScenarios: what a scenario says is what somebody at the portal does.
func TestPeoplePlayScenarios(t *testing.T) {
	p := firstSteps(t)
	server := httptest.NewServer(portal(t, p))
	defer server.Close()
	plan := few(server)
	plan.Scripts = ScriptsOf(p)
	if r := ran(t, plan); r.Errors > 0 || r.Scenarios.Given != 2 || r.Scenarios.Followed == 0 || r.Scenarios.Left > 0 || len(r.Scenarios.Aside) > 0 {
		t.Errorf("%+v %+v", r.Scenarios, r.Journeys)
	}
	p.Scenarios[0].Moves[0].Answer = "nothing that is offered"
	plan.Scripts = ScriptsOf(p)
	if r := ran(t, plan); r.Scenarios.Left == 0 || r.Scenarios.Followed == 0 || r.Journeys.Finished == 0 {
		t.Errorf("a scenario that does not hold: %+v %+v", r.Scenarios, r.Journeys)
	}
	p.Procedures[0].Alias = "not-there"
	plan.Scripts = ScriptsOf(p)
	if r := ran(t, plan); r.Errors > 0 || len(r.Scenarios.Aside) != 1 || r.Scenarios.Followed == 0 {
		t.Errorf("a scenario of something else: %+v %+v", r.Scenarios, r.Journeys)
	}
}

// TestJourneysBeginAtTheirRate: no more are begun than was said.
func TestJourneysBeginAtTheirRate(t *testing.T) {
	server := httptest.NewServer(portal(t, firstSteps(t)))
	defer server.Close()
	plan := few(server)
	plan.Rate = 3
	if r := ran(t, plan); r.Journeys.Begun == 0 || r.Journeys.Begun > 4 {
		t.Errorf("%d journeys begun in a second", r.Journeys.Begun)
	}
}

// TestEndedEarly: what was measured is told, and what was cut off is no error.
func TestEndedEarly(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	site := portal(t, firstSteps(t))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/x/") && r.Method == http.MethodPost {
			stop()
		}
		site.ServeHTTP(w, r)
	}))
	defer server.Close()
	plan := few(server)
	plan.For = Longest
	r, err := Run(ctx, plan)
	if err != nil || !r.Interrupted || r.Errors > 0 || r.Pages == 0 {
		t.Errorf("%+v %v", r, err)
	}
}

// peer listens and answers what is asked on each connection as it likes.
func peer(t *testing.T, answer func(net.Conn)) *httptest.Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					answer(conn)
				}
			}()
		}
	}()
	return &httptest.Server{URL: "http://" + l.Addr().String()}
}

func says(status int, media, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", media)
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// TestPeersThatFail counts each way in which a server fails as its own kind, and ends.
func TestPeersThatFail(t *testing.T) {
	const media = "text/html; charset=utf-8"
	handled := func(h http.HandlerFunc) *httptest.Server {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return s
	}
	other := handled(func(http.ResponseWriter, *http.Request) { t.Error("the address of another server was followed") })
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for name, c := range map[string]struct {
		server *httptest.Server
		kind   string
	}{
		"hangs": {peer(t, func(c net.Conn) { io.Copy(io.Discard, c) }), "timeout"},
		"hangs in the middle": {peer(t, func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<p")
			io.Copy(io.Discard, c)
		}), "timeout"},
		"speaks no HTTP":         {peer(t, func(c net.Conn) { io.WriteString(c, "\x00\xff so what\r\n\r\n") }), "connection"},
		"hangs up":               {peer(t, func(net.Conn) {}), "connection"},
		"is not there":           {gone, "connection"},
		"has no page":            {handled(says(200, "application/json", "{}")), "unreadable"},
		"has another page":       {handled(says(200, media, "<p>\x00<<a href=/r></p><form id=turn>")), "unreadable"},
		"never ends":             {handled(says(200, media, strings.Repeat("<p>", mostBytes/3+1))), "unreadable"},
		"turns away":             {handled(says(429, media, "")), "status 429"},
		"is too busy":            {handled(says(503, media, "")), "status 503"},
		"is broken":              {handled(says(500, media, "")), "status 500"},
		"leads elsewhere":        {handled(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusSeeOther) }), "elsewhere"},
		"leads nowhere":          {handled(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusSeeOther) }), "connection"},
		"its script leads there": {handled(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Swap-Location", other.URL) }), "elsewhere"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := few(c.server)
			plan.People, plan.For, plan.Patience = 2, 300*time.Millisecond, 500*time.Millisecond
			r := ran(t, plan)
			if r.Errors == 0 || len(r.ErrorKinds) != 1 || r.ErrorKinds[0].Kind != c.kind || r.ErrorKinds[0].Count != r.Errors || r.ErrorKinds[0].First == "" {
				t.Errorf("%+v", r.ErrorKinds)
			}
		})
	}
}

// TestCertificates: one of an authority of one's own is believed when that is given.
func TestCertificates(t *testing.T) {
	server := httptest.NewUnstartedServer(portal(t, firstSteps(t)))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it says who did not believe it
	server.StartTLS()
	defer server.Close()
	plan := few(server)
	plan.People, plan.For = 1, 300*time.Millisecond
	if r := ran(t, plan); r.Pages > 0 || r.Errors == 0 || r.ErrorKinds[0].Kind != "connection" {
		t.Errorf("an unknown authority: %+v", r)
	}
	plan.Authorities = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if r := ran(t, plan); r.Pages == 0 || r.Errors > 0 {
		t.Errorf("a known one: %+v", r)
	}
}

// TestWhereNothingCanBeBegun stops early at a server that shows strangers nothing: one where
// things are only written, one that serves nothing, and one whose procedures are all closed.
func TestWhereNothingCanBeBegun(t *testing.T) {
	edition := webtest.NewSite(t, func(c *frame.Config) { c.Role, c.Proxies = frame.Edition, []string{"127.0.0.0/8"} })
	hidden := firstSteps(t)
	hidden.Public = false
	for name, one := range map[string]struct {
		site    http.Handler
		scripts []Script
	}{
		"an edition server": {edition, nil},
		"nothing published": {portal(t), nil},
		"all closed":        {portal(t, hidden), ScriptsOf(hidden)},
	} {
		server := httptest.NewServer(one.site)
		plan := few(server)
		plan.For, plan.Scripts = Longest, one.scripts
		if r := ran(t, plan); !r.Shut || r.Interrupted || r.Journeys.Finished > 0 {
			t.Errorf("%s: %+v", name, r)
		}
		server.Close()
	}
	server := httptest.NewServer(portal(t, firstSteps(t)))
	defer server.Close()
	if r := ran(t, few(server)); r.Shut {
		t.Error("where something can be begun it says that nothing can")
	}
}
