package studio

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/formula"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/web/drive"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

const (
	executionsShown = 50
	countedDays     = 30
)

// executions lists the executions of a project.
func (s *Studio) executions(w http.ResponseWriter, v *frame.Visit) error {
	d, p, err := s.Desk(w, v, "executions", v.Words.T("desk.executions"))
	if err != nil {
		return err
	}
	page := views.StudioExecutions{Desk: d, Now: s.Now(), Period: countedDays, List: executionList(v)}
	titles, err := s.procedureTitles(v, p.ID, &page)
	if err != nil {
		return err
	}
	order, err := s.executionOrder(v, page.List, titles)
	if err != nil {
		return err
	}
	found, err := s.executionsIn(v, order, v.URL.Query().Get("after"), executionsShown)
	if err != nil {
		return err
	}
	for _, e := range found.Executions {
		page.Executions = append(page.Executions, s.executionLine(v, e, titles))
	}
	if found.Next != "" {
		page.List.Next = page.List.Address("", "after", found.Next)
	}
	if page.Counts, err = s.outcomeCounts(v, p.ID); err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// serverName says how the presentation server is called where an execution was begun,
// "" where that is this one.
func (s *Studio) serverName(v *frame.Visit, e store.Execution) (string, error) {
	if e.Server == "" {
		return "", nil
	}
	names, err := s.serverNames(v)
	return cmp.Or(names[e.Server], v.Words.T("report.server.gone")), err
}

// serverNames says how the presentation servers are called, by id.
func (s *Studio) serverNames(v *frame.Visit) (map[string]string, error) {
	servers, err := s.Content.Servers(v.Context())
	names := map[string]string{}
	for _, one := range servers {
		names[one.ID] = one.Name
	}
	return names, err
}

func day(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, text, ui.Zone())
	if err != nil {
		return t, fault.Because(fault.Invalid, err, "fault.date")
	}
	return t, nil
}

// procedureTitles gathers how procedures are called, and the choices of the
// filter.
func (s *Studio) procedureTitles(v *frame.Visit, project string, page *views.StudioExecutions) (map[string]string, error) {
	lines, err := s.Content.Procedures(v.Context(), project)
	if err != nil {
		return nil, err
	}
	titles := map[string]string{}
	for _, l := range lines {
		titles[l.UID] = s.Words(v, l.Title)
		if l.Entry {
			page.Procedures = append(page.Procedures, ui.Place{Name: titles[l.UID], URL: l.UID})
		}
	}
	return titles, nil
}

func (s *Studio) executionLine(v *frame.Visit, e store.Execution, titles map[string]string) views.ExecutionLine {
	line := views.ExecutionLine{
		ID: e.ID, Procedure: titles[e.Procedure], Version: e.Version, Outcome: string(e.Stands()), Started: e.Started,
		Took: e.Duration(), Turns: e.Turns, Channel: e.Channel, Language: e.Language, Who: v.Words.T("executions.visitor"),
	}
	if line.Procedure == "" {
		line.Procedure = e.Alias
	}
	switch {
	case e.User != "" && e.Pseudonym:
		line.Who = e.User
	case e.User != "":
		line.Who = s.NameOf(v, e.User)
	}
	return line
}

// outcomeCounts are how the executions of the last days ended.
func (s *Studio) outcomeCounts(v *frame.Visit, project string) (counts []views.OutcomeCount, err error) {
	now := s.Now()
	popular, err := s.Activity.Populars(v.Context(), project, now.AddDate(0, 0, -countedDays), now, 10_000)
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
	for _, o := range []procedure.Outcome{procedure.Solved, procedure.Informed, procedure.Escalated, procedure.Unsolved, procedure.Abandoned, procedure.Failed} {
		counts = append(counts, views.OutcomeCount{Outcome: string(o), Count: sums[o], Percent: int(100 * sums[o] / started)})
	}
	return append(counts, views.OutcomeCount{Count: open, Percent: int(100 * open / started)}), nil
}

