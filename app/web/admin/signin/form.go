package signin

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/login/ldap"
	"selfhelp/app/login/oidc"
	"selfhelp/app/login/saml"
	"selfhelp/app/login/trusted"
	"selfhelp/app/web/admin"
	"selfhelp/app/web/frame"
	"selfhelp/store/people"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// begin is a way in as most need it.
func begin(kind admission.Kind) (admission.Method, error) {
	m := admission.Method{Kind: kind, Accounts: admission.Accounts{Create: true, Take: people.TakeUnclaimed, Role: access.User}}
	switch kind {
	case admission.LDAP:
		m.Sync = admission.Sync{Minutes: 60}
		server := likes["openldap"]
		m.LDAP = &server
	case admission.SAML:
		m.SAML = &saml.Provider{SSOBinding: saml.Redirect, SLOBinding: saml.Redirect, Sign: true, Names: samlNames["names"]}
	case admission.OIDC:
		m.OIDC = &oidc.Provider{
			Login: "preferred_username", Groups: "groups",
			Names: map[string]string{"first_name": "given_name", "last_name": "family_name", "name": "name", "mail": "email", "language": "locale"},
		}
	case admission.Trusted:
		m.Trusted = &admission.Vouching{}
	case admission.SCIM:
	default:
		return m, fault.New(fault.NotFound, "fault.not_found")
	}
	return m, nil
}

// likes are the settings that kinds of directories are known to need. What
// inetOrgPerson (RFC 2798) calls title is the job; how somebody is addressed is
// personalTitle (RFC 4524, section 2.17).
var likes = map[string]ldap.Server{
	"openldap": {
		Filter: "(&(objectClass=inetOrgPerson)(uid={login}))", Login: "uid", ID: "entryUUID",
		Names:       map[string]string{"first_name": "givenName", "last_name": "sn", "mail": "mail", "title": "personalTitle", "language": "preferredLanguage", "entity": "departmentNumber", "job": "title", "location": "l"},
		GroupFilter: "(objectClass=groupOfNames)", GroupName: "cn", Member: "member",
	},
	"ad": {
		Filter: "(&(objectCategory=person)(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2))(sAMAccountName={login}))", Login: "sAMAccountName", ID: "objectGUID",
		Names:       map[string]string{"first_name": "givenName", "last_name": "sn", "mail": "mail", "title": "personalTitle", "language": "preferredLanguage", "entity": "department", "location": "physicalDeliveryOfficeName"},
		GroupFilter: "(objectClass=group)", GroupName: "cn", Member: "member",
	},
}

// resemble gives a way in the settings that a kind of product is known to need,
// where nothing was typed, or what another kind needs stands untouched.
func resemble(m admission.Method, like string) admission.Method {
	server, known := likes[like]
	if known && m.LDAP != nil {
		now := *m.LDAP
		for _, field := range []func(*ldap.Server) *string{
			func(s *ldap.Server) *string { return &s.Filter }, func(s *ldap.Server) *string { return &s.Login }, func(s *ldap.Server) *string { return &s.ID },
			func(s *ldap.Server) *string { return &s.GroupFilter }, func(s *ldap.Server) *string { return &s.GroupName }, func(s *ldap.Server) *string { return &s.Member },
		} {
			at := field(&now)
			untouched := *at == ""
			for _, other := range likes {
				untouched = untouched || *at == *field(&other)
			}
			if untouched {
				*at = *field(&server)
			}
		}
		var others []map[string]string
		for _, other := range likes {
			others = append(others, other.Names)
		}
		now.Names = resembleNames(now.Names, server.Names, others)
		m.LDAP = &now
	}
	if names, known := samlNames[like]; known && m.SAML != nil {
		now := *m.SAML
		now.Names = resembleNames(now.Names, names, slices.Collect(maps.Values(samlNames)))
		m.SAML = &now
	}
	return m
}

