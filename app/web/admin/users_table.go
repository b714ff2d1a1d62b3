package admin

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"selfhelp/app/transfer/roster"
	"selfhelp/app/web/frame"
	"selfhelp/store"
)

// usersTable gives the whole list out, in columns that an import reads again.
func (s *Admin) usersTable(w http.ResponseWriter, v *frame.Visit) error {
	f, _ := s.userFilter(v, v.URL.Query())
	f.After, f.Limit = "", 500
	attributes, err := s.Content.AttributeNames(v.Context(), Among(v))
	if err != nil {
		return err
	}
	if err := s.Content.Audit(v.Context(), v.Who.ID, "user.export", "", map[string]string{"filter": v.URL.RawQuery}); err != nil {
		return err
	}
	names := Head(v, "field.login", "field.title", "field.first_name", "field.last_name", "field.mail", "profile.role", "admin.user.language", "profile.domains", "profile.groups", "admin.users.told", "admin.user.active", "admin.user.created")
	for _, name := range attributes {
		names = append(names, roster.AttributePrefix+name)
	}
	done := false
	return s.SendTable(w, v, frame.Table{
		Name: "users",
		Head: names,
		Next: func() ([][]string, error) {
			if done {
				return nil, nil
			}
			users, err := s.Content.Users(v.Context(), f)
			if err != nil {
				return nil, err
			}
			if done = len(users) < f.Limit; !done {
				f.After = users[len(users)-1].ID
			}
			return s.userCells(v, users, attributes)
		},
	})
}

func (s *Admin) userCells(v *frame.Visit, users []store.User, attributes []string) ([][]string, error) {
	table := make([][]string, len(users))
	for i, u := range users {
		m, err := s.Content.Memberships(v.Context(), u.ID)
		if err != nil {
			return nil, err
		}
		domains := roster.Everywhere
		if !u.Everywhere {
			domains = roster.Join(slices.DeleteFunc(m.Domains, func(d string) bool { return !Administers(v, d) }))
		}
		hand, told := s.groupPaths(v, m)
		table[i] = []string{
			u.Login, u.Title, u.FirstName, u.LastName, u.Mail, v.Words.T("role." + string(u.Role)), u.Language,
			domains, roster.Join(hand), roster.Join(told), v.Words.T(yesNo[u.Active]), u.Created.Format(time.RFC3339),
		}
		for _, name := range attributes {
			table[i] = append(table[i], u.Attributes[name])
		}
	}
	return table, nil
}

// groupPaths are the groups of somebody that the person may know of, as an
// import reads them: those by hand, and those that a rule or a method tells.
func (s *Admin) groupPaths(v *frame.Visit, m store.Memberships) (hand, told []string) {
	for _, g := range m.Groups {
		at := slices.IndexFunc(g.In(), func(d string) bool { return Administers(v, d) })
		if at < 0 {
			continue
		}
		path := g.In()[at] + "/" + g.Name
		if strings.Contains(g.Name, roster.Separator) {
			path = g.ID
		}
		if slices.Contains(m.From[g.ID], store.ByHand) {
			hand = append(hand, path)
		} else {
			told = append(told, path)
		}
	}
	return hand, told
}
