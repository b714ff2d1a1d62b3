package portal

import (
	"cmp"
	"net/http"

	"selfhelp/app/execution"
	"selfhelp/app/web/drive"
	"selfhelp/app/web/frame"
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
	here := frame.Place{Domain: v.Pass.Domain, Project: b.Project()}
	page := views.Report{
		Name: cmp.Or(r.Title, v.Pass.Alias), Execution: v.Pass.Execution, Outcome: r.Outcome, Facts: drive.ReportFacts(v, v.Pass.Execution, r),
		Back: ui.Place{Name: v.Words.T("report.back"), URL: "/x/" + v.Pass.Execution},
	}
	page.Chrome = s.PortalChrome(v, here, page.Name)
	for _, step := range r.Steps {
		if shown := drive.ReportedStep(v, step); shown.Answer != "" || shown.Error != "" || len(shown.Calls) > 0 || drive.IsPage(step) {
			page.Steps = append(page.Steps, shown)
		}
	}
	for _, c := range r.Comments {
		page.Comments = append(page.Comments, views.ReportComment{Where: drive.TitleIn(r, c.Step), Text: c.Words})
	}
	return frame.Show(w, v, page.View())
}
