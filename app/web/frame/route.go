package frame

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

// Handler answers one visit. What it returns is shown by fail.
type Handler func(http.ResponseWriter, *Visit) error

// Refuse says a failure to a program.
type Refuse func(http.ResponseWriter, *Visit, fault.Kind, error) error

// Route is one row of the table.
type Route struct {
	Pattern  string            // as http.ServeMux reads it, method included
	Needs    access.Permission // asked on the subject; Public is a value, not an absence
	Role     Role              // servers that have it
	Subject  Subject           // finds what the permission is asked on; nil: the server itself
	Do       Handler
	Body     int64    // bytes of body it takes; 0: pageBody
	Rate     *Limiter // of the visitor's address; nil: unlimited
	Renewing bool     // open to who must change their password first
	Adding   bool     // open to who must first get something to show beside it
	Whole    bool     // closed to sessions for running procedures: what it changes would let them do more
	Slow     bool     // may read and write longer than a page does: uploads, streams
	Callers  Callers  // whether programs may come with a token
	Refuse   Refuse   // says a failure to programs in words of its own; nil: as a problem
	TooLong  string   // key of why more than Body is refused; "": by its size
	Keep     Keep     // what is kept of a form that comes after its session has ended; nil: nothing
	Foreign  bool     // other sites send people's browsers here with forms: it stands apart, and knows nobody

	tell  tellRequest // counts its requests
	tried bool        // a presentation server's, on one where things are written: for those who write
}

// Subject finds the thing a permission is asked on, and keeps in the visit
// what it read for it.
type Subject func(*Visit) (access.Thing, error)

const (
	FormBody   = 16 << 10 // of a small form of ours
	pageBody   = 512 << 10
	PlainBody  = 1 << 20 // of any form without files, and of all texts beside files
	UploadBody = 260 << 20
)

// install registers the routes of a role. Where things are only written, what is for
// visitors of presentation servers is there to be tried by those who write.
func (s *Site) install(routes []Route) {
	for _, rt := range routes {
		rt.tried = s.Role == Edition && rt.Role == Presentation
		switch {
		case rt.Role&s.Role == 0 && !rt.tried:
		case rt.Foreign:
			s.foreign.Handle(rt.Pattern, s.guarded(rt))
		default:
			s.mux.Handle(rt.Pattern, s.guarded(rt))
		}
	}
}

// isForeign reports whether a request is for a route that other sites may send
// browsers to.
func (s *Site) isForeign(r *http.Request) bool {
	_, pattern := s.foreign.Handler(r)
	return pattern != ""
}

// guarded puts the guards of its row before a handler: the address's rate, the
// size of the body, the permission. What cannot be proved is refused.
func (s *Site) guarded(rt Route) http.Handler {
	rt.tell = s.measured(rt.Pattern)
	limit := rt.Body
	if limit == 0 {
		limit = pageBody
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := w.(*recorder) // ServeHTTP is the only way in
		v := rec.visit
		v.Request, v.route = r, &rt
		if err := s.pass(w, v, limit); err != nil {
			if to := v.firstOf(err); to != "" {
				http.Redirect(w, r, to, http.StatusSeeOther)
				return
			}
			v.stopped = err
			s.fail(w, v, err)
			return
		}
		if s.wasSent(w, v) {
			GoTo(w, v, UnsentPath) // which says so
			return
		}
		if err := rt.Do(w, v); err != nil {
			s.fail(w, v, err)
			return
		}
		s.noteSent(v, rec.status)
	})
}

