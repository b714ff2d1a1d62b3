package studio

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"selfhelp/app/check"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// gathered is a problem, or the translations into one language that a procedure
// lacks: they are mended together, on one page.
type gathered struct {
	check.Problem
	lacks int // texts, 0: it is a problem alone
}

// gather puts the translations that each procedure lacks together, errors first.
func gather(whole *procedure.Project, found []check.Problem) (lines []gathered) {
	at := map[[2]string]int{}
	for _, severity := range []check.Severity{check.Error, check.Warning} {
		for _, p := range found {
			if p.Severity != severity {
				continue
			}
			if !translatable(whole, p) {
				lines = append(lines, gathered{Problem: p})
				continue
			}
			key := [2]string{p.Place.Procedure, p.Place.Language}
			if _, is := at[key]; !is {
				at[key] = len(lines)
				lines = append(lines, gathered{Problem: p})
			}
			lines[at[key]].lacks++
		}
	}
	return lines
}

// translatable reports whether the page of translation of a procedure is where a
// problem is mended.
func translatable(whole *procedure.Project, p check.Problem) bool {
	return p.Key == "check.untranslated" && p.Severity == check.Warning && p.Place.Procedure != "" && slices.Index(whole.Languages, p.Place.Language) > 0
}

// problemLines puts what Check found in words, each with where to mend it.
func (s *Studio) problemLines(v *frame.Visit, project string, whole *procedure.Project, found []gathered) (lines []views.ProblemLine) {
	written := map[string]*procedure.Procedure{}
	for _, p := range whole.Procedures {
		written[p.UID] = p
	}
	for _, problem := range found {
		line := views.ProblemLine{Wrong: problem.Severity == check.Error, Text: problem.Sentence(v.Words.Lang())}
		at := problem.Place
		switch p := written[at.Procedure]; {
		case p != nil && problem.lacks > 0:
			line.Text, line.Where = v.Words.N("problems.untranslated", problem.lacks, ui.NameOf(at.Language)), s.Words(v, p.Title)
			line.URL = ProcedureURL(project, p.UID) + "/translate?" + url.Values{"to": {at.Language}, "show": {views.PassagesMissing}}.Encode()
		case p != nil:
			line.Where, line.URL = s.placeInProcedure(v, p, at), ProcedureURL(project, p.UID)
			if at.Step != "" {
				line.URL += "?step=" + url.QueryEscape(at.Step)
			}
		case at.Scenario != "":
			line.Where, line.URL = joined([]string{v.Words.T("desk.scenarios"), scenarioName(whole, at.Scenario)}), ScenariosURL(project, at.Scenario)
		default:
			line.Where, line.URL = s.placeInProject(v, whole, "/studio/p/"+project, at.Path)
		}
		lines = append(lines, line)
	}
	return lines
}

// placeInProcedure names the procedure, the step and the property.
func (s *Studio) placeInProcedure(v *frame.Visit, p *procedure.Procedure, at check.Place) string {
	names := []string{s.Words(v, p.Title)}
	if step := p.Step(at.Step); step != nil {
		names = append(names, s.stepTitle(v, step))
	}
	return joined(append(names, PlaceWords(v, p, at.Step, at.Path, func(t procedure.Text) string { return s.Words(v, t) })))
}

// placeInProject names a property of the project itself, and the page where it
// is changed.
func (s *Studio) placeInProject(v *frame.Visit, p *procedure.Project, base, path string) (where, address string) {
	part, rest, _ := strings.Cut(path, ".")
	id, _, _ := strings.Cut(rest, ".")
	name := cmp.Or(s.entryName(v, p, path), id)
	switch part {
	case "resources":
		return joined([]string{v.Words.T("desk.resources"), name, PropertyWords(v, rest)}), base + "/resources?open=" + url.QueryEscape(id)
	case "categories":
		return joined([]string{v.Words.T("settings.categories"), name}), base + "/settings"
	case "news":
		return joined([]string{v.Words.T("settings.news"), name}), base + "/settings"
	}
	return joined([]string{v.Words.T("desk.settings"), PropertyWords(v, path)}), base + "/settings"
}

// entryName is how people call the entry of a list of the project that a path
// goes through; "" when it has no words.
func (s *Studio) entryName(v *frame.Visit, p *procedure.Project, path string) string {
	list, rest, _ := strings.Cut(path, ".")
	id, _, _ := strings.Cut(rest, ".")
	names := map[string]procedure.Text{}
	switch list {
	case "resources":
		for _, r := range p.Resources {
			names[r.ID] = r.Name
		}
	case "categories":
		for _, c := range p.Categories {
			names[c.ID] = c.Name
		}
	case "news":
		for _, n := range p.News {
			names[n.ID] = n.Title
		}
	case "connectors":
		for _, c := range p.Connectors {
			names[c.ID] = c.Name
		}
	}
	return s.Words(v, names[id])
}

func scenarioName(p *procedure.Project, id string) string {
	for _, one := range p.Scenarios {
		if one.ID == id {
			return cmp.Or(one.Name, id)
		}
	}
	return id
}

// stepTitle is what a step is called; what it is, when it has no words.
func (s *Studio) stepTitle(v *frame.Visit, step *procedure.Step) string {
	return cmp.Or(s.Words(v, step.Title), v.Words.T("step."+string(step.Kind())))
}

// PropertyWords is how the Studio calls the property at the end of a path: the
// list it is in, then its own name.
func PropertyWords(v *frame.Visit, path string) string {
	parts := strings.Split(path, ".")
	named := func(part string) string {
		if v.Words.Has("prop." + part) {
			return v.Words.T("prop." + part)
		}
		return ""
	}
	if len(parts) == 1 {
		return named(parts[0])
	}
	return joined([]string{named(parts[0]), named(parts[len(parts)-1])})
}

// joined puts names one below the other on one line.
func joined(names []string) string {
	return strings.Join(slices.DeleteFunc(names, func(n string) bool { return n == "" }), " · ")
}
