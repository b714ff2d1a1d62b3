package drive

import (
	"cmp"
	"encoding/json"
	"fmt"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/views"
)

// EventsOf reads the log of an execution.
func (s *Driver) EventsOf(v *frame.Visit) (all []execution.Event, err error) {
	turns, err := s.Activity.Turns(v.Context(), v.Pass.Execution)
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

// IsPage reports whether a step of a report is one that the person saw.
func IsPage(step execution.ReportedStep) bool {
	return step.Type.Family() == procedure.Interactive || step.Type == procedure.StepEnd
}

// ReportFacts are what stands at the head of a report.
func ReportFacts(v *frame.Visit, id string, r execution.ExecutionReport) (facts [][2]string) {
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, [2]string{v.Words.T(key), value})
		}
	}
	add("report.started", v.Words.DateTime(r.Started))
	if !r.Ended.IsZero() {
		add("report.ended", v.Words.DateTime(r.Ended))
	}
	add("report.duration", v.Words.Duration(r.Duration))
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

// ReportedStep is a step as a report shows it.
func ReportedStep(v *frame.Visit, step execution.ReportedStep) views.ReportStep {
	shown := views.ReportStep{
		Order: step.Order, Title: cmp.Or(step.Title, step.Step), At: v.Words.Time(step.Entered), Answer: step.Words, OffPath: step.OffPath,
	}
	if step.Error != "" {
		shown.Error = v.Sentence(step.Error, nil)
	}
	for _, c := range step.Calls {
		status := v.Words.T("report.pending")
		if c.Status != "" {
			status = v.Words.T("status." + c.Status)
		}
		shown.Calls = append(shown.Calls, v.Words.T("report.call", v.Words.T("effect."+string(c.Kind)), status))
	}
	return shown
}

// TitleIn is the title of a step of a report.
func TitleIn(r execution.ExecutionReport, step string) string {
	for _, s := range r.Steps {
		if s.Step == step {
			return cmp.Or(s.Title, step)
		}
	}
	return step
}
