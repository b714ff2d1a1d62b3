package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"selfhelp/store/db"
	"selfhelp/store/disk"
	"selfhelp/store/trouble"
)

// Resting is how a folder is that nobody serves.
type Resting struct {
	Health
	Waiting, Failed Backlog // of the outbox
}

// AtRest looks at a folder without making, migrating or locking anything.
func AtRest(ctx context.Context, dir string) (r Resting, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return r, err
	}
	if err := makeFolder(dir, true); err != nil {
		return r, fmt.Errorf("look at %s: %w", dir, err)
	}
	if r.FreeBytes, err = disk.FreeBytes(dir); err != nil {
		return r, fmt.Errorf("look at the disk of %s: %w", dir, trouble.Of(err))
	}
	content, err := db.Glance(ctx, dir, contentSchema)
	r.Content.Err = trouble.Of(err)
	if err == nil {
		r.Content.measure(content)
		r.Content.Err = content.Close()
	}
	activity, err := db.Glance(ctx, dir, activitySchema)
	if r.Activity.Err = trouble.Of(err); err != nil {
		return r, nil
	}
	r.Activity.measure(activity)
	a := Activity{DB: activity}
	var errs [2]error
	r.Waiting, errs[0] = a.Backlog(ctx, MessageWaiting, "")
	r.Failed, errs[1] = a.Backlog(ctx, MessageFailed, "")
	r.Activity.Err = errors.Join(errs[0], errs[1], activity.Close())
	return r, nil
}
