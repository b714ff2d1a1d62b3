package command

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"selfhelp/app/edition"
	"selfhelp/app/execution"
	"selfhelp/app/procedure"
)

// maxReport bounds a report that is replayed, in bytes.
const maxReport = 32 << 20

// replayed is what came of a replay, for programs.
type replayed struct {
	Execution string `json:"execution"`
	Same      bool   `json:"same"`
	Where     string `json:"where,omitempty"` // the first difference
}

// replay runs the execution of a report again and says whether it takes the
// same path.
func replay(t Terminal, p *procedure.Project, file string, asJSON bool) error {
	report, err := readReport(file)
	if err != nil {
		return err
	}
	r, err := execution.Replay(edition.NewDraft(p), report.Events)
	if err != nil {
		return err
	}
	found := replayed{report.Execution, r.Same, r.Where}
	switch {
	case asJSON:
		err = PrintJSON(t.Out, found)
	case r.Same:
		_, err = fmt.Fprintf(t.Out, "%s: the same path, %s\n", found.Execution, count(len(report.Steps), "step"))
	default:
		_, err = fmt.Fprintf(t.Out, "%s: another path, %s\n", found.Execution, found.Where)
	}
	if err == nil && !r.Same {
		return ErrBad
	}
	return err
}

func readReport(file string) (report execution.ExecutionReport, err error) {
	f, err := os.Open(file)
	if err != nil {
		return report, fmt.Errorf("open the report: %w", err)
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, maxReport+1))
	if err != nil {
		return report, fmt.Errorf("read the report: %w", err)
	}
	if len(body) > maxReport {
		return report, Misused("%s is over %d MiB: no report is", file, maxReport>>20)
	}
	if err := json.Unmarshal(body, &report); err != nil || len(report.Events) == 0 {
		return report, Misused("%s is not a report as `selfhelp run --json` prints it, with its events", file)
	}
	return report, nil
}
