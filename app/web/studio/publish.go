package studio

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"selfhelp/app/edition"
	"selfhelp/app/execution/rehearsal"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// publishPage shows what publishing would do: the next version, or a fix of an
// active one.
func (s *Studio) publishPage(w http.ResponseWriter, v *frame.Visit) error {
	o, err := s.orderOf(v, v.URL.Query().Get("fix"), v.URL.Query()["take"])
	if err != nil {
		return err
	}
	page, err := s.publishForm(w, v, o)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// orderOf reads what is to be published. A fix takes what was changed unless
// the writer chose.
func (s *Studio) orderOf(v *frame.Visit, base string, take []string) (edition.Order, error) {
	o := edition.Order{Project: v.PathValue("project"), By: v.Who.ID, Take: take}
	if base == "" {
		return o, nil
	}
	var err error
	if o.Base, err = numberIn(base); err != nil {
		return o, err
	}
	if len(take) > 0 {
		return o, nil
	}
	edited, err := s.Content.WholeProject(v.Context(), o.Project)
	if err != nil {
		return o, err
	}
	frozen, err := s.Content.FrozenProject(v.Context(), o.Project, o.Base)
	if err != nil {
		return o, err
	}
	for _, c := range edition.Changes(frozen, edited) {
		if c.Kind != "removed" {
			o.Take = append(o.Take, c.UID)
		}
	}
	return o, nil
}

func (s *Studio) publishForm(w http.ResponseWriter, v *frame.Visit, o edition.Order) (views.PublishPage, error) {
	d, p, err := s.Desk(w, v, "publish", v.Words.T("desk.publish"))
	if err != nil {
		return views.PublishPage{}, err
	}
	plan, err := s.Edition.Plan(v.Context(), o)
	if err != nil {
		return views.PublishPage{}, err
	}
	d.Errors, d.Warnings = Count(plan.Problems)
	page := views.PublishPage{Desk: d, Next: plan.Next.String(), Required: p.Data.Settings.GreenScenarios, Blocked: plan.Refusal != nil, First: plan.Before == nil, Empty: len(plan.Whole.Procedures) == 0}
	lines := gather(plan.Whole, plan.Problems)
	page.Problems = s.problemLines(v, p.ID, plan.Whole, lines[:min(ProblemsShown, len(lines))])
	page.Scenarios = s.ScenarioLines(v, p, plan.Whole, plan.Whole.Scenarios, plan.Scenarios)
	if page.Changes, err = s.changeLines(v, p, &plan); err != nil {
		return page, err
	}
	if page.Reach, err = s.reachOf(v, p, plan.Whole, plan.Trial); err != nil {
		return page, err
	}
	groups, err := s.Content.Groups(v.Context(), p.Domain)
	if err != nil {
		return page, err
	}
	page.Groups = s.groupChoices(v, groups, plan.Trial)
	page.Trial, page.Tries = plan.Trial, len(plan.Trial) > 0
	for _, n := range plan.Active {
		page.Fixes = append(page.Fixes, n.String())
	}
	if o.Base != (store.Number{}) {
		page.Base = o.Base.String()
		page.Edited, err = s.takeChoices(v, o)
	}
	return page, err
}

// takeChoices lists the procedures a fix may take in: those that differ.
func (s *Studio) takeChoices(v *frame.Visit, o edition.Order) (choices []views.ProcedureChoice, err error) {
	edited, err := s.Content.WholeProject(v.Context(), o.Project)
	if err != nil {
		return nil, err
	}
	frozen, err := s.Content.FrozenProject(v.Context(), o.Project, o.Base)
	if err != nil {
		return nil, err
	}
	for _, c := range edition.Changes(frozen, edited) {
		if c.Kind != "removed" {
			choices = append(choices, views.ProcedureChoice{UID: c.UID, Title: s.Words(v, c.Title), Taken: slices.Contains(o.Take, c.UID)})
		}
	}
	return choices, nil
}

// publish makes a version and puts it in force.
func (s *Studio) publish(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	o, err := s.orderOf(v, v.PostFormValue("fix"), v.PostForm["take"])
	if err != nil {
		return err
	}
	o.Notes = v.PostFormValue("notes")
	var wrong string
	if o.Trial, wrong, err = s.trialOf(v); err != nil {
		return err
	}
	if wrong != "" {
		return s.publishAgain(w, v, o, v.Words.T(wrong))
	}
	version, err := s.Edition.Publish(v.Context(), o)
	var refused *publication.Refusal
	if errors.As(err, &refused) {
		return s.publishAgain(w, v, o, "")
	}
	if err != nil {
		return err
	}
	said := "publish.done"
	switch {
	case len(version.Audience) > 0:
		said = "publish.tried"
	case s.Platform.HasServers():
		said = "publish.done.servers"
	}
	return s.sayInForce(w, v, said, o.Project, version.Number, version.Audience)
}

// sayInForce says that a version is in force, on trial with some groups when there are
// any, or warns that nobody can start anything of it.
func (s *Studio) sayInForce(w http.ResponseWriter, v *frame.Visit, said, project string, n store.Number, trial []string) error {
	p, err := s.Content.Project(v.Context(), project)
	if err != nil {
		return err
	}
	whole, err := s.Content.FrozenProject(v.Context(), project, n)
	if err != nil {
		return err
	}
	r, err := s.reachOf(v, p, whole, trial)
	if err != nil {
		return err
	}
	if r.Nobody {
		s.Say(w, ui.Warn, "publish.unreached", n.String())
	} else {
		s.Say(w, ui.OK, said, n.String())
	}
	return frame.GoTo(w, v, "/studio/p/"+project+"/versions")
}

// publishAgain shows the form with what was typed, and what is wrong with the
// groups that were chosen.
func (s *Studio) publishAgain(w http.ResponseWriter, v *frame.Visit, o edition.Order, wrong string) error {
	page, err := s.publishForm(w, v, o)
	if err != nil {
		return err
	}
	page.Notes, page.Wrong = o.Notes, wrong
	page.Tries = page.Tries || v.PostFormValue("for") == "trial"
	return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
}

func parseNumber(text string) (publication.Number, error) { return publication.ParseNumber(text) }

// ScenarioLines lists scenarios, with how they went when they were played.
func (s *Studio) ScenarioLines(v *frame.Visit, p store.Project, whole *procedure.Project, scenarios []*procedure.Scenario, results []rehearsal.Result) (lines []views.ScenarioLine) {
	titles := map[string]string{}
	for _, pr := range whole.Procedures {
		titles[pr.UID] = s.Words(v, pr.Title)
	}
	for i, sc := range scenarios {
		line := views.ScenarioLine{
			ID: sc.ID, Name: sc.Name, Procedure: titles[sc.Procedure], URL: ProcedureURL(p.ID, sc.Procedure), Language: cmp.Or(sc.Language, p.Data.Languages[0]),
		}
		if i < len(results) {
			line.Ran, line.Green = true, results[i].OK
			line.Differs = s.TellerOf(v, whole, sc.Procedure).Differences(results[i])
		}
		lines = append(lines, line)
	}
	return lines
}
