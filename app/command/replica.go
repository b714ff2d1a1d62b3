package command

import (
	"context"
	"flag"
	"fmt"
	"time"

	"selfhelp/app/config"
	"selfhelp/store/replica"
)

var replicaCommand = Command{
	Name:     "replica",
	Operands: "init|status|begin [FOLDER]",
	Summary:  "prepare a folder as the target of replicas, say what a target holds, or begin anew there",
	Text: `init marks a folder, or what is mounted there, as a target: into one without the
mark nothing is written, so that a mount that went away is noticed.

status asks the target that --config names what it holds: the epochs, and up to
when all of each is there. Exit code 1 when it holds nothing.

begin enters the next epoch at the target with what is in --data, whose server has to
be stopped: where a machine was cloned and both go on, it makes this one the one that
is copied, and the other one is refused from then on. Where the folder was put back to
an earlier moment, it goes on from there: what was copied since stays at the target, and
it says up to when; restore brings that instead.`,
	Facts: []any{[]heldReport{}, preparedReport{}, begunReport{}},
	Prepare: func(set *flag.FlagSet) Deed {
		settings := config.Flags(set, "data", "replication", "site")
		asJSON := set.Bool("json", false, "print JSON")
		return func(ctx context.Context, t Terminal, operands []string) error {
			switch {
			case len(operands) == 2 && operands[0] == "init":
				if err := replica.Prepare(operands[1]); err != nil {
					return err
				}
				if *asJSON {
					return PrintJSON(t.Out, preparedReport{operands[1]})
				}
				_, err := fmt.Fprintf(t.Out, "%s is a target now\n", operands[1])
				return err
			case len(operands) == 1 && operands[0] == "status":
				c, err := settings(t.Env)
				if err != nil {
					return err
				}
				return replicaStatus(ctx, t, c, *asJSON)
			case len(operands) == 1 && operands[0] == "begin":
				c, err := settings(t.Env)
				if err != nil {
					return err
				}
				return beginEpoch(ctx, t, c, *asJSON)
			}
			return Misused("it takes init and a folder, status, or begin")
		}
	},
}

// preparedReport is what became a target.
type preparedReport struct {
	Target string `json:"target"`
}

// heldReport is what a target holds of one epoch.
type heldReport struct {
	Epoch string    `json:"epoch"`
	Since time.Time `json:"since"`
	Whole time.Time `json:"whole"` // up to when all of it is there; the zero time where nobody wrote that
	Own   bool      `json:"own"`   // of this data folder
}

func replicaStatus(ctx context.Context, t Terminal, c config.Config, asJSON bool) error {
	place, err := placeOf(c)
	if err != nil {
		return err
	}
	held, err := place.Settings.Held(ctx)
	if err != nil {
		return err
	}
	reports := []heldReport{}
	for _, h := range held {
		reports = append(reports, heldReport{h.Epoch.Name(), h.Epoch.Since, h.Manifest.At, h.Epoch.Name() == place.Epoch.Name()})
	}
	if asJSON {
		err = PrintJSON(t.Out, reports)
	}
	for _, r := range reports {
		if asJSON {
			break
		}
		line := fmt.Sprintf("%s since %s", r.Epoch, r.Since.Format(time.RFC3339))
		if !r.Whole.IsZero() {
			line += ", whole up to " + r.Whole.Format(time.RFC3339)
		}
		fmt.Fprintln(t.Out, line)
	}
	if err == nil && len(reports) == 0 {
		fmt.Fprintln(t.Err, "the target holds no replica")
		err = ErrBad
	}
	return err
}
