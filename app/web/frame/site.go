package frame

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"selfhelp/app/admission"
	"selfhelp/app/edition"
	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/past"
	"selfhelp/app/platform"
	"selfhelp/app/post"
	"selfhelp/app/publication"
	"selfhelp/app/watch"
	"selfhelp/app/web/seal"
	"selfhelp/assets"
	"selfhelp/store"
	"selfhelp/views/ui"
)

// Config is what a site is built from.
type Config struct {
	Role    Role
	Origin  string   // how people reach it, like https://help.example.org; https makes cookies secure
	Proxies []string // networks whose X-Forwarded headers are believed
	Log     *slog.Logger
	Now     func() time.Time
	Zone    *time.Location // of the hours that people read; nil for universal time
	Keys    seal.Keys
	Limits  Limits
	Store   *store.Store
	Shelf   *publication.Shelf // what visitors are given from
	Edition *edition.Edition   // the writing side; nil on a presentation server
	Demo    bool               // shows the gallery of pages
	Build   string             // version of the product, for its administrators
	Desk    *admission.Desk    // lets people in; nil: one of the store's own
	Post    *post.Post         // writes letters; nil: one of the store's own
	Measure Measures           // counts what happens; nil when nobody asks
	Watch   *watch.Watch       // knows how the server is; nil: one of the store's own
	Past    *past.Past         // brings back what was; nil: nothing does
	// Platform looks after the presentation servers; nil on one of them.
	Platform *platform.Platform
	Scan     Scan // looks at each file that people send; nil when nothing does
	// Elsewhere is the edition server as a presentation server knows it; nil where things
	// are written here.
	Elsewhere Elsewhere
	// Patience is how long what comes from other servers is waited for; 0: newcomerTime.
	Patience time.Duration
}

// Elsewhere is where accounts are kept that this server has copies of, and what happened
// at every server.
type Elsewhere interface {
	// Edition is its address, "" when nobody told.
	Edition() string
	// InTouch reports whether it asked a moment ago: only then it hears of what happens here.
	InTouch() bool
	// Recall brings the executions of an account here, and reports whether it could.
	Recall(ctx context.Context, user string) bool
	// Server is what this server is called by the others.
	Server() string
}

// Measures counts what happens.
type Measures interface {
	// Route is what counts the requests for a pattern of the table.
	Route(pattern string) func(method string, status int, took time.Duration)
	// SignIn counts an attempt to sign in.
	SignIn(way, result string)
}

// Scan looks at a file: nil for a clean one, else why it is not taken.
type Scan func(context.Context, io.Reader) error

// Site is the product as browsers see it.
type Site struct {
	Role    Role
	Secure  bool
	proxies proxies
	Log     *slog.Logger
	Now     func() time.Time
	Keys    seal.Keys
	Limits  Limiters
	cross   *http.CrossOriginProtection
	mux     *http.ServeMux
	foreign *http.ServeMux // routes that other sites may send browsers to
	table   []Route
	Demo    bool

	Build    string
	Store    *store.Store
	Content  *store.Content
	Activity *store.Activity
	Files    *store.Files
	Shelf    *publication.Shelf
	Edition  *edition.Edition
	Sessions *Sessions
	Guesses  *login.Throttle
	Desk     *admission.Desk
	Post     *post.Post
	Refusals *Refusals
	turned   turned
	unsent   unsents
	peopled  atomic.Bool // somebody has an account

	Sealer     *execution.Sealer
	projectIDs sync.Map // domain/UID of a project → its id, and back
	Watch      *watch.Watch
	Past       *past.Past
	Measure    Measures
	Platform   *platform.Platform // the presentation servers; nil on one of them
	elsewhere  tellRequest        // counts what no route answers
	scan       Scan
	Origin     string // how people reach the site; empty: as they came
	Elsewhere  Elsewhere
}

