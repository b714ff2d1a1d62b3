package replica

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"selfhelp/store/replica/chain"
	"slices"
	"time"

	"cmp"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
	"golang.org/x/sync/errgroup"
)

// changes is what the replicator writes its changes to a server with that speaks WebDAV,
// under the names of the official program. That one's own heeds no context, and gives
// everything half a minute, a whole database too.
type changes struct{ at received }

// Type names the kind.
func (changes) Type() string { return kindWebDAV }

// Init has nothing to begin: each question opens its own way.
func (changes) Init(context.Context) error { return nil }

// SetLogger has nothing to log.
func (changes) SetLogger(*slog.Logger) {}

// LTXFiles lists the files of a level, from a transaction on.
func (c changes) LTXFiles(ctx context.Context, level int, from ltx.TXID, exact bool) (ltx.FileIterator, error) {
	all, err := c.at.infos(ctx, litestream.LTXLevelDir("", level))
	if err != nil {
		return nil, refused(fmt.Errorf("list level %d at the target: %w", level, err))
	}
	var files []*ltx.FileInfo
	for _, f := range all {
		low, high, err := ltx.ParseFilename(path.Base(f.Name()))
		if err == nil && !f.IsDir() && low >= from {
			files = append(files, &ltx.FileInfo{Level: level, MinTXID: low, MaxTXID: high, Size: f.Size(), CreatedAt: f.ModTime().UTC()})
		}
	}
	if exact {
		if err := c.date(ctx, files); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(files, func(a, b *ltx.FileInfo) int {
		return cmp.Or(cmp.Compare(a.MinTXID, b.MinTXID), cmp.Compare(a.MaxTXID, b.MaxTXID))
	})
	return ltx.NewFileInfoSliceIterator(files), nil
}

// dating is how many files are asked at once of when they are.
const dating = 8

// date reads of when files are from their heads.
func (c changes) date(ctx context.Context, files []*ltx.FileInfo) error {
	all, ctx := errgroup.WithContext(ctx)
	all.SetLimit(dating)
	for _, f := range files {
		all.Go(func() error {
			head, err := litestream.FetchLTXHeader(ctx, c, f)
			if err != nil {
				return fmt.Errorf("read of when %s is: %w", chain.PieceOf(f), err)
			}
			f.CreatedAt = time.UnixMilli(head.Timestamp).UTC()
			return nil
		})
	}
	return all.Wait()
}

// OpenLTXFile opens a file, or so many bytes of it; 0 for all that follow.
func (c changes) OpenLTXFile(ctx context.Context, level int, low, high ltx.TXID, offset, size int64) (io.ReadCloser, error) {
	name := c.at.path(litestream.LTXFilePath("", level, low, high))
	asked := c.at.asked(ctx)
	var r io.ReadCloser
	var err error
	if size > 0 {
		r, err = asked.ReadStreamRange(name, offset, size)
	} else {
		r, err = asked.ReadStream(name)
	}
	if err = missing(err); errors.Is(err, fs.ErrNotExist) {
		return nil, os.ErrNotExist
	}
	if err != nil {
		return nil, refused(fmt.Errorf("read %s at the target: %w", name, err))
	}
	if size == 0 && offset > 0 {
		if _, err := io.CopyN(io.Discard, r, offset); err != nil && !errors.Is(err, io.EOF) {
			return nil, errors.Join(err, r.Close())
		}
	}
	if size > 0 {
		return struct {
			io.Reader
			io.Closer
		}{io.LimitReader(r, size), r}, nil
	}
	return r, nil
}

// WriteLTXFile writes a file. It lies here first: a server has to be told how long it is.
func (c changes) WriteLTXFile(ctx context.Context, level int, low, high ltx.TXID, r io.Reader) (info *ltx.FileInfo, err error) {
	var read bytes.Buffer
	head, _, err := ltx.PeekHeader(io.TeeReader(r, &read))
	if err != nil {
		return nil, fmt.Errorf("read of when a change is: %w", err)
	}
	f, err := os.CreateTemp("", "selfhelp-*.ltx")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	n, err := io.Copy(f, io.MultiReader(&read, r))
	if err != nil {
		return nil, fmt.Errorf("keep a change until it is sent: %w", err)
	}
	if err := c.at.put(ctx, litestream.LTXFilePath("", level, low, high), struct{ io.ReadSeeker }{f}); err != nil {
		return nil, refused(fmt.Errorf("write to the target: %w", err))
	}
	return &ltx.FileInfo{Level: level, MinTXID: low, MaxTXID: high, Size: n, CreatedAt: time.UnixMilli(head.Timestamp).UTC()}, nil
}

// DeleteLTXFiles takes files away.
func (c changes) DeleteLTXFiles(ctx context.Context, gone []*ltx.FileInfo) error {
	for _, f := range gone {
		if err := c.at.remove(ctx, litestream.LTXFilePath("", f.Level, f.MinTXID, f.MaxTXID)); err != nil {
			return refused(fmt.Errorf("take %s away at the target: %w", chain.PieceOf(f), err))
		}
	}
	return nil
}

// DeleteAll takes the whole folder away.
func (c changes) DeleteAll(ctx context.Context) error {
	if err := missing(c.at.asked(ctx).RemoveAll(c.at.path(""))); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("take the replica away: %w", err)
	}
	return nil
}
