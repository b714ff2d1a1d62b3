package admin

import (
	"cmp"
	"slices"
	"strings"

	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/store/people"
	"selfhelp/views"
)

// written are what is written for groups, by domain.
type written map[string][]people.Written

// writtenFor looks once through each of the domains that the person administers for what
// names one of some groups there: in the domain named, or in all of theirs.
func (s *Admin) writtenFor(v *frame.Visit, groups []store.Group, domain string) (written, error) {
	names := map[string][]string{}
	for _, g := range groups {
		for _, d := range g.In() {
			if Administers(v, d) && (domain == "" || d == domain) {
				names[d] = append(names[d], g.Names()...)
			}
		}
	}
	found := written{}
	for d, sought := range names {
		var err error
		if found[d], err = s.Content.WrittenFor(v.Context(), d, sought); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// of are those of a domain that name a group.
func (w written) of(g store.Group, domain string) (mine []people.Written) {
	for _, one := range w[domain] {
		if slices.ContainsFunc(one.Names, func(name string) bool { return slices.Contains(g.Names(), name) }) {
			mine = append(mine, one)
		}
	}
	return mine
}

// opened is what a group opens in some domains, as far as the person administers
// them: what is written for it, each thing once, and the rights that projects give
// it.
func (s *Admin) opened(v *frame.Visit, g store.Group, found written, domains []string, names map[string]string) (views.GroupOpens, error) {
	var opens views.GroupOpens
	for _, d := range domains {
		if !Administers(v, d) {
			continue
		}
		for _, w := range published(found.of(g, d)) {
			line := s.openedLine(v, d, w)
			if w.Active {
				opens.Published = append(opens.Published, line)
			} else {
				opens.Written = append(opens.Written, line)
			}
			if w.Kind == people.WrittenTrial {
				opens.Trials++
			}
		}
		opens.Domains = append(opens.Domains, views.Option{Value: d, Name: names[d]})
	}
	held, err := s.Content.GroupHoldings(v.Context(), g.ID)
	held = slices.DeleteFunc(held, func(h store.Holding) bool { return !slices.Contains(domains, h.Domain) })
	opens.Rights = s.rightsIn(v, held)
	return opens, err
}

// rightsIn are rights by project, in the domains that the person administers;
// ownership, which is none, is left out.
func (s *Admin) rightsIn(v *frame.Visit, held []store.Holding) (list []views.GroupRights) {
	for _, h := range held {
		if h.Right == "" || !Administers(v, h.Domain) {
			continue
		}
		right := v.Words.T("right." + string(h.Right))
		if i := slices.IndexFunc(list, func(r views.GroupRights) bool { return r.Project == h.Project }); i >= 0 {
			list[i].Rights = append(list[i].Rights, right)
			continue
		}
		list = append(list, views.GroupRights{Project: h.Project, Name: cmp.Or(s.Words(v, h.Name), h.Alias), Rights: []string{right}})
	}
	return list
}

// lost says how much names a group and where it has rights, for who is about to
// delete it, or to take it out of a domain; "" when nothing does.
func (s *Admin) lost(v *frame.Visit, g store.Group, found written, domain string) (string, error) {
	domains := g.In()
	if domain != "" {
		domains = []string{domain}
	}
	opens, err := s.opened(v, g, found, domains, nil)
	var lost []string
	if n := len(opens.Published) + len(opens.Written); n > 0 {
		lost = append(lost, v.Words.N("opens.lost", n))
	}
	if opens.Trials > 0 {
		lost = append(lost, v.Words.N("opens.lost.trials", opens.Trials))
	}
	if n := len(opens.Rights); n > 0 {
		lost = append(lost, v.Words.N("opens.lost.rights", n))
	}
	return strings.Join(lost, " "), err
}

// published leaves each thing once: as people run it, else as it is written.
func published(all []people.Written) (once []people.Written) {
	for _, w := range all {
		same := func(o people.Written) bool { return o.Kind == w.Kind && o.Project == w.Project && o.ID == w.ID }
		i := slices.IndexFunc(once, same)
		switch {
		case i < 0:
			once = append(once, w)
		case w.Active && !once[i].Active:
			once[i] = w
		}
	}
	return once
}

func (s *Admin) openedLine(v *frame.Visit, domain string, w people.Written) views.OpenedLine {
	project := cmp.Or(s.Words(v, w.Name), w.Alias)
	line := views.OpenedLine{Kind: v.Words.T("opens." + string(w.Kind)), Name: project, Domain: domain, URL: "/studio/p/" + w.Project + "/settings"}
	switch w.Kind {
	case people.WrittenTrial:
		line.Name, line.URL = v.Words.T("explain.in_version", project, w.Version), "/studio/p/"+w.Project+"/versions"
	case people.WrittenCategory:
		line.Name = v.Words.T("explain.procedure", cmp.Or(s.Words(v, w.Title), w.Part), project)
		line.URL += "#categories"
	case people.WrittenProcedure, people.WrittenAnswer, people.WrittenFormula:
		line.Name, line.URL = v.Words.T("explain.procedure", cmp.Or(s.Words(v, w.Title), w.Part), project), "/studio/p/"+w.Project+"/d/"+w.ID
	}
	return line
}
