package intake

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"selfhelp/app/transfer/roster"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
)

// linesShown is how many lines of each sort a plan shows.
const linesShown = 200

// importPlan is what a list would change, as the page shows it.
func (s *Intake) importPlan(v *frame.Visit, b brought, sheet roster.Sheet, o *outset, changes []roster.Change) (*views.RosterPlan, error) {
	b.State = stateOf(changes)
	carried, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("carry list: %w", err)
	}
	plan := &views.RosterPlan{File: b.Name, Seen: s.Keys.Sign(importPurpose, string(carried))}
	for _, c := range sheet.Columns {
		plan.Columns = append(plan.Columns, views.Difference{Name: c.Head, Theirs: columnWords(v, c)})
	}
	for _, deed := range []roster.Deed{roster.Wrong, roster.Create, roster.Update, roster.Keep} {
		plan.Parts = append(plan.Parts, o.part(v, deed, changes))
	}
	return plan, nil
}

// part are the lines that would do the same: what is wrong with many of them is
// said once, and the others are shown, the first of them.
func (o *outset) part(v *frame.Visit, deed roster.Deed, changes []roster.Change) views.RosterPart {
	part := views.RosterPart{Deed: string(deed), Count: roster.Count(changes, deed)}
	gathered := map[string]bool{}
	if deed == roster.Wrong {
		for _, p := range roster.Repeated(changes, gatheredFrom) {
			words := problemWords(v, p.Problem)
			gathered[words] = true
			part.Repeated = append(part.Repeated, views.RosterProblem{Says: words, Count: len(p.Lines), Lines: roster.Ranges(p.Lines)})
		}
	}
	for _, c := range changes {
		if c.Deed != deed || deed == roster.Keep {
			continue
		}
		if deed != roster.Wrong {
			if part.Listed++; len(part.Lines) < linesShown { // the words of the others would be for nobody
				part.Lines = append(part.Lines, o.line(v, c))
			}
			continue
		}
		line := o.line(v, c)
		line.Says = slices.DeleteFunc(line.Says, func(words string) bool { return gathered[words] })
		if len(line.Says) == 0 {
			continue
		}
		if part.Listed++; len(part.Lines) < linesShown {
			part.Lines = append(part.Lines, line)
		}
	}
	return part
}

// gatheredFrom is how many lines have the same wrong with them before it is said
// of all of them at once.
const gatheredFrom = 4

// problemWords say what is wrong, and in which column.
func problemWords(v *frame.Visit, p roster.Problem) string {
	words := v.Words.T(p.Key, p.Args...)
	if p.Column != "" {
		words = v.Words.T("admin.chosen.why", p.Column, words)
	}
	return words
}

// line is a line as the page shows it. What is wrong with one is all that is
// said of it.
func (o *outset) line(v *frame.Visit, c roster.Change) views.RosterLine {
	line := views.RosterLine{Number: c.Line, Login: c.Login}
	if c.Deed == roster.Wrong {
		for _, p := range c.Problems {
			line.Says = append(line.Says, problemWords(v, p))
		}
		return line
	}
	for _, d := range c.Diffs {
		name := columnWords(v, roster.Column{Field: d.Field, Name: d.Name})
		was, now := o.value(v, d.Field, d.Was), o.value(v, d.Field, d.Now)
		switch {
		case d.Field == roster.Password:
			line.Says = append(line.Says, v.Words.T("roster.diff.password"))
		case d.Was == "":
			line.Says = append(line.Says, v.Words.T("admin.chosen.why", name, now))
		default:
			line.Says = append(line.Says, v.Words.T("roster.diff", name, was, now))
		}
	}
	line.Notes = append(o.notes(v, c), o.reach(v, c)...)
	return line
}

