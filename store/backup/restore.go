package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"selfhelp/store/db"
	"selfhelp/store/disk"
)

// Wanted says what is to come back.
type Wanted struct {
	Name string        // of the backup
	By   Identities    // where it is encrypted
	Have string        // a folder of files whose contents need not come; "" for none
	Told disk.Progress // nil when nobody asks
	// Anyway brings it though its signature is wrong.
	Anyway bool
	// Alone is the database to bring by itself, without files; "" for all there is.
	Alone string
}

// Back is what came back.
type Back struct {
	Manifest
	Files   int      // how many came, beside those that were there
	Lacking []string // contents that are missing or damaged in the backup, one sentence each
}

// Damaged says that a backup is not what was written.
type Damaged struct {
	Name  string
	Wrong []string // one sentence each
}

func (d Damaged) Error() string { return fmt.Sprintf("%s is damaged: %q", d.Name, d.Wrong) }

// Whole says whether every file that a backup needs is as it was written.
func (f Folder) Whole(name string) bool {
	chain, err := f.chain(name)
	return err == nil && len(f.damaged(context.Background(), chain)) == 0
}

// Restore brings databases and files to a folder that holds none of them yet, and
// checks each whole.
func (f Folder) Restore(ctx context.Context, dir string, w Wanted) (b Back, err error) {
	if err := mark.On(f.Root); err != nil {
		return b, f.fault("restore a backup", err)
	}
	lock, err := disk.TakeToRead(f.Root)
	if err != nil {
		return b, f.fault("restore a backup", err)
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	chain, err := f.chain(w.Name)
	if err != nil {
		return b, err
	}
	b.Manifest = chain[len(chain)-1]
	if err := forged(chain); err != nil && !w.Anyway {
		return b, err
	}
	if wrong := f.damaged(ctx, chain); len(wrong) > 0 {
		return b, Damaged{w.Name, wrong}
	}
	told := w.Told
	if told == nil {
		told = func(string, int64, int64) {}
	}
	if w.Alone == "" {
		told(filesFolder, 0, 0) // first: what is restored never names what is not there
		if b.Files, b.Lacking, err = f.bringFiles(ctx, chain, filepath.Join(dir, filesFolder), w); err != nil {
			return b, fmt.Errorf("restore the files: %w", err)
		}
	}
	for _, d := range b.Databases {
		if w.Alone != "" && w.Alone != d.Name {
			continue
		}
		told(d.Name, 0, 0)
		if err := f.bringDatabase(chain, d.Name, filepath.Join(dir, d.Name), w.By, told); err != nil {
			return b, fmt.Errorf("restore %s: %w", d.Name, err)
		}
		wrong, err := db.Examine(ctx, filepath.Join(dir, d.Name))
		if err != nil || len(wrong) > 0 {
			return b, fmt.Errorf("restore %s: it is not whole: %q %w", d.Name, wrong, err)
		}
	}
	return b, nil
}

// BringFiles brings some contents of a backup to a folder of files.
func (f Folder) BringFiles(ctx context.Context, dir string, w Wanted, hashes []string) (err error) {
	if err := mark.On(f.Root); err != nil {
		return f.fault("bring files of a backup", err)
	}
	lock, err := disk.TakeToRead(f.Root)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	chain, err := f.chain(w.Name)
	if err != nil {
		return err
	}
	if err := forged(chain); err != nil && !w.Anyway {
		return err
	}
	all, err := f.lists(chain)
	if err != nil {
		return err
	}
	for _, c := range all {
		if !slices.Contains(hashes, c.Hash) {
			continue
		}
		if err := errors.Join(ctx.Err(), f.bring(c, dir, w.By)); err != nil {
			return fmt.Errorf("file %s: %w", c.Hash, err)
		}
	}
	return nil
}

// damaged compares every file of some backups with what their manifests say.
func (f Folder) damaged(ctx context.Context, chain []Manifest) (wrong []string) {
	for _, m := range chain {
		for _, p := range m.Files {
			if err := errors.Join(ctx.Err(), p.holds(filepath.Join(f.path(m.Name), p.Name))); err != nil {
				wrong = append(wrong, err.Error())
			}
		}
	}
	return wrong
}

// lists are the contents that a chain needs.
func (f Folder) lists(chain []Manifest) (all []content, err error) {
	for _, m := range chain {
		one, err := f.listed(m)
		if err != nil {
			return nil, err
		}
		all = append(all, one...)
	}
	return all, nil
}

func (f Folder) bringFiles(ctx context.Context, chain []Manifest, dir string, w Wanted) (n int, lacking []string, err error) {
	all, err := f.lists(chain)
	if err != nil {
		return 0, nil, err
	}
	for _, c := range all {
		if err := ctx.Err(); err != nil {
			return n, lacking, err
		}
		if w.Have != "" {
			if _, err := os.Stat(contentIn(w.Have, c.Hash)); err == nil {
				to := contentIn(dir, c.Hash)
				if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o700), os.Link(contentIn(w.Have, c.Hash), to)); err == nil {
					continue
				}
			}
		}
		err := f.bring(c, dir, w.By)
		if err == nil {
			n++
			continue
		}
		if c.Piece.holds(f.path(c.name())) == nil { // it is as it was written
			return n, lacking, fmt.Errorf("file %s: %w", c.Hash, err)
		}
		lacking = append(lacking, fmt.Sprintf("the file %s is missing or damaged in the backup", c.Hash))
	}
	return n, lacking, nil
}

