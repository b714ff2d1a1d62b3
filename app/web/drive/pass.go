package drive

import (
	"net/http"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/seal"
	"selfhelp/store"
)

// readPass returns what a signed pass says.
func (s *Driver) readPass(signed string) (seal.Pass, bool) {
	value, ok := s.Keys.Verify("pass", signed)
	if !ok {
		return seal.Pass{}, false
	}
	return seal.PassOf(value)
}

// SignPass makes a pass as pages carry it.
func (s *Driver) SignPass(p seal.Pass) string { return s.Keys.Sign("pass", p.String()) }

// OwnExecution is the subject of the pages of an execution. What proves that
// it is the visitor's is the page's own pass, or what is kept of it.
func (s *Driver) OwnExecution(v *frame.Visit) (access.Thing, error) {
	id := v.PathValue("execution")
	if len(id) > 64 {
		return access.Thing{}, frame.Unknown()
	}
	if err := s.typedElsewhere(v, id); err != nil {
		return access.Thing{}, err
	}
	s.NameHolder(v)
	v.Carried, _ = s.carried(v)
	if v.Method == http.MethodPost && !frame.IsMultipart(v.Request) {
		if err := v.ParseForm(); err != nil {
			return access.Thing{}, frame.Unreadable(err)
		}
		if p, ok := s.readPass(v.PostFormValue("pass")); ok && p.Execution == id && s.isOwner(v, p.Owner) {
			v.Pass = p
			return access.Thing{Domain: p.Domain, Owner: v.Who.ID}, nil
		}
	}
	kept, err := s.KeptExecution(v, id)
	if brought, err := s.takeCarried(v, err, kept); brought || err != nil {
		return access.Thing{Domain: v.Pass.Domain, Owner: v.Who.ID}, err
	}
	thing := access.Thing{Domain: v.Pass.Domain}
	if s.Holds(v, kept) {
		thing.Owner = v.Who.ID
	}
	v.Pass.Owner = v.Who.ID
	return thing, nil
}

// KeptExecution reads what is kept of an execution, and its pass from it.
func (s *Driver) KeptExecution(v *frame.Visit, id string) (store.Execution, error) {
	standing, err := s.Activity.Standing(v.Context(), id)
	if fault.Is(err, fault.NotFound) && s.Elsewhere != nil && v.Who.SignedIn() && v.Carried.Pass.Execution != id && s.Elsewhere.Recall(v.Context(), v.Who.ID) {
		standing, err = s.Activity.Standing(v.Context(), id)
	}
	if err != nil {
		return store.Execution{}, err
	}
	e := standing.Execution
	v.Last = standing.Last
	home, err := s.HomeOf(v, e.Project)
	v.Pass = seal.Pass{
		Execution: e.ID, Domain: home.Domain, Project: home.Uid, Version: e.Version, Alias: e.Alias,
		Holder: seal.Holder{User: e.User, Mark: e.Owner}, Started: e.Started, Turn: v.Last.Seq, At: e.Touched,
	}
	return e, err
}

// isOwner reports whether an identity is the visitor's: of the account, or of
// the visit that came before signing in.
func (s *Driver) isOwner(v *frame.Visit, owner string) bool {
	return owner != "" && (owner == v.Who.ID || owner == s.VisitorOf(v))
}

// Holds reports whether an execution is the visitor's: begun with their
// account, in this browser, or resumed here with its code.
func (s *Driver) Holds(v *frame.Visit, e store.Execution) bool {
	if e.User != "" {
		return v.Who.SignedIn() && e.User == v.Who.ID
	}
	visitor := s.VisitorOf(v)
	return visitor != "" && s.Keys.IsMark("owner", visitor, e.Owner) || s.resumed(v) != ""
}

// NameHolder gives a visitor without a name, who resumed an execution here,
// one that stands for that.
func (s *Driver) NameHolder(v *frame.Visit) {
	if v.Who.ID == "" {
		v.Who.ID = s.resumed(v)
	}
}

// OwnerMark is what is kept of a visitor with their execution: enough to know
// them again, not to stand for them.
func (s *Driver) OwnerMark(visitor string) string { return s.Keys.Mark("owner", visitor) }

// BundleOf returns the publication an execution began on. It ends on it,
// whatever was published since; when it can no longer be had, that is said.
func (s *Driver) BundleOf(v *frame.Visit, p seal.Pass) (*publication.Bundle, error) {
	n, err := publication.ParseNumber(p.Version)
	if err != nil {
		return nil, fault.Because(fault.NotFound, err, "fault.not_found")
	}
	b, err := s.Hold(v).Version(p.Domain, p.Project, n)
	if err != nil {
		return nil, fault.Because(fault.Unavailable, err, "fault.version.gone")
	}
	return b, nil
}
