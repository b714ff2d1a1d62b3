package web

import (
	"net/http"
	"strconv"

	"selfhelp/app/access"
	"selfhelp/app/check"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// projectOf is the subject of the routes of a project: {project} in the
// pattern. What is in the recycle bin is not found.
func projectOf(s *Site, v *visit) (access.Thing, error) {
	p, err := s.content.Project(v.Context(), v.PathValue("project"))
	if err != nil {
		return access.Thing{}, err
	}
	if !p.Deleted.IsZero() {
		return access.Thing{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return s.thingOf(v, p)
}

// thingOf is a project as permissions are asked on it, and gives the person the
// groups they have in its domain.
func (s *Site) thingOf(v *visit, p store.Project) (access.Thing, error) {
	grants, err := s.content.Grants(v.Context(), p.ID)
	if err != nil {
		return access.Thing{}, err
	}
	v.who.Groups = v.groups[p.Domain]
	return access.Thing{Domain: p.Domain, Project: &access.Project{Public: p.Data.Public, Audience: p.Data.Audience, Grants: grants}}, nil
}

// desk reads the project of the address and what stands around its pages.
func (s *Site) desk(w http.ResponseWriter, v *visit, at, title string) (views.Desk, store.Project, error) {
	p, err := s.content.Project(v.Context(), v.PathValue("project"))
	if err != nil {
		return views.Desk{}, p, err
	}
	thing, err := s.thingOf(v, p)
	if err != nil {
		return views.Desk{}, p, err
	}
	domain, err := s.content.Domain(v.Context(), p.Domain)
	if err != nil {
		return views.Desk{}, p, err
	}
	c := v.chrome(ui.Studio, title)
	c.Home = ui.Place{Name: v.words.T("studio.title"), URL: "/studio"}
	c.Flash = s.said(w, v)
	d := views.Desk{
		Chrome: c, Project: p.ID, Name: v.in(p.Data.Name, s), Domain: v.in(domain.Title, s), At: at,
		Rights: views.DeskRights{
			Modify: v.may(access.ModifyProject, thing), Publish: v.may(access.PublishProject, thing), Reports: v.may(access.ReadReports, thing),
			Administer: v.may(access.AdministerProject, thing), Export: v.may(access.DuplicateProject, thing),
		},
	}
	return d, p, s.live(v, p, &d)
}

// live says which version people get, and whether more was written since.
func (s *Site) live(v *visit, p store.Project, d *views.Desk) error {
	versions, err := s.content.Versions(v.Context(), p.ID)
	if err != nil {
		return err
	}
	for _, known := range versions {
		if known.State != store.VersionActive {
			continue
		}
		d.Live, d.Portal = known.Number.String(), "/p/"+p.Domain+"/"+p.Alias
		d.Changed, err = s.content.ChangedSince(v.Context(), p.ID, known.At)
		return err
	}
	return nil
}

// in picks the words of a text for the person: the interface's language, then
// whatever there is.
func (v *visit) in(t procedure.Text, s *Site) string {
	words, _ := t.Pick(s.now(), v.words.Lang(), v.who.Language)
	return words
}

// problemLines puts what Check found in words, errors first, each with where to
// mend it.
func (s *Site) problemLines(v *visit, project string, whole *procedure.Project, found []check.Problem) (lines []views.ProblemLine) {
	titles := map[string]string{}
	for _, p := range whole.Procedures {
		titles[p.UID] = v.in(p.Title, s)
	}
	for _, severity := range []check.Severity{check.Error, check.Warning} {
		for _, problem := range found {
			if problem.Severity == severity {
				lines = append(lines, problemLine(v, project, titles, problem))
			}
		}
	}
	return lines
}

func problemLine(v *visit, project string, titles map[string]string, p check.Problem) views.ProblemLine {
	line := views.ProblemLine{Wrong: p.Severity == check.Error, Text: p.Sentence(v.words.Lang())}
	if p.Place.Procedure == "" {
		return line
	}
	line.Where = titles[p.Place.Procedure]
	line.URL = "/studio/p/" + project + "/d/" + p.Place.Procedure
	if p.Place.Step != "" {
		line.Where += " · " + p.Place.Step
		line.URL += "?step=" + p.Place.Step
	}
	return line
}

// count says how many problems are errors and how many warnings.
func count(found []check.Problem) (errors, warnings int) {
	for _, p := range found {
		if p.Severity == check.Error {
			errors++
		} else {
			warnings++
		}
	}
	return errors, warnings
}

// formVersion reads the version of a record that a form was made from.
func formVersion(v *visit) (int64, error) {
	n, err := strconv.ParseInt(v.PostFormValue("version"), 10, 64)
	if err != nil {
		return 0, fault.Because(fault.Invalid, err, "fault.form")
	}
	return n, nil
}

// numberIn reads a version number of an address or a form.
func numberIn(text string) (store.Number, error) {
	n, err := parseNumber(text)
	if err != nil {
		return store.Number{}, fault.Because(fault.NotFound, err, "fault.not_found")
	}
	return store.Number(n), nil
}
