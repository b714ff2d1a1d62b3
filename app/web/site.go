package web

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"selfhelp/app/edition"
	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/publication"
	"selfhelp/assets"
	"selfhelp/store"
)

// Config is what a site is built from.
type Config struct {
	Role    Role
	Origin  string   // how people reach it, like https://help.example.org; https makes cookies secure
	Proxies []string // networks whose X-Forwarded headers are believed
	Log     *slog.Logger
	Now     func() time.Time
	Keys    Keys
	Limits  Limits
	Store   *store.Store
	Shelf   *publication.Shelf // what visitors are given from
	Edition *edition.Edition   // the writing side; nil on a presentation server
	Demo    bool               // shows the gallery of pages
	Build   string             // version of the product, for its administrators
}

// Keys are the secrets of the platform's doors.
type Keys struct {
	Visitors []byte              // signs visitor cookies and flashes; 32 bytes
	States   []execution.SealKey // seal the states of executions; the first is for new ones
}

// Site is the product as browsers see it.
type Site struct {
	role    Role
	secure  bool
	proxies proxies
	log     *slog.Logger
	now     func() time.Time
	keys    Keys
	limits  limiters
	cross   *http.CrossOriginProtection
	mux     *http.ServeMux
	demo    bool

	build    string
	store    *store.Store
	content  *store.Content
	activity *store.Activity
	files    *store.Files
	shelf    *publication.Shelf
	edition  *edition.Edition
	sessions *sessions
	guesses  *login.Throttle

	sealer     *execution.Sealer
	executing  locks
	projectIDs sync.Map // domain/UID of a project → its id, and back
	pulse      pulse
	origin     string // how people reach the site; empty: as they came
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
		role: c.Role, secure: isSecure(c.Origin), proxies: nets, log: c.Log, now: c.Now,
		keys: c.Keys, limits: c.Limits.build(), cross: http.NewCrossOriginProtection(),
		mux: http.NewServeMux(), demo: c.Demo,
		build: c.Build, store: c.Store, edition: c.Edition, content: c.Store.Content, activity: c.Store.Activity, files: c.Store.Files, guesses: login.NewThrottle(), shelf: c.Shelf,
		sealer: sealer, origin: strings.TrimRight(c.Origin, "/"),
	}
	allowSlack()
	s.pulse.store = c.Store
	s.sessions = newSessions(c.Store, s.cookieName(sessionCookie), s.secure)
	s.mux.Handle("GET "+assets.Prefix, assets.Handler())
	s.install(s.mux, s.routes())
	return s, nil
}

// ServeHTTP is the way in of every request: what holds for all of them, then
// the route.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := &visit{Request: r, id: rand.Text()[:16]}
	rec := &recorder{ResponseWriter: w, visit: v}
	started := time.Now()
	defer func() {
		if broken := recover(); broken != nil {
			s.broke(rec, v, broken)
		}
		if v.shelf != nil {
			v.shelf.Release()
		}
		s.logVisit(rec, v, time.Since(started))
	}()
	s.prepare(v)
	secureHeaders(rec.Header(), v.secure)
	if len(r.TransferEncoding) > 0 {
		// A proxy may have gone by a length beside the chunks: what it thinks is
		// the body must not be the next request.
		rec.Header().Set("Connection", "close")
	}
	if err := s.cross.Check(r); err != nil {
		s.fail(rec, v, fault.Because(fault.Forbidden, err, "fault.cross_origin"))
		return
	}
	if !s.limits.all.allow(v.address, s.now()) {
		s.fail(rec, v, fault.New(fault.Limited, "fault.limited"))
		return
	}
	s.mux.ServeHTTP(rec, r)
}

// broke turns a panic into a failure page. A handler that gave up on purpose
// goes on giving up.
func (s *Site) broke(rec *recorder, v *visit, broken any) {
	if broken == http.ErrAbortHandler {
		panic(broken)
	}
	s.log.Error("request broke", "request", v.id, "panic", fmt.Sprint(broken), "stack", string(debug.Stack()))
	if rec.status == 0 {
		s.fail(rec, v, fmt.Errorf("panic: %v", broken))
	}
}

// logVisit writes the access log: never a body, a query, a cookie.
func (s *Site) logVisit(rec *recorder, v *visit, took time.Duration) {
	pattern := "-"
	if v.route != nil {
		pattern = v.route.pattern
	}
	s.log.LogAttrs(v.Context(), slog.LevelInfo, "request",
		slog.String("request", v.id), slog.String("route", pattern), slog.String("method", v.Method),
		slog.Int("status", rec.status), slog.Int("bytes", rec.bytes), slog.Duration("took", took), slog.String("user", v.who.Login))
}
