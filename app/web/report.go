package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// ownReport shows the report of the visitor's own execution.
func (s *Site) ownReport(w http.ResponseWriter, v *visit) error {
	b, err := s.bundleOf(v, v.pass)
	if err != nil {
		return err
	}
	events, err := s.eventsOf(v)
	if err != nil {
		return err
	}
	r := execution.Report(b, events)
	here := place{domain: v.pass.domain, project: b.Project()}
	page := views.Report{
		Name: cmp.Or(r.Title, v.pass.alias), Execution: v.pass.execution, Outcome: r.Outcome, Facts: s.reportFacts(v, v.pass.execution, r),
		Back: ui.Place{Name: v.words.T("report.back"), URL: "/x/" + v.pass.execution},
	}
	page.Chrome = s.portalChrome(v, here, page.Name)
	for _, step := range r.Steps {
		if shown := s.reportStep(v, step); shown.Answer != "" || shown.Error != "" || len(shown.Calls) > 0 || isPage(step) {
			page.Steps = append(page.Steps, shown)
		}
	}
	for _, c := range r.Comments {
		page.Comments = append(page.Comments, views.ReportComment{Where: titleIn(r, c.Step), Text: c.Words})
	}
	return show(w, v, page.View())
}

// eventsOf reads the log of an execution.
func (s *Site) eventsOf(v *visit) (all []execution.Event, err error) {
	turns, err := s.activity.Turns(v.Context(), v.pass.execution)
	if err != nil {
		return nil, err
	}
	for _, t := range turns {
		var events []execution.Event
		if err := json.Unmarshal(t.Events, &events); err != nil {
			return nil, fmt.Errorf("read turn %d of execution %s: %w", t.Seq, t.Execution, err)
		}
		all = append(all, events...)
	}
	return all, nil
}

// isPage reports whether a step of a report is one that the person saw.
func isPage(step execution.ReportedStep) bool {
	return step.Type.Family() == procedure.Interactive || step.Type == procedure.StepEnd
}

func (s *Site) reportFacts(v *visit, id string, r execution.ExecutionReport) (facts [][2]string) {
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, [2]string{v.words.T(key), value})
		}
	}
	add("report.started", v.words.DateTime(r.Started))
	if !r.Ended.IsZero() {
		add("report.ended", v.words.DateTime(r.Ended))
	}
	add("report.duration", v.words.Duration(r.Duration))
	add("report.user", r.User)
	add("report.version", r.Version)
	add("report.language", r.Language)
	for _, t := range r.Tickets {
		add("report.ticket", t.Number)
	}
	if given, ok := r.Feedback.(map[string]any); ok && given["score"] != nil {
		add("report.score", fmt.Sprint(given["score"]))
	}
	add("report.reference", id)
	return facts
}

func (s *Site) reportStep(v *visit, step execution.ReportedStep) views.ReportStep {
	shown := views.ReportStep{
		Order: step.Order, Title: cmp.Or(step.Title, step.Step), At: v.words.Time(step.Entered), Answer: step.Words, OffPath: step.OffPath,
	}
	if step.Error != "" {
		shown.Error = v.sentence(step.Error, nil)
	}
	for _, c := range step.Calls {
		status := v.words.T("report.pending")
		if c.Status != "" {
			status = v.words.T("status." + c.Status)
		}
		shown.Calls = append(shown.Calls, v.words.T("report.call", v.words.T("effect."+string(c.Kind)), status))
	}
	return shown
}

func titleIn(r execution.ExecutionReport, step string) string {
	for _, s := range r.Steps {
		if s.Step == step {
			return cmp.Or(s.Title, step)
		}
	}
	return step
}
