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

// workbookRows is how many executions a workbook has at most: it is whole before
// the first byte is sent, while a CSV file leaves row by row.
const workbookRows = 100_000

// executionsTable gives the executions of a filter out, in the order of the list.
func (s *Studio) executionsTable(w http.ResponseWriter, v *frame.Visit) error {
	project := v.PathValue("project")
	titles, err := s.procedureTitles(v, project, &views.StudioExecutions{})
	if err != nil {
		return err
	}
	order, err := s.executionOrder(v, executionList(v), titles)
	if err != nil {
		return err
	}
	if err := s.Content.Audit(v.Context(), v.Who.ID, "execution.export", "project:"+project, map[string]string{"filter": v.URL.RawQuery}); err != nil {
		return err
	}
	head := []string{"id"}
	for _, column := range []string{"started", "procedure", "version", "who", "outcome", "seconds", "pages", "channel", "language", "server"} {
		head = append(head, v.Words.T("executions."+column))
	}
	servers, err := s.serverNames(v)
	if err != nil {
		return err
	}
	after, done := "", false
	return s.SendTable(w, v, frame.Table{Name: "executions", Head: head, Most: workbookRows, Cut: v.Words.T("executions.cut", workbookRows), Next: func() ([][]string, error) {
		if done {
			return nil, nil
		}
		page, err := s.executionsIn(v, order, after, tablePage)
		if err != nil {
			return nil, err
		}
		after, done = page.Next, page.Next == ""
		return s.executionCells(v, page.Executions, titles, servers), nil
	}})
}

// executionCells are executions as a table has them: times and numbers as
// machines read them, everything else in words.
func (s *Studio) executionCells(v *frame.Visit, executions []store.Execution, titles, servers map[string]string) [][]string {
	table := make([][]string, len(executions))
	for i, e := range executions {
		line, outcome := s.executionLine(v, e, titles), "outcome.going_on"
		if line.Outcome != "" {
			outcome = "outcome." + line.Outcome
		}
		table[i] = []string{
			line.ID, line.Started.Format(time.RFC3339), line.Procedure, line.Version, line.Who, v.Words.T(outcome),
			strconv.Itoa(int(line.Took.Seconds())), strconv.FormatInt(line.Turns, 10), line.Channel, line.Language, servers[e.Server],
		}
	}
	return table
}