// bringDatabase writes the database that a full, or an increment on it, holds.
func (f Folder) bringDatabase(chain []Manifest, name, to string, by Identities, told disk.Progress) error {
	full, err := chain[0].database(name)
	if err != nil {
		return err
	}
	if err := disk.CreatePrivate(to); err != nil {
		return err
	}
	file := func(m Manifest) string { return filepath.Join(f.path(m.Name), m.dataFile(name)) }
	err = opened(file(chain[0]), chain[0].Encrypted, by, uncompressed(func(r io.Reader) error {
		return full.write(told.Reader(r, name, full.Bytes), to, len(chain) == 1)
	}))
	if err != nil || len(chain) == 1 {
		return err
	}
	want, err := chain[1].database(name)
	if err != nil {
		return err
	}
	err = opened(file(chain[1]), chain[1].Encrypted, by, func(r io.Reader) error { return applyIncrement(r, to, full, want) })
	if err != nil {
		return err
	}
	return errors.Join(want.same(to), synced(to))
}

// write writes a database as it is read, and holds it against its sum.
func (d Database) write(r io.Reader, to string, last bool) error {
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	s := &summing{w: f, sum: sha256.New()}
	_, err = io.Copy(s, io.LimitReader(r, d.Bytes+1))
	if err == nil && (s.n != d.Bytes || hex.EncodeToString(s.sum.Sum(nil)) != d.Hash) {
		err = fmt.Errorf("%s came back as another one", d.Name)
	}
	if err == nil && last {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func synced(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Verify brings a backup back into a folder of its own, looks through it, and writes
// down what came of it.
func (k Maker) Verify(ctx context.Context, name string, by Identities) (e Entry, err error) {
	f := k.Folder
	if err := mark.On(f.Root); err != nil {
		return e, f.fault("look through a backup", err)
	}
	lock, err := disk.HoldPlain(f.Root)
	if err != nil {
		return e, f.fault("look through a backup", err)
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	v, err := f.verify(ctx, name, k.Data, by, true, k.Look, k.Now)
	if err == nil {
		err = keepSummed(filepath.Join(f.path(name), verdictFile), v)
	}
	if err == nil && len(v.Wrong) > 0 {
		err = f.blame(ctx, name, v)
	}
	if err != nil {
		return e, f.fault("look through "+name, err)
	}
	return entryOf(f.path(name)), nil
}

// blame writes down of the full that an increment is on that it is damaged, where it is:
// nothing that is on it comes back.
func (f Folder) blame(ctx context.Context, name string, v *Verdict) error {
	chain, err := f.chain(name)
	if err != nil || len(chain) == 1 {
		return nil // told already, or it is the full
	}
	wrong := f.damaged(ctx, chain[:1])
	if len(wrong) == 0 {
		return nil
	}
	return keepSummed(filepath.Join(f.path(chain[0].Name), verdictFile), &Verdict{At: v.At, How: v.How, Wrong: wrong})
}

// verify is Verify on a folder that is held, without writing it down. Of the contents that
// came with earlier backups only the sizes are looked at, unless all are to be read.
func (f Folder) verify(ctx context.Context, name, data string, by Identities, all bool, look Look, now func() time.Time) (*Verdict, error) {
	began := time.Now()
	v := &Verdict{At: now().UTC(), How: Restored}
	chain, err := f.chain(name)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(f.work(data), workPrefix+"*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	v.Wrong = f.damaged(ctx, chain)
	if err := forged(chain); err != nil {
		v.Wrong = append(v.Wrong, errors.Unwrap(err).Error())
	}
	if len(v.Wrong) == 0 {
		err = v.say(f.tryContents(chain, dir, by, all, v))
	}
	for _, d := range chain[len(chain)-1].Databases {
		if err == nil && len(v.Wrong) == 0 {
			err = v.say(f.bringDatabase(chain, d.Name, filepath.Join(dir, d.Name), by, nil))
		}
	}
	if err == nil && len(v.Wrong) == 0 {
		err = v.look(ctx, dir, look)
	}
	v.Seconds = time.Since(began).Seconds()
	return v, err
}

// tryContents reads the contents of a backup, those that came with it or every one, and
// shows all that it needs in the folder. One that is damaged is set aside, so that the next
// backup copies it again.
func (f Folder) tryContents(chain []Manifest, dir string, by Identities, every bool, v *Verdict) error {
	all, err := f.lists(chain)
	if err != nil {
		return err
	}
	own := chain[len(chain)-1].Contents
	if every {
		own = len(all)
	}
	for _, c := range slices.Backward(all) {
		at := f.path(c.name())
		switch {
		case own > 0:
			own--
			err = c.Piece.holds(at)
			if err == nil && c.sealed() {
				err = opened(at, true, by, func(r io.Reader) error { return copyContent(io.Discard, r, c.Hash) })
			}
		case !f.has(c):
			err = fmt.Errorf("the file %s is missing or has another size", c.Hash)
		}
		if err == nil {
			continue
		}
		if err := v.say(err); err != nil {
			return err
		}
		if err := os.Rename(at, at+damagedSuffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		err = nil
	}
	return linked(all, filepath.Join(dir, filesFolder), func(c content) string { return f.path(c.name()) })
}

// damagedSuffix is that of a content which is not what it was.
const damagedSuffix = ".damaged"
