package admission

import (
	"slices"

	"selfhelp/app/access"
	"selfhelp/store"
)

// Away says who may come in by a password kept here while the directory that
// knows them does not answer: the network is cut, or the server stands in for
// another far from it.
type Away struct {
	Who    Stranded `json:"who,omitempty"`
	Groups []string `json:"groups,omitempty"` // ids, for InGroups
	Run    bool     `json:"run,omitempty"`    // they may run procedures and nothing else
}

// Stranded is who may come in without their directory.
type Stranded string

// The kinds of those who may.
const (
	Nobody         Stranded = ""
	Administrators Stranded = "administrators"
	InGroups       Stranded = "groups"
	Everyone       Stranded = "everyone" // who has a password here
)

// StrandedKinds returns every kind, in the order forms show them.
func StrandedKinds() []Stranded { return []Stranded{Nobody, Administrators, InGroups, Everyone} }

func (a Away) check() map[string]string {
	wrong := map[string]string{}
	if !slices.Contains(StrandedKinds(), a.Who) {
		wrong["who"] = "fault.away.who"
	}
	if a.Who == InGroups && len(a.Groups) == 0 {
		wrong["groups"] = "fault.away.groups"
	}
	return wrong
}

// takesKept reports whether somebody of a directory may come in by a password
// kept here while it does not answer.
func (s Settings) takesKept() bool {
	m, err := s.Method(InternalID)
	return err == nil && !m.Off && s.Away.Who != Nobody
}

// lets reports whether somebody may come in without their directory.
func (a Away) lets(u store.User, m store.Memberships) bool {
	switch a.Who {
	case Administrators:
		return u.Role == access.Administrator
	case InGroups:
		return slices.ContainsFunc(m.Groups, func(g store.Group) bool { return slices.Contains(a.Groups, g.ID) })
	case Everyone:
		return true
	}
	return false
}