// resembleNames are names of attributes: those of a kind of product, and what was
// typed otherwise than any kind has it.
func resembleNames(typed, like map[string]string, others []map[string]string) map[string]string {
	names := maps.Clone(like)
	for ours, theirs := range typed {
		if !slices.ContainsFunc(others, func(o map[string]string) bool { return o[ours] == theirs }) {
			names[ours] = theirs
		}
	}
	return names
}

// samlNames are the names that kinds of providers give to attributes.
var samlNames = map[string]map[string]string{
	"names": {"first_name": "givenName", "last_name": "sn", "mail": "mail", "language": "preferredLanguage", "entity": "departmentNumber"},
	"oid":   {"first_name": "urn:oid:2.5.4.42", "last_name": "urn:oid:2.5.4.4", "mail": "urn:oid:0.9.2342.19200300.100.1.3", "language": "urn:oid:2.16.840.1.113730.3.1.39"},
	"ms": {
		"first_name": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname", "last_name": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
		"mail": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
	},
}

// readMethod reads the form over a way in: these fields and no other. A secret
// left empty stays as it was. Metadata that cannot be read are Invalid, and leave
// the rest as it was filled in.
func readMethod(v *frame.Visit, m admission.Method) (admission.Method, error) {
	var unread error
	text := func(name string) string { return strings.TrimSpace(v.PostFormValue(name)) }
	tick := func(name string) bool { return v.PostFormValue(name) == "yes" }
	m.Name = text("name")
	if m.LDAP != nil {
		server := readServer(*m.LDAP, text, tick)
		m.LDAP = &server
		minutes, err := strconv.Atoi(text("minutes"))
		if err != nil && text("minutes") != "" {
			minutes = -1 // no number is one that is refused
		}
		m.Sync = admission.Sync{Minutes: minutes, Suspend: tick("suspend")}
	}
	if m.SAML != nil {
		var provider saml.Provider
		provider, unread = readProvider(*m.SAML, text, tick)
		m.SAML = &provider
	}
	if m.OIDC != nil {
		provider := readParty(*m.OIDC, text)
		m.OIDC = &provider
	}
	if m.Trusted != nil {
		m.Trusted = &admission.Vouching{Host: trusted.Host{Issuer: text("issuer"), Keys: text("keys"), Origins: strings.Fields(text("origins"))}, Bound: m.Trusted.Bound}
	}
	m.Accounts = admission.Accounts{
		Create: tick("create"), Take: people.Taking(text("take")), Role: access.Role(text("role")), Domains: v.PostForm["domain"],
	}
	for _, p := range readPairs(v, "groups") {
		m.Accounts.Groups = append(m.Accounts.Groups, admission.GroupOf{Theirs: p.Theirs, Group: p.Ours})
	}
	for _, p := range readPairs(v, "roles") {
		m.Accounts.Roles = append(m.Accounts.Roles, admission.RoleOf{Theirs: p.Theirs, Role: access.Role(p.Ours)})
	}
	return m, unread
}

func readParty(p oidc.Provider, text func(string) string) oidc.Provider {
	p.Issuer, p.ClientID, p.Scopes = text("issuer"), text("client_id"), strings.Fields(text("scopes"))
	if secret := text("client_secret"); secret != "" {
		p.ClientSecret = secret
	}
	p.Login, p.Names, p.Groups = text("login"), readNames(text("names")), text("groups_from")
	return p
}

func readServer(server ldap.Server, text func(string) string, tick func(string) bool) ldap.Server {
	server.URLs = strings.Fields(strings.ReplaceAll(text("urls"), ",", " "))
	server.StartTLS, server.Plain, server.Roots = tick("start_tls"), tick("plain"), text("roots")
	server.BindAs, server.Direct = text("bind_as"), text("direct")
	if secret := text("password"); secret != "" {
		server.Password = secret
	}
	if server.BindAs == "" {
		server.Password = ""
	}
	server.Base, server.Filter, server.Login, server.ID = text("base"), text("filter"), text("login"), text("id")
	server.Names = readNames(text("names"))
	server.GroupBase, server.GroupFilter, server.GroupName, server.Member = text("group_base"), text("group_filter"), text("group_name"), text("member")
	return server
}

