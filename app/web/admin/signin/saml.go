package signin

import (
	"net/http"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/login/saml"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// readProvider reads the form over an identity provider. Its metadata, once
// given, say better than hands where it is and how it signs.
func readProvider(p saml.Provider, text func(string) string, tick func(string) bool) saml.Provider {
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
			p.EntityID = "" // which is refused, beside what was given
			return p
		}
		p.EntityID, p.SSO, p.SSOBinding, p.Certificates = read.EntityID, read.SSO, read.SSOBinding, read.Certificates
		p.SLO, p.SLOBinding, p.SLOAnswer = read.SLO, read.SLOBinding, read.SLOAnswer
	}
	return p
}

// samlSections are those of an identity provider.
func (f former) samlSections(m admission.Method) (likes []views.Option, sections []views.FormSection) {
	p := *m.SAML
	if m.ID == "" {
		likes = []views.Option{
			{Value: "/admin/sign-in/new?kind=saml&like=ms", Name: "Entra ID, AD FS"}, {Value: "/admin/sign-in/new?kind=saml&like=oid", Name: "Shibboleth"},
			{Value: "/admin/sign-in/new?kind=saml&like=names", Name: "Keycloak, SimpleSAMLphp"},
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
	groups := f.line("groups_from", p.Groups)
	groups.Wrong = f.wrong["groups"]
	return likes, []views.FormSection{
		f.section("provider", f.line("name", m.Name), f.lines("metadata", "", 4), f.line("entity_id", p.EntityID), address, sso, f.line("slo", p.SLO), slo, f.lines("certificates", p.Certificates, 4)),
		f.section("asking", f.tick("sign", p.Sign), format, f.tick("unsolicited", p.Unsolicited)),
		f.section("told", f.line("id", p.ID), f.line("login", p.Login), f.lines("names", writeNames(p.Names), 6), groups),
	}
}

// ourSide is what a provider must know of us, once the method is there.
func (s *Room) ourSide(v *frame.Visit, m admission.Method, settings admission.Settings) (*views.OurSide, error) {
	origin := s.Origin
	if origin == "" {
		origin = "http://" + v.Host // as for those who sign in: on this very machine only
	}
	ours := settings.SAMLOurs(m.ID, origin)
	side := &views.OurSide{
		ID: m.ID, Metadata: ours.EntityID, Try: "/login/saml/" + m.ID + "?try=yes", Pairs: len(ours.Keys),
		Facts: [][2]string{
			{v.Words.T("method.ours.entity"), ours.EntityID}, {v.Words.T("method.ours.acs"), ours.ACS}, {v.Words.T("method.ours.slo"), ours.SLO},
		},
	}
	for _, e := range saml.Expiries(ours, *m.SAML, s.Now().AddDate(0, 0, warnDays)) {
		key := "method.expiry.theirs"
		if e.Ours {
			key = "method.expiry.ours"
		}
		side.Expiries = append(side.Expiries, v.Words.T(key, e.Name, v.Words.Date(e.At)))
	}
	return side, nil
}

// warnDays is how long before a certificate ends that is said.
const warnDays = 60

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
