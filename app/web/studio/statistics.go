package studio

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/app/report"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

const (
	leaksShown   = 10
	busiestShown = 20
	tookSample   = 10_000 // durations that a median is made of, the latest
)

// statistics shows how the executions of a project, or of one of its entry
// points, went over some days.
func (s *Studio) statistics(w http.ResponseWriter, v *frame.Visit) error {
	d, p, err := s.Desk(w, v, "statistics", v.Words.T("desk.statistics"))
	if err != nil {
		return err
	}
	days, _ := strconv.Atoi(v.URL.Query().Get("days")) // none is the usual length
	page := views.StudioStatistics{Desk: d, Period: report.Ending(s.Now(), days), Procedure: v.URL.Query().Get("procedure")}
	names, err := s.statisticsTitles(v, p.ID, &page)
	if err != nil {
		return err
	}
	if err := s.countDays(v, p.ID, &page); err != nil {
		return err
	}
	if page.Count.Started > 0 {
		if err := s.leaks(v, p.ID, names, &page); err != nil {
			return err
		}
		if err := s.busiest(v, p.ID, names, &page); err != nil {
			return err
		}
	}
	return frame.Show(w, v, page.View())
}

// statisticsTitles gathers how procedures are called, and the entry points to
// choose among.
func (s *Studio) statisticsTitles(v *frame.Visit, project string, page *views.StudioStatistics) (titles, error) {
	t := titles{procedures: map[string]string{}, steps: map[string]map[string]string{}}
	lines, err := s.Content.Procedures(v.Context(), project)
	for _, l := range lines {
		t.procedures[l.UID] = s.Words(v, l.Title)
		if l.Entry {
			page.Procedures = append(page.Procedures, ui.Place{Name: t.procedures[l.UID], URL: l.UID})
		}
	}
	return t, err
}

// countDays reads the days of the period and of the one before it, and makes
// the figures and the chart of them.
func (s *Studio) countDays(v *frame.Visit, project string, page *views.StudioStatistics) error {
	before := page.Period.Before()
	kept, err := s.Activity.Days(v.Context(), project, page.Procedure, before.From, page.Period.Until)
	if err != nil {
		return err
	}
	days := make([]report.Day, len(kept))
	for i, k := range kept {
		days[i] = report.Day{On: k.On, Count: report.Count{Started: k.Started, Outcomes: k.Outcomes}}
	}
	page.Count = report.Sum(page.Period, days)
	page.Chart = report.Draw(report.Trend(page.Period, days))
	took, n, err := s.medianOf(v, project, page.Procedure, page.Period)
	if err != nil {
		return err
	}
	tookBefore, _, err := s.medianOf(v, project, page.Procedure, before)
	if err != nil {
		return err
	}
	page.Figures = figures(v, page.Period.Days, page.Count, report.Sum(before, days), took, tookBefore, n)
	if failed := page.Count.Of(procedure.Failed); failed > 0 {
		last := &page.Figures[len(page.Figures)-1]
		last.URL, last.Of = page.List(string(procedure.Failed)), v.Words.T("statistics.failed_of", v.Words.Number(failed))
	}
	return nil
}

// medianOf is how long the executions of a period took that came to an end, 0
// when none did, and of how many that was learnt.
func (s *Studio) medianOf(v *frame.Visit, project, uid string, p report.Period) (time.Duration, int, error) {
	all, err := s.Activity.Took(v.Context(), store.ExecutionFilter{Project: project, Procedure: uid, From: p.From, To: p.End(), Limit: tookSample})
	median, _ := report.Median(all)
	return median, len(all), err
}

// figures are the numbers of a period beside those of the one before.
func figures(v *frame.Visit, days int, now, before report.Count, took, tookBefore time.Duration, of int) []views.Figure {
	words := v.Words
	started := views.Figure{Name: words.T("statistics.started"), Value: words.Number(now.Started), Change: grown(words, now.Started, before.Started, days)}
	median := views.Figure{Name: words.T("statistics.took"), Value: "–", Change: grown(words, took.Milliseconds(), tookBefore.Milliseconds(), days), Note: words.T("statistics.took_note")}
	if of > 0 {
		median.Value = words.Duration(took)
	} else {
		median.Change = ""
	}
	if of >= tookSample {
		median.Note = words.T("statistics.took_latest", of)
	}
	return []views.Figure{
		started,
		share(words, "reached", now.Reached(), now.Ended(), before.Reached(), before.Ended(), days),
		median,
		share(words, "abandoned", now.Of(procedure.Abandoned), now.Ended(), before.Of(procedure.Abandoned), before.Ended(), days),
		share(words, "failed", now.Of(procedure.Failed), now.Ended(), before.Of(procedure.Failed), before.Ended(), days),
	}
}

