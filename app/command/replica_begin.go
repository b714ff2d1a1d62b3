package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/store/disk"
	"selfhelp/store/replica"
)

// begunReport says which epoch began, and what stays of the one before.
type begunReport struct {
	Epoch string    `json:"epoch"`
	Left  string    `json:"left"`  // the epoch that stays at the target as it is
	Until time.Time `json:"until"` // up to when all of it is there; the zero time where nobody entered that
}

// beginEpoch begins the next epoch with what is in the data folder.
func beginEpoch(ctx context.Context, t Terminal, c config.Config, asJSON bool) error {
	place, err := placeOf(c)
	if err != nil {
		return err
	}
	if err := place.Lasts(); err != nil {
		return Replaced(err)
	}
	if place.Fresh {
		return fmt.Errorf("there are no databases in %s to begin with", place.Dir)
	}
	if _, err := keysOf(place.Dir); err != nil { // before anybody is replaced
		return err
	}
	lock, err := disk.Hold(place.Dir)
	if err != nil {
		return err
	}
	defer lock.Release()
	if err := disk.NoReplicator(place.Dir, store.Databases()...); err != nil {
		return err
	}
	report := begunReport{Left: place.Epoch.Name()}
	if report.Until, err = place.Settings.Whole(ctx, place.Epoch); err != nil {
		return err
	}
	if err := place.Renew(ctx); err != nil {
		return Replaced(err)
	}
	report.Epoch = place.Epoch.Name()
	if asJSON {
		return PrintJSON(t.Out, report)
	}
	return report.print(t.Out)
}

func (r begunReport) print(out io.Writer) error {
	fmt.Fprintf(out, "this server goes on as %s, and whoever else copies as %s does so no more\n", r.Epoch, r.Left)
	if !r.Until.IsZero() {
		fmt.Fprintf(out, "left at the target: %s, up to %s. What of it is not in this folder comes back with selfhelp restore --epoch %s only, instead of what is here\n", r.Left, r.Until.Format(time.RFC3339), r.Left)
	}
	_, err := fmt.Fprintln(out, "now start it: selfhelp serve")
	return err
}

// Replaced gives that another server has taken over its sentence, and what to do.
func Replaced(err error) error {
	by, is := errors.AsType[replica.Replaced](err)
	if !is {
		return err
	}
	return &fault.Error{
		Kind: fault.Unavailable, Key: "fault.store.fenced", Args: []any{by.By.Name()}, Cause: by,
		Hint: "another server writes what is current, and this folder is of before: let this site receive (selfhelp standby), stop the other server, and run selfhelp failback here",
	}
}

// Twinned gives that a server copied on that the folder knows nothing of its sentence, and what to do.
func Twinned(err error) error {
	twin, is := errors.AsType[replica.Twin](err)
	if !is {
		return err
	}
	return &fault.Error{
		Kind: fault.Conflict, Key: "fault.store.twin", Args: []any{twin.By.Host, twin.Epoch.Name()}, Cause: twin,
		Hint: "if this folder was put back to an earlier moment, the replica holds more: selfhelp restore brings that here, selfhelp replica begin goes on with what is here and leaves the rest. If one of two servers is a clone of the other, stop one; if this one is to go on, run selfhelp replica begin here: the other one is refused from then on. If it is to be another server, name a target of its own",
	}
}
