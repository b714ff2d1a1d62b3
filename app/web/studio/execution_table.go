package studio

import (
	"net/http"
	"strconv"
	"time"

	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
)

// tablePage is how many executions of a table are read at once.
const tablePage = 1000

// executionsCSV gives the executions of a filter out as a table.
func (s *Studio) executionsCSV(w http.ResponseWriter, v *frame.Visit) error {
	filter, err := storeFilter(v.PathValue("project"), filterOf(v))
	if err != nil {
		return err
	}
	if err := s.Content.Audit(v.Context(), v.Who.ID, "execution.export", "project:"+filter.Project, map[string]string{"filter": v.URL.RawQuery}); err != nil {
		return err
	}
	titles, err := s.procedureTitles(v, filter.Project, &views.StudioExecutions{})
	if err != nil {
		return err
	}
	head := []string{"id"}
	for _, column := range []string{"started", "procedure", "version", "who", "outcome", "seconds", "pages", "channel", "language"} {
		head = append(head, v.Words.T("executions."+column))
	}
	filter.Limit = tablePage
	done := false
	return s.SendCSV(w, v, "executions.csv", head, func() ([][]string, error) {
		if done {
			return nil, nil
		}
		page, err := s.Activity.Executions(v.Context(), filter)
		if err != nil {
			return nil, err
		}
		filter.After, done = page.Next, page.Next == ""
		return s.executionCells(v, page.Executions, titles), nil
	})
}

// executionCells are executions as a table has them: times and numbers as
// machines read them, everything else in words.
func (s *Studio) executionCells(v *frame.Visit, executions []store.Execution, titles map[string]string) [][]string {
	table := make([][]string, len(executions))
	for i, e := range executions {
		line, outcome := s.executionLine(v, e, titles), "outcome.going_on"
		if line.Outcome != "" {
			outcome = "outcome." + line.Outcome
		}
		table[i] = []string{
			line.ID, line.Started.Format(time.RFC3339), line.Procedure, line.Version, line.Who, v.Words.T(outcome),
			strconv.Itoa(int(line.Took.Seconds())), strconv.FormatInt(line.Turns, 10), line.Channel, line.Language,
		}
	}
	return table
}
