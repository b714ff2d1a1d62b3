package chain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
)

// rereadAfter is how long a content that was found whole is believed.
const rereadAfter = 24 * time.Hour

// Piece names a file of a chain.
type Piece struct {
	level     int
	low, high ltx.TXID
}

// PieceOf names a file.
func PieceOf(f *ltx.FileInfo) Piece { return Piece{f.Level, f.MinTXID, f.MaxTXID} }

func (p Piece) String() string {
	return fmt.Sprintf("%s of level %d", ltx.FormatFilename(p.low, p.high), p.level)
}

// Lacking are the gaps of a chain some of whose files are damaged.
func (c Chain) Lacking(damaged Chain, database string, known ltx.TXID) []Gap {
	gaps := c.Without(damaged).Gaps(database, known)
	for i, g := range gaps {
		for _, f := range damaged {
			if g.File == "" && uint64(f.MinTXID) <= g.To && uint64(f.MaxTXID) >= g.From {
				gaps[i].File = PieceOf(f).String()
			}
		}
	}
	return gaps
}

// Replaced are the damaged files that no gap names: others stand in for them.
func (c Chain) Replaced(gaps []Gap, database string) (all []Gap) {
	for _, f := range c {
		name := PieceOf(f).String()
		if !slices.ContainsFunc(gaps, func(g Gap) bool { return g.File == name }) {
			all = append(all, Gap{Database: database, From: uint64(f.MinTXID), To: uint64(f.MaxTXID), File: name, Before: f.CreatedAt, After: f.CreatedAt})
		}
	}
	return all
}

// Damaged reads the files of a chain and returns those whose content is not what was
// written, by the sum at their end. Those that were whole not long ago are believed.
func (c Chain) Damaged(ctx context.Context, client litestream.ReplicaClient, whole map[Piece]time.Time, now time.Time) (bad Chain, err error) {
	for _, f := range c {
		if at, known := whole[PieceOf(f)]; known && now.Sub(at).Abs() < rereadAfter {
			continue
		}
		is, err := isWhole(ctx, client, f)
		switch {
		case errors.Is(err, fs.ErrNotExist): // put together with others meanwhile
		case err != nil:
			return bad, fmt.Errorf("read %s at the target: %w", PieceOf(f), err)
		case is:
			whole[PieceOf(f)] = now
		default:
			bad = append(bad, f)
		}
	}
	return bad, nil
}

// isWhole reads one file. An error is about the way to the target, not about what lies
// there.
func isWhole(ctx context.Context, client litestream.ReplicaClient, f *ltx.FileInfo) (bool, error) {
	r, err := client.OpenLTXFile(ctx, f.Level, f.MinTXID, f.MaxTXID, 0, 0)
	if err != nil {
		return false, err
	}
	defer r.Close()
	way := &way{Reader: r}
	sound := ended(ltx.NewDecoder(way).Verify) == nil
	return sound, way.failed
}

// way tells a way that fails from what comes over it.
type way struct {
	io.Reader
	failed error
}

// Read is that of the way.
func (w *way) Read(b []byte) (int, error) {
	n, err := w.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		w.failed = err
	}
	return n, err
}
