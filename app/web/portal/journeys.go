package portal

import (
	"net/http"

	"selfhelp/app/web/frame"
	"selfhelp/app/web/seal"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// ownListed is how many of their executions a person is shown.
const ownListed = 50

// journeys lists the executions of the person.
func (s *Portal) journeys(w http.ResponseWriter, v *frame.Visit) error {
	recalled := s.Elsewhere == nil || s.Elsewhere.Recall(v.Context(), v.Who.ID)
	var marks []string
	if visitor := s.VisitorOf(v); visitor != "" {
		marks = s.Keys.Marks("owner", visitor)
	}
	all, err := s.Activity.ExecutionsOf(v.Context(), v.Who.ID, marks, ownListed)
	if err != nil {
		return err
	}
	page := views.Journeys{Chrome: v.Chrome(ui.Portal, v.Words.T("menu.executions"))}
	page.Flash = s.Said(w, v)
	page.Partial = !recalled
	for _, e := range all {
		row, err := s.journeyRow(v, e)
		if err != nil {
			return err
		}
		page.Rows = append(page.Rows, row)
	}
	return frame.Show(w, v, page.View())
}

func (s *Portal) journeyRow(v *frame.Visit, e store.Execution) (views.Journey, error) {
	at, err := s.HomeOf(v, e.Project)
	if err != nil {
		return views.Journey{}, err
	}
	pass := seal.Pass{Execution: e.ID, Domain: at.Domain, Project: at.Uid, Version: e.Version, Alias: e.Alias}
	row := views.Journey{
		Name: s.EntryName(v, pass), URL: "/x/" + e.ID, Report: "/x/" + e.ID + "/report", Started: v.Words.Ago(e.Started, s.Now()),
		When: v.Words.DateTime(e.Started), Took: v.Words.Duration(e.Duration()), Outcome: e.Outcome, Failed: e.Failed, Paused: e.Label != "",
	}
	b, err := s.BundleOf(v, pass)
	if err != nil { // its report says what is left of it
		row.Gone = true
		return row, nil
	}
	row.Where = s.Pick(v, b.Project(), b.Project().Name)
	return row, nil
}
