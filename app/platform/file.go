package platform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"

	"selfhelp/app/fault"
	"selfhelp/app/presentation"
	"selfhelp/store"
	"selfhelp/store/journal"
)

// fetchFiles brings the files here that people sent to a server and a batch names, before
// the batch is taken in: what is named here is here. One that is not there any more is
// named all the same, and the other servers are asked for it.
func (p *Platform) fetchFiles(ctx context.Context, m *Member, b store.Batch) error {
	var events [][]byte
	for _, e := range b.Entries {
		if e.Turn != nil {
			events = append(events, e.Turn.Events)
		}
	}
	for _, hash := range journal.FilesIn(events...) {
		if p.Store.Files.Has(hash) {
			continue
		}
		err := p.fetchFile(ctx, m, hash)
		if fault.Is(err, fault.NotFound) {
			p.Log.Warn("a file that somebody sent is not on the server that has their answer", "server", m.Server().Name, "file", hash)
			p.absent.add(hash)
			continue
		}
		if err != nil {
			return fmt.Errorf("bring a file that somebody sent there: %w", err)
		}
	}
	return nil
}

// errOtherFile says that a server holds something else under the name of a file.
var errOtherFile = errors.New("a file came that is not the one that was asked for")

// fetchFile brings one file, piece by piece.
func (p *Platform) fetchFile(ctx context.Context, m *Member, hash string) error {
	first, err := p.filePiece(ctx, m, hash, 0)
	if err != nil {
		return err
	}
	if first.Size > presentation.MostFile {
		return fmt.Errorf("file %s is said to have %d bytes", hash, first.Size)
	}
	whole, write := io.Pipe()
	go func() {
		_, err := write.Write(first.Piece)
		for at := int64(len(first.Piece)); err == nil && at < first.Size; {
			var next presentation.FilePiece
			if next, err = p.filePiece(ctx, m, hash, at); err == nil {
				at += int64(len(next.Piece))
				_, err = write.Write(next.Piece)
			}
		}
		write.CloseWithError(err)
	}()
	kept, err := p.Store.Files.Put(ctx, whole, first.Size)
	whole.CloseWithError(err)
	if err == nil && kept.Hash != hash {
		err = fmt.Errorf("%w: %s came as %s", errOtherFile, kept.Hash, hash)
	}
	return err
}

func (p *Platform) filePiece(ctx context.Context, m *Member, hash string, at int64) (f presentation.FilePiece, err error) {
	answer, err := p.ask(ctx, m, "GET", "file", url.Values{"hash": {hash}, "at": {strconv.FormatInt(at, 10)}}, nil)
	if err == nil {
		err = json.Unmarshal(answer, &f)
	}
	if err == nil && at < f.Size && len(f.Piece) == 0 {
		err = errors.New("a piece of a file came empty")
	}
	return f, err
}
