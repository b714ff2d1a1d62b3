package admin

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/store/people"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// held is what somebody holds in the domains that the person administers: projects,
// rights in them by name, and tokens, which come in wherever their owner does. Of
// what they hold elsewhere it says only that there is some. Whoever suspends them
// has to hand it over.
func (s *Admin) held(v *frame.Visit, u store.User) (views.UserHolds, error) {
	var holds views.UserHolds
	all, err := s.Content.UserHoldings(v.Context(), u.ID)
	if err != nil {
		return holds, err
	}
	for _, h := range all {
		switch {
		case !Administers(v, h.Domain):
			holds.Elsewhere = true
		case h.Right == "":
			holds.Owned = append(holds.Owned, ui.Place{Name: cmp.Or(s.Words(v, h.Name), h.Alias), URL: ownerAddress(h)})
		}
	}
	holds.Rights = s.rightsIn(v, all)
	tokens, err := s.Content.TokensOf(v.Context(), u.ID)
	for _, k := range tokens {
		state := frame.StateOfToken(k, u, s.Now())
		if state != frame.TokenOpen && state != frame.TokenSoon {
			continue
		}
		if !v.RulesServer() && !slices.ContainsFunc(k.Scopes, inDomains) {
			holds.Elsewhere = true
			continue
		}
		used := v.Words.T("holds.token.never", k.Name)
		if !k.Used.IsZero() {
			used = v.Words.T("holds.token.used", k.Name, v.Words.Ago(k.Used, s.Now()))
		}
		holds.Tokens = append(holds.Tokens, used)
	}
	return holds, err
}

// inDomains reports whether a scope reaches into domains, not only the accounts of
// the server.
func inDomains(s access.Scope) bool { return s != access.ScopeProvision }

// ownerAddress is where a project is given to another owner.
func ownerAddress(h store.Holding) string {
	return "/studio/p/" + h.Project + "/settings#owner-title"
}

// orphanKeys are the sentences that say why a project belongs to nobody.
var orphanKeys = map[people.OrphanWhy]string{people.Ownerless: "admin.alert.ownerless", people.OwnerSuspended: "admin.alert.orphan", people.OwnerUnable: "admin.alert.unable"}

// orphansShown is how many projects without an owner the overview names.
const orphansShown = 5

// examineOwners says which projects belong to nobody, or to somebody who is
// suspended or may not own them.
func (s *Admin) examineOwners(v *frame.Visit, page *views.AdminHome) error {
	orphans, err := s.Content.Orphans(v.Context())
	orphans = slices.DeleteFunc(orphans, func(o people.Orphan) bool { return !Administers(v, o.Domain) })
	for _, o := range orphans[:min(len(orphans), orphansShown)] {
		said := orphanKeys[o.Why]
		name := cmp.Or(s.Words(v, o.Name), o.Alias)
		page.Alerts = append(page.Alerts, views.Alert{Tone: ui.Warn, What: v.Words.T(said, name), Do: v.Words.T(said + ".do"), URL: ownerAddress(o.Holding)})
	}
	if more := len(orphans) - orphansShown; more > 0 {
		page.Alerts = append(page.Alerts, views.Alert{Tone: ui.Warn, What: v.Words.N("admin.alert.orphans", more), Do: v.Words.T("admin.alert.orphans.do")})
	}
	return err
}

// heirs offers those who may own the projects of some accounts, in some domains or,
// where these are nil, in all: it says how many projects there are, in which domains,
// and who may own in all of these.
func (s *Admin) heirs(v *frame.Visit, of []store.User, among []string) (views.Heirs, []string, error) {
	var h views.Heirs
	ids := make([]string, len(of))
	for i, u := range of {
		ids[i] = u.ID
	}
	owned, err := s.Content.Owned(v.Context(), ids)
	if err != nil {
		return h, nil, err
	}
	maps.DeleteFunc(owned, func(domain string, _ int) bool {
		return !Administers(v, domain) || among != nil && !slices.Contains(among, domain)
	})
	domains := slices.Sorted(maps.Keys(owned))
	for i, d := range domains {
		may, cut, err := s.owners(v, d)
		if err != nil {
			return h, nil, err
		}
		h.Cut = h.Cut || cut
		if i == 0 {
			h.Options = slices.Clone(may)
		}
		h.Owned += owned[d]
		h.Options = slices.DeleteFunc(h.Options, func(o views.Option) bool { return slices.Contains(ids, o.Value) || !slices.Contains(may, o) })
	}
	return h, domains, nil
}

// ownersOffered is how many of each role are offered to choose an owner from: others
// are named by their login.
const ownersOffered = 200

// owners are those who may own a project of a domain, by name, and whether there are
// more.
func (s *Admin) owners(v *frame.Visit, domain string) (list []views.Option, cut bool, err error) {
	for _, role := range access.Roles() {
		if !role.Owns() {
			continue
		}
		users, err := s.Content.Users(v.Context(), store.UserFilter{Among: Among(v), Domain: domain, Role: role, Active: true, Limit: ownersOffered + 1})
		if err != nil {
			return nil, false, err
		}
		cut = cut || len(users) > ownersOffered
		for _, u := range users[:min(len(users), ownersOffered)] {
			list = append(list, views.Option{Value: u.ID, Name: u.Known()})
		}
	}
	slices.SortFunc(list, func(a, b views.Option) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return list, cut, nil
}

// heirCalled is the account of a login, if it may own projects of some domains and is
// none of those that lose theirs.
func (s *Admin) heirCalled(v *frame.Visit, login string, domains []string, of []store.User) (store.User, error) {
	u, err := s.Content.UserByLogin(v.Context(), login)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return u, err
	}
	m, merr := s.Content.Memberships(v.Context(), u.ID)
	if merr != nil {
		return u, merr
	}
	in := DomainsOf(m)
	outside := func(d string) bool { return !u.Everywhere && !slices.Contains(in, d) }
	if err != nil || !u.Active || !u.Role.Owns() || slices.ContainsFunc(domains, outside) || slices.ContainsFunc(of, func(o store.User) bool { return o.ID == u.ID }) {
		return u, fault.InField("heir_login", "fault.project.heir")
	}
	return u, nil
}

// heirOf is whom a form gives the projects of some accounts, by id and by name: those
// of the domains that it tells, or of all.
func (s *Admin) heirOf(v *frame.Visit, of []store.User) (people.Heir, string, error) {
	id, typed, lost := v.PostFormValue("heir"), frame.OneLine(v.PostFormValue("heir_login")), v.PostForm["lost"]
	if id == "" && typed == "" {
		return people.Heir{Domains: lost}, "", nil
	}
	h, domains, err := s.heirs(v, of, lost)
	if err != nil {
		return people.Heir{}, "", err
	}
	if h.Owned == 0 { // given away meanwhile, or never theirs
		return people.Heir{Domains: lost}, "", nil
	}
	if typed != "" {
		u, err := s.heirCalled(v, typed, domains, of)
		return people.Heir{User: u.ID, Domains: domains}, u.Known(), err
	}
	for _, o := range h.Options {
		if o.Value == id {
			return people.Heir{User: id, Domains: domains}, o.Name, nil
		}
	}
	return people.Heir{}, "", fault.InField("heir", "fault.project.heir")
}