// executionOf reads an execution of the address's project.
func (s *Studio) executionOf(v *frame.Visit) (store.Execution, error) {
	e, err := s.Activity.Execution(v.Context(), v.PathValue("execution"))
	if err == nil && e.Project != v.PathValue("project") {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return e, err
}

// writersReport makes the report of an execution, with the titles of the
// version it ran on while that is at hand.
func (s *Studio) writersReport(v *frame.Visit, p store.Project, e store.Execution) (execution.ExecutionReport, error) {
	turns, err := s.Activity.Turns(v.Context(), e.ID)
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
	hold := s.Shelf.Hold()
	defer hold.Release()
	if n, err := publication.ParseNumber(e.Version); err == nil {
		if b, err := hold.Version(p.Domain, p.Data.UID, n); err == nil {
			return execution.Report(b, all), nil
		}
	}
	return execution.Report(nil, all), nil
}

// report shows the report of an execution to those who write.
func (s *Studio) report(w http.ResponseWriter, v *frame.Visit) error {
	e, err := s.executionOf(v)
	if err != nil {
		return err
	}
	d, p, err := s.Desk(w, v, "executions", v.Words.T("report.title"))
	if err != nil {
		return err
	}
	r, err := s.writersReport(v, p, e)
	if err != nil {
		return err
	}
	facts := drive.ReportFacts(s.Site, v, e.ID, r)
	server, err := s.serverName(v, e)
	if err != nil {
		return err
	}
	if server != "" {
		facts = append(facts, [2]string{v.Words.T("executions.server"), server})
	}
	page := views.StudioReport{
		Desk: d, Name: cmp.Or(r.Title, e.Alias), ID: e.ID, Outcome: r.Stands(), Facts: facts, Open: ProcedureURL(p.ID, e.Procedure),
	}
	traces := tracesOf(v, r)
	for _, step := range r.Steps {
		shown := s.writerStep(v, p.ID, step)
		if logs := traces[step.Step]; step.Type == procedure.StepLog && len(logs) > 0 {
			shown.Changed, traces[step.Step] = append(shown.Changed, logs[0]), logs[1:]
		}
		page.Steps = append(page.Steps, shown)
	}
	for _, c := range r.Comments {
		page.Comments = append(page.Comments, views.ReportComment{Where: drive.TitleIn(r, c.Step), Text: c.Words})
	}
	return frame.Show(w, v, page.View())
}

// leftBy says how a step was left, where the answer does not say it already.
func leftBy(v *frame.Visit, step execution.ReportedStep, answer string) string {
	kind, which, _ := strings.Cut(step.Edge, ".")
	switch {
	case step.By != "":
		return step.By
	case kind == "" || kind == "next" || answer != "":
		return ""
	case kind == "outcome" && v.Words.Has("outcome."+which):
		return v.Words.T("outcome." + which)
	case which != "":
		return v.Words.T("edge."+kind) + " " + which
	}
	return v.Words.T("edge." + kind)
}

// writerStep is a visit of a step with everything that writers look for.
func (s *Studio) writerStep(v *frame.Visit, project string, step execution.ReportedStep) views.WriterStep {
	seen := drive.ReportedStep(v, step)
	shown := views.WriterStep{
		Order: step.Order, Title: seen.Title, Kind: v.Words.T("step." + string(step.Type)), Depth: step.Depth, At: seen.At, Answer: seen.Answer,
		By: leftBy(v, step, seen.Answer), Calls: seen.Calls, Error: seen.Error, Note: noteOf(v, step), OffPath: step.OffPath,
		URL: ProcedureURL(project, step.Procedure) + "?step=" + step.Step,
	}
	if !step.Left.IsZero() {
		shown.Took = v.Words.Duration(step.Left.Sub(step.Entered))
	}
	for _, name := range slices.Sorted(maps.Keys(step.Changed)) {
		shown.Changed = append(shown.Changed, [2]string{name, formula.Show(step.Changed[name], v.Words.Lang())})
	}
	return shown
}

// tracesOf are what each step has logged, name and value, in its order.
func tracesOf(v *frame.Visit, r execution.ExecutionReport) map[string][][2]string {
	traces := map[string][][2]string{}
	for _, l := range r.Logs {
		traces[l.Step] = append(traces[l.Step], [2]string{l.Key, formula.Show(l.Value, v.Words.Lang())})
	}
	return traces
}

// noteOf is the cause of a failure for those who write: of a formula, in their
// language.
func noteOf(v *frame.Visit, step execution.ReportedStep) string {
	why := step.Why
	if why == nil {
		return step.Note
	}
	said := formula.Sentence(why.Key, why.Args, v.Words.Lang())
	if why.Line == 0 {
		return said
	}
	return v.Words.T("report.formula_at", why.Line, why.Column, said)
}

// reportJSON gives the report to programs.
func (s *Studio) reportJSON(w http.ResponseWriter, v *frame.Visit) error {
	e, err := s.executionOf(v)
	if err != nil {
		return err
	}
	p, err := s.Content.Project(v.Context(), e.Project)
	if err != nil {
		return err
	}
	r, err := s.writersReport(v, p, e)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+url.PathEscape(e.ID)+`.json"`)
	return frame.ShowJSON(w, http.StatusOK, "application/json", r)
}

// ProcedureURL is the address of a procedure's page.
func ProcedureURL(project, uid string) string { return "/studio/p/" + project + "/d/" + uid }