// readNames reads lines of "ours = theirs".
func readNames(text string) map[string]string {
	names := map[string]string{}
	for line := range strings.Lines(text) {
		ours, theirs, _ := strings.Cut(line, "=")
		if ours = strings.TrimSpace(ours); ours != "" {
			names[ours] = strings.TrimSpace(theirs)
		}
	}
	return names
}

func writeNames(names map[string]string) string {
	var b strings.Builder
	known := []string{"title", "first_name", "last_name", "name", "mail", "language"}
	for _, ours := range known {
		if theirs := names[ours]; theirs != "" {
			b.WriteString(ours + " = " + theirs + "\n")
		}
	}
	for _, ours := range sortedKeys(names) {
		if !slices.Contains(known, ours) {
			b.WriteString(ours + " = " + names[ours] + "\n")
		}
	}
	return b.String()
}

// readPairs reads the rows of a field that has two of each; rows without
// anything of theirs are none.
func readPairs(v *frame.Visit, name string) (pairs []views.FormPair) {
	theirs, ours := v.PostForm[name+".theirs"], v.PostForm[name+".ours"]
	for i := range min(len(theirs), len(ours)) {
		if t := strings.TrimSpace(theirs[i]); t != "" {
			pairs = append(pairs, views.FormPair{Theirs: t, Ours: ours[i]})
		}
	}
	return pairs
}

// former puts settings into the fields of a form.
type former struct {
	v     *frame.Visit
	wrong map[string]string
	kept  bool // its secret is
}

// line is a field of one line, named and explained by the messages under its
// name.
func (f former) line(name, value string) views.FormField {
	label := "method.field." + name
	field := views.FormField{Input: ui.Input{Name: name, Label: f.v.Words.T(label), Value: value, Wrong: f.wrong[name], Max: 500}}
	if help := label + ".help"; f.v.Words.Has(help) {
		field.Help = f.v.Words.T(help)
	}
	return field
}

// button is the name of a way in that people choose by it when they sign in.
func (f former) button(name string) views.FormField {
	field := f.line("name", name)
	field.Help = f.v.Words.T("method.field.name.button.help")
	return field
}

// product is the name of a product that vouches for people.
func (f former) product(name string) views.FormField {
	field := f.line("name", name)
	field.Help = f.v.Words.T("method.field.name.product.help")
	return field
}

func (f former) tick(name string, on bool) views.FormField {
	field := f.line(name, "")
	field.Tick, field.On = true, on
	return field
}

func (f former) lines(name, value string, rows int) views.FormField {
	field := f.line(name, value)
	field.Rows = rows
	return field
}

// secret is a field that is shown empty, whatever was typed.
func (f former) secret(name string) views.FormField {
	field := f.line(name, "")
	field.Type, field.Autocomplete = "password", "off"
	field.Help = admin.SecretHelp(f.v, f.kept, f.v.PostFormValue(name) != "")
	return field
}

func (f former) section(key string, fields ...views.FormField) views.FormSection {
	s := views.FormSection{Title: f.v.Words.T("method.section." + key), Fields: fields}
	if lead := "method.section." + key + ".lead"; f.v.Words.Has(lead) {
		s.Lead = f.v.Words.T(lead)
	}
	return s
}

