package replica

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
)

// rereadAfter is how long a content that was found whole is believed.
const rereadAfter = 24 * time.Hour

// piece names a file of a chain.
type piece struct {
	level     int
	low, high ltx.TXID
}

func pieceOf(f *ltx.FileInfo) piece { return piece{f.Level, f.MinTXID, f.MaxTXID} }

func (p piece) String() string {
	return fmt.Sprintf("%s of level %d", ltx.FormatFilename(p.low, p.high), p.level)
}

// Gaps looks through what the target holds of an epoch, content by content, and names
// what is missing. It changes nothing there.
func (s Settings) Gaps(ctx context.Context, e Epoch) (gaps []Gap, err error) {
	for _, d := range s.Databases {
		client := d.Target.of(e).client()
		if err := client.Init(ctx); err != nil {
			return nil, fmt.Errorf("reach the target: %w", err)
		}
		c, err := chainOf(ctx, client, true)
		if err != nil {
			return nil, err
		}
		damaged, err := c.needed().damaged(ctx, client, map[piece]time.Time{}, time.Now())
		if err != nil {
			return nil, err
		}
		gaps = append(gaps, c.lacking(damaged, filepath.Base(d.Path), 0)...)
	}
	return gaps, nil
}

// lacking are the gaps of a chain some of whose files are damaged.
func (c chain) lacking(damaged chain, database string, known ltx.TXID) []Gap {
	gaps := c.without(damaged).gaps(database, known)
	for i, g := range gaps {
		for _, f := range damaged {
			if g.File == "" && uint64(f.MinTXID) <= g.To && uint64(f.MaxTXID) >= g.From {
				gaps[i].File = pieceOf(f).String()
			}
		}
	}
	return gaps
}

// damaged reads the files of a chain and returns those whose content is not what was
// written, by the sum at their end. Those that were whole not long ago are believed.
func (c chain) damaged(ctx context.Context, client litestream.ReplicaClient, whole map[piece]time.Time, now time.Time) (bad chain, err error) {
	for _, f := range c {
		if at, known := whole[pieceOf(f)]; known && now.Sub(at).Abs() < rereadAfter {
			continue
		}
		is, err := isWhole(ctx, client, f)
		switch {
		case errors.Is(err, fs.ErrNotExist): // put together with others meanwhile
		case err != nil:
			return bad, fmt.Errorf("read %s at the target: %w", pieceOf(f), err)
		case is:
			whole[pieceOf(f)] = now
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
