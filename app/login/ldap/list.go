package ldap

import (
	"context"
	"strings"

	"selfhelp/app/login"

	"github.com/go-ldap/ldap/v3"
)

// pageSize is how many entries are asked for at once (RFC 2696).
const pageSize = 500

// Everybody lists all people of a directory to each, page by page, with the
// groups they are in, as the one who searches may see them. An entry that has no
// id or login is passed over.
func (s Server) Everybody(ctx context.Context, trace *login.Trace, each func(login.Identity) error) error {
	l, err := s.open(ctx, listTime, listBytes, trace)
	if err != nil {
		return err
	}
	defer l.close()
	if err := l.bindSearcher(); err != nil {
		return err
	}
	in, err := l.allGroups()
	if err != nil {
		return err
	}
	filter := strings.ReplaceAll(s.Filter, LoginMark, "*")
	return l.pages(s.Base, filter, s.attributes(), func(entry *ldap.Entry) error {
		p, err := s.person(entry)
		if err != nil {
			return nil // of a machine, perhaps
		}
		p.Groups = in.names(p)
		return each(p.Identity)
	})
}

// pages searches page by page.
func (l *link) pages(base, filter string, attributes []string, each func(*ldap.Entry) error) error {
	paging := ldap.NewControlPaging(pageSize)
	for {
		req := ldap.NewSearchRequest(base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, filter, attributes, []ldap.Control{paging})
		res, err := l.Search(req)
		if err != nil {
			return failed(err)
		}
		for _, entry := range res.Entries {
			if err := each(entry); err != nil {
				return err
			}
		}
		got, _ := ldap.FindControl(res.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging)
		if got == nil || len(got.Cookie) == 0 {
			return nil
		}
		paging.SetCookie(got.Cookie)
	}
}
