package admin

import (
	"errors"
	"slices"
	"strings"

	"selfhelp/app/web/frame"
	"selfhelp/store/people"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// heirloomsShown is how many places are named that a name would open.
const heirloomsShown = 3

// inherited tells why a name is refused that a group had which is gone, and what is
// wrong with the form: the reason is said once, above it. nil: it is refused for
// another reason, or not.
func (s *Admin) inherited(v *frame.Visit, domain string, err error) (*views.Inherited, map[string]string) {
	wrong := v.FieldTexts(err)
	cause, is := errors.AsType[*people.Inherited](err)
	if !is {
		return nil, wrong
	}
	for field := range wrong {
		wrong[field] = v.Words.T("gone.field")
	}
	told := &views.Inherited{Name: cause.Name, Do: v.Words.T("gone.do")}
	for _, w := range cause.Written {
		line := s.openedLine(v, domain, w)
		place := ui.Place{Name: line.Name, URL: line.URL}
		if w.Version != "" {
			told.Do = v.Words.T("gone.do.kept")
		}
		if w.Version != "" && w.Kind != people.WrittenTrial {
			place.Name, place.URL = v.Words.T("explain.in_version", line.Name, w.Version), "/studio/p/"+w.Project+"/versions"
		}
		switch {
		case slices.Contains(told.Places, place):
		case len(told.Places) == heirloomsShown:
			told.More = true
		default:
			told.Places = append(told.Places, place)
		}
	}
	return told, wrong
}

// whyNot says why something cannot be done to a group, on a line.
func (s *Admin) whyNot(v *frame.Visit, domain string, err error) string {
	told, _ := s.inherited(v, domain, err)
	if told == nil {
		return v.Why(err)
	}
	var names []string
	for _, p := range told.Places {
		names = append(names, p.Name)
	}
	return v.Words.T("fault.group.gone", strings.Join(names, "; "))
}
