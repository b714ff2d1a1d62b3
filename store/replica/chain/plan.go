package chain

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
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

// Plan is how one database comes back.
type Plan struct {
	From    litestream.ReplicaClient
	Files   []*ltx.FileInfo // each written over the one before
	Log     *slog.Logger
	Reached time.Time // of the last transaction on it
	Last    ltx.TXID
}

// NewPlan plans how a database comes back up to a moment, the zero time for the last one.
func NewPlan(ctx context.Context, from litestream.ReplicaClient, at time.Time, log *slog.Logger) (p Plan, err error) {
	p = Plan{From: from, Log: log}
	if p.Files, err = litestream.CalcRestorePlan(ctx, from, 0, at, log); err != nil {
		return p, err
	}
	end := p.Files[len(p.Files)-1] // it is never empty: that is an error
	p.Reached, p.Last = end.CreatedAt, end.MaxTXID
	return p, nil
}

// Assemble writes the database to a file that is not there yet, which gets its name once
// it is whole; it is not looked through where somebody does that afterwards. The
// replicator's own way packs every page again between the files and the database; written
// one over the other they take half its time.
func (p *Plan) Assemble(ctx context.Context, to string, looked bool, told disk.Progress) (err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	part := to + partSuffix
	defer os.Remove(part) // gone once it has its name
	for plans := 1; ; plans++ {
		if err = p.write(ctx, part, told); err == nil || ctx.Err() != nil {
			break
		}
		bad, is := errors.AsType[damaged](err)
		if is && !p.around(ctx, bad.file) || !is && (!errors.Is(err, fs.ErrNotExist) || plans >= restorePlans) {
			break
		}
		if is {
			continue
		}
		if p.Files, err = litestream.CalcRestorePlan(ctx, p.From, p.Last, time.Time{}, p.Log); err != nil {
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

// damaged says that a file is not as it was written.
type damaged struct {
	file  *ltx.FileInfo
	cause error
}

func (d damaged) Error() string { return d.cause.Error() }
func (d damaged) Unwrap() error { return d.cause }

// around plans another way to the same transaction, without a file that is damaged: what
// was put together is there for a while in its parts, too. It reports whether there is one.
func (p *Plan) around(ctx context.Context, file *ltx.FileInfo) bool {
	less := avoiding{p.From, PieceOf(file)}
	files, err := litestream.CalcRestorePlan(ctx, less, p.Last, time.Time{}, p.Log)
	if err != nil || files[len(files)-1].MaxTXID != p.Last {
		return false
	}
	p.Log.Warn("a file at the target is not as it was written: others stand in for it", "file", less.bad.String())
	p.From, p.Files = less, files
	return true
}

// avoiding is a client that does not know of one file.
type avoiding struct {
	litestream.ReplicaClient
	bad Piece
}

// LTXFiles is that of the client.
func (a avoiding) LTXFiles(ctx context.Context, level int, from ltx.TXID, exact bool) (ltx.FileIterator, error) {
	files, err := a.ReplicaClient.LTXFiles(ctx, level, from, exact)
	if err != nil || level != a.bad.level {
		return files, err
	}
	var others []*ltx.FileInfo
	for files.Next() {
		if f := files.Item(); PieceOf(f) != a.bad {
			others = append(others, f)
		}
	}
	return ltx.NewFileInfoSliceIterator(others), files.Close()
}

// write writes the files of the plan.
func (p *Plan) write(ctx context.Context, part string, told disk.Progress) error {
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	step, done, total := strings.TrimSuffix(filepath.Base(part), partSuffix), int64(0), int64(0)
	for _, info := range p.Files {
		total += info.Size
	}
	for _, info := range p.Files {
		passed := func(_ string, read, _ int64) { told(step, done+read, total) }
		if err := p.writeOne(ctx, info, f, passed); err != nil {
			return errors.Join(fmt.Errorf("level %d, %s to %s: %w", info.Level, info.MinTXID, info.MaxTXID, err), f.Close())
		}
		done += info.Size
	}
	return errors.Join(f.Sync(), f.Close())
}

// writeOne writes the pages of one file where they belong, and cuts the database to the
// length that it had then.
func (p *Plan) writeOne(ctx context.Context, info *ltx.FileInfo, f *os.File, passed disk.Progress) (err error) {
	r, err := p.From.OpenLTXFile(ctx, info.Level, info.MinTXID, info.MaxTXID, 0, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	on := &way{Reader: r}
	d := ltx.NewDecoder(bufio.NewReaderSize(passed.Reader(on, "", info.Size), restorePiece))
	to := &kept{File: f}
	err = d.DecodeHeader()
	if err == nil {
		err = writePages(ctx, d, to)
	}
	if err == nil {
		err = ended(d.Close) // compares the sum of the file
	}
	if err != nil && ctx.Err() == nil && on.failed == nil && to.failed == nil {
		return damaged{info, err}
	}
	if err != nil {
		return err
	}
	return f.Truncate(int64(d.Header().Commit) * int64(d.Header().PageSize))
}

// kept tells a disk that fails from a file that is damaged.
type kept struct {
	*os.File
	failed error
}

// WriteAt is that of the file.
func (k *kept) WriteAt(b []byte, at int64) (int, error) {
	n, err := k.File.WriteAt(b, at)
	if err != nil {
		k.failed = err
	}
	return n, err
}

// writePages writes what a file holds of a database.
func writePages(ctx context.Context, d *ltx.Decoder, f io.WriterAt) error {
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
	to    io.WriterAt
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
