package studio

import (
	"net/http"
	"strconv"

	"selfhelp/app/access"
	"selfhelp/app/check"
	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// Desk reads the project of the address and what stands around its pages.
func (s *Studio) Desk(w http.ResponseWriter, v *frame.Visit, at, title string) (views.Desk, store.Project, error) {
	p, err := s.Content.Project(v.Context(), v.PathValue("project"))
	if err != nil {
		return views.Desk{}, p, err
	}
	thing, err := s.WrittenThing(v, p)
	if err != nil {
		return views.Desk{}, p, err
	}
	domain, err := s.Content.Domain(v.Context(), p.Domain)
	if err != nil {
		return views.Desk{}, p, err
	}
	c := v.Chrome(ui.Studio, title)
	c.Home = ui.Place{Name: v.Words.T("studio.title"), URL: "/studio"}
	c.Flash = s.Said(w, v)
	d := views.Desk{
		Chrome: c, Project: p.ID, Name: s.Words(v, p.Data.Name), Domain: s.Words(v, domain.Title), At: at,
		Rights: views.DeskRights{
			Modify: v.May(access.ModifyProject, thing), Design: v.May(access.DesignProject, thing), Give: v.May(access.GiveProject, thing), Publish: v.May(access.PublishProject, thing), Reports: v.May(access.ReadReports, thing),
			Administer: v.May(access.AdministerProject, thing), Export: v.May(access.DuplicateProject, thing),
		},
	}
	if d.Rights.Reports {
		if d.Notes, err = s.Activity.CountOpenNotes(v.Context(), p.ID); err != nil {
			return d, p, err
		}
	}
	err = s.live(v, p, &d)
	return d, p, err
}

// live says which version people get, and whether more was written since.
func (s *Studio) live(v *frame.Visit, p store.Project, d *views.Desk) error {
	versions, err := s.Content.Versions(v.Context(), p.ID)
	if err != nil {
		return err
	}
	for _, known := range versions {
		if known.State != store.VersionActive {
			continue
		}
		d.Live, d.Portal = liveNumber(versions), "/p/"+p.Domain+"/"+p.Alias
		d.Changed, err = s.Content.ChangedSince(v.Context(), p.ID, known.At)
		return err
	}
	return nil
}

// Count says how many problems are errors and how many warnings.
func Count(found []check.Problem) (errors, warnings int) {
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
func formVersion(v *frame.Visit) (int64, error) {
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