// pass runs the guards of the visit's route.
func (s *Site) pass(w http.ResponseWriter, v *Visit, limit int64) error {
	if v.route.Rate != nil { // before the limit of everything: who floods the one does not use up the other
		if err := s.allows(v.route.Rate, v); err != nil {
			s.countRefusal(v)
			return err
		}
	}
	if err := s.allows(s.Limits.all, v); err != nil {
		return err
	}
	if err := s.mayServe(v); err != nil {
		return err
	}
	if v.route.Slow {
		s.allowTime(w, v)
	}
	if !IsMultipart(v.Request) {
		limit = min(limit, PlainBody)
	}
	if v.ContentLength > limit { // also where nobody would read it
		return &http.MaxBytesError{Limit: limit}
	}
	v.Body = http.MaxBytesReader(w, v.Body, limit)
	if v.ContentLength != 0 {
		v.Body = &heard{v.Body, v}
	}
	if v.route.Foreign {
		return Refusal(access.Can(v.Who, v.route.Needs, access.Thing{}), v.route.Needs)
	}
	if err := s.identify(v); err != nil {
		return fmt.Errorf("find who asks: %w", err)
	}
	if err := s.Sessions.renewTicket(w, v); err != nil {
		return fmt.Errorf("give a ticket: %w", err)
	}
	if err := s.checkPage(v); err != nil {
		return err
	}
	switch v.owes.First(v.route.Needs, v.route.settles()) {
	case access.OwesPassword:
		return fault.New(fault.Forbidden, mustChange)
	case access.OwesFactor:
		return fault.New(fault.Forbidden, mustAdd)
	}
	if v.RunOnly() && v.route.Whole {
		return fault.New(fault.Forbidden, runOnlyKey)
	}
	if v.route.tried {
		if err := Refusal(access.Can(v.Who, access.EnterStudio, access.Thing{}), access.EnterStudio); err != nil {
			return err
		}
	}
	err := s.permit(v)
	if (v.ended || v.route.Keep != nil && s.isUnsent(v)) && fault.Is(err, fault.NotFound) && slices.Contains(hidden, v.route.Needs) { // whether it is there or not: it may be theirs
		err = fault.Because(fault.Unauthenticated, err, "fault.unauthenticated")
	}
	return err
}

// asks reports whether a route wants to know who comes.
func (rt *Route) asks() bool { return rt.Needs != access.Public }

// settles are the debts that a route is there to settle.
func (rt *Route) settles() access.Debts {
	return access.Debts{Password: rt.Renewing, Factor: rt.Renewing || rt.Adding}
}

// firstOf is where somebody has to do something before they go on, when that is
// why they were refused a page, or where they belong; "" otherwise.
func (v *Visit) firstOf(err error) string {
	if v.Method != http.MethodGet || v.Fragment {
		return ""
	}
	switch key, _ := fault.TextOf(err); key {
	case mustChange:
		return "/me"
	case mustAdd:
		return "/me/factors"
	}
	if v.route.tried && v.Who.SignedIn() && v.URL.Path == "/" { // who does not write has their account here, and nothing else
		return "/me"
	}
	return ""
}

// Why somebody may go nowhere else first.
const (
	mustChange = "fault.password.must_change"
	mustAdd    = "fault.factor.must_add"
)

// permit asks the permission of the visit's route on its subject.
func (s *Site) permit(v *Visit) error {
	var thing access.Thing
	if v.route.Subject != nil {
		var err error
		if thing, err = v.route.Subject(v); err != nil {
			return err
		}
	}
	v.Enter(thing.Domain)
	d := access.Can(v.Who, v.route.Needs, thing)
	if !d.Allowed && v.isNarrowed(v.route.Needs, thing) {
		return fault.New(fault.Forbidden, runOnlyKey)
	}
	if !d.Allowed && d.Because != access.NotOfScope && v.Who.SignedIn() && thing.Project != nil && !v.May(access.ReadProject, thing) {
		v.refused = true
		return Unknown() // what one may not read is not there, whatever else was asked of it
	}
	return Refusal(d, v.route.Needs)
}

// Enter gives the identity its groups of a domain: a group of the same name
// elsewhere is another one.
func (v *Visit) Enter(domain string) { v.Who.Groups = v.Groups[domain] }

// May asks a further permission on a thing that a handler has in hand.
func (v *Visit) May(do access.Permission, on access.Thing) bool {
	return access.Can(v.Who, do, on).Allowed
}

// hidden are the permissions whose refusal must not tell that the thing exists.
var hidden = []access.Permission{access.SeeProject, access.RunProcedure, access.ContinueExecution, access.ReadExecution, access.ReadProject}

// Refusal turns a decision into the failure of a request.
func Refusal(d access.Decision, do access.Permission) error {
	switch {
	case d.Allowed:
		return nil
	case d.Because == access.NotSignedIn:
		return fault.New(fault.Unauthenticated, "fault.unauthenticated")
	case d.Because == access.NotOfScope: // the person may: there is nothing to hide
		return fault.New(fault.Forbidden, "fault.forbidden."+string(d.Because))
	case slices.Contains(hidden, do):
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return fault.New(fault.Forbidden, "fault.forbidden."+string(d.Because))
}

// RulesServer reports whether the person administers the whole server.
func (v *Visit) RulesServer() bool { return v.May(access.AdministerServer, access.Thing{}) }

// IsMultipart reports whether a form came in parts, as one with files does.
func IsMultipart(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/")
}
