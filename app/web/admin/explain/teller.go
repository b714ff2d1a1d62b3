package explain

import (
	"cmp"
	"slices"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
)

// teller says the links of explanations about one person and one thing.
type teller struct {
	s       *Explainer
	v       *frame.Visit
	u       store.User
	m       store.Memberships
	on      thing
	domain  string // title
	ways    map[string]string
	come    []admission.Way        // by which the person can come in now
	named   map[string]store.Group // of the domain, by the names they have or had
	account string                 // where the account is
}

func (s *Explainer) teller(v *frame.Visit, u store.User, on thing) (*teller, error) {
	m, err := s.Content.Memberships(v.Context(), u.ID)
	if err != nil {
		return nil, err
	}
	t := &teller{s: s, v: v, u: u, m: m, on: on, domain: s.DomainName(v, on.Domain), named: map[string]store.Group{}, account: "/admin/users/" + u.ID}
	groups, err := s.Content.Groups(v.Context(), on.Domain)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		for _, name := range g.Names() {
			t.named[name] = g
		}
	}
	if t.come, err = s.Desk.Ways(v.Context(), u); err != nil {
		return nil, err
	}
	t.ways, err = s.WaysIn(v.Context())
	return t, err
}

// chain says the links of an explanation, each once.
func (t *teller) chain(e access.Explanation) (all []views.ExplainLink, err error) {
	for _, l := range e.Chain {
		link := views.ExplainLink{Holds: l.Holds, Groups: t.pages(l.Groups)}
		if link.Text, err = t.link(l); err != nil {
			return nil, err
		}
		if link.More, err = t.more(l); err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(all, func(known views.ExplainLink) bool { return known.Text == link.Text }) {
			all = append(all, link)
		}
	}
	return all, nil
}

// link says one fact that holds, or does not.
func (t *teller) link(l access.Link) (string, error) {
	key := "explain." + string(l.Fact) + ".no"
	if l.Holds {
		key = "explain." + string(l.Fact) + ".yes"
	}
	switch l.Fact {
	case access.OfDomain, access.Attached, access.Administers:
		if l.Domain == access.EveryDomain {
			return t.v.Words.T(strings.Replace(key, string(l.Fact), "of_server", 1)), nil
		}
		return t.v.Words.T(key, t.domain), nil
	case access.RoleAllows:
		return t.v.Words.T(key, t.role(l.Role)), nil
	case access.RoleTakes:
		return t.v.Words.T(key, t.role(l.Role)), nil
	case access.ForProject, access.ForCategory, access.ForProcedure:
		if len(l.Groups) == 0 {
			return t.v.Words.T("explain." + string(l.Fact) + ".all"), nil
		}
		groups, err := t.groups(l.Groups)
		return t.v.Words.T(key, groups), err
	case access.ForVersion:
		groups, err := t.groups(l.Groups)
		return t.v.Words.T(key, l.Version, groups), err
	case access.Granted:
		rights := make([]string, len(l.Rights))
		for i, r := range l.Rights {
			rights[i] = t.v.Words.T("right." + string(r))
		}
		if len(l.Groups) == 0 {
			return t.v.Words.T(key, strings.Join(rights, ", ")), nil
		}
		groups, err := t.groups(l.Groups)
		return t.v.Words.T("explain.granted.group", groups, strings.Join(rights, ", ")), err
	}
	return t.v.Words.T(key), nil
}

func (t *teller) role(r access.Role) string {
	if !t.v.Words.Has("role." + string(r)) {
		return t.v.Words.T("explain.no_role")
	}
	return t.v.Words.T("role." + string(r))
}

// groups are the titles of groups of the domain.
func (t *teller) groups(names []string) (string, error) {
	titles, err := t.s.GroupTitles(t.v, t.on.Domain, names)
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = titles[name]
	}
	return strings.Join(words, ", "), err
}

// more says why the person is in what the link speaks of: the groups, or the
// domain.
func (t *teller) more(l access.Link) (all []string, err error) {
	if !l.Holds {
		return nil, nil
	}
	if l.Fact == access.OfDomain {
		return t.inDomain(), nil
	}
	for _, name := range l.Groups {
		for _, g := range t.m.Groups {
			if slices.Contains(g.Names(), name) && slices.Contains(g.In(), t.on.Domain) {
				all = append(all, t.inGroup(g)...)
			}
		}
	}
	return all, nil
}

// inDomain says how the person belongs to the domain.
func (t *teller) inDomain() (all []string) {
	if t.u.Everywhere {
		all = append(all, t.v.Words.T("explain.in.everywhere"))
	}
	if slices.Contains(t.m.Domains, t.on.Domain) {
		all = append(all, t.v.Words.T("explain.in.directly"))
	}
	for _, g := range t.m.Groups {
		if slices.Contains(g.In(), t.on.Domain) && len(all) < 4 { // a few are reason enough
			all = append(all, t.inGroup(g)...)
		}
	}
	return all
}

// inGroup says why the person is in a group.
func (t *teller) inGroup(g store.Group) (all []string) {
	title := t.s.GroupTitle(t.v, g)
	for _, from := range t.m.From[g.ID] {
		switch from {
		case store.ByHand:
			all = append(all, t.v.Words.T("explain.in.by_hand", title))
		case store.ByRule:
			all = append(all, t.v.Words.T("explain.in.by_rule", title, t.rule(g.Rule)))
		default:
			all = append(all, t.v.Words.T("explain.in.by_method", title, cmp.Or(t.ways[from], t.v.Words.T("explain.way.gone"))))
		}
	}
	return all
}

// rule says a rule in a line.
func (t *teller) rule(r *access.Rule) string {
	if r == nil {
		return ""
	}
	words := make([]string, len(r.Conditions))
	for i, c := range r.Conditions {
		if c.Is.TakesValue() {
			words[i] = t.v.Words.T("explain.rule."+string(c.Is), c.Attribute, c.Value)
		} else {
			words[i] = t.v.Words.T("explain.rule."+string(c.Is), c.Attribute)
		}
	}
	if r.Any {
		return strings.Join(words, " "+t.v.Words.T("explain.rule.or")+" ")
	}
	return strings.Join(words, " "+t.v.Words.T("explain.rule.and")+" ")
}
