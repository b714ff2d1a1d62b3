package servers

import (
	"net/http"
	"strconv"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/app/platform"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// savePortal keeps how people reach the presentation servers.
func (s *Room) savePortal(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	form := views.PortalForm{Address: v.PostFormValue("portal"), Version: v.PostFormValue("version")}
	version, err := strconv.ParseInt(form.Version, 10, 64)
	if err != nil {
		return fault.New(fault.Invalid, "fault.form")
	}
	err = s.Platform.SavePortal(v.Context(), form.Address, version, v.Who.ID)
	if fault.Is(err, fault.Invalid) {
		key, args := fault.TextOf(err)
		return s.refuse(w, v, func(page *views.AdminServers) {
			page.Portal.Address, page.Wrong = form.Address, map[string]string{"portal": v.Words.T(key, args...)}
		})
	}
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, "servers.portal.saved")
	return frame.GoTo(w, v, home)
}

// portal is how people reach the presentation servers, and whether those that answered
// agree on it.
func (s *Room) portal(v *frame.Visit, members []platform.Standing) (form views.PortalForm, err error) {
	address, version, err := s.Platform.Portal(v.Context())
	if err != nil || address != "" {
		return views.PortalForm{Address: address, Version: strconv.FormatInt(version, 10)}, err
	}
	secure, plain := "", ""
	for _, m := range members {
		switch {
		case m.Seen.IsZero():
		case strings.HasPrefix(m.State.Address, "https://"):
			secure = m.Server.Name
		default:
			plain = m.Server.Name
		}
	}
	form.Version = strconv.FormatInt(version, 10)
	if secure != "" && plain != "" {
		form.Differ = v.Words.T("servers.portal.differ", secure, plain)
	}
	return form, nil
}
