package web

import (
	"net/http"

	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// ownListed is how many of their executions a person is shown.
const ownListed = 50

// journeys lists the executions of the person.
func (s *Site) journeys(w http.ResponseWriter, v *visit) error {
	owner := ""
	if visitor := s.visitorOf(v); visitor != "" {
		owner = s.ownerMark(visitor)
	}
	all, err := s.activity.ExecutionsOf(v.Context(), v.who.ID, owner, ownListed)
	if err != nil {
		return err
	}
	page := views.Journeys{Chrome: v.chrome(ui.Portal, v.words.T("menu.executions"))}
	page.Flash = s.said(w, v)
	for _, e := range all {
		row, err := s.journeyRow(v, e)
		if err != nil {
			return err
		}
		page.Rows = append(page.Rows, row)
	}
	return show(w, v, page.View())
}

func (s *Site) journeyRow(v *visit, e store.Execution) (views.Journey, error) {
	at, err := s.homeOf(v, e.Project)
	if err != nil {
		return views.Journey{}, err
	}
	return views.Journey{
		Name: s.entryName(v, pass{execution: e.ID, domain: at.domain, project: at.uid, version: e.Version, alias: e.Alias}),
		URL:  "/x/" + e.ID, Report: "/x/" + e.ID + "/report", Started: v.words.Ago(e.Started, s.now()), Outcome: string(e.Outcome),
	}, nil
}
