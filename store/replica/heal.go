package replica

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"path/filepath"
	"selfhelp/store/replica/chain"
	"slices"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
)

// Healed is a gap at the target behind which the newest state can be restored again.
type Healed struct {
	chain.Gap
	At time.Time // it was found and healed
}

// Gaps looks through what the target holds of an epoch, content by content, and names
// what is missing. It changes nothing there.
func (s Settings) Gaps(ctx context.Context, e Epoch) (gaps []chain.Gap, err error) {
	for _, d := range s.Databases {
		client := d.Target.of(e).client()
		if err := client.Init(ctx); err != nil {
			return nil, fmt.Errorf("reach the target: %w", err)
		}
		c, err := chain.Of(ctx, client, true)
		if err != nil {
			return nil, err
		}
		damaged, err := c.Needed().Damaged(ctx, client, map[chain.Piece]time.Time{}, time.Now())
		if err != nil {
			return nil, err
		}
		lacking := c.Lacking(damaged, filepath.Base(d.Path), 0)
		gaps = append(append(gaps, lacking...), damaged.Replaced(lacking, filepath.Base(d.Path))...)
	}
	return gaps, nil
}

// Examine looks now through what is at the target and heals what the newest state
// lacks: with a snapshot, which goes by nothing before it.
func (r *Replicator) Examine(ctx context.Context) error {
	r.tending.Lock()
	defer r.tending.Unlock()
	if err := r.mine(ctx); err != nil {
		return err
	}
	var all []chain.Gap
	for _, db := range r.dbs {
		gaps, err := r.examine(ctx, db)
		if err != nil {
			return fmt.Errorf("look through the replica of %s: %w", filepath.Base(db.Path()), err)
		}
		all = append(all, gaps...)
	}
	r.state.lacks(all)
	if err := r.mendFiles(ctx); err != nil {
		return fmt.Errorf("look through the files at the target: %w", err)
	}
	return nil
}

// pruneEvery is how often what is too old is taken away at the target.
const pruneEvery = time.Hour

// tend looks through the target and takes away what is too old, until ctx is done or
// the epoch is over.
func (r *Replicator) tend(ctx context.Context) {
	prune := time.NewTicker(pruneEvery)
	defer prune.Stop()
	examine := time.NewTicker(cmp.Or(r.settings.Validation, math.MaxInt64)) // never, where the settings say so
	defer examine.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-examine.C:
			err = r.Examine(ctx)
		case <-r.doubts:
			err = r.Examine(ctx)
		case <-prune.C:
			var p Pruned
			if p, err = r.Prune(ctx); p.Some() {
				r.options.Log.Info("what is too old was taken away at the target", "name", p.Epochs, "files", p.Files, "count", p.Parts)
			}
		}
		if isOver(err) {
			return // whoever it belongs to tends it
		}
		if err != nil && ctx.Err() == nil {
			r.options.Log.Error("the target was not looked after", "target", r.root.Name(), "err", err)
		}
	}
}

