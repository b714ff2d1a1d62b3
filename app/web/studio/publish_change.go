package studio

import (
	"cmp"
	"slices"
	"strings"

	"selfhelp/app/edition"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// changeLines tell what a version changes: its procedures, then what the project
// says of itself, then its resources.
func (s *Studio) changeLines(v *frame.Visit, p store.Project, plan *edition.Plan) (lines []views.ChangeLine, err error) {
	for _, c := range plan.Changes {
		lines = append(lines, s.changeLine(v, p.ID, plan.Whole, c))
	}
	groups, err := s.GroupTitles(v, p.Domain, groupsIn(plan.Settings))
	if err != nil {
		return nil, err
	}
	base := "/studio/p/" + p.ID
	settings := views.ChangeLine{Kind: "settings", Title: v.Words.T("publish.settings"), URL: base + "/settings"}
	resources := views.ChangeLine{Kind: "resources", Title: v.Words.T("desk.resources"), URL: base + "/resources"}
	for _, c := range plan.Settings {
		list, _, _ := strings.Cut(c.Path, ".")
		switch list {
		case "folders": // how the Studio arranges things, which nobody else sees
		case "resources":
			resources.Parts = appendNew(resources.Parts, s.entryWords(v, plan, "", c))
		case "categories", "news", "connectors":
			settings.Parts = appendNew(settings.Parts, s.entryWords(v, plan, v.Words.T("settings."+list), c))
		default:
			settings.Parts = append(settings.Parts, settingWords(v, groups, c))
		}
	}
	for _, line := range []views.ChangeLine{settings, resources} {
		if len(line.Parts) > 0 {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// groupsIn are the names of the groups that changed settings speak of.
func groupsIn(changes []procedure.Change) (names []string) {
	for _, c := range changes {
		if c.Path == "audience" {
			names = append(names, strings.Split(c.Before+", "+c.After, ", ")...)
		}
	}
	return names
}

func appendNew(list []string, one string) []string {
	if slices.Contains(list, one) {
		return list
	}
	return append(list, one)
}

func (s *Studio) changeLine(v *frame.Visit, project string, whole *procedure.Project, c edition.Change) views.ChangeLine {
	line := views.ChangeLine{Kind: c.Kind, Title: s.Words(v, c.Title)}
	if c.Kind != "removed" {
		line.URL = ProcedureURL(project, c.UID)
	}
	i := slices.IndexFunc(whole.Procedures, func(p *procedure.Procedure) bool { return p.UID == c.UID })
	for _, part := range c.Parts {
		where := part.Step
		if i >= 0 {
			if step := whole.Procedures[i].Step(part.Step); step != nil {
				where = s.stepTitle(v, step)
			}
		}
		what := cmp.Or(PropertyWords(v, part.Path), part.Path)
		if part.Path == "kind" {
			what, part.Before, part.After = v.Words.T("prop.type"), kindWords(v, part.Before), kindWords(v, part.After)
		}
		line.Parts = append(line.Parts, changeWords(v, joined([]string{where, what}), part))
	}
	return line
}

// kindWords is what the Studio calls a type of step.
func kindWords(v *frame.Visit, kind string) string {
	if key := "step." + kind; v.Words.Has(key) {
		return v.Words.T(key)
	}
	return kind
}

// entryWords says which entry of a list of the project changed, not how: that is
// seen on its page.
func (s *Studio) entryWords(v *frame.Visit, plan *edition.Plan, list string, c procedure.Change) string {
	_, id, _ := strings.Cut(c.Path, ".")
	id, _, deeper := strings.Cut(id, ".")
	home, key := plan.Whole, "change.entry.changed"
	switch {
	case !deeper && c.Kind == procedure.Added:
		key = "change.entry.added"
	case !deeper && c.Kind == procedure.Removed:
		home, key = plan.Before, "change.entry.removed"
	}
	return v.Words.T(key, joined([]string{list, cmp.Or(s.entryName(v, home, c.Path), id)}))
}

// settingWords says how one setting changed, by the name its field has.
func settingWords(v *frame.Visit, groups map[string]string, c procedure.Change) string {
	where := cmp.Or(PropertyWords(v, c.Path), c.Path)
	switch c.Path {
	case "name":
		where, c.Language = v.Words.T("settings.name", ui.NameOf(c.Language)), ""
	case "description":
		where, c.Language = v.Words.T("settings.about", ui.NameOf(c.Language)), ""
	}
	if key := settingNames[c.Path]; key != "" {
		where = v.Words.T(key)
	}
	c.Before, c.After = settingValue(v, groups, c.Path, c.Before), settingValue(v, groups, c.Path, c.After)
	return changeWords(v, where, c)
}

// settingNames are the keys of the fields of the settings, by path.
var settingNames = map[string]string{
	"alias": "project.alias", "languages": "settings.languages", "public": "project.public", "audience": "settings.audience",
	"settings.green_scenarios": "settings.green", "settings.retention_days": "settings.retention", "settings.postit_mail": "settings.postit",
	"theme.hue": "settings.hue",
}

// settingValue writes a setting as its page shows it.
func settingValue(v *frame.Visit, groups map[string]string, path, value string) string {
	var say func(string) string
	switch path {
	case "public", "settings.green_scenarios":
		return v.Words.T(map[bool]string{true: "yes", false: "no"}[value == "true"])
	case "languages":
		say = ui.NameOf
	case "audience":
		say = func(name string) string { return cmp.Or(groups[name], name) }
	}
	if say == nil || value == "" {
		return value
	}
	words := strings.Split(value, ", ")
	for i, word := range words {
		words[i] = say(word)
	}
	return strings.Join(words, ", ")
}

// changeWords says one difference: where, and what it was and is.
func changeWords(v *frame.Visit, where string, c procedure.Change) string {
	if c.Language != "" {
		where += " (" + c.Language + ")"
	}
	switch {
	case c.Kind == procedure.Moved:
		return v.Words.T("change.words.moved", where)
	case c.Before == "":
		return v.Words.T("change.words.added", where, c.After)
	case c.After == "":
		return v.Words.T("change.words.removed", where, c.Before)
	}
	return v.Words.T("change.words.changed", where, c.Before, c.After)
}
