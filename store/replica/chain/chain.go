package chain

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
)

// Chain is what a target holds of one database: snapshots, and changes that are put
// together by level. What can be restored is a snapshot and the changes that follow
// it without a gap, whatever their levels.
type Chain []*ltx.FileInfo

// Gap is what a target lacks between two moments that it can give back.
type Gap struct {
	Database string
	From, To uint64    // the first and the last transaction that is missing
	After    time.Time // the last moment before it that can be restored; the zero time for none
	Before   time.Time // the first one after it; the zero time while there is none
	File     string    // whose content is not what was written; "" where files are gone
	Mended   bool      // by the look that found it
}

// Open says that the newest state cannot be restored: no snapshot lies behind the gap.
func (g Gap) Open() bool { return g.Before.IsZero() }

// String says it for the log, and for who restores.
func (g Gap) String() string {
	what := fmt.Sprintf("the target lacks what was committed to %s in its transactions %d to %d", g.Database, g.From, g.To)
	if g.File != "" {
		what += fmt.Sprintf(" (%s is not as it was written)", g.File)
	}
	switch {
	case !g.Open() && g.Before.Equal(g.After):
		return what + ": other files stand in for it"
	case g.Open() && g.After.IsZero():
		return what + ": nothing can be restored"
	case g.Open():
		return what + ": nothing after " + g.After.Format(time.RFC3339Nano) + " can be restored"
	case g.After.IsZero():
		return what + ": no moment before " + g.Before.Format(time.RFC3339Nano) + " can be restored"
	}
	return what + ": no moment between " + g.After.Format(time.RFC3339Nano) + " and " + g.Before.Format(time.RFC3339Nano) + " can be restored"
}

// Of lists what a client holds. The finest level comes first: what is put
// together and taken away meanwhile is seen there or above. Exact moments cost one
// question for each file in some kinds of targets.
func Of(ctx context.Context, client litestream.ReplicaClient, exact bool) (c Chain, err error) {
	for level := 0; level <= litestream.SnapshotLevel; level++ {
		files, err := Level(ctx, client, level, exact)
		if err != nil {
			return nil, err
		}
		c = append(c, files...)
	}
	return c, nil
}

// Level lists what a client holds of one level, in its order.
func Level(ctx context.Context, client litestream.ReplicaClient, level int, exact bool) (c Chain, err error) {
	files, err := client.LTXFiles(ctx, level, 0, exact)
	if err != nil {
		return nil, fmt.Errorf("list what the target holds: %w", err)
	}
	for files.Next() {
		c = append(c, files.Item())
	}
	if err := files.Close(); err != nil {
		return nil, fmt.Errorf("list what the target holds: %w", err)
	}
	slices.SortStableFunc(c, func(a, b *ltx.FileInfo) int {
		return cmp.Or(cmp.Compare(a.MinTXID, b.MinTXID), cmp.Compare(a.MaxTXID, b.MaxTXID))
	})
	return c, nil
}

// Without is the chain as if some of its files were not there.
func (c Chain) Without(some Chain) Chain {
	return slices.DeleteFunc(slices.Clone(c), func(f *ltx.FileInfo) bool {
		return slices.ContainsFunc(some, func(g *ltx.FileInfo) bool { return PieceOf(f) == PieceOf(g) })
	})
}

// snapshots are those of the chain, the oldest first.
func (c Chain) snapshots() (all Chain) {
	for _, f := range c {
		if f.Level == litestream.SnapshotLevel {
			all = append(all, f)
		}
	}
	slices.SortFunc(all, func(a, b *ltx.FileInfo) int { return cmp.Compare(a.MaxTXID, b.MaxTXID) })
	return all
}

// Needed are the files that the newest state is restored from, and those that may
// stand in for them.
func (c Chain) Needed() Chain {
	all := c.snapshots()
	if len(all) == 0 {
		return c
	}
	last := all[len(all)-1]
	return slices.DeleteFunc(slices.Clone(c), func(f *ltx.FileInfo) bool { return f != last && f.MaxTXID <= last.MaxTXID })
}

// follow goes from a transaction as far as changes follow each other, and says how
// far that is and of when.
func (c Chain) follow(from ltx.TXID, of time.Time) (ltx.TXID, time.Time) {
	for grown := true; grown; {
		grown = false
		for _, f := range c {
			if f.Level < litestream.SnapshotLevel && f.MinTXID <= from+1 && f.MaxTXID > from {
				from, of, grown = f.MaxTXID, f.CreatedAt, true
			}
		}
	}
	return from, of
}

// beyond is the first transaction after one of which something is there, 0 for none.
func (c Chain) beyond(last ltx.TXID) (first ltx.TXID) {
	for _, f := range c {
		if f.Level < litestream.SnapshotLevel && f.MaxTXID > last && (first == 0 || f.MinTXID < first) {
			first = f.MinTXID
		}
	}
	return first
}

// Gaps finds what is missing up to a transaction that is known to have been there.
func (c Chain) Gaps(database string, known ltx.TXID) (gaps []Gap) {
	starts := c.snapshots()
	if len(starts) == 0 || c.beyond(0) == 1 { // it begins with the first change
		starts = append(Chain{{}}, starts...)
	}
	for i := 0; i < len(starts); i++ {
		last, of := c.follow(starts[i].MaxTXID, starts[i].CreatedAt)
		for i+1 < len(starts) && starts[i+1].MaxTXID <= last {
			i++
		}
		next := c.beyond(last)
		if next == 0 && (known <= last || i+1 < len(starts)) {
			continue // a snapshot may be there before the last changes are
		}
		if next == 0 {
			next = known + 1
		}
		g := Gap{Database: database, From: uint64(last + 1), To: uint64(next - 1), After: of}
		if i+1 < len(starts) {
			g.Before = starts[i+1].CreatedAt
		}
		gaps = append(gaps, g)
	}
	return gaps
}

// Stuck are the first files of a level that would be put together into the level
// above, whose highest transaction is named, at one of its turns, if a gap did not
// come after them.
func (c Chain) Stuck(above ltx.TXID, turn time.Duration) (first Chain) {
	for _, f := range c {
		n := len(first)
		switch {
		case f.MinTXID <= above:
			continue
		case n > 0 && f.MinTXID > first[n-1].MaxTXID+1:
			last := first[0].CreatedAt.Truncate(turn)
			return slices.DeleteFunc(first, func(f *ltx.FileInfo) bool { return f.CreatedAt.Truncate(turn).After(last) })
		}
		first = append(first, f)
	}
	return nil
}

// End is the highest transaction of a chain.
func (c Chain) End() (last ltx.TXID) {
	for _, f := range c {
		last = max(last, f.MaxTXID)
	}
	return last
}

// Names are those of its files, for people.
func (c Chain) Names() (all []string) {
	for _, f := range c {
		all = append(all, PieceOf(f).String())
	}
	return all
}

// First is the earliest moment that a chain can be restored to: of a snapshot, or of what
// begins with the first change.
func (c Chain) First() (at time.Time, some bool) {
	for _, f := range c {
		if f.MinTXID <= 1 && (!some || f.CreatedAt.Before(at)) {
			at, some = f.CreatedAt, true
		}
	}
	return at, some
}
