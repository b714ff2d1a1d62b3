package presentation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"selfhelp/app/fault"
	"selfhelp/app/peer"
	"selfhelp/app/publication"
	"selfhelp/store/disk"
	"selfhelp/store/trouble"
)

// Kind is what a content is.
type Kind string

// The kinds of contents: bundles are called by the hash of their database, the others
// by that of all they hold.
const (
	BundleKind  Kind = "bundle"
	FileKind    Kind = "file"
	ExtractKind Kind = "extract"
)

// Content names a content.
type Content struct {
	Kind Kind   `json:"kind"`
	Hash string `json:"hash"` // SHA-256 in hex
}

// Lacking is a content that is not there, and how much of it came already.
type Lacking struct {
	Content
	Have int64 `json:"have"` // bytes
}

var hashPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (c Content) check() error {
	known := c.Kind == BundleKind || c.Kind == FileKind || c.Kind == ExtractKind
	if !known || !hashPattern.MatchString(c.Hash) {
		return fault.New(fault.Invalid, "fault.peer.body")
	}
	return nil
}

// incoming is the folder of what is not whole yet.
const incoming = "incoming"

// coming is where a content stands while it is not whole.
func (p *Presentation) coming(c Content) string {
	return filepath.Join(p.folder, incoming, string(c.Kind)+"-"+c.Hash)
}

// has reports whether a content is there, whole.
func (p *Presentation) has(c Content) bool {
	switch c.Kind {
	case BundleKind:
		_, err := os.Stat(publication.Path(p.bundles, c.Hash))
		return err == nil
	case FileKind:
		return p.store.Files.Has(c.Hash)
	}
	return p.membership().Extract == c.Hash
}

