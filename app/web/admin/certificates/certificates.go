// Package certificates is the page of the certificates: those that are shown, until when
// each is good, and those that are given for a domain. It refuses to know how one is
// judged.
//
// Its main name is Room.
package certificates

import (
	"net/http"
	"strings"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/certificate"
	"selfhelp/app/fault"
	"selfhelp/app/watch"
	"selfhelp/app/web/admin"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// Room is the page of the certificates.
type Room struct{ *admin.Admin }

// New returns the page of an administration.
func New(a *admin.Admin) *Room { return &Room{a} }

// Routes are those of the page.
func (s *Room) Routes() []frame.Route {
	server := access.AdministerServer
	return []frame.Route{
		{Pattern: "GET /admin/certificates", Needs: server, Role: frame.Edition, Do: s.show},
		{Pattern: "POST /admin/certificates", Needs: server, Role: frame.Edition, Do: s.give, Body: frame.PlainBody, Rate: s.Limits.Signs},
		{Pattern: "POST /admin/certificates/remove", Needs: server, Role: frame.Edition, Do: s.remove, Body: frame.FormBody},
	}
}

// home is where the page is.
const home = "/admin/certificates"

func (s *Room) show(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.page(w, v)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// page is the certificates as they are. Browsers judge them by the time of the world,
// and so does the page.
func (s *Room) page(w http.ResponseWriter, v *frame.Visit) (page views.AdminCertificates, err error) {
	page = views.AdminCertificates{Office: s.Office(w, v, "certificates", v.Words.T("certificates.title")), Asking: v.URL.Query().Get("remove")}
	for _, c := range s.Watch.Certificates() {
		page.Shown = append(page.Shown, s.row(v, "", c.Name, c.Until))
	}
	all, _, err := certificate.List(v.Context(), s.Content)
	if err != nil {
		return page, err
	}
	for _, k := range all {
		leaf, err := k.Leaf()
		if err != nil {
			return page, err
		}
		row := s.row(v, k.ID, k.Host, leaf.NotAfter)
		row.Names, row.Issuer = strings.Join(certificate.NamesOf(leaf), ", "), leaf.Issuer.CommonName
		page.Given = append(page.Given, row)
	}
	return page, nil
}

func (s *Room) row(v *frame.Visit, id, name string, until time.Time) views.CertificateRow {
	row := views.CertificateRow{ID: id, Name: name, Until: v.Words.Date(until), Tone: ui.OK}
	judged := watch.JudgeCertificates([]watch.Certificate{{Name: name, Until: until}}, time.Now())[0]
	row.State = judged.Figure.In(v.Words, time.Now())
	switch judged.State {
	case watch.Wrong:
		row.Tone = ui.Wrong
	case watch.Warn:
		row.Tone = ui.Warn
	}
	return row
}

// give takes a certificate for a domain.
func (s *Room) give(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	offer := certificate.Offer{Host: strings.TrimSpace(v.PostFormValue("host")), Chain: v.PostFormValue("chain"), Key: v.PostFormValue("key"), Roots: v.PostFormValue("roots")}
	err := certificate.Keep(v.Context(), s.Store, offer, time.Now(), v.Who.ID)
	if fields := fault.FieldsOf(err); len(fields) > 0 {
		page, err := s.page(w, v)
		if err != nil {
			return err
		}
		page.Host, page.Chain, page.Roots, page.Wrong = offer.Host, offer.Chain, offer.Roots, map[string]string{}
		for field, key := range fields {
			page.Wrong[field] = v.Words.T(key)
		}
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, "certificates.given", offer.Host)
	return frame.GoTo(w, v, home)
}

// remove takes one away, once that was asked.
func (s *Room) remove(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	if err := certificate.Remove(v.Context(), s.Store, v.PostFormValue("id"), v.Who.ID); err != nil {
		return err
	}
	s.Say(w, ui.OK, "certificates.removed")
	return frame.GoTo(w, v, home)
}