// noted are the lines that were kept of which a plan noted something: it is still to
// be seen once they are.
func (o *outset) noted(v *frame.Visit, changes []roster.Change, failed map[int][]roster.Problem) views.RosterPart {
	part := views.RosterPart{Deed: "noted"}
	for _, c := range changes {
		if c.Deed != roster.Create && c.Deed != roster.Update || failed[c.Line] != nil {
			continue
		}
		notes := append(o.notes(v, c), o.reach(v, c)...)
		if len(notes) == 0 {
			continue
		}
		if part.Listed++; len(part.Lines) < linesShown {
			part.Lines = append(part.Lines, views.RosterLine{Number: c.Line, Login: c.Login, Notes: notes})
		}
	}
	part.Count = part.Listed
	return part
}

// reach says to which domains beside those of a line its groups lead: by hand, or by
// a rule that holds for the account as the line leaves it. Those that a way in tells
// of are as they were.
func (o *outset) reach(v *frame.Visit, c roster.Change) []string {
	if c.Now.Everywhere {
		return nil
	}
	by := map[string][]string{} // names of groups, by the title of the domain
	add := func(group, name string, in []string) {
		for _, d := range in {
			if place, mine := o.places[d]; mine && !slices.Contains(c.Now.Domains, d) && !slices.Contains(by[place], name) {
				by[place] = append(by[place], name)
			}
		}
	}
	for _, g := range c.Now.Groups {
		add(g, o.places[g], o.Counts[g])
	}
	for g, from := range o.known[c.Was.ID].Belongs.From {
		if slices.ContainsFunc(from, func(source string) bool { return source != store.ByHand && source != store.ByRule }) {
			add(g, o.places[g], o.Counts[g])
		}
	}
	have := rostered(o.known[c.Was.ID].User, c.Now).Compared()
	for _, g := range o.ruled {
		if g.Rule.Holds(have) {
			add(g.ID, cmp.Or(o.places[g.ID], g.Name), g.In())
		}
	}
	var list []string
	for _, place := range slices.Sorted(maps.Keys(by)) {
		list = append(list, v.Words.T("roster.note.reach", place, v.Words.Show(by[place])))
	}
	return list
}

// notes say which groups a line was taken to mean, and whom it leaves nowhere.
func (o *outset) notes(v *frame.Visit, c roster.Change) (list []string) {
	for _, n := range c.Notes {
		if n.Group == "" {
			list = append(list, v.Words.T(n.Key))
			continue
		}
		means := o.names[n.Group]
		if n.Key == "roster.note.elsewhere" {
			var domains []string
			for _, d := range o.Counts[n.Group] {
				domains = append(domains, o.places[d])
			}
			means = v.Words.Show(domains)
		}
		list = append(list, v.Words.T(n.Key, n.Says, means))
	}
	return list
}

// value is what an account has, in words.
func (o *outset) value(v *frame.Visit, field roster.Field, text string) string {
	switch {
	case text == "":
		return v.Words.T("roster.nothing")
	case field == roster.Role:
		return v.Words.T("role." + text)
	case field == roster.Active:
		return v.Words.T(text)
	case field == roster.Domains || field == roster.Groups:
		ids := strings.Split(text, roster.Separator)
		for i, id := range ids {
			if name := o.places[id]; name != "" {
				ids[i] = name
			} else if id == roster.Everywhere {
				ids[i] = v.Words.T("admin.everywhere")
			}
		}
		return v.Words.Show(ids)
	}
	return text
}

// columnKeys are the words for fields.
var columnKeys = map[roster.Field]string{
	roster.Login: "field.login", roster.Title: "field.title", roster.FirstName: "field.first_name", roster.LastName: "field.last_name", roster.Mail: "field.mail",
	roster.Language: "admin.user.language", roster.Role: "profile.role", roster.Active: "admin.user.active", roster.Password: "field.password",
	roster.Domains: "profile.domains", roster.Groups: "profile.groups", roster.Ignored: "roster.ignored",
}

// columnWords is what a column fills in.
func columnWords(v *frame.Visit, c roster.Column) string {
	if c.Field == roster.Attribute {
		return v.Words.T("roster.attribute", c.Name)
	}
	return v.Words.T(columnKeys[c.Field])
}
