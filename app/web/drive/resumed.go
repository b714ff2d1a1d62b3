package drive

import (
	"net/http"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
)

// ResumedCookie lets a browser go on with one execution whose code was typed
// there. It is sent to that execution's addresses only, and says which code that was and
// at which server it was typed: two servers that do not know of each other yet may let
// somebody in by the same one.
const (
	ResumedCookie = "resumed"
	resumedPrefix = ResumedCookie + "-"
	resumedTime   = 30 * 24 * time.Hour
)

// Resumed is what the cookie says.
type Resumed struct {
	Execution string
	Code      string // hash of it; "" in a cookie of before
	Server    string // "" where things are written
}

// ResumedOwner is the identity of whoever resumed an execution with its code.
func ResumedOwner(id string) string { return resumedPrefix + id }

// GiveResumed has a browser go on with an execution by its code.
func (s *Driver) GiveResumed(w http.ResponseWriter, r Resumed) {
	http.SetCookie(w, &http.Cookie{
		Name: ResumedCookie, Value: s.Keys.Sign("resumed", strings.Join([]string{r.Execution, r.Code, r.Server}, "~")), Path: "/x/" + r.Execution,
		MaxAge: int(resumedTime / time.Second), HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}

// readResumed is what the cookie of a browser says of the execution of the address.
func (s *Driver) readResumed(v *frame.Visit) (Resumed, bool) {
	said, ok := s.Keys.Verify("resumed", v.CookieValue(ResumedCookie))
	parts := append(strings.Split(said, "~"), "", "")
	return Resumed{parts[0], parts[1], parts[2]}, ok && parts[0] == v.PathValue("execution")
}

// resumed returns the identity of a browser that resumed the execution of the
// address, "" when it did not.
func (s *Driver) resumed(v *frame.Visit) string {
	r, ok := s.readResumed(v)
	if !ok {
		return ""
	}
	return ResumedOwner(r.Execution)
}

// OwnServer is what the other servers call this one, "" where things are written.
func (s *Driver) OwnServer() string {
	if s.Elsewhere == nil {
		return ""
	}
	return s.Elsewhere.Server()
}

// typedElsewhere refuses a browser that resumed an execution by a code that was typed at
// another server first, unless it is the one where the execution began.
func (s *Driver) typedElsewhere(v *frame.Visit, id string) error {
	r, ok := s.readResumed(v)
	if !ok || r.Code == "" {
		return nil
	}
	taker, err := s.Activity.CodeTaker(v.Context(), r.Execution, r.Code)
	if fault.Is(err, fault.NotFound) || err == nil && taker == r.Server {
		return nil
	}
	if err != nil {
		return err
	}
	standing, err := s.Activity.Standing(v.Context(), id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if visitor := s.VisitorOf(v); visitor != "" && s.Keys.IsMark("owner", visitor, standing.Owner) {
		return nil
	}
	return fault.New(fault.Conflict, "fault.resume.taken")
}