// sections are those of a kind, and the settings one may begin from.
func (f former) sections(m admission.Method) (likes []views.Option, sections []views.FormSection) {
	switch {
	case m.SAML != nil:
		return f.samlSections(m)
	case m.OIDC != nil:
		return nil, f.partySections(m)
	case m.Trusted != nil:
		return nil, []views.FormSection{f.section("host", f.product(m.Name), f.line("issuer", m.Trusted.Issuer), f.lines("keys", m.Trusted.Keys, 5), f.line("origins", strings.Join(m.Trusted.Origins, " ")))}
	}
	if m.Kind == admission.SCIM {
		return nil, []views.FormSection{f.section("scim", f.line("name", m.Name))}
	}
	d := *m.LDAP
	if m.ID == "" {
		likes = []views.Option{{Value: "ad", Name: "Active Directory"}, {Value: "openldap", Name: "OpenLDAP"}}
	}
	return likes, []views.FormSection{
		f.section("server", f.line("name", m.Name), f.line("urls", strings.Join(d.URLs, " ")), f.tick("start_tls", d.StartTLS), f.lines("roots", d.Roots, 3), f.tick("plain", d.Plain)),
		f.section("bind", f.line("bind_as", d.BindAs), f.secret("password"), f.line("direct", d.Direct)),
		f.section("people", f.line("base", d.Base), f.line("filter", d.Filter), f.line("login", d.Login), f.line("id", d.ID), f.lines("names", writeNames(d.Names), 8)),
		f.section("groups", f.line("group_base", d.GroupBase), f.line("group_filter", d.GroupFilter), f.line("group_name", d.GroupName), f.line("member", d.Member)),
		f.section("sync", f.number("minutes", m.Sync.Minutes), f.tick("suspend", m.Sync.Suspend)),
	}
}

// partySections are those of a provider of OpenID Connect.
func (f former) partySections(m admission.Method) []views.FormSection {
	p := *m.OIDC
	groups := f.line("groups_from", p.Groups)
	groups.Label, groups.Wrong = f.v.Words.T("method.field.groups_claim"), f.wrong["groups"]
	name := f.line("login", p.Login)
	name.Label = f.v.Words.T("method.field.login_claim")
	return []views.FormSection{
		f.section("party", f.button(m.Name), f.line("issuer", p.Issuer), f.line("client_id", p.ClientID), f.secret("client_secret"), f.line("scopes", strings.Join(p.Scopes, " "))),
		f.section("told", name, f.lines("names", writeNames(p.Names), 6), groups),
	}
}

func (f former) number(name string, n int) views.FormField {
	field := f.line(name, strconv.Itoa(n))
	field.Type = "number"
	return field
}

// accounts are what becomes of the people a way in proves.
func (f former) accounts(m admission.Method, domains, groups []views.Option) views.FormSection {
	a := m.Accounts
	take, role := f.line("take", string(a.Take)), f.line("role", string(a.Role))
	take.Choices, role.Choices = takings(f.v), roles(f.v)
	in := f.line("groups", "")
	in.Ours = groups
	for _, g := range a.Groups {
		in.Pairs = append(in.Pairs, views.FormPair{Theirs: g.Theirs, Ours: g.Group})
	}
	in.Pairs = append(in.Pairs, make([]views.FormPair, 3)...)
	as := f.line("roles", "")
	as.Ours = roles(f.v)
	for _, r := range a.Roles {
		as.Pairs = append(as.Pairs, views.FormPair{Theirs: r.Theirs, Ours: string(r.Role)})
	}
	as.Pairs = append(as.Pairs, make([]views.FormPair, 2)...)
	where := f.line("domain", "")
	for _, d := range domains {
		where.Several = append(where.Several, views.DomainTick{Option: d, On: slices.Contains(a.Domains, d.Value)})
	}
	switch m.Kind {
	case admission.SCIM: // it makes accounts and names its groups itself, and no administrators
		role.Choices = slices.DeleteFunc(role.Choices, func(o views.Option) bool { return o.Value == string(access.Administrator) })
		return f.section("accounts", take, role, where)
	case admission.Trusted: // whom it vouches for is a user
		return f.section("accounts", f.tick("create", a.Create), take, where, in)
	}
	return f.section("accounts", f.tick("create", a.Create), take, role, where, in, as)
}
