package intake

import (
	"maps"
	"slices"

	"selfhelp/app/access"
	"selfhelp/app/transfer/roster"
	"selfhelp/app/web/admin"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views/ui"
)

// outset is what an import is planned against: what there is, as far as the
// person may know and change it.
type outset struct {
	roster.World
	known  map[string]store.Known // by the id of the user
	ruled  []store.Group          // with a rule
	places map[string]string      // what people call domains and groups, by id
	names  map[string]string      // by which audiences name groups, by id
}

// loginsAtOnce is how many accounts are looked for in one reading.
const loginsAtOnce = 500

// outsetOf gathers what the lines of a sheet are about.
func (s *Intake) outsetOf(v *frame.Visit, sheet roster.Sheet, domain string) (*outset, error) {
	rule, err := s.Desk.Passwords(v.Context())
	if err != nil {
		return nil, err
	}
	o := &outset{known: map[string]store.Known{}, places: map[string]string{}, names: map[string]string{}}
	o.World = roster.World{
		Accounts: map[string]roster.Account{}, Foreign: map[string]bool{}, Alike: map[string]bool{}, Domains: map[string]string{}, Groups: map[string][]string{},
		Titles: map[string]bool{}, Bare: map[string]bool{}, Counts: map[string][]string{},
		Roles: map[string]access.Role{}, Domain: domain, Password: rule.Check,
	}
	for _, l := range ui.Languages() {
		o.Languages = append(o.Languages, l.Tag)
		for _, role := range access.Roles() {
			o.Roles[roster.Called(string(role))] = role
			o.Roles[roster.Called(ui.In(l.Tag).T("role."+string(role)))] = role
		}
	}
	if o.ruled, err = s.Content.RuledGroups(v.Context()); err != nil {
		return nil, err
	}
	if err := s.namePlaces(v, o); err != nil {
		return nil, err
	}
	for keys := range slices.Chunk(sheet.Keys(), loginsAtOnce) {
		found, err := s.Content.KnownByLogin(v.Context(), keys)
		if err != nil {
			return nil, err
		}
		for key, one := range found {
			o.meet(v, key, one)
		}
		alike, err := s.Content.LookTaken(v.Context(), keys)
		if err != nil {
			return nil, err
		}
		for _, key := range alike {
			o.Alike[key] = true
		}
	}
	o.Refuses = func(was, now roster.Account, password bool) []roster.Problem {
		return o.refuses(v, was, now, password)
	}
	o.StaysTold = func(was, now roster.Account) bool {
		before := o.known[was.ID]
		return admin.StaysTold(before.Belongs, o.ruled, rostered(before.User, now))
	}
	return o, nil
}

// namePlaces gathers the domains and groups that the person may put people in.
func (s *Intake) namePlaces(v *frame.Visit, o *outset) error {
	domains, err := s.Administered(v)
	if err != nil {
		return err
	}
	for _, d := range domains {
		for _, title := range d.Title.In {
			o.Domains[roster.Called(title)] = d.ID
		}
	}
	for _, d := range domains { // an id is never the title of another
		o.Domains[roster.Called(d.ID)] = d.ID
		o.places[d.ID] = s.TitleOfDomain(v, d)
		groups, err := s.Content.Groups(v.Context(), d.ID)
		if err != nil {
			return err
		}
		groups = slices.DeleteFunc(groups, func(g store.Group) bool { return !admin.AdministersAll(v, g) })
		o.callGroups(d, groups)
		for _, g := range groups {
			o.places[g.ID], o.names[g.ID], o.Counts[g.ID] = s.GroupTitle(v, g), g.Name, g.In()
		}
	}
	return nil
}

// callGroups takes in what the groups of a domain are called: their ids, their
// names, and the titles that pages show, each with the domain before it too. In
// a domain, what is the name of one is never the title of another.
func (o *outset) callGroups(d store.Domain, groups []store.Group) {
	domain := append(slices.Collect(maps.Values(d.Title.In)), d.ID)
	call := func(g store.Group, name string, title bool) {
		for _, before := range append(domain, "") {
			bare := before == ""
			if !bare {
				before += "/"
			}
			if key := roster.Called(before + name); !slices.Contains(o.Groups[key], g.ID) {
				o.Groups[key] = append(o.Groups[key], g.ID)
				o.Titles[key], o.Bare[key] = title, bare
			}
		}
	}
	named := map[string]bool{}
	for _, g := range groups {
		named[roster.Called(g.Name)] = true
		o.Groups[roster.Called(g.ID)] = []string{g.ID}
		call(g, g.Name, false)
	}
	for _, g := range groups {
		for _, title := range g.Title.In {
			if !named[roster.Called(title)] {
				call(g, title, true)
			}
		}
	}
}

// meet takes in an account that a line is about, when the person may know of it.
func (o *outset) meet(v *frame.Visit, key string, one store.Known) {
	theirs := v.RulesServer() || slices.ContainsFunc(admin.DomainsOf(one.Belongs), func(d string) bool { return admin.Administers(v, d) })
	if !theirs {
		o.Foreign[key] = true
		return
	}
	u := one.User
	o.known[u.ID] = one
	o.Accounts[key] = roster.Account{
		ID: u.ID, Login: u.Login, Title: u.Title, FirstName: u.FirstName, LastName: u.LastName, Mail: u.Mail, Language: u.Language,
		Role: u.Role, Everywhere: u.Everywhere, Active: u.Active, Attributes: u.Attributes,
		Domains: one.Belongs.Domains, Groups: one.Belongs.ByHandOnly(), Told: admin.IsToldIn(one.Belongs),
	}
}

// refuses says what of a line the person may not do.
func (o *outset) refuses(v *frame.Visit, was, now roster.Account, password bool) (list []roster.Problem) {
	refuse := func(field roster.Field, key string) {
		list = append(list, roster.Problem{Field: field, Key: key})
	}
	before := o.known[was.ID]
	switch {
	case !v.RulesServer() && admin.Reaches(v, before.User, before.Belongs):
		refuse("", "fault.user.wider")
	case was.ID == v.Who.ID && (now.Role != was.Role || now.Everywhere != was.Everywhere || now.Active != was.Active):
		refuse("", "fault.user.self")
	case admin.EndsOwn(v, was.ID, was.Domains, now.Domains):
		refuse(roster.Domains, "fault.user.self")
	case was.ID == v.Who.ID && password:
		refuse(roster.Password, "fault.user.own_password")
	case now.Everywhere && !v.RulesServer():
		refuse(roster.Domains, "fault.user.everywhere")
	}
	after := rostered(before.User, now)
	if !v.RulesServer() && slices.ContainsFunc(o.ruled, func(g store.Group) bool { return admin.EntersWider(v, g, before.User, after) }) {
		refuse("", "fault.user.ruled")
	}
	return list
}

// rostered is an account as a line leaves it.
func rostered(u store.User, now roster.Account) store.User {
	if u.ID == "" {
		u.Login = now.Login
	}
	u.Title, u.FirstName, u.LastName, u.Mail, u.Language = now.Title, now.FirstName, now.LastName, now.Mail, now.Language
	u.Role, u.Everywhere, u.Active, u.Attributes = now.Role, now.Everywhere, now.Active, now.Attributes
	return u
}
