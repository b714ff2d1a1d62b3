package store

import (
	"context"
	"errors"
	"fmt"

	"selfhelp/store/db"
	"selfhelp/store/shape"
)

// CopyDatabase copies one of the databases of a folder, as it is at one moment, to a
// new file. The folder may be open in another process, or in this one.
func CopyDatabase(ctx context.Context, dir, name, to string) error {
	for _, s := range []shape.Schema{contentSchema, activitySchema} {
		if s.Name+".db" != name {
			continue
		}
		d, err := db.Glance(ctx, dir, s)
		if err != nil {
			return fmt.Errorf("look into %s: %w", dir, err)
		}
		return errors.Join(d.Copy(ctx, to), d.Close())
	}
	return fmt.Errorf("a store has no database %s", name)
}
