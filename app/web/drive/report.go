package drive

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
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
func ReportFacts(s *frame.Site, v *frame.Visit, id string, r execution.ExecutionReport) (facts [][2]string) {
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, [2]string{v.Words.T(key), value})
		}
	}
	add("report.started", v.Words.DateTime(r.Started))
	if !r.Ended.IsZero() {
		add("report.ended", v.Words.DateTime(r.Ended))
	}
	add("report.duration", v.Words.Duration(r.Duration()))
	add("report.user", personName(s, v, r.User))
	add("report.version", r.Version)
	add("report.language", ui.NameOf(r.Language))
	for _, t := range r.Tickets {
		add("report.ticket", t.Number)
	}
	if given, ok := r.Feedback.(map[string]any); ok && given["score"] != nil {
		add("report.score", givenScore(s, v, id, given["score"]))
	}
	add("report.reference", id)
	return facts
}

// personName is the name of the account of a login, the login itself when it is
// a pseudonym or the account is gone.
func personName(s *frame.Site, v *frame.Visit, login string) string {
	switch login {
	case "":
		return ""
	case v.Who.Login:
		return v.Who.Name
	}
	u, err := s.Content.UserByLogin(v.Context(), login)
	if err != nil {
		return login // a report must be readable without the accounts too
	}
	return u.Name()
}

// givenScore says the score of an execution on the scale it was given on.
func givenScore(s *frame.Site, v *frame.Visit, id string, score any) string {
	given, err := s.Activity.FeedbacksOf(v.Context(), id)
	if err != nil || len(given) == 0 {
		return fmt.Sprint(score)
	}
	return ScoreWords(v, given[0].Scale, given[0].Score)
}

// ScoreWords says a score on its scale.
func ScoreWords(v *frame.Visit, scale procedure.FeedbackScale, score int) string {
	switch {
	case scale == procedure.ScaleFive:
		return v.Words.T("notes.score", score, 5)
	case scale == procedure.ScaleTen:
		return v.Words.T("notes.score", score, 10)
	case score > 0:
		return v.Words.T("player.thumb.up")
	}
	return v.Words.T("player.thumb.down")
}

// typeWords is what a step without a title is called: by its type, as "Start".
func typeWords(v *frame.Visit, t procedure.StepType) string {
	if key := "step." + string(t); v.Words.Has(key) {
		return v.Words.T(key)
	}
	return ""
}

// ReportedStep is a step as a report shows it.
func ReportedStep(v *frame.Visit, step execution.ReportedStep) views.ReportStep {
	shown := views.ReportStep{
		Order: step.Order, Title: cmp.Or(step.Title, typeWords(v, step.Type), step.Step), At: v.Words.Time(step.Entered), Answer: step.Words, OffPath: step.OffPath,
	}
	if step.Error != "" {
		shown.Error = v.Sentence(step.Error, step.Args)
	}
	for _, c := range step.Calls {
		status := v.Words.T("report.pending")
		if c.Status != "" {
			status = v.Words.T("status." + c.Status)
		}
		said := v.Words.T("report.call", v.Words.T("effect."+string(c.Kind)), status)
		if len(c.Files) > 0 {
			said = v.Words.T("report.call.files", said, strings.Join(c.Files, ", "))
		}
		shown.Calls = append(shown.Calls, said)
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
