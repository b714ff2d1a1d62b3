package frame

import (
	"net/http"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// nothingKey is why a presentation server shows nothing: nothing has come to it yet.
const nothingKey = "fault.nothing_yet"

// mayServe refuses what is for visitors where there is nothing to give them: it is not
// that it was taken away, it will come.
func (s *Site) mayServe(v *Visit) error {
	if s.Role != Presentation || v.route.Role != Presentation {
		return nil
	}
	if now := s.Shelf.InForce(); now.Sequence == 0 || now.Open == 0 && now.Broken > 0 {
		return fault.New(fault.Unavailable, nothingKey)
	}
	return nil
}

// writtenElsewhere tells who writes or administers where that is done, who asks for it at
// a presentation server. Everybody else is told nothing: the address is not for them.
func (s *Site) writtenElsewhere(w http.ResponseWriter, v *Visit) (told bool, err error) {
	if s.Elsewhere == nil || v.Who.Suspended {
		return false, nil
	}
	switch {
	case under(v, "/studio") && v.May(access.EnterStudio, access.Thing{}):
	case under(v, "/admin") && v.Who.SignedIn() && v.Who.Role == access.Administrator:
	default:
		return false, nil
	}
	page := views.Failure{
		Chrome: v.Chrome(ui.Portal, v.Words.T("fail.elsewhere.title")), Kind: fault.NotFound.String(), Why: v.Words.T("fault.elsewhere"),
		Do: v.Words.T("profile.elsewhere.ask"),
	}
	if at := s.Elsewhere.Edition(); at != "" {
		page.Do, page.There = v.Words.T("fail.elsewhere.do"), at+v.URL.EscapedPath()
	}
	return true, ShowStatus(w, v, http.StatusNotFound, page.View())
}

// under reports whether a visit is to a page or what stands below it.
func under(v *Visit, page string) bool {
	rest, is := strings.CutPrefix(v.URL.Path, page)
	return is && (rest == "" || rest[0] == '/')
}
