package portal

import (
	"cmp"
	"net/http"

	"selfhelp/app/execution"
	"selfhelp/app/web/drive"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// ownReport shows the report of the visitor's own execution.
func (s *Portal) ownReport(w http.ResponseWriter, v *frame.Visit) error {
	b, err := s.BundleOf(v, v.Pass)
	if err != nil {
		return err
	}
	events, err := s.EventsOf(v)
	if err != nil {
		return err
	}
	r := execution.Report(b, events)
	elsewhere, err := s.isPartElsewhere(v)
	if err != nil {
		return err
	}
	here := frame.Place{Domain: v.Pass.Domain, Project: b.Project()}
	page := views.Report{
		Name: cmp.Or(r.Title, v.Pass.Alias), Execution: v.Pass.Execution, Outcome: r.Stands(), Facts: drive.ReportFacts(s.Site, v, v.Pass.Execution, r),
		Back: ui.Place{Name: v.Words.T("report.back"), URL: "/x/" + v.Pass.Execution},
	}
	page.Elsewhere = elsewhere
	page.Chrome = s.PortalChrome(v, here, page.Name)
	for _, step := range r.Steps {
		if shown := drive.ReportedStep(v, step); shown.Answer != "" || shown.Error != "" || len(shown.Calls) > 0 || drive.IsPage(step) {
			shown.Order = len(page.Steps) + 1 // of what a person saw
			page.Steps = append(page.Steps, shown)
		}
	}
	if page.Comments, err = s.ownComments(v, r); err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// ownComments are what the person wrote, with what writers answered.
func (s *Portal) ownComments(v *frame.Visit, r execution.ExecutionReport) (list []views.ReportComment, err error) {
	kept, err := s.Activity.Postits(v.Context(), store.PostitFilter{Execution: v.Pass.Execution})
	if err != nil {
		return nil, err
	}
	for _, c := range r.Comments {
		shown := views.ReportComment{Where: drive.TitleIn(r, c.Step), Text: c.Words}
		for _, p := range kept {
			if p.Step == c.Step && p.Text == c.Words {
				shown.Answer = p.Answer
			}
		}
		list = append(list, shown)
	}
	given, err := s.Activity.FeedbacksOf(v.Context(), v.Pass.Execution)
	if err != nil {
		return nil, err
	}
	answers, err := s.Activity.OpinionAnswers(v.Context(), v.Pass.Execution)
	for _, f := range given {
		if f.Comment != "" {
			list = append(list, views.ReportComment{Where: v.Words.T("report.opinion", drive.ScoreWords(v, f.Scale, f.Score)), Text: f.Comment, Answer: answers[f.Step]})
		}
	}
	return list, err
}

// isPartElsewhere reports whether turns of the visit's execution were taken at
// another server: those here do not lead to where it stands without a hole.
func (s *Portal) isPartElsewhere(v *frame.Visit) (bool, error) {
	if !s.IsOneOfSeveral() {
		return false, nil
	}
	turns, err := s.Activity.Turns(v.Context(), v.Pass.Execution)
	return int64(len(turns)) < v.Pass.Turn, err
}