// mine says whether this server may change what is at the target.
func (r *Replicator) mine(ctx context.Context) error {
	d, err := r.depot(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	return r.holdsOn(ctx, d)
}

// examine looks through the replica of one database and returns the gaps that are left:
// moments that do not come back, or all there is while healing fails.
func (r *Replicator) examine(ctx context.Context, db *litestream.DB) ([]chain.Gap, error) {
	known, client, name := db.Replica.Pos().TXID, db.Replica.Client, filepath.Base(db.Path())
	c, err := chain.Of(ctx, client, false)
	if err != nil {
		return nil, err
	}
	damaged, err := c.Needed().Damaged(ctx, client, r.whole, r.options.Now())
	if err != nil {
		return nil, err
	}
	gaps := c.Lacking(damaged, name, known)
	if slices.ContainsFunc(gaps, chain.Gap.Open) { // a listing made while files come may miss one
		if c, err = chain.Of(ctx, client, true); err != nil {
			return nil, err
		}
		gaps = c.Lacking(damaged, name, known)
	}
	if len(damaged) > 0 || slices.ContainsFunc(gaps, chain.Gap.Open) {
		r.options.Log.Error("the replica is not whole", "database", name, "wrong", fmt.Sprint(gaps), "files", damaged.Names())
		r.state.lacks(gaps)
		if gaps, err = r.heal(ctx, db, gaps, damaged); err != nil {
			return gaps, err
		}
	}
	r.tellClosed(name, gaps)
	return gaps, r.unstick(ctx, client)
}

// tellClosed tells of each gap once. Those that an earlier process may have told of are
// those that the first look finds behind a snapshot.
func (r *Replicator) tellClosed(database string, gaps []chain.Gap) {
	told, looked := r.told[database]
	if !looked {
		told = map[uint64]bool{}
		r.told[database] = told
	}
	for _, g := range gaps {
		if !told[g.From] && (looked || g.Mended) {
			r.options.Healed(Healed{g, r.options.Now()})
		}
		told[g.From] = true
	}
}

// heal takes a snapshot, and takes away what is damaged: it would come back by itself
// in what is put together of it.
func (r *Replicator) heal(ctx context.Context, db *litestream.DB, gaps []chain.Gap, damaged chain.Chain) ([]chain.Gap, error) {
	info, err := db.Snapshot(ctx)
	if err != nil {
		return gaps, fmt.Errorf("take a snapshot: %w", err)
	}
	damaged = slices.DeleteFunc(damaged, func(f *ltx.FileInfo) bool { return chain.PieceOf(f) == chain.PieceOf(info) }) // it was written anew
	if err := db.Replica.Client.DeleteLTXFiles(ctx, damaged); err != nil {
		return gaps, fmt.Errorf("take away what is damaged: %w", err)
	}
	for i, g := range gaps {
		if g.Open() {
			gaps[i].Before, gaps[i].Mended = info.CreatedAt, true
		}
	}
	for _, g := range damaged.Replaced(gaps, filepath.Base(db.Path())) {
		r.options.Healed(Healed{g, r.options.Now()})
	}
	return gaps, nil
}

// unstick puts together what lies before a gap, level by level, and takes it away where
// it was: what comes after it would be put together with it otherwise, and cannot be.
func (r *Replicator) unstick(ctx context.Context, client litestream.ReplicaClient) error {
	for level, turn := range r.settings.Levels {
		for {
			own, err := chain.Level(ctx, client, level, false)
			if err != nil {
				return err
			}
			above, err := chain.Level(ctx, client, level+1, false)
			if err != nil {
				return err
			}
			before := own.Stuck(above.End(), turn)
			if len(before) == 0 {
				break
			}
			c := litestream.NewCompactor(until{client, level, before.End()}, hushed(r.options.Log))
			if _, err := c.Compact(ctx, level+1); err != nil {
				return fmt.Errorf("put together what lies before the gap: %w", err)
			}
			if err := client.DeleteLTXFiles(ctx, before); err != nil {
				return fmt.Errorf("take away what was put together: %w", err)
			}
		}
	}
	return nil
}

// until is a client that knows of one level no more than what lies before a gap.
type until struct {
	litestream.ReplicaClient
	level int
	last  ltx.TXID
}

// LTXFiles is that of the client.
func (u until) LTXFiles(ctx context.Context, level int, from ltx.TXID, exact bool) (ltx.FileIterator, error) {
	files, err := u.ReplicaClient.LTXFiles(ctx, level, from, exact)
	if err != nil || level != u.level {
		return files, err
	}
	var before []*ltx.FileInfo
	for files.Next() {
		if f := files.Item(); f.MaxTXID <= u.last {
			before = append(before, f)
		}
	}
	return ltx.NewFileInfoSliceIterator(before), files.Close()
}

// Doubt forgets which contents were found whole: the next look reads all of them.
func (r *Replicator) Doubt() {
	r.tending.Lock()
	defer r.tending.Unlock()
	clear(r.whole)
	clear(r.sound)
}
