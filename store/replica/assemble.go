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
	"strings"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"

	"selfhelp/store/db"
	"selfhelp/store/disk"
	"selfhelp/store/trouble"
)

// How a database is written that comes back: in pieces of so many bytes, and from as
// many plans, since what is put together at the target meanwhile goes away there.
const (
	restorePiece = 1 << 20
	restorePlans = 4
)

// partSuffix is what the name of a database ends with that is not there yet.
const partSuffix = ".tmp"

// assemble writes the database to a file that is not there yet, which gets its name once
// it is whole. The replicator's own way packs every page again between the files and the
// database; written one over the other they take half its time.
func (b *wayBack) assemble(ctx context.Context, to string, looked bool, told disk.Progress) (err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	part := to + partSuffix
	defer os.Remove(part) // gone once it has its name
	for plans := 1; ; plans++ {
		err = b.write(ctx, part, told)
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
func (b *wayBack) write(ctx context.Context, part string, told disk.Progress) error {
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	step, done, total := strings.TrimSuffix(filepath.Base(part), partSuffix), int64(0), int64(0)
	for _, info := range b.plan {
		total += info.Size
	}
	for _, info := range b.plan {
		passed := func(_ string, read, _ int64) { told(step, done+read, total) }
		if err := b.writeOne(ctx, info, f, passed); err != nil {
			return errors.Join(fmt.Errorf("level %d, %s to %s: %w", info.Level, info.MinTXID, info.MaxTXID, err), f.Close())
		}
		done += info.Size
	}
	return errors.Join(f.Sync(), f.Close())
}

// writeOne writes the pages of one file where they belong, and cuts the database to the
// length that it had then.
func (b *wayBack) writeOne(ctx context.Context, info *ltx.FileInfo, f *os.File, passed disk.Progress) (err error) {
	r, err := b.from.OpenLTXFile(ctx, info.Level, info.MinTXID, info.MaxTXID, 0, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	d := ltx.NewDecoder(bufio.NewReaderSize(passed.Reader(r, "", info.Size), restorePiece))
	if err := d.DecodeHeader(); err != nil {
		return err
	}
	if err := writePages(ctx, d, f); err != nil {
		return err
	}
	if err := ended(d.Close); err != nil { // compares the sum of the file
		return err
	}
	return f.Truncate(int64(d.Header().Commit) * int64(d.Header().PageSize))
}

// writePages writes what a file holds of a database.
func writePages(ctx context.Context, d *ltx.Decoder, f *os.File) error {
	size, page := int64(d.Header().PageSize), ltx.PageHeader{}
	w := run{to: f, piece: make([]byte, 0, restorePiece)}
	for data := make([]byte, size); ctx.Err() == nil; {
		if err := d.DecodePage(&page, data); err == io.EOF {
			return w.flush()
		} else if err != nil {
			return err
		}
		if err := w.write(data, int64(page.Pgno-1)*size); err != nil {
			return err
		}
	}
	return context.Cause(ctx)
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

// errCut says that a file ends before its end.
var errCut = errors.New("the file is cut short")

// ended is what a decoder says at the end of a file. It reads beyond the end of one that
// is cut short there.
func ended(end func() error) (err error) {
	defer func() {
		if cut := recover(); cut != nil {
			err = errCut
		}
	}()
	return end()
}
