package command

import (
	"context"
	"errors"
	"fmt"

	"selfhelp/app/config"
	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/store/disk"
	"selfhelp/store/replica"
)

// begunReport says which epoch began.
type begunReport struct {
	Epoch string `json:"epoch"`
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
	was := place.Epoch.Name()
	if err := place.Renew(ctx); err != nil {
		return Replaced(err)
	}
	if asJSON {
		return PrintJSON(t.Out, begunReport{place.Epoch.Name()})
	}
	_, err = fmt.Fprintf(t.Out, "this server goes on as %s, and whoever else copies as %s does so no more\nnow start it: selfhelp serve\n", place.Epoch.Name(), was)
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

// Twinned gives that a clone of the server copies its sentence, and what to do.
func Twinned(err error) error {
	twin, is := errors.AsType[replica.Twin](err)
	if !is {
		return err
	}
	return &fault.Error{
		Kind: fault.Conflict, Key: "fault.store.twin", Args: []any{twin.By.Host, twin.Epoch.Name()}, Cause: twin,
		Hint: "one of both was cloned from the other. If this one is to go on, run selfhelp replica begin here: the other one is refused from then on. If it is to be another server, name a target of its own",
	}
}
