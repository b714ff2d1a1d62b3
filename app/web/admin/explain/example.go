package explain

import (
	"cmp"
	"slices"

	"selfhelp/app/access"
	"selfhelp/app/web/admin"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views/ui"
)

// projectsLookedAt is how many projects of a domain are looked at for an example.
const projectsLookedAt = 20

// examples are questions about people and things of this server, to begin with.
func (s *Explainer) examples(v *frame.Visit) (list []ui.Place, err error) {
	users, err := s.Content.Users(v.Context(), store.UserFilter{Among: admin.Among(v), Active: true, Limit: peopleOffered})
	if err != nil {
		return nil, err
	}
	users = slices.DeleteFunc(users, func(u store.User) bool { return u.ID == v.Who.ID })
	one := func(is func(access.Role) bool) (store.User, bool) {
		i := slices.IndexFunc(users, func(u store.User) bool { return is(u.Role) })
		if i < 0 {
			return store.User{}, false
		}
		return users[i], true
	}
	reader, reads := one(func(r access.Role) bool { return r == access.User })
	writer, writes := one(func(r access.Role) bool { return r != access.Administrator && r.EntersStudio() })
	p, entry, err := s.something(v)
	if err != nil {
		return nil, err
	}
	if reads && entry.UID != "" {
		list = append(list, ui.Place{
			Name: v.Words.T("explain.example.start", reader.Name(), cmp.Or(s.Words(v, entry.Title), entry.Alias)),
			URL:  address(reader.Login, "project:"+p.ID, entry.UID, ""),
		})
	}
	if writes && entry.UID != "" {
		list = append(list, ui.Place{
			Name: v.Words.T("explain.example.change", writer.Name(), cmp.Or(s.Words(v, p.Data.Name), p.Alias)),
			URL:  address(writer.Login, "project:"+p.ID, "", access.ModifyProject),
		})
	}
	for _, u := range users[:min(1, len(users))] {
		list = append(list, ui.Place{Name: v.Words.T("explain.example.sign_in", u.Name()), URL: address(u.Login, "server", "", "")})
	}
	return list, nil
}

// something is a project that the person administers, and a procedure of it that
// people may start; the zero values when there is none.
func (s *Explainer) something(v *frame.Visit) (store.Project, store.Procedure, error) {
	domains, err := s.Administered(v)
	if err != nil {
		return store.Project{}, store.Procedure{}, err
	}
	slices.SortFunc(domains, func(a, b store.Domain) int { return frame.CompareDomains(a.ID, b.ID) })
	for _, d := range domains {
		projects, err := s.Content.Projects(v.Context(), d.ID)
		if err != nil {
			return store.Project{}, store.Procedure{}, err
		}
		for _, p := range projects[:min(len(projects), projectsLookedAt)] {
			lines, err := s.Content.Procedures(v.Context(), p.ID)
			if err != nil {
				return store.Project{}, store.Procedure{}, err
			}
			if i := slices.IndexFunc(lines, func(l store.Procedure) bool { return l.Entry }); i >= 0 {
				return p, lines[i], nil
			}
		}
	}
	return store.Project{}, store.Procedure{}, nil
}