// share is a part of the executions that ended, beside that of the period
// before.
func share(words *ui.Words, name string, part, whole, partBefore, wholeBefore int64, days int) views.Figure {
	f := views.Figure{Name: words.T("statistics." + name), Value: "–", Note: words.T("statistics." + name + "_note")}
	percent, known := report.Share(part, whole)
	if !known {
		return f
	}
	f.Value = words.T("percent", percent)
	was, known := report.Share(partBefore, wholeBefore)
	switch {
	case !known:
		f.Change = words.T("statistics.new", days)
	case percent > was:
		f.Change = words.N("statistics.points_up", percent-was, days)
	case percent < was:
		f.Change = words.N("statistics.points_down", was-percent, days)
	default:
		f.Change = words.T("statistics.same", days)
	}
	return f
}

// grown says by how much a figure is larger or smaller than in the period
// before.
func grown(words *ui.Words, now, before int64, days int) string {
	percent, known := report.Change(now, before)
	switch {
	case !known:
		return words.T("statistics.new", days)
	case percent > 0:
		return words.T("statistics.up", percent, days)
	case percent < 0:
		return words.T("statistics.down", -percent, days)
	}
	return words.T("statistics.same", days)
}

// leaks finds the steps at which most people left.
func (s *Studio) leaks(v *frame.Visit, project string, t titles, page *views.StudioStatistics) error {
	p := page.Period
	found, err := s.Activity.Left(v.Context(), project, page.Procedure, p.From, p.End(), leaksShown)
	if err != nil {
		return err
	}
	if page.Count.Of(procedure.Abandoned) > store.LeftRead {
		page.Latest = store.LeftRead
	}
	left, went := map[report.Place]int64{}, map[report.Place]int64{}
	read := map[string]bool{}
	for _, l := range found {
		left[report.Place{Procedure: l.Procedure, Step: l.Step}] = l.Times
		if read[l.Procedure] {
			continue
		}
		read[l.Procedure] = true
		ways, err := s.Activity.Passages(v.Context(), project, l.Procedure, "", p.From, p.Until)
		if err != nil {
			return err
		}
		for _, way := range ways {
			went[report.Place{Procedure: way.Procedure, Step: way.Step}] += way.Times
		}
	}
	for _, l := range report.Leaks(left, went) {
		title, there, err := s.step(v, t, project, l.Procedure, l.Step)
		if err != nil {
			return err
		}
		line := views.LeakLine{Step: title, Procedure: cmp.Or(t.procedures[l.Procedure], v.Words.T("notes.procedure_gone")), Left: l.Left, Seen: l.Seen, Percent: l.Percent}
		if there {
			line.URL = ProcedureURL(project, l.Procedure) + "?step=" + l.Step
		}
		page.Leaks = append(page.Leaks, line)
	}
	return nil
}

// busiest lists the procedures of a whole project that were run most.
func (s *Studio) busiest(v *frame.Visit, project string, t titles, page *views.StudioStatistics) error {
	if page.Procedure != "" {
		return nil
	}
	counted, err := s.Activity.Populars(v.Context(), project, page.Period.From, page.Period.Until, busiestShown)
	for _, c := range counted {
		n := report.Count{Started: c.Started, Outcomes: c.Outcomes}
		page.Busiest = append(page.Busiest, views.BusyLine{
			UID: c.Procedure, Title: cmp.Or(t.procedures[c.Procedure], v.Words.T("notes.procedure_gone")),
			Started: n.Started, Reached: n.Reached(), Abandoned: n.Of(procedure.Abandoned),
			Failed: n.Of(procedure.Failed),
		})
	}
	return err
}
