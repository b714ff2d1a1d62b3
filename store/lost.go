package store

import (
	"context"
	"fmt"

	"selfhelp/store/db"
	"selfhelp/store/since"
)

// Lost is what one state of a store has and another one of it has not.
type Lost = since.Lost

// LostBetween is what the store of a folder has and that of another folder has not. The
// first may be open in another process.
func LostBetween(ctx context.Context, now, then string) (l Lost, err error) {
	here, end, err := stateOf(ctx, now)
	if err != nil {
		return l, err
	}
	defer end()
	there, end, err := stateOf(ctx, then)
	if err != nil {
		return l, err
	}
	defer end()
	return since.Between(ctx, here, there)
}

// stateOf opens the store of a folder to be compared, and says what closes it.
func stateOf(ctx context.Context, dir string) (s since.State, end func(), err error) {
	if s.Content, err = db.Glance(ctx, dir, contentSchema); err == nil {
		if s.Activity, err = db.Glance(ctx, dir, activitySchema); err != nil {
			s.Content.Close()
		}
	}
	if err != nil {
		return s, nil, fmt.Errorf("look into %s: %w", dir, err)
	}
	return s, func() { s.Content.Close(); s.Activity.Close() }, nil
}
