package web

import (
	"net/http"
	"slices"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// managed is what an address of the administration names.
type managed struct {
	user    store.User
	belongs store.Memberships
	group   store.Group
	project store.Project
}

// ownAdministration is wherever the person belongs: its pages show no more.
func ownAdministration(_ *Site, v *visit) (access.Thing, error) {
	if len(v.who.Domains) == 0 {
		return access.Thing{}, nil
	}
	return access.Thing{Domain: v.who.Domains[0]}, nil
}

// addressedDomain is the domain that the address names.
func addressedDomain(_ *Site, v *visit) (access.Thing, error) {
	return access.Thing{Domain: v.PathValue("domain")}, nil
}

// administeredUser is the account that the address names, in a domain that it
// and the person share. Without one, the account is none of theirs, and none
// for them.
func administeredUser(s *Site, v *visit) (access.Thing, error) {
	if v.who.Role != access.Administrator {
		return access.Thing{}, nil // permit says why not
	}
	var err error
	if v.managed.user, err = s.content.User(v.Context(), v.PathValue("user")); err != nil {
		return access.Thing{}, err
	}
	if v.managed.belongs, err = s.content.Memberships(v.Context(), v.managed.user.ID); err != nil {
		return access.Thing{}, err
	}
	if v.rulesServer() {
		return access.Thing{Domain: access.EveryDomain}, nil
	}
	for _, d := range domainsOf(v.managed.belongs) {
		if v.administers(d) {
			return access.Thing{Domain: d}, nil
		}
	}
	return access.Thing{}, fault.New(fault.NotFound, "fault.not_found")
}

// administeredGroup is the group that the address names, in its domain.
func administeredGroup(s *Site, v *visit) (access.Thing, error) {
	if v.who.Role != access.Administrator {
		return access.Thing{}, nil
	}
	var err error
	v.managed.group, err = s.content.Group(v.Context(), v.PathValue("group"))
	if err == nil && !v.administers(v.managed.group.Domain) {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return access.Thing{Domain: v.managed.group.Domain}, err
}

func (v *visit) rulesServer() bool { return v.may(access.AdministerServer, access.Thing{}) }

func (v *visit) administers(domain string) bool {
	return v.may(access.AdministerDomain, access.Thing{Domain: domain})
}

// domainsOf lists the domains someone belongs to, directly or by a group.
func domainsOf(m store.Memberships) []string {
	all := slices.Clone(m.Domains)
	for _, g := range m.Groups {
		if !slices.Contains(all, g.Domain) {
			all = append(all, g.Domain)
		}
	}
	return all
}

// administered returns the domains that the person administers.
func (s *Site) administered(v *visit) ([]store.Domain, error) {
	all, err := s.content.Domains(v.Context())
	return slices.DeleteFunc(all, func(d store.Domain) bool { return !v.administers(d.ID) }), err
}

// among is the filter of accounts that the person may know of: nil for all.
func (v *visit) among() []string {
	if v.rulesServer() {
		return nil
	}
	return v.who.Domains
}

// office is what stands around every page of the administration.
func (s *Site) office(w http.ResponseWriter, v *visit, where, title string) views.Office {
	c := v.chrome(ui.Admin, title)
	c.Flash = s.said(w, v)
	return views.Office{Chrome: c, Where: where, Server: v.rulesServer()}
}

// titleOfDomain is the title of a domain, its id when it has none.
func (s *Site) titleOfDomain(v *visit, d store.Domain) string {
	if words, _ := d.Title.Pick(s.now(), v.words.Lang(), "en", "fr"); words != "" {
		return words
	}
	return d.ID
}

// domainNames gives the names of domains by id.
func (s *Site) domainNames(v *visit) (map[string]string, error) {
	all, err := s.content.Domains(v.Context())
	names := make(map[string]string, len(all))
	for _, d := range all {
		names[d.ID] = s.titleOfDomain(v, d)
	}
	return names, err
}
