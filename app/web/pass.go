package web

import (
	"crypto/hmac"
	"net/http"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/publication"
	"selfhelp/store"
)

// pass says whose an execution is and which publication it runs on. It stands
// signed in every page of the execution beside the sealed state, so that an
// answer needs no look-up, and so that another server of the platform can take
// it when the one before it is gone.
type pass struct {
	execution string
	owner     string // identity that may go on with it
	domain    string
	project   string // UID
	version   string
	alias     string // of the entry point
}

const passParts = 6

func (p pass) String() string {
	return strings.Join([]string{p.execution, p.owner, p.domain, p.project, p.version, p.alias}, "|")
}

// readPass returns what a signed pass says.
func (s *Site) readPass(signed string) (pass, bool) {
	value, ok := s.keys.verify("pass", signed)
	parts := strings.Split(value, "|")
	if !ok || len(parts) != passParts {
		return pass{}, false
	}
	return pass{parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]}, true
}

func (s *Site) signPass(p pass) string { return s.keys.sign("pass", p.String()) }

// ownExecution is the subject of the pages of an execution. What proves that
// it is the visitor's is the page's own pass, or what is kept of it.
func ownExecution(s *Site, v *visit) (access.Thing, error) {
	id := v.PathValue("execution")
	if len(id) > 64 {
		return access.Thing{}, unknown()
	}
	if v.Method == http.MethodPost && !isMultipart(v.Request) {
		if err := v.ParseForm(); err != nil {
			return access.Thing{}, unreadable(err)
		}
		s.nameHolder(v)
		if p, ok := s.readPass(v.PostFormValue("pass")); ok && p.execution == id && s.isOwner(v, p.owner) {
			v.pass = p
			v.passed = v.PostFormValue("pass")
			return access.Thing{Domain: p.domain, Owner: v.who.ID}, nil
		}
	}
	kept, err := s.keptExecution(v, id)
	if err != nil {
		return access.Thing{}, err
	}
	thing := access.Thing{Domain: v.pass.domain}
	if s.holds(v, kept) {
		s.nameHolder(v)
		thing.Owner = v.who.ID
	}
	v.pass.owner = v.who.ID
	return thing, nil
}

// keptExecution reads what is kept of an execution, and its pass from it.
func (s *Site) keptExecution(v *visit, id string) (store.Execution, error) {
	e, err := s.activity.Execution(v.Context(), id)
	if err != nil {
		return e, err
	}
	home, err := s.homeOf(v, e.Project)
	v.pass = pass{execution: e.ID, domain: home.domain, project: home.uid, version: e.Version, alias: e.Alias}
	return e, err
}

// isOwner reports whether an identity is the visitor's: of the account, or of
// the visit that came before signing in.
func (s *Site) isOwner(v *visit, owner string) bool {
	return owner != "" && (owner == v.who.ID || owner == s.visitorOf(v))
}

// holds reports whether an execution is the visitor's: begun with their
// account, in this browser, or resumed here with its code.
func (s *Site) holds(v *visit, e store.Execution) bool {
	if e.User != "" {
		return v.who.SignedIn() && e.User == v.who.ID
	}
	visitor := s.visitorOf(v)
	return visitor != "" && hmac.Equal([]byte(e.Owner), []byte(s.ownerMark(visitor))) || s.resumed(v) != ""
}

// nameHolder gives a visitor without a name, who resumed an execution here,
// one that stands for that.
func (s *Site) nameHolder(v *visit) {
	if v.who.ID == "" {
		v.who.ID = s.resumed(v)
	}
}

// ownerMark is what is kept of a visitor with their execution: enough to know
// them again, not to stand for them.
func (s *Site) ownerMark(visitor string) string { return s.keys.mark("owner", visitor) }

// resumedCookie lets a browser go on with one execution whose code was typed
// there. It is sent to that execution's addresses only.
const resumedCookie = "resumed"

// resumed returns the identity of a browser that resumed the execution of the
// address, "" when it did not.
func (s *Site) resumed(v *visit) string {
	id, ok := s.keys.verify("resumed", v.cookie(resumedCookie))
	if !ok || id != v.PathValue("execution") {
		return ""
	}
	return "resumed-" + id
}

// bundleOf returns the publication an execution began on. It ends on it,
// whatever was published since; when it can no longer be had, that is said.
func (s *Site) bundleOf(v *visit, p pass) (*publication.Bundle, error) {
	n, err := publication.ParseNumber(p.version)
	if err != nil {
		return nil, fault.Because(fault.NotFound, err, "fault.not_found")
	}
	b, err := s.hold(v).Version(p.domain, p.project, n)
	if err != nil {
		return nil, fault.Because(fault.Unavailable, err, "fault.version.gone")
	}
	return b, nil
}
