package admin

import (
	"net/http"
	"net/url"
	"slices"

	"selfhelp/app/access"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
)

const usersPage = frame.ListPage

// userFilter reads which accounts a list shows. What is unknown filters
// nothing, and nobody sees beyond their own domains.
func (s *Admin) userFilter(v *frame.Visit, q url.Values) (store.UserFilter, views.List) {
	l := frame.Listed(q, "/admin/users", store.UserSorts, "q", "domain", "role", "state", "group", "attribute", "value")
	f := store.UserFilter{Among: Among(v), Text: l.Value("q"), Domain: l.Value("domain"), Group: l.Value("group"), Attribute: l.Value("attribute"), Value: l.Value("value"), Sort: l.Sort, Down: l.Down, After: q.Get("after"), Limit: usersPage + 1}
	if role := access.Role(l.Value("role")); slices.Contains(access.Roles(), role) {
		f.Role = role
	}
	f.Active, f.Suspended = l.Value("state") == "active", l.Value("state") == "suspended"
	if f.Domain != "" && !Administers(v, f.Domain) {
		f.Domain = ""
	}
	return f, l
}

// users lists accounts.
func (s *Admin) users(w http.ResponseWriter, v *frame.Visit) error {
	f, l := s.userFilter(v, v.URL.Query())
	users, err := s.Content.Users(v.Context(), f)
	if err != nil {
		return err
	}
	l.First, l.Further = l.Address(""), f.After != ""
	counted := f
	counted.After = ""
	if l.Count, err = s.Content.CountUsersLike(v.Context(), counted); err != nil {
		return err
	}
	if len(users) > usersPage {
		users = users[:usersPage]
		l.Next = l.Address("", "after", users[usersPage-1].ID)
	}
	page := views.AdminUsers{Office: s.Office(w, v, "users", v.Words.T("admin.users")), List: l}
	if page.Choices, err = s.DomainOptions(v); err != nil {
		return err
	}
	if page.Groups, err = s.groupOptions(v); err != nil {
		return err
	}
	if page.AttributeNames, err = s.attributeNames(v); err != nil {
		return err
	}
	if page.Users, err = s.userRows(v, users); err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// groupOptions are the groups the person may put people in.
func (s *Admin) groupOptions(v *frame.Visit) (list []views.Option, err error) {
	rows, err := s.groupRows(v)
	for _, g := range rows {
		if g.Mine {
			list = append(list, views.Option{Value: g.ID, Name: g.Title + " (" + v.Words.Show(g.Domains) + ")"})
		}
	}
	return list, err
}

// DomainOptions are the domains the person may choose from.
func (s *Admin) DomainOptions(v *frame.Visit) (list []views.Option, err error) {
	domains, err := s.Administered(v)
	for _, d := range domains {
		list = append(list, views.Option{Value: d.ID, Name: s.TitleOfDomain(v, d)})
	}
	return list, err
}

// userRows are accounts as lists show them. Someone else's domains are not
// shown to who does not administer them.
func (s *Admin) userRows(v *frame.Visit, users []store.User) ([]views.UserRow, error) {
	names, err := s.domainNames(v)
	if err != nil {
		return nil, err
	}
	rows := make([]views.UserRow, len(users))
	for i, u := range users {
		rows[i] = views.UserRow{
			ID: u.ID, Name: u.Name(), Login: u.Login, Mail: u.Mail, Role: string(u.Role),
			Everywhere: u.Everywhere, Active: u.Active, Self: u.ID == v.Who.ID, Courtesy: u.Title, Created: u.Created,
			Attributes: attributeRows(userForm{user: u}),
		}
		m, err := s.Content.Memberships(v.Context(), u.ID)
		if err != nil {
			return nil, err
		}
		for _, d := range DomainsOf(m) {
			if Administers(v, d) {
				rows[i].Domains = append(rows[i].Domains, names[d])
			}
		}
		for _, g := range m.Groups {
			if slices.ContainsFunc(g.In(), func(d string) bool { return Administers(v, d) }) {
				rows[i].Groups = append(rows[i].Groups, s.GroupTitle(v, g))
			}
		}
	}
	return rows, nil
}
