package replica

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"

	"selfhelp/store/db"
	"selfhelp/store/trouble"
)

// How a database is written that comes back: in pieces of so many bytes, and from as
// many plans, since what is put together at the target meanwhile goes away there.
const (
	restorePiece = 1 << 20
	restorePlans = 4
)

// assemble writes the database to a file that is not there yet, which gets its name once
// it is whole. The replicator's own way packs every page again between the files and the
// database; written one over the other they take half its time.
func (b *wayBack) assemble(ctx context.Context, to string, looked bool) (err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	part := to + ".tmp"
	defer os.Remove(part) // gone once it has its name
	for plans := 1; ; plans++ {
		err = b.write(ctx, part)
		if err == nil || !errors.Is(err, fs.ErrNotExist) || ctx.Err() != nil || plans == restorePlans {
			break
		}
		if b.plan, err = litestream.CalcRestorePlan(ctx, b.from, b.last, time.Time{}, b.log); err != nil {
			break
		}
	}
	if err == nil && !looked {
		err = whole(ctx, part)
	}
	if err == nil {
		err = os.Rename(part, to)
	}
	if err != nil {
		return err
	}
	return trouble.Sync(filepath.Dir(to))
}

// write writes the files of the plan.
func (b *wayBack) write(ctx context.Context, part string) error {
	f, err := os.Create(part)
	if err != nil {
		return err
	}
	for _, info := range b.plan {
		if err := writeOne(ctx, b.from, info, f); err != nil {
			return errors.Join(fmt.Errorf("level %d, %s to %s: %w", info.Level, info.MinTXID, info.MaxTXID, err), f.Close())
		}
	}
	return errors.Join(f.Sync(), f.Close())
}

// writeOne writes the pages of one file where they belong, and cuts the database to the
// length that it had then.
func writeOne(ctx context.Context, client litestream.ReplicaClient, info *ltx.FileInfo, f *os.File) (err error) {
	r, err := client.OpenLTXFile(ctx, info.Level, info.MinTXID, info.MaxTXID, 0, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	d := ltx.NewDecoder(bufio.NewReaderSize(r, restorePiece))
	if err := d.DecodeHeader(); err != nil {
		return err
	}
	h := d.Header()
	size, page := int64(h.PageSize), ltx.PageHeader{}
	w := run{to: f, piece: make([]byte, 0, restorePiece)}
	for data := make([]byte, size); ; {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := d.DecodePage(&page, data); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		if err := w.write(data, int64(page.Pgno-1)*size); err != nil {
			return err
		}
	}
	if err := d.Close(); err != nil { // compares the sum of the file
		return err
	}
	return errors.Join(w.flush(), f.Truncate(int64(h.Commit)*size))
}

// run gathers pages that lie one after another, as those of a snapshot do.
type run struct {
	to    *os.File
	piece []byte
	at    int64
}

func (r *run) write(data []byte, at int64) error {
	if at != r.at+int64(len(r.piece)) || len(r.piece)+len(data) > cap(r.piece) {
		if err := r.flush(); err != nil {
			return err
		}
		r.at = at
	}
	r.piece = append(r.piece, data...)
	return nil
}

func (r *run) flush() error {
	_, err := r.to.WriteAt(r.piece, r.at)
	r.piece = r.piece[:0]
	return err
}

// whole looks through a database that was put together.
func whole(ctx context.Context, file string) error {
	wrong, err := db.Examine(ctx, file)
	if err == nil && len(wrong) > 0 {
		err = fmt.Errorf("it is not whole: %s", wrong[0])
	}
	return err
}
