package admin

import (
	"net/http"
	"slices"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// OwnAdministration is wherever the person belongs: its pages show no more.
func (s *Admin) OwnAdministration(v *frame.Visit) (access.Thing, error) {
	own := v.Who.Attached()
	if len(own) == 0 {
		return access.Thing{}, nil
	}
	return access.Thing{Domain: own[0]}, nil
}

// addressedDomain is the domain that the address names.
func (s *Admin) addressedDomain(v *frame.Visit) (access.Thing, error) {
	return access.Thing{Domain: v.PathValue("domain")}, nil
}

// administeredUser is the account that the address names, in a domain that it
// and the person share. Without one, the account is none of theirs, and none
// for them.
func (s *Admin) administeredUser(v *frame.Visit) (access.Thing, error) {
	if v.Who.Role != access.Administrator {
		return access.Thing{}, nil // permit says why not
	}
	var err error
	if v.Managed.User, err = s.Content.User(v.Context(), v.PathValue("user")); err != nil {
		return access.Thing{}, err
	}
	if v.Managed.Belongs, err = s.Content.Memberships(v.Context(), v.Managed.User.ID); err != nil {
		return access.Thing{}, err
	}
	if v.RulesServer() {
		return access.Thing{Domain: access.EveryDomain}, nil
	}
	for _, d := range DomainsOf(v.Managed.Belongs) {
		if Administers(v, d) {
			return access.Thing{Domain: d}, nil
		}
	}
	return access.Thing{}, fault.New(fault.NotFound, "fault.not_found")
}

// administeredGroup is the group that the address names, in a domain of the
// person. Who does not administer all of its domains only looks at it.
func (s *Admin) administeredGroup(v *frame.Visit) (access.Thing, error) {
	if v.Who.Role != access.Administrator {
		return access.Thing{}, nil
	}
	var err error
	v.Managed.Group, err = s.Content.Group(v.Context(), v.PathValue("group"))
	if err != nil {
		return access.Thing{}, err
	}
	for _, d := range v.Managed.Group.In() {
		if Administers(v, d) {
			return access.Thing{Domain: d}, nil
		}
	}
	return access.Thing{}, fault.New(fault.NotFound, "fault.not_found")
}

// ownGroup is a group that the address names, to be changed: all of its domains
// are the person's.
func (s *Admin) ownGroup(v *frame.Visit) (access.Thing, error) {
	thing, err := s.administeredGroup(v)
	if err == nil && v.Who.Role == access.Administrator && !AdministersAll(v, v.Managed.Group) {
		err = fault.New(fault.Forbidden, "fault.group.wider")
	}
	return thing, err
}

// AdministersAll reports whether the person administers every domain in which a
// group counts: who enters it belongs to all of them.
func AdministersAll(v *frame.Visit, g store.Group) bool {
	return !slices.ContainsFunc(g.In(), func(d string) bool { return !Administers(v, d) })
}

// Administers reports whether the person administers a domain.
func Administers(v *frame.Visit, domain string) bool {
	return v.May(access.AdministerDomain, access.Thing{Domain: domain})
}

// DomainsOf lists the domains someone belongs to, directly or by a group.
func DomainsOf(m store.Memberships) []string {
	all := slices.Clone(m.Domains)
	for _, g := range m.Groups {
		for _, d := range g.In() {
			if !slices.Contains(all, d) {
				all = append(all, d)
			}
		}
	}
	return all
}

// Administered returns the domains that the person administers.
func (s *Admin) Administered(v *frame.Visit) ([]store.Domain, error) {
	all, err := s.Content.Domains(v.Context())
	return slices.DeleteFunc(all, func(d store.Domain) bool { return !Administers(v, d.ID) }), err
}

// Among is the filter of accounts that the person may know of: nil for all.
func Among(v *frame.Visit) []string {
	if v.RulesServer() {
		return nil
	}
	return v.Who.Attached()
}

// Office is what stands around every page of the administration.
func (s *Admin) Office(w http.ResponseWriter, v *frame.Visit, where, title string) views.Office {
	c := v.Chrome(ui.Admin, title)
	c.Flash = s.Said(w, v)
	return views.Office{Chrome: c, Where: where, Server: v.RulesServer()}
}

// TitleOfDomain is the title of a domain, its id when it has none.
func (s *Admin) TitleOfDomain(v *frame.Visit, d store.Domain) string {
	if words, _ := d.Title.Pick(s.Now(), v.Words.Lang(), "en", "fr"); words != "" {
		return words
	}
	return d.ID
}

// domainNames gives the names of domains by id.
func (s *Admin) domainNames(v *frame.Visit) (map[string]string, error) {
	all, err := s.Content.Domains(v.Context())
	names := make(map[string]string, len(all))
	for _, d := range all {
		names[d.ID] = s.TitleOfDomain(v, d)
	}
	return names, err
}
