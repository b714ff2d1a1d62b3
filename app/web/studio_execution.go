package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/formula"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

const (
	executionsShown = 50
	countedDays     = 30
)

// studioExecutions lists the executions of a project.
func (s *Site) studioExecutions(w http.ResponseWriter, v *visit) error {
	d, p, err := s.desk(w, v, "executions", v.words.T("desk.executions"))
	if err != nil {
		return err
	}
	q := v.URL.Query()
	page := views.StudioExecutions{Desk: d, Now: s.now(), Period: countedDays, Filter: views.ExecutionFilter{
		Procedure: q.Get("procedure"), Outcome: q.Get("outcome"), Version: q.Get("version"), From: q.Get("from"), Until: q.Get("until"),
	}}
	filter, err := storeFilter(p.ID, page.Filter)
	if err != nil {
		return err
	}
	filter.After = q.Get("after")
	found, err := s.activity.Executions(v.Context(), filter)
	if err != nil {
		return err
	}
	titles, err := s.procedureTitles(v, p.ID, &page)
	if err != nil {
		return err
	}
	for _, e := range found.Executions {
		page.Executions = append(page.Executions, s.executionLine(v, e, titles))
	}
	if found.Next != "" {
		q.Set("after", found.Next)
		page.Older = "?" + q.Encode()
	}
	if page.Counts, err = s.outcomeCounts(v, p.ID); err != nil {
		return err
	}
	return show(w, v, page.View())
}

// storeFilter reads the filter of a form; days are whole ones.
func storeFilter(project string, f views.ExecutionFilter) (store.ExecutionFilter, error) {
	filter := store.ExecutionFilter{Project: project, Procedure: f.Procedure, Version: f.Version, Outcome: procedure.Outcome(f.Outcome), Limit: executionsShown}
	var err error
	if filter.From, err = day(f.From); err != nil {
		return filter, err
	}
	if filter.To, err = day(f.Until); err != nil {
		return filter, err
	}
	if !filter.To.IsZero() {
		filter.To = filter.To.AddDate(0, 0, 1)
	}
	return filter, nil
}

func day(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, fault.Because(fault.Invalid, err, "fault.date")
	}
	return t, nil
}

// procedureTitles gathers how procedures are called, and the choices of the
// filter.
func (s *Site) procedureTitles(v *visit, project string, page *views.StudioExecutions) (map[string]string, error) {
	lines, err := s.content.Procedures(v.Context(), project)
	if err != nil {
		return nil, err
	}
	titles := map[string]string{}
	for _, l := range lines {
		titles[l.UID] = v.in(l.Title, s)
		if l.Entry {
			page.Procedures = append(page.Procedures, ui.Place{Name: titles[l.UID], URL: l.UID})
		}
	}
	return titles, nil
}

func (s *Site) executionLine(v *visit, e store.Execution, titles map[string]string) views.ExecutionLine {
	line := views.ExecutionLine{
		ID: e.ID, Procedure: titles[e.Procedure], Version: e.Version, Outcome: string(e.Outcome), Started: e.Started,
		Took: e.Duration(), Turns: e.Turns, Channel: e.Channel, Language: e.Language, Who: v.words.T("executions.visitor"),
	}
	if line.Procedure == "" {
		line.Procedure = e.Alias
	}
	switch {
	case e.User != "" && e.Pseudonym:
		line.Who = e.User
	case e.User != "":
		line.Who = s.nameOf(v, e.User)
	}
	return line
}

// outcomeCounts are how the executions of the last days ended.
func (s *Site) outcomeCounts(v *visit, project string) (counts []views.OutcomeCount, err error) {
	now := s.now()
	popular, err := s.activity.Populars(v.Context(), project, now.AddDate(0, 0, -countedDays), now, 10_000)
	if err != nil {
		return nil, err
	}
	var started int64
	sums := map[procedure.Outcome]int64{}
	for _, p := range popular {
		started += p.Started
		for outcome, n := range p.Outcomes {
			sums[outcome] += n
		}
	}
	open := started
	for _, n := range sums {
		open -= n
	}
	if started == 0 {
		return nil, nil
	}
	for _, o := range []procedure.Outcome{procedure.Solved, procedure.Informed, procedure.Escalated, procedure.Unsolved, procedure.Abandoned} {
		counts = append(counts, views.OutcomeCount{Outcome: string(o), Count: sums[o], Percent: int(100 * sums[o] / started)})
	}
	return append(counts, views.OutcomeCount{Count: open, Percent: int(100 * open / started)}), nil
}

