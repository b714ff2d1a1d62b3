package scenario

import (
	"net/http"
	"slices"

	"selfhelp/app/execution/rehearsal"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/studio"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// list shows the scenarios of a project, or of one of its procedures; ?run=all
// plays them.
func (s *Room) list(w http.ResponseWriter, v *frame.Visit) error {
	d, p, err := s.Desk(w, v, "scenarios", v.Words.T("desk.scenarios"))
	if err != nil {
		return err
	}
	whole, err := s.Content.WholeProject(v.Context(), p.ID)
	if err != nil {
		return err
	}
	page := views.StudioScenarios{Desk: d, Required: p.Data.Settings.GreenScenarios, Of: v.URL.Query().Get("procedure")}
	for _, pr := range whole.Procedures {
		page.Procedures = append(page.Procedures, ui.Place{Name: s.Words(v, pr.Title), URL: pr.UID})
		if pr.UID == page.Of {
			page.OfName = s.Words(v, pr.Title)
		}
	}
	wanted := slices.DeleteFunc(slices.Clone(whole.Scenarios), func(sc *procedure.Scenario) bool { return page.Of != "" && sc.Procedure != page.Of })
	var results []rehearsal.Result
	if v.URL.Query().Get("run") != "" {
		if results, err = s.play(v, p, whole, wanted); err != nil {
			return err
		}
	}
	page.Scenarios = s.ScenarioLines(v, p, whole, wanted, results)
	return frame.Show(w, v, page.View())
}

// play plays scenarios on what is written now.
func (s *Room) play(v *frame.Visit, p store.Project, whole *procedure.Project, scenarios []*procedure.Scenario) (results []rehearsal.Result, err error) {
	draft, err := s.Draft(v, p, whole)
	if err != nil {
		return nil, err
	}
	for _, sc := range scenarios {
		if err := v.Context().Err(); err != nil { // the person has left
			return nil, err
		}
		results = append(results, draft.Run(sc))
	}
	return results, nil
}

// desk is one scenario on the desk, with what it takes to play it.
type desk struct {
	project store.Project
	whole   *procedure.Project
	kept    store.Scenario
	tell    studio.Teller
}

// deskOf reads the scenario of the address.
func (s *Room) deskOf(v *frame.Visit) (d desk, err error) {
	if d.project, err = s.Content.Project(v.Context(), v.PathValue("project")); err != nil {
		return d, err
	}
	if d.kept, err = s.Content.Scenario(v.Context(), d.project.ID, v.PathValue("scenario")); err != nil {
		return d, err
	}
	d.whole, err = s.Content.WholeProject(v.Context(), d.project.ID)
	d.tell = s.TellerOf(v, d.whole, d.kept.Data.Procedure)
	return d, err
}

// run plays one scenario.
func (s *Room) run(v *frame.Visit, d desk, sc *procedure.Scenario) (rehearsal.Result, error) {
	results, err := s.play(v, d.project, d.whole, []*procedure.Scenario{sc})
	if err != nil {
		return rehearsal.Result{}, err
	}
	return results[0], nil
}

// keepNew keeps a new scenario under a free id made of its name.
func (s *Room) keepNew(v *frame.Visit, d desk, sc *procedure.Scenario) error {
	sc.ID = procedure.NewID(sc.Name, "scenario", func(id string) bool {
		return slices.ContainsFunc(d.whole.Scenarios, func(other *procedure.Scenario) bool { return other.ID == id })
	})
	_, err := s.Content.SaveScenario(v.Context(), d.project.ID, 0, sc)
	return err
}
