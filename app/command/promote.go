package command

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"selfhelp/app/config"
	"selfhelp/store/disk"
	"selfhelp/store/replica"
)

var promoteCommand = Command{
	Name:    "promote",
	Summary: "make this site the one that is written to",
	Text: `For the second site, when the first is lost, or to give the first its place back.
It enters the next epoch where the replicas are, so that the other server writes
nothing there any more and refuses to start; restores the last state, from
--receive when it is given, else from the target; looks through the whole of it;
and puts it in place of what is in --data. Then start selfhelp serve.

Before a planned change, stop the other server first: it copies what is left as it
stops, and nothing is lost.`,
	Prepare: func(set *flag.FlagSet) Deed {
		settings := config.Flags(set, "data", "replication", "site", "receive")
		asJSON := set.Bool("json", false, "print JSON")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) > 0 {
				return Misused("it takes no operand, but got %q", operands[0])
			}
			return promote(ctx, t, settings, *asJSON)
		}
	},
}

// promotedReport says what a promotion did.
type promotedReport struct {
	From    string    `json:"from"`  // the epoch that is over
	Epoch   string    `json:"epoch"` // the one that begins
	Until   time.Time `json:"until"` // up to when all of it was surely here
	Seconds float64   `json:"seconds"`
	Kept    string    `json:"kept,omitempty"` // where what was in the folder went
}

func promote(ctx context.Context, t Terminal, settings func(config.Environment) (config.Config, error), asJSON bool) error {
	began := time.Now()
	c, log, err := folderOf(t, settings)
	if err != nil {
		return err
	}
	place, err := placeOf(c)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(place.Dir, 0o700); err != nil {
		return err
	}
	lock, err := disk.Hold(place.Dir)
	if err != nil {
		return err
	}
	defer lock.Release()
	from := place.Settings
	if c.Receive != "" {
		from = from.From(c.Receive)
	}
	last, next, err := place.TakeOver(ctx, from)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.Err, "%s is over: whoever writes it writes no more\n", last.Name())
	restored, err := Restored(ctx, place, from, replica.Wanted{Epoch: last.Name()}, log, func(step string) { fmt.Fprintf(t.Err, "restoring %s\n", step) })
	if err != nil {
		return err
	}
	defer os.RemoveAll(restored.Scratch)
	for _, wrong := range restored.Wrong {
		fmt.Fprintf(t.Err, "wrong: %s\n", wrong)
	}
	if len(restored.Wrong) > 0 {
		return fmt.Errorf("what came back is not whole, and nothing was put in place; an earlier moment may be: selfhelp restore --at")
	}
	r := promotedReport{From: last.Name(), Epoch: next.Name(), Until: restored.Back.Manifest.At}
	if r.Kept, err = place.Swap(restored.Scratch, next, time.Now()); err != nil {
		return err
	}
	r.Seconds = time.Since(began).Seconds()
	if asJSON {
		return PrintJSON(t.Out, r)
	}
	_, err = fmt.Fprintf(t.Out, "this site goes on as %s, in %.1f s, with everything up to %s at least\nnow start it: selfhelp serve\n", r.Epoch, r.Seconds, r.Until.Format(time.RFC3339))
	return err
}
