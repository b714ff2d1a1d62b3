package replica

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
)

// agree holds the newest change of each database at the target against what this folder
// brought there, where another process may have copied meanwhile. Changes over those of
// somebody else would come back as a database that never was: where they differ, the
// whole database goes over first.
func (r *Replicator) agree(ctx context.Context) error {
	if !r.turn.doubted() {
		return nil
	}
	for _, db := range r.dbs {
		same, err := brought(ctx, db)
		if err != nil {
			return fmt.Errorf("hold the replica of %s against what is here: %w", filepath.Base(db.Path()), err)
		}
		if same {
			continue
		}
		r.options.Log.Warn("the target holds what this folder did not bring there: the whole database is copied again", "database", filepath.Base(db.Path()), "name", r.options.Epoch.Name())
		if err := r.anew(ctx, db); err != nil {
			return fmt.Errorf("copy %s anew: %w", filepath.Base(db.Path()), err)
		}
	}
	r.turn.agreed()
	return nil
}

// anew has a database copied whole the next time, after all that is at the target.
func (r *Replicator) anew(ctx context.Context, db *litestream.DB) error {
	if !r.opened {
		return db.ResetLocalState(ctx)
	}
	r.store.SetShutdownSyncTimeout(0) // it may write nothing before
	defer r.store.SetShutdownSyncTimeout(r.settings.Stop)
	if err := r.store.DisableDB(ctx, db.Path()); err != nil && db.IsOpen() {
		return err
	}
	if err := db.ResetLocalState(ctx); err != nil {
		return err
	}
	db.Replica.SetPos(ltx.Pos{}) // it is asked for
	return r.store.EnableDB(ctx, db.Path())
}

// brought says whether the newest change of a database at the target is the one that lies
// here, too. Their heads tell them apart: they hold when and after what it was made.
func brought(ctx context.Context, db *litestream.DB) (bool, error) {
	if err := db.Replica.Client.Init(ctx); err != nil {
		return false, err
	}
	last, err := db.Replica.MaxLTXFileInfo(ctx, 0)
	if err != nil || last.MaxTXID == 0 {
		return true, err
	}
	here, err := os.Open(db.LTXPath(0, last.MinTXID, last.MaxTXID))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer here.Close()
	there, err := db.Replica.Client.OpenLTXFile(ctx, 0, last.MinTXID, last.MaxTXID, 0, ltx.HeaderSize)
	if err != nil {
		return false, err
	}
	defer there.Close()
	a, b := make([]byte, ltx.HeaderSize), make([]byte, ltx.HeaderSize)
	_, err = io.ReadFull(here, a)
	if err == nil {
		_, err = io.ReadFull(there, b)
	}
	return bytes.Equal(a, b), err
}