// New builds a site.
func New(c Config) (*Site, error) {
	nets, err := parseProxies(c.Proxies)
	if err != nil {
		return nil, fmt.Errorf("read the networks of proxies: %w", err)
	}
	sealer, err := execution.NewSealer(rand.Reader, c.Keys.States...)
	if err != nil {
		return nil, fmt.Errorf("take the keys of states: %w", err)
	}
	s := &Site{
		Role: c.Role, Secure: isSecure(c.Origin), proxies: nets, Log: c.Log, Now: c.Now,
		Keys: c.Keys, Limits: c.Limits.build(), Elsewhere: c.Elsewhere, cross: http.NewCrossOriginProtection(),
		mux: http.NewServeMux(), foreign: http.NewServeMux(), Demo: c.Demo,
		Build: c.Build, Store: c.Store, Edition: c.Edition, Content: c.Store.Content, Activity: c.Store.Activity, Files: c.Store.Files, Guesses: login.NewThrottle(), Shelf: c.Shelf,
		Sealer: sealer, Origin: strings.TrimRight(c.Origin, "/"),
	}
	allowSlack()
	if c.Zone != nil {
		ui.ReadIn(c.Zone)
	}
	s.scan, s.Measure, s.Platform = c.Scan, c.Measure, c.Platform
	if s.Platform == nil && c.Role&Edition != 0 {
		s.Platform, err = platform.New(platform.Settings{
			Store: c.Store, Edition: c.Edition, Name: func() string { return s.Origin }, Now: c.Now, Log: c.Log,
			Arrive: func(ctx context.Context, method string, who login.Identity, id string) error {
				return s.Desk.ArriveElsewhere(ctx, method, who, id)
			},
		})
		if err != nil {
			return nil, err
		}
	}
	if s.Past = c.Past; s.Past == nil {
		s.Past = past.New(past.Sources{Now: c.Now, Log: c.Log}, c.Store)
	}
	s.elsewhere = s.measured("other")
	if s.Watch = c.Watch; s.Watch == nil {
		s.Watch = watch.New(watch.Sources{Store: c.Store, Log: c.Log})
	}
	if s.Desk = c.Desk; s.Desk == nil {
		s.Desk = admission.NewDesk(c.Store, c.Now, c.Log)
	}
	if s.Post = c.Post; s.Post == nil {
		s.Post = post.New(c.Store, s.Origin, c.Now, c.Log)
	}
	s.Post.GiveFirst(s.Desk.FirstByMail)
	s.Sessions = newSessions(c.Store, s.Desk, c.Now, s.CookieName(SessionCookie), s.Secure)
	s.Sessions.tickets = tickets{s.Keys, s.CookieName(ticketCookie), s.Secure, s.IsOneOfSeveral, cmp.Or(c.Patience, newcomerTime)}
	s.Refusals = newRefusals(s.Content.Audit, s.Log)
	s.turned.log = s.Log
	s.mux.Handle("GET "+assets.Prefix, s.limited(assets.Handler()))
	return s, nil
}

// IsOneOfSeveral reports whether other servers may have what this one does not know, and
// may be asked for what this one has.
func (s *Site) IsOneOfSeveral() bool {
	return s.Role == Presentation || s.Platform != nil && s.Platform.HasServers()
}

// Open gives the site its table of routes, those of all rooms together.
func (s *Site) Open(table []Route) {
	s.table = table
	s.install(table)
}

// Table is every address of the product, whatever the server's role.
func (s *Site) Table() []Route { return s.table }

// ServeHTTP is the way in of every request: what holds for all of them, then
// the route.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := &Visit{Request: r, ID: rand.Text()[:16], writes: s.Role&Edition != 0}
	rec := &recorder{ResponseWriter: w, visit: v}
	started := time.Now()
	defer func() {
		if broken := recover(); broken != nil {
			s.broke(rec, v, broken)
		}
		if v.shelf != nil {
			v.shelf.Release()
		}
		took := time.Since(started)
		s.measure(rec, v, took)
		if !v.away { // those are counted
			s.logVisit(rec, v, took)
		}
	}()
	s.prepare(v)
	secureHeaders(rec.Header(), v.Secure)
	if len(r.TransferEncoding) > 0 {
		// A proxy may have gone by a length beside the chunks: what it thinks is
		// the body must not be the next request.
		rec.Header().Set("Connection", "close")
	}
	foreign := s.isForeign(r)
	if err := s.cross.Check(r); err != nil && !foreign && !v.ByToken() {
		why := s.allows(s.Limits.all, v)
		if why == nil {
			why = fault.Because(fault.Forbidden, err, crossKey)
		}
		s.fail(rec, v, why)
		return
	}
	if foreign {
		s.foreign.ServeHTTP(rec, r)
		return
	}
	s.mux.ServeHTTP(rec, r)
}

// tellRequest counts one request.
type tellRequest func(method string, status int, took time.Duration)

// measured is what counts the requests for a pattern.
func (s *Site) measured(pattern string) tellRequest {
	if s.Measure == nil {
		return func(string, int, time.Duration) {}
	}
	return s.Measure.Route(pattern)
}

// measure counts a visit by its route, never by its address.
func (s *Site) measure(rec *recorder, v *Visit, took time.Duration) {
	tell := s.elsewhere
	if v.route != nil {
		tell = v.route.tell
	}
	tell(v.Method, rec.status, took)
}

// limited puts the limit of all requests before a handler that is no route.
func (s *Site) limited(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := w.(*recorder).visit
		if err := s.allows(s.Limits.all, v); err != nil {
			s.fail(w, v, err)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// broke turns a panic into a failure page. A handler that gave up on purpose
// goes on giving up.
func (s *Site) broke(rec *recorder, v *Visit, broken any) {
	if broken == http.ErrAbortHandler {
		panic(broken)
	}
	s.Log.Error("request broke", "request", v.ID, "panic", fmt.Sprint(broken), "stack", string(debug.Stack()))
	if rec.status == 0 {
		s.fail(rec, v, fmt.Errorf("panic: %v", broken))
	}
}

// logVisit writes the access log: never a body, a query, a cookie.
func (s *Site) logVisit(rec *recorder, v *Visit, took time.Duration) {
	pattern := "-"
	if v.route != nil {
		pattern = v.route.Pattern
	}
	s.Log.LogAttrs(v.Context(), slog.LevelInfo, "request",
		slog.String("request", v.ID), slog.String("route", pattern), slog.String("method", v.Method),
		slog.Int("status", rec.status), slog.Int("bytes", rec.bytes), slog.Duration("took", took), slog.String("user", v.Who.Login))
}
