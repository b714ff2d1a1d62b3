package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
)

// Role is what a server of the platform does.
type Role int

// The roles. A single server has both.
const (
	Presentation Role = 1 << iota // visitors run what is published
	Edition                       // writers and administrators work
	Both         = Presentation | Edition
)

// handler answers one visit. What it returns is shown by fail.
type handler func(http.ResponseWriter, *visit) error

// route is one row of the table.
type route struct {
	pattern  string            // as http.ServeMux reads it, method included
	needs    access.Permission // asked on the subject; Public is a value, not an absence
	role     Role              // servers that have it
	subject  subject           // finds what the permission is asked on; nil: the server itself
	do       handler
	body     int64    // bytes of body it takes; 0: pageBody
	rate     *limiter // of the visitor's address; nil: unlimited
	api      *apiCall // what it takes and gives, of a route for programs
	renewing bool     // open to who must change their password first
	slow     bool     // may read and write longer than a page does: uploads, streams
}

// subject finds the thing a permission is asked on, and keeps in the visit
// what it read for it.
type subject func(*Site, *visit) (access.Thing, error)

const (
	formBody   = 16 << 10 // of a small form of ours
	pageBody   = 512 << 10
	plainBody  = 1 << 20 // of any form without files, and of all texts beside files
	uploadBody = 260 << 20
)

// install registers the routes of a role.
func (s *Site) install(mux *http.ServeMux, routes []route) {
	for _, rt := range routes {
		if rt.role&s.role == 0 {
			continue
		}
		mux.Handle(rt.pattern, s.guarded(rt))
	}
}

// guarded puts the guards of its row before a handler: the address's rate, the
// size of the body, the permission. What cannot be proved is refused.
func (s *Site) guarded(rt route) http.Handler {
	limit := rt.body
	if limit == 0 {
		limit = pageBody
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := w.(*recorder) // ServeHTTP is the only way in
		v := rec.visit
		v.Request, v.route = r, &rt
		if err := s.pass(w, v, limit); err != nil {
			s.fail(w, v, err)
			return
		}
		if err := rt.do(w, v); err != nil {
			s.fail(w, v, err)
		}
	})
}

// pass runs the guards of the visit's route.
func (s *Site) pass(w http.ResponseWriter, v *visit, limit int64) error {
	if v.route.rate != nil && !v.route.rate.allow(v.address, s.now()) {
		return fault.New(fault.Limited, "fault.limited")
	}
	if v.route.slow {
		s.allowTime(w, v)
	}
	if !isMultipart(v.Request) {
		limit = min(limit, plainBody)
	}
	if v.ContentLength > limit { // also where nobody would read it
		return &http.MaxBytesError{Limit: limit}
	}
	v.Body = http.MaxBytesReader(w, v.Body, limit)
	if err := s.identify(v); err != nil {
		return fmt.Errorf("find who asks: %w", err)
	}
	if v.renew && !v.route.renewing && v.route.needs != access.Public {
		return fault.New(fault.Forbidden, "fault.password.must_change")
	}
	return s.permit(v)
}

// permit asks the permission of the visit's route on its subject.
func (s *Site) permit(v *visit) error {
	var thing access.Thing
	if v.route.subject != nil {
		var err error
		if thing, err = v.route.subject(s, v); err != nil {
			return err
		}
	}
	v.enter(thing.Domain)
	return refusal(access.Can(v.who, v.route.needs, thing), v.route.needs)
}

// enter gives the identity its groups of a domain: a group of the same name
// elsewhere is another one.
func (v *visit) enter(domain string) { v.who.Groups = v.groups[domain] }

// may asks a further permission on a thing that a handler has in hand.
func (v *visit) may(do access.Permission, on access.Thing) bool {
	return access.Can(v.who, do, on).Allowed
}

// hidden are the permissions whose refusal must not tell that the thing exists.
var hidden = []access.Permission{access.SeeProject, access.RunProcedure, access.ContinueExecution, access.ReadExecution, access.ReadProject}

// refusal turns a decision into the failure of a request.
func refusal(d access.Decision, do access.Permission) error {
	switch {
	case d.Allowed:
		return nil
	case d.Because == access.NotSignedIn:
		return fault.New(fault.Unauthenticated, "fault.unauthenticated")
	case slices.Contains(hidden, do):
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return fault.New(fault.Forbidden, "fault.forbidden."+string(d.Because))
}

// Route is a row of the table as others may read it: the printed map, metrics,
// tests.
type Route struct {
	Method, Path string
	Needs        access.Permission
	Role         Role
}

// Routes lists the table.
func (s *Site) Routes() []Route {
	var list []Route
	for _, rt := range s.routes() {
		method, path, _ := strings.Cut(rt.pattern, " ")
		list = append(list, Route{Method: method, Path: path, Needs: rt.needs, Role: rt.role})
	}
	return list
}
