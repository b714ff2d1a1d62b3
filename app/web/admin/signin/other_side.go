package signin

import (
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"time"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/login/saml"
	"selfhelp/app/login/trusted"
	"selfhelp/app/web/admin"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// readProvider reads the form over an identity provider. Its metadata, once
// given, say better than hands where it is and how it signs.
func readProvider(p saml.Provider, text func(string) string, tick func(string) bool) (saml.Provider, error) {
	p.EntityID, p.SSO, p.SSOBinding = text("entity_id"), text("sso"), text("sso_binding")
	p.SLO, p.SLOBinding, p.Certificates = text("slo"), text("slo_binding"), text("certificates")
	p.Format, p.ID, p.Login, p.Groups = text("format"), text("id"), text("login"), text("groups_from")
	p.Names, p.Sign, p.Unsolicited = readNames(text("names")), tick("sign"), tick("unsolicited")
	if p.SLO == "" {
		p.SLOAnswer = ""
	}
	if document := text("metadata"); document != "" {
		read, err := saml.ReadMetadata([]byte(document))
		if err != nil {
			key, _ := fault.TextOf(err)
			return p, fault.InField("metadata", key)
		}
		p.EntityID, p.SSO, p.SSOBinding, p.Certificates = read.EntityID, read.SSO, read.SSOBinding, read.Certificates
		p.SLO, p.SLOBinding, p.SLOAnswer = read.SLO, read.SLOBinding, read.SLOAnswer
	}
	return p, nil
}

// samlSections are those of an identity provider.
func (f former) samlSections(m admission.Method) (likes []views.Option, sections []views.FormSection) {
	p := *m.SAML
	if m.ID == "" {
		likes = []views.Option{
			{Value: "ms", Name: "Entra ID, AD FS"}, {Value: "oid", Name: "Shibboleth"},
			{Value: "names", Name: "Keycloak, SimpleSAMLphp"},
		}
	}
	bindings := []views.Option{{Value: saml.Redirect, Name: f.v.Words.T("method.binding.redirect")}, {Value: saml.POST, Name: f.v.Words.T("method.binding.post")}}
	sso, slo, format := f.line("sso_binding", p.SSOBinding), f.line("slo_binding", p.SLOBinding), f.line("format", p.Format)
	sso.Choices, slo.Choices = bindings, bindings
	for _, name := range []string{"", "persistent", "mail", "transient"} {
		key := name
		if key == "" {
			key = "any"
		}
		format.Choices = append(format.Choices, views.Option{Value: name, Name: f.v.Words.T("method.format." + key)})
	}
	address := f.line("sso", p.SSO)
	id, groups := f.line("id", p.ID), f.line("groups_from", p.Groups)
	id.Help = f.v.Words.T("method.field.id.saml.help")
	groups.Wrong = f.wrong["groups"]
	unread := ""
	if f.wrong["metadata"] != "" { // read once, they stand in the other fields
		unread = f.v.PostFormValue("metadata")
	}
	return likes, []views.FormSection{
		f.section("provider", f.button(m.Name), f.lines("metadata", unread, 4), f.line("entity_id", p.EntityID), address, sso, f.line("slo", p.SLO), slo, f.lines("certificates", p.Certificates, 4)),
		f.section("asking", f.tick("sign", p.Sign), format, f.tick("unsolicited", p.Unsolicited)),
		f.section("told", id, f.line("login", p.Login), f.lines("names", writeNames(p.Names), 6), groups),
	}
}

// ourSide is what the other side of a method must know of us, once the method is
// there; nil when it needs to know nothing.
func (s *Room) ourSide(v *frame.Visit, m admission.Method, settings admission.Settings) *views.OurSide {
	origin := s.Origin
	if origin == "" {
		origin = "http://" + v.Host // as for those who sign in: on this very machine only
	}
	side := &views.OurSide{ID: m.ID, Try: "/login/" + string(m.Kind) + "/" + m.ID + "?try=yes"}
	fact := func(key, value string) { side.Facts = append(side.Facts, [2]string{v.Words.T(key), value}) }
	switch m.Kind {
	case admission.SAML:
		ours := settings.SAMLOurs(m.ID, origin)
		side.Metadata, side.Pairs = ours.EntityID, len(ours.Keys)
		fact("method.ours.entity", ours.EntityID)
		fact("method.ours.acs", ours.ACS)
		fact("method.ours.slo", ours.SLO)
		for _, e := range settings.Expiries(m, s.Now()) {
			side.Expiries = append(side.Expiries, admin.ExpiryText(v, e))
		}
	case admission.OIDC:
		fact("method.ours.back", origin+"/login/oidc/"+m.ID+"/back")
		fact("method.ours.out", origin+"/login")
	case admission.Trusted:
		side.Try, side.Keyed, side.Key, side.Proxy = "", true, m.Trusted.Bound != nil, trusted.HAProxy
		fact("method.ours.audience", origin)
		fact("method.ours.assertion", origin+"/login/trusted")
		fact("method.ours.tickets", origin+"/login/trusted/tickets")
	default:
		return nil
	}
	side.Lead = v.Words.T("method.ours.lead." + string(m.Kind))
	return side
}

// pair makes a new key of ours, or takes the newest into use.
func (s *Room) pair(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	m, err := s.named(v)
	if err != nil {
		return err
	}
	if m.SAML == nil {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	made := v.PostFormValue("do") != "use"
	err = s.change(v, func(settings admission.Settings) (admission.Settings, error) {
		if made {
			return settings.WithPair(s.Origin, s.Now())
		}
		return settings.WithNextPair(), nil
	})
	if err != nil {
		return s.refuseMethod(w, v, m, m.ID, err)
	}
	s.Say(w, ui.OK, map[bool]string{true: "admin.pair.made", false: "admin.pair.used"}[made])
	return frame.GoTo(w, v, "/admin/sign-in/"+m.ID)
}

// certificateTime is how long a certificate that we issue is good.
const certificateTime = 365 * 24 * time.Hour

// key makes a key for the host product and the certificate that goes with it, or
// ends the one there is.
func (s *Room) key(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	m, err := s.named(v)
	if err != nil {
		return err
	}
	if m.Trusted == nil {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	page := views.AdminMethodKey{Office: s.Office(w, v, where, v.Words.T("admin.key.made", m.Name)), ID: m.ID, Proxy: trusted.HAProxy}
	vouching := admission.Vouching{Host: m.Trusted.Host}
	if v.PostFormValue("do") != "end" {
		if page.Certificate, page.Private, err = trusted.Issue(m.Name, certificateTime, s.Now()); err != nil {
			return err
		}
		vouching.Bound = &trusted.Bound{}
		page.Key, vouching.Bound.Key = trusted.NewKey()
		block, _ := pem.Decode([]byte(page.Certificate))
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return err
		}
		page.Until, vouching.Bound.Fingerprint = v.Words.Date(certificate.NotAfter), trusted.Fingerprint(certificate)
	}
	m.Trusted = &vouching
	err = s.change(v, func(settings admission.Settings) (admission.Settings, error) { return settings.Put(m), nil })
	if err != nil {
		return s.refuseMethod(w, v, m, m.ID, err)
	}
	if page.Key == "" {
		s.Say(w, ui.OK, "admin.key.ended")
		return frame.GoTo(w, v, "/admin/sign-in/"+m.ID)
	}
	return frame.Show(w, v, page.View())
}
