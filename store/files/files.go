// Package files knows contents by the hash of what they hold, on the disk. It
// refuses to know what they are and who asks for them. Its main names are Files,
// Put and Receive.
package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"selfhelp/app/fault"
	"selfhelp/store/trouble"
)

// Files keeps contents under the hash of what they hold. A content is written
// once and never changed; two that are the same are one.
type Files struct {
	dir      string
	sweeping sync.RWMutex // held to write by a sweep: nothing comes to be wanted while it looks
	kept     func(hash string)
	swept    func(hash string)
}

// Stored names a content and says how large it is.
type Stored struct {
	Hash string // SHA-256 in hex
	Size int64
}

// Open makes the folder and clears what a crash left half written.
func Open(dir string) (*Files, error) {
	tmp := filepath.Join(dir, "tmp")
	if err := os.RemoveAll(tmp); err != nil {
		return nil, fmt.Errorf("clear %s: %w", tmp, trouble.Of(err))
	}
	if err := os.MkdirAll(tmp, 0o700); err != nil {
		return nil, fmt.Errorf("make %s: %w", tmp, trouble.Of(err))
	}
	f := &Files{dir: dir}
	if err := os.MkdirAll(f.strays(), 0o700); err != nil {
		return nil, fmt.Errorf("make %s: %w", f.strays(), trouble.Of(err))
	}
	return f, nil
}

// OnKept names who is told of each content before Put says that it is kept. It is
// called once, before anything is put.
func (f *Files) OnKept(tell func(hash string)) { f.kept = tell }

// OnSwept names who is told of each stray that was removed. It is called once, before
// anything is put.
func (f *Files) OnSwept(tell func(hash string)) { f.swept = tell }

// Read returns what a folder holds, only to be read: nothing is made there.
func Read(dir string) *Files { return &Files{dir: dir} }

// Put keeps what r gives, up to a limit of bytes; more is TooLarge. When it
// returns, the content is on the disk.
func (f *Files) Put(ctx context.Context, r io.Reader, limit int64) (Stored, error) {
	return f.put(ctx, r, limit, f.unmark)
}

// put is Put, with what is said of the content before it stands under its name.
func (f *Files) put(ctx context.Context, r io.Reader, limit int64, say func(hash string) error) (Stored, error) {
	tmp, err := os.CreateTemp(filepath.Join(f.dir, "tmp"), "put-*")
	if err != nil {
		return Stored{}, fmt.Errorf("keep file: %w", trouble.Of(err))
	}
	defer os.Remove(tmp.Name()) // gone once renamed
	s, err := copyHashed(ctx, tmp, r, limit)
	if err == nil {
		err = errors.Join(tmp.Chmod(0o400), tmp.Sync())
	}
	if err := errors.Join(err, tmp.Close()); err != nil {
		return Stored{}, fmt.Errorf("keep file: %w", trouble.Of(err))
	}
	f.sweeping.RLock()
	defer f.sweeping.RUnlock()
	if err := errors.Join(say(s.Hash), f.settle(tmp.Name(), s.Hash)); err != nil {
		return Stored{}, fmt.Errorf("keep file %s: %w", s.Hash, trouble.Of(err))
	}
	if f.kept != nil {
		f.kept(s.Hash)
	}
	return s, nil
}

// copyHashed copies at most limit bytes and names what it copied.
func copyHashed(ctx context.Context, w io.Writer, r io.Reader, limit int64) (Stored, error) {
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), io.LimitReader(&patient{ctx, r}, limit+1))
	if err != nil {
		return Stored{}, err
	}
	if n > limit {
		return Stored{}, fault.New(fault.TooLarge, "fault.file.too_large", fault.Bytes(limit))
	}
	return Stored{hex.EncodeToString(sum.Sum(nil)), n}, nil
}

// patient stops reading when its context ends.
type patient struct {
	ctx context.Context
	r   io.Reader
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}

// settle moves a written file under its name, which is on the disk when it
// returns.
func (f *Files) settle(tmp, hash string) error {
	name := f.name(hash)
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := os.Rename(tmp, name); err != nil {
		return err
	}
	for _, d := range []string{dir, filepath.Dir(dir), f.dir} {
		if err := trouble.Sync(d); err != nil {
			return err
		}
	}
	return nil
}

// Open opens a content for reading and says how large it is.
func (f *Files) Open(hash string) (io.ReadSeekCloser, int64, error) {
	if !isHash(hash) {
		return nil, 0, fault.New(fault.NotFound, "fault.not_found")
	}
	file, err := os.Open(f.name(hash))
	if err != nil {
		return nil, 0, fmt.Errorf("open file: %w", trouble.Of(err))
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("open file %s: %w", hash, trouble.Of(err)), file.Close())
	}
	return file, info.Size(), nil
}

// Has reports whether a content is here.
func (f *Files) Has(hash string) bool {
	if !isHash(hash) {
		return false
	}
	_, err := os.Stat(f.name(hash))
	return err == nil
}

// All are the contents that are here, by their hashes.
func (f *Files) All() (hashes []string, err error) {
	names, err := filepath.Glob(filepath.Join(f.dir, "??", "??", "*"))
	for _, name := range names {
		if hash := filepath.Base(name); isHash(hash) {
			hashes = append(hashes, hash)
		}
	}
	return hashes, err
}

// Sound reads a content that is here, and reports whether it is the one of its name.
func (f *Files) Sound(ctx context.Context, hash string) (bool, error) {
	file, _, err := f.Open(hash)
	if err != nil {
		return false, err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return false, errors.Join(ctx.Err(), trouble.Of(err))
	}
	return hex.EncodeToString(sum.Sum(nil)) == hash, ctx.Err()
}

// Damaged reads every content that is here, and names those that hold something else than
// their names say, one sentence each.
func (f *Files) Damaged(ctx context.Context) (wrong []string, err error) {
	all, err := f.All()
	if err != nil {
		return nil, err
	}
	for _, hash := range all {
		sound, err := f.Sound(ctx, hash)
		if err != nil {
			return wrong, fmt.Errorf("read the file %s: %w", hash, err)
		}
		if !sound {
			wrong = append(wrong, "the file "+hash+" is damaged: it holds something else")
		}
	}
	return wrong, nil
}

func (f *Files) name(hash string) string {
	return filepath.Join(f.dir, hash[:2], hash[2:4], hash)
}

// isHash keeps everything but a hash from becoming a path.
func isHash(s string) bool {
	if len(s) != sha256.Size*2 {
		return false
	}
	for _, c := range s {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