// missing answers which contents of a list are not there.
func (p *Presentation) missing(_ context.Context, q peer.Ask) ([]byte, error) {
	var asked []Content
	if err := json.Unmarshal(q.Body, &asked); err != nil {
		return nil, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	lacking := []Lacking{}
	for _, c := range asked {
		if err := c.check(); err != nil {
			return nil, err
		}
		if p.has(c) {
			continue
		}
		l := Lacking{Content: c}
		if info, err := os.Stat(p.coming(c)); err == nil {
			l.Have = info.Size()
		}
		lacking = append(lacking, l)
	}
	return json.Marshal(lacking)
}

// RoomLeft is what a content must leave free on the disk: executions are kept there.
const RoomLeft = 64 << 20

// piece takes one piece of a content; the last one settles it. A piece that does not
// begin where the one before ended is refused, and what came before stays.
func (p *Presentation) piece(ctx context.Context, q peer.Ask) ([]byte, error) {
	c := Content{Kind(q.Query.Get("kind")), q.Query.Get("hash")}
	at, err1 := strconv.ParseInt(q.Query.Get("at"), 10, 64)
	size, err2 := strconv.ParseInt(q.Query.Get("size"), 10, 64)
	if err := errors.Join(c.check(), err1, err2); err != nil || at < 0 || size <= 0 || at+int64(len(q.Body)) > size {
		return nil, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	p.receiving.Lock()
	defer p.receiving.Unlock()
	if p.has(c) {
		return nil, nil
	}
	if free, err := disk.FreeBytes(p.folder); err == nil && free >= 0 && free < size-at+RoomLeft {
		return nil, fault.New(fault.Unavailable, "fault.peer.full", fault.Bytes(size-at), fault.Bytes(RoomLeft), fault.Bytes(free))
	}
	whole, err := p.append(c, at, size, q.Body)
	if err != nil || !whole {
		return nil, err
	}
	return nil, p.settle(ctx, c)
}

// append adds a piece to what came of a content.
func (p *Presentation) append(c Content, at, size int64, piece []byte) (whole bool, err error) {
	path := p.coming(c)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false, trouble.Of(err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return false, trouble.Of(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, trouble.Of(err)
	}
	if at > info.Size() {
		return false, fault.New(fault.Conflict, "fault.peer.piece")
	}
	// What was sent twice is written over with the same.
	if _, err := f.WriteAt(piece, at); err != nil {
		return false, errors.Join(trouble.Of(err), f.Truncate(at))
	}
	whole = at+int64(len(piece)) == size
	if whole && info.Size() > size {
		err = f.Truncate(size)
	}
	return whole, trouble.Of(errors.Join(err, f.Sync(), f.Close()))
}

// FilePiece is a piece of a file that somebody sent, and how large all of it is.
type FilePiece struct {
	Size  int64  `json:"size"`
	Piece []byte `json:"piece"`
}

// PieceSize is what goes of a content in one request or answer.
const PieceSize = 4 << 20

// file answers a piece of a file that somebody sent here.
func (p *Presentation) file(_ context.Context, q peer.Ask) ([]byte, error) {
	c := Content{FileKind, q.Query.Get("hash")}
	at, err := strconv.ParseInt(q.Query.Get("at"), 10, 64)
	if err := errors.Join(c.check(), err); err != nil || at < 0 {
		return nil, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	if !p.store.Files.Has(c.Hash) {
		return nil, fault.New(fault.NotFound, "fault.not_found")
	}
	f, size, err := p.store.Files.Open(c.Hash)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if _, err := f.Seek(at, io.SeekStart); err != nil {
		return nil, trouble.Of(err)
	}
	piece, err := io.ReadAll(io.LimitReader(f, PieceSize))
	if err != nil {
		return nil, trouble.Of(err)
	}
	return json.Marshal(FilePiece{size, piece})
}

// settle puts a content that came whole where it belongs. What is not what it is
// called is thrown away, to be sent again.
func (p *Presentation) settle(ctx context.Context, c Content) error {
	path := p.coming(c)
	var err error
	switch c.Kind {
	case BundleKind:
		err = p.settleBundle(path, c)
	case FileKind:
		err = p.settleFile(ctx, path, c)
	case ExtractKind:
		err = p.adopt(ctx, path, c)
	}
	if err == nil || fault.Is(err, fault.Invalid) || fault.Is(err, fault.Forbidden) {
		if removed := os.Remove(path); removed != nil && !errors.Is(removed, fs.ErrNotExist) {
			p.log.Warn("what came from the edition server could not be cleared away", "file", path, "err", removed)
		}
	}
	if err != nil {
		return fmt.Errorf("take %s %s: %w", c.Kind, c.Hash, err)
	}
	return nil
}

func (p *Presentation) settleBundle(path string, c Content) error {
	m, err := publication.Verify(path, p.membership().Trusted)
	if err != nil {
		return err
	}
	if m.Hash != c.Hash {
		return fault.New(fault.Invalid, "fault.bundle.another", m.Alias, m.Number.String())
	}
	if err := os.Chmod(path, 0o400); err != nil {
		return trouble.Of(err)
	}
	if err := os.Rename(path, publication.Path(p.bundles, c.Hash)); err != nil {
		return trouble.Of(err)
	}
	p.lost.found(c.Hash)
	return trouble.Sync(p.bundles)
}

func (p *Presentation) settleFile(ctx context.Context, path string, c Content) error {
	if err := isCalled(path, c.Hash); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return trouble.Of(err)
	}
	defer f.Close()
	_, err = p.store.Files.Put(ctx, f, MostFile)
	return err
}

// MostFile bounds a file, in bytes, as what is put into projects is bounded.
const MostFile = 1 << 30

// isCalled refuses a file that is not what its hash says.
func isCalled(path, hash string) error {
	f, err := os.Open(path)
	if err != nil {
		return trouble.Of(err)
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return trouble.Of(err)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != hash {
		return fault.Because(fault.Invalid, fmt.Errorf("its hash is %s", got), "fault.peer.body")
	}
	return nil
}

// adopt makes the accounts, groups and settings those of an extract.
func (p *Presentation) adopt(ctx context.Context, path string, c Content) error {
	if err := isCalled(path, c.Hash); err != nil {
		return err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return trouble.Of(err)
	}
	changed, err := p.store.Content.Adopt(ctx, b)
	if err != nil {
		return err
	}
	p.adopted()
	p.log.Info("accounts and settings are those of the edition server", "count", changed)
	return p.change(func(m *Membership) { m.Extract = c.Hash })
}
