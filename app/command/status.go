package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"selfhelp/app/certificate"
	"selfhelp/app/config"
	"selfhelp/app/watch"
	"selfhelp/store"
	"selfhelp/store/backup"
	"selfhelp/store/replica"
	"selfhelp/views/ui"
)

var statusCommand = Command{
	Name:    "status",
	Summary: "say how the server is: databases, keys, replica, disk, certificate, letters",
	Text: `Asks the server that runs on the data folder for what its page of the administration
shows; where none runs, looks at the folder and, with --config, at the target of
its replica, with --backup, at the backups. Whoever may read the folder may ask. Exit code 1 when something is
wrong, with what to do about it.`,
	Facts: []any{statusReport{}},
	Prepare: func(set *flag.FlagSet) Deed {
		settings := config.Flags(set, "data", "replication", "site", "backup", "tls-cert", "tls-key")
		asJSON := set.Bool("json", false, "print JSON")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) > 0 {
				return Misused("it takes no operand, but got %q", operands[0])
			}
			c, err := settings(t.Env)
			if err != nil {
				return err
			}
			r, err := statusNow(ctx, t, c)
			if err != nil {
				return err
			}
			return printStatus(t, r, *asJSON)
		}
	},
}

// statusNow asks the server of the folder, or looks at the folder.
func statusNow(ctx context.Context, t Terminal, c config.Config) (watch.Report, error) {
	r, err := watch.Ask(ctx, c.Data)
	if !errors.Is(err, watch.ErrNobody) {
		return r, err
	}
	rest, err := store.AtRest(ctx, c.Data)
	if err != nil {
		return r, err
	}
	copied, copiedBy, err := replicaAtRest(ctx, c, t.Err)
	if err != nil {
		return r, err
	}
	var shown []watch.Certificate
	if c.Certificate != "" {
		pair, err := certificate.FromFiles(c.Certificate, c.Key)
		if err != nil {
			return r, err
		}
		shown = []watch.Certificate{{Name: certificate.NamesOf(pair.Leaf)[0], Until: pair.Leaf.NotAfter}}
	}
	kept, keptBy := backupAtRest(c)
	return watch.Report{Facts: watch.AtRest(rest, watch.KeysAtRest(c.Data, copiedBy, keptBy), copied, kept, shown)}, nil
}

// replicaAtRest is what the target holds of the folder's last epoch, and the mark of the
// keys that were there; nil where nothing inside copies it. A target that does not answer
// keeps nobody from the rest.
func replicaAtRest(ctx context.Context, c config.Config, told io.Writer) (r *watch.Replica, keys string, err error) {
	if c.Replication != config.Embedded {
		return nil, "", nil
	}
	place, err := placeOf(c)
	if err != nil {
		return nil, "", err
	}
	r = &watch.Replica{Target: place.Settings.Databases[0].Target.Name(), Epoch: place.Epoch.Name(), Well: true}
	if place.Over.Number > 0 {
		r.Replaced = place.Over.Name()
	}
	ctx, cancel := context.WithTimeout(ctx, answers)
	defer cancel()
	held, err := place.Settings.Held(ctx)
	if err != nil {
		fmt.Fprintf(told, "the target of the replica: %v\n", err)
		r.Well, r.Silent, r.Why = false, true, string(replica.ReasonOf(err))
		return r, "", nil
	}
	if twin, is := errors.AsType[replica.Twin](place.Shared(ctx)); is {
		r.Twin = twin.By.Host
	}
	for _, h := range held {
		r.Epoch, r.Whole, keys = h.Epoch.Name(), h.Manifest.At, h.Manifest.Keys
		if h.Epoch.Name() == place.Epoch.Name() {
			break
		}
	}
	return r, keys, nil
}

// answers is how long the target of a folder at rest is waited for.
const answers = 10 * time.Second

// backupAtRest is how the backups are, and the mark of the keys of the last one; nil where
// the line names none.
func backupAtRest(c config.Config) (b *watch.Backup, keys string) {
	if c.Backup == "" {
		return nil, ""
	}
	all, err := backup.Folder{Root: c.Backup}.List()
	b = &watch.Backup{Trouble: watch.TroubleOf(err)}
	if last, found := backup.Newest(all, ""); found {
		b.Made, b.Verified, b.Restored, keys = last.At, last.Verdict.At, last.Verdict.How == backup.Restored, last.Keys
	}
	return b, keys
}

// statusReport is the same, for programs.
type statusReport struct {
	Wrong bool         `json:"wrong"`
	Rows  []statusRow  `json:"rows"`
	Facts watch.Report `json:"facts"`
}

type statusRow struct {
	Subject string     `json:"subject"`
	State   string     `json:"state"`
	Figure  string     `json:"figure"`
	Since   *time.Time `json:"since"`
	Mend    string     `json:"mend,omitempty"`
}

func printStatus(t Terminal, r watch.Report, asJSON bool) error {
	words := ui.In("en")
	report := statusReport{Rows: []statusRow{}, Facts: r}
	for _, row := range r.Rows() {
		line := statusRow{Subject: row.Subject, State: string(row.State), Figure: row.Figure.In(words, r.At)}
		for _, d := range row.Detail {
			line.Figure += ", " + d.In(words, r.At)
		}
		if !row.Since.IsZero() {
			line.Since = &row.Since
		}
		if row.Mend != nil {
			line.Mend = row.Mend.In(words, r.At)
		}
		report.Wrong = report.Wrong || row.State == watch.Wrong
		report.Rows = append(report.Rows, line)
	}
	var err error
	if asJSON {
		err = PrintJSON(t.Out, report)
	} else {
		err = report.print(t)
	}
	if err == nil && report.Wrong {
		err = ErrBad
	}
	return err
}

func (r statusReport) print(t Terminal) (err error) {
	for _, row := range r.Rows {
		since := ""
		if row.Since != nil {
			since = ", since " + row.Since.Format(time.DateTime)
		}
		_, err = fmt.Fprintf(t.Out, "%-8s %-12s %s%s\n", row.State, row.Subject, row.Figure, since)
		if row.Mend != "" {
			_, err = fmt.Fprintf(t.Out, "%-21s %s\n", "", row.Mend)
		}
	}
	return err
}