// executionOf reads an execution of the address's project.
func (s *Site) executionOf(v *visit) (store.Execution, error) {
	e, err := s.activity.Execution(v.Context(), v.PathValue("execution"))
	if err == nil && e.Project != v.PathValue("project") {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return e, err
}

// writersReport makes the report of an execution, with the titles of the
// version it ran on while that is at hand.
func (s *Site) writersReport(v *visit, p store.Project, e store.Execution) (execution.ExecutionReport, error) {
	turns, err := s.activity.Turns(v.Context(), e.ID)
	if err != nil {
		return execution.ExecutionReport{}, err
	}
	var all []execution.Event
	for _, t := range turns {
		var events []execution.Event
		if err := json.Unmarshal(t.Events, &events); err != nil {
			return execution.ExecutionReport{}, fmt.Errorf("read turn %d of execution %s: %w", t.Seq, e.ID, err)
		}
		all = append(all, events...)
	}
	hold := s.shelf.Hold()
	defer hold.Release()
	if n, err := publication.ParseNumber(e.Version); err == nil {
		if b, err := hold.Version(p.Domain, p.Data.UID, n); err == nil {
			return execution.Report(b, all), nil
		}
	}
	return execution.Report(nil, all), nil
}

// studioReport shows the report of an execution to those who write.
func (s *Site) studioReport(w http.ResponseWriter, v *visit) error {
	e, err := s.executionOf(v)
	if err != nil {
		return err
	}
	d, p, err := s.desk(w, v, "executions", v.words.T("report.title"))
	if err != nil {
		return err
	}
	r, err := s.writersReport(v, p, e)
	if err != nil {
		return err
	}
	page := views.StudioReport{
		Desk: d, Name: cmp.Or(r.Title, e.Alias), ID: e.ID, Outcome: r.Outcome, Facts: s.reportFacts(v, e.ID, r), Open: procedureURL(p.ID, e.Procedure),
	}
	for _, step := range r.Steps {
		page.Steps = append(page.Steps, s.writerStep(v, p.ID, step))
	}
	for _, c := range r.Comments {
		page.Comments = append(page.Comments, views.ReportComment{Where: titleIn(r, c.Step), Text: c.Words})
	}
	return show(w, v, page.View())
}

// writerStep is a visit of a step with everything that writers look for.
func (s *Site) writerStep(v *visit, project string, step execution.ReportedStep) views.WriterStep {
	seen := s.reportStep(v, step)
	shown := views.WriterStep{
		Order: step.Order, Title: seen.Title, Kind: v.words.T("step." + string(step.Type)), Depth: step.Depth, At: seen.At, Answer: seen.Answer,
		By: step.Edge, Calls: seen.Calls, Error: seen.Error, Note: step.Note, OffPath: step.OffPath,
		URL: procedureURL(project, step.Procedure) + "?step=" + step.Step,
	}
	if !step.Left.IsZero() {
		shown.Took = v.words.Duration(step.Left.Sub(step.Entered))
	}
	for _, name := range slices.Sorted(maps.Keys(step.Changed)) {
		shown.Changed = append(shown.Changed, [2]string{name, formula.Show(step.Changed[name], v.words.Lang())})
	}
	return shown
}

// studioReportJSON gives the report to programs.
func (s *Site) studioReportJSON(w http.ResponseWriter, v *visit) error {
	e, err := s.executionOf(v)
	if err != nil {
		return err
	}
	p, err := s.content.Project(v.Context(), e.Project)
	if err != nil {
		return err
	}
	r, err := s.writersReport(v, p, e)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+url.PathEscape(e.ID)+`.json"`)
	return showJSON(w, http.StatusOK, "application/json", r)
}

func procedureURL(project, uid string) string { return "/studio/p/" + project + "/d/" + uid }
