package explain

import (
	"slices"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/web/admin"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// row is the answer to one question, what led to it, and what comes next.
func (t *teller) row(e access.Explanation, who access.Identity, a ask) (views.ExplainRow, error) {
	row := views.ExplainRow{What: t.v.Words.T("permission." + string(a.do)), Verdict: views.ExplainNo, Answer: t.v.Words.T("explain.no")}
	if a.version != "" {
		row.What = t.v.Words.T("explain.in_version", row.What, a.version)
	}
	var err error
	if row.Chain, err = t.chain(e); err != nil {
		return row, err
	}
	if !e.Allowed {
		row.Next = t.next(e.Chain[len(e.Chain)-1])
		return row, nil
	}
	t.verdict(&row, t.onWays(who, a), access.Can(access.Identity{Anonymous: true}, a.do, a.on).Allowed)
	return row, nil
}

func (t *teller) way(m admission.Method) string {
	if m.Kind == admission.Internal {
		return t.v.Words.T("method.internal")
	}
	return m.Name
}

// pages are those of groups, by name, that whoever asks may open.
func (t *teller) pages(names []string) (places []ui.Place) {
	for _, name := range names {
		g, is := t.named[name]
		if is && slices.ContainsFunc(g.In(), func(d string) bool { return admin.Administers(t.v, d) }) {
			places = append(places, ui.Place{Name: t.s.GroupTitle(t.v, g), URL: "/admin/groups/" + g.ID})
		}
	}
	return places
}

// changes reports whether whoever asks may change the account.
func (t *teller) changes() bool {
	return t.u.ID != t.v.Who.ID && (t.v.RulesServer() || !admin.Reaches(t.v, t.u, t.m))
}

// toAccount is a step on the page of the account, when whoever asks may take it.
func (t *teller) toAccount(anchor, key string, args ...any) []views.ExplainStep {
	if !t.changes() {
		return nil
	}
	return []views.ExplainStep{{Text: t.v.Words.T(key, args...), URL: t.account + anchor}}
}

// next are the steps that would change a refusal, by the link that decided it.
func (t *teller) next(l access.Link) []views.ExplainStep {
	switch l.Fact {
	case access.Active:
		return t.toAccount("#access", "explain.next.reinstate")
	case access.Placed, access.OfDomain, access.Attached:
		return t.toAccount("#domain", "explain.next.domain")
	case access.RoleAllows, access.RoleTakes:
		return t.toAccount("#role", "explain.next.role")
	case access.ForProject, access.ForVersion, access.ForCategory, access.ForProcedure:
		return t.enter(l.Groups, t.written(l.Fact))
	case access.OwnsProject: // what is the owner's to give
		return []views.ExplainStep{{Text: t.v.Words.T("explain.next.owner"), URL: "/studio/p/" + t.on.project.ID + "/settings#owner-title"}}
	case access.Granted:
		return append(t.enter(t.holders(l.Rights), "/settings#rights"), views.ExplainStep{Text: t.v.Words.T("explain.next.rights"), URL: "/studio/p/" + t.on.project.ID + "/settings#rights"})
	}
	return nil
}

// stepsShown is how many groups are offered to put somebody in.
const stepsShown = 4

// written is where of the project the groups are named that a fact speaks of.
func (t *teller) written(f access.Fact) string {
	switch {
	case f == access.ForVersion:
		return "/versions"
	case f == access.ForCategory:
		return "/settings#categories"
	case f == access.ForProcedure && t.on.one != nil:
		return "/d/" + t.on.one.UID
	}
	return "/settings#reach"
}

// enter are the steps to put the person in one of some groups; where one is gone, to
// what still names it.
func (t *teller) enter(names []string, written string) (steps []views.ExplainStep) {
	for _, name := range names {
		g, is := t.named[name]
		switch {
		case !is:
			steps = append(steps, views.ExplainStep{Text: t.v.Words.T("explain.next.gone", name), URL: "/studio/p/" + t.on.project.ID + written})
		case admin.AdministersAll(t.v, g) && len(steps) < stepsShown:
			steps = append(steps, views.ExplainStep{Text: t.v.Words.T("explain.next.group", t.u.Name(), t.s.GroupTitle(t.v, g)), URL: admin.EnterAddress(g, t.u)})
		}
	}
	return steps
}

// holders are the groups to which the project gives one of some rights.
func (t *teller) holders(rights []access.Right) (names []string) {
	for _, g := range t.on.grants {
		if g.Group != "" && slices.Contains(rights, g.Right) && !slices.Contains(names, g.Group) {
			names = append(names, g.Group)
		}
	}
	return names
}

// publish is where a version is published.
func (t *teller) publish() []views.ExplainStep {
	return []views.ExplainStep{{Text: t.v.Words.T("explain.next.publish"), URL: "/studio/p/" + t.on.project.ID + "/versions"}}
}
