package servers

import (
	"cmp"
	"net"
	"net/url"
	"strconv"

	"selfhelp/app/platform"
	"selfhelp/app/web/frame"
	"selfhelp/views"
)

// flows is the matrix of network flows as the settings make it now, those first that a
// platform always has.
func (s *Room) flows(v *frame.Visit, members []platform.Standing) (all []views.Flow, err error) {
	T := v.Words.T
	here, people := T("servers.flow.edition"), T("servers.flow.people")
	port := portOf(s.Origin)
	switch {
	case s.Role == frame.Both && len(members) == 0:
		all = append(all, views.Flow{From: people, To: cmp.Or(s.Origin, T("servers.flow.this")), Port: port, For: T("servers.flow.for.all"), Paper: true})
	default:
		all = append(all, views.Flow{From: T("servers.flow.writers"), To: cmp.Or(s.Origin, here), Port: port, For: T("servers.flow.for.write"), Paper: true})
	}
	for _, m := range members {
		all = append(all,
			views.Flow{From: people, To: m.Server.Address, Port: portOf(m.Server.Address), For: T("servers.flow.for.run"), Paper: true},
			views.Flow{From: here, To: m.Server.Address, Port: portOf(m.Server.Address), For: T("servers.flow.for.publish"), Paper: true},
		)
	}
	from := here
	if len(members) > 0 {
		from = T("servers.flow.both")
	}
	methods, _, err := s.Desk.Settings(v.Context())
	if err != nil {
		return nil, err
	}
	for _, m := range methods.Methods {
		switch {
		case m.LDAP != nil:
			for _, address := range m.LDAP.URLs {
				all = append(all, views.Flow{From: from, To: address, Port: portOf(address), For: T("servers.flow.for.directory")})
			}
		case m.OIDC != nil:
			all = append(all, views.Flow{From: from, To: m.OIDC.Issuer, Port: portOf(m.OIDC.Issuer), For: T("servers.flow.for.provider")})
		}
	}
	mail, _, err := s.Post.Server(v.Context())
	if err != nil {
		return nil, err
	}
	if mail.Host != "" {
		all = append(all, views.Flow{From: from, To: mail.Host, Port: tcp(mail.Port), For: T("servers.flow.for.mail")})
	}
	if copied, is := s.Store.Copying(); is {
		all = append(all, views.Flow{From: here, To: copied.Target, Port: portOf(copied.Target), For: T("servers.flow.for.replica")})
	}
	return all, nil
}

// usual are the ports of schemes.
var usual = map[string]int{"https": 443, "http": 80, "ldaps": 636, "ldap": 389, "webdavs": 443, "webdav": 80, "sftp": 22, "s3": 443}

// portOf is the port that an address is at, "" where it names none.
func portOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	if _, port, err := net.SplitHostPort(u.Host); err == nil {
		return port + " TCP"
	}
	return tcp(usual[u.Scheme])
}

// tcp writes a port, "" where none is known.
func tcp(port int) string {
	if port == 0 {
		return ""
	}
	return strconv.Itoa(port) + " TCP"
}
