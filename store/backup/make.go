package backup

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/db"
	"selfhelp/store/disk"
	"selfhelp/store/trouble"
)

// Look looks through databases that came back in a folder of their own, and tells
// what it counted and what is wrong, one sentence each.
type Look func(ctx context.Context, dir string) (holds any, wrong []string, err error)

// Maker makes the backups of a data folder.
type Maker struct {
	Folder     Folder
	Data       string   // the data folder
	Epoch      string   // of the data folder
	Databases  []string // its databases, the one that the other goes by first
	Copy       func(ctx context.Context, name, to string) error
	Look       Look
	Keys       func() (string, error) // the mark of those of the data folder; nil where it has none
	Sign       Sign                   // by whom they are signed; nil for nobody
	Recipients Recipients             // whom backups are encrypted to; none for plain ones
	Keep       Keep
	Now        func() time.Time
	Log        *slog.Logger
}

// making is one backup on its way.
type making struct {
	Maker
	m      Manifest
	work   string             // where the databases are copied to
	part   string             // the folder that becomes that of the backup
	base   *Manifest          // of the full that an increment is on
	inBase map[string]bool    // hashes that the full lists
	known  map[string]content // what lies here already, by its name
	list   []content          // what this one lists
	wrong  []string
}

func (k *making) encrypted() bool { return len(k.Recipients) > 0 }

// Make makes a backup, looks through it and prunes what is too old. Where there is no
// good full that the same people can open, an increment is one. The older ones are there whatever happens.
func (k Maker) Make(ctx context.Context, kind Kind) (Entry, error) {
	e, err := k.hold(ctx, kind)
	if err != nil {
		return e, k.Folder.fault("make a backup", err)
	}
	if len(e.Verdict.Wrong) > 0 {
		return e, &fault.Error{
			Kind: fault.Unavailable, Key: "fault.backup.bad", Args: []any{e.Name}, Cause: fmt.Errorf("%q", e.Verdict.Wrong),
			Hint: "look at the disks of the data folder and of the backups; the next backup is a full one",
		}
	}
	return e, nil
}

// hold is Make on the folder, held against others.
func (k Maker) hold(ctx context.Context, kind Kind) (e Entry, err error) {
	if err := mark.On(k.Folder.Root); err != nil {
		return e, err
	}
	lock, err := disk.HoldPlain(k.Folder.Root)
	if err != nil {
		return e, err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	if err := errors.Join(k.Folder.sweep(k.Data), k.room()); err != nil {
		return e, err
	}
	all, err := k.Folder.List()
	if err != nil {
		return e, err
	}
	if err := k.Owned(all); err != nil {
		return e, err
	}
	one := &making{Maker: k}
	if err := one.begin(all, kind); err != nil {
		return e, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(one.work), os.RemoveAll(one.part)) }()
	if err := k.remember(append(marksOf(all), one.m.Mark)); err != nil {
		return e, err
	}
	verdict, err := one.do(ctx)
	if err != nil { // nobody looked through it: it goes, for it takes the room of one that counts
		return e, errors.Join(err, k.Folder.remove(one.m.Name))
	}
	if err := keepSummed(filepath.Join(k.Folder.path(one.m.Name), verdictFile), verdict); err != nil {
		return e, err
	}
	return entryOf(k.Folder.path(one.m.Name)), k.Folder.prune(k.Keep, k.Now())
}

// Sweep removes what one that broke off left behind.
func (k Maker) Sweep() error {
	if err := mark.On(k.Folder.Root); err != nil {
		return k.Folder.fault("sweep the backups", err)
	}
	lock, err := disk.HoldPlain(k.Folder.Root)
	if err == nil {
		err = errors.Join(k.Folder.sweep(k.Data), lock.Release())
	}
	if err != nil {
		return k.Folder.fault("sweep the backups", err)
	}
	return nil
}

// room refuses to begin where the disk would be full before the end: each database is
// there as a copy, and compressed or as it came back.
func (k Maker) room() error {
	var need int64
	for _, name := range k.Databases {
		for _, part := range []string{name, name + "-wal"} {
			if info, err := os.Stat(filepath.Join(k.Data, part)); err == nil {
				need += 2 * info.Size()
			}
		}
	}
	for _, dir := range slices.Compact([]string{k.Folder.Root, k.Folder.work(k.Data)}) {
		free, err := disk.FreeBytes(dir)
		if err != nil {
			return err
		}
		if free >= 0 && free < need {
			return &fault.Error{
				Kind: fault.Unavailable, Key: "fault.backup.room", Args: []any{dir, fault.Bytes(need), fault.Bytes(free)},
				Hint: "a backup takes twice the room of the databases while it is made: free some or enlarge the volume",
			}
		}
	}
	return nil
}

// begin finds the full that an increment is on, and makes the folders.
func (k *making) begin(all []Entry, kind Kind) (err error) {
	if base, found := Newest(all, Full); kind == Increment && found && base.To == k.Recipients.mark() && !base.forged {
		k.base = &base.Manifest
	}
	began := k.Now().UTC().Truncate(time.Millisecond)
	k.m = Manifest{Format: format, Kind: Full, Began: began, Encrypted: k.encrypted(), To: k.Recipients.mark(), Mark: rand.Text()}
	k.m.Host, _ = os.Hostname()
	if k.Keys != nil {
		if k.m.Keys, err = k.Keys(); err != nil {
			return err
		}
	}
	if k.base != nil {
		k.m.Kind, k.m.Base = Increment, k.base.Name
	}
	k.m.Name = nameOf(began, k.m.Kind)
	if _, err := os.Stat(k.Folder.path(k.m.Name)); err == nil {
		return fmt.Errorf("there is a backup %s already: make the next one in a second", k.m.Name)
	}
	k.known, k.inBase = map[string]content{}, map[string]bool{}
	for _, e := range all {
		if err := k.know(e); err != nil {
			k.Log.Warn("the list of files of a backup cannot be read", "backup", e.Name, "err", err)
		}
	}
	if k.work, err = os.MkdirTemp(k.Folder.work(k.Data), workPrefix+"*"); err != nil {
		return err
	}
	k.part, err = os.MkdirTemp(k.Folder.Root, partPrefix+"*")
	return err
}

// know takes what a backup lists for here. What one lists that is not whole is copied
// again.
func (k *making) know(e Entry) error {
	if !e.Good() {
		return e.Broken
	}
	all, err := k.Folder.listed(e.Manifest)
	for _, c := range all {
		k.known[c.name()] = c
		if k.base != nil && e.Name == k.base.Name {
			k.inBase[c.Hash] = true
		}
	}
	return err
}

// do makes the backup, and looks through it: brought back, or where nobody can open it
// here, what went into it.
func (k *making) do(ctx context.Context) (*Verdict, error) {
	for _, step := range []func(context.Context) error{k.copy, k.store, k.write} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	look := k.lookBack
	if k.encrypted() {
		look = k.lookBefore
	}
	v, err := look(ctx)
	if err == nil {
		v.Wrong = append(k.wrong, v.Wrong...)
	}
	return v, err
}

// lookBack brings back what was made. The copies go first: their room is needed.
func (k *making) lookBack(ctx context.Context) (*Verdict, error) {
	if err := os.RemoveAll(k.work); err != nil {
		return nil, err
	}
	return k.Folder.verify(ctx, k.m.Name, k.Data, nil, false, k.Look, k.Now)
}

// copy copies the databases, the one that goes by the other first: so the other knows
// all that it names.
func (k *making) copy(ctx context.Context) error {
	for _, name := range slices.Backward(k.Databases) {
		to := filepath.Join(k.work, name)
		if err := k.Copy(ctx, name, to); err != nil {
			return err
		}
		wrong, err := db.Examine(ctx, to)
		if err != nil {
			wrong = append(wrong, err.Error())
		}
		for _, w := range wrong {
			k.wrong = append(k.wrong, name+" of the data folder: "+w)
		}
	}
	k.m.At = k.Now().UTC().Truncate(time.Millisecond)
	return nil
}

// lookBefore looks through what was encrypted, as it was before, and whether that came
// to the disk.
func (k *making) lookBefore(ctx context.Context) (*Verdict, error) {
	began := time.Now()
	v := &Verdict{At: k.Now().UTC(), How: BeforeEncryption, Wrong: k.Folder.damaged(ctx, []Manifest{k.m})}
	all, err := k.Folder.lists(k.chain())
	if err != nil {
		return nil, err
	}
	files := filepath.Join(k.Data, filesFolder)
	if err := linked(all, filepath.Join(k.work, filesFolder), func(c content) string { return contentIn(files, c.Hash) }); err != nil {
		return nil, err
	}
	for _, c := range k.list {
		if err := v.say(c.Piece.holds(k.Folder.path(c.name()))); err != nil {
			return nil, err
		}
	}
	err = v.look(ctx, k.work, k.Look)
	v.Seconds = time.Since(began).Seconds()
	return v, err
}

// chain are the manifests that it needs, its own last.
func (k *making) chain() []Manifest {
	if k.base == nil {
		return []Manifest{k.m}
	}
	return []Manifest{*k.base, k.m}
}

// write writes the pieces, then the manifest, and gives the folder its name.
func (k *making) write(ctx context.Context) error {
	for _, name := range k.Databases {
		if err := ctx.Err(); err != nil {
			return err
		}
		write := k.writeFull
		if k.base != nil {
			write = k.writeIncrement
		}
		d, err := write(name)
		if err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		k.m.Databases = append(k.m.Databases, d)
	}
	err := k.piece(listFile, nil, compressed(func(w io.Writer) error { return writeList(w, k.list) }))
	if err != nil {
		return err
	}
	k.m.Contents = len(k.list)
	if err := keepSigned(filepath.Join(k.part, manifestFile), k.m, k.sign); err != nil {
		return err
	}
	if err := os.Rename(k.part, k.Folder.path(k.m.Name)); err != nil {
		return err
	}
	return trouble.Sync(k.Folder.Root)
}

func (k *making) piece(name string, to Recipients, fill func(io.Writer) error) error {
	p, err := writePiece(filepath.Join(k.part, name), to, fill)
	p.Name = name
	k.m.Files = append(k.m.Files, p)
	return err
}

func (k *making) writeFull(name string) (d Database, err error) {
	var s *survey
	err = k.piece(k.m.dataFile(name), k.Recipients, compressed(func(w io.Writer) (err error) {
		s, err = writeFull(w, filepath.Join(k.work, name))
		return err
	}))
	if err != nil {
		return d, err
	}
	return s.database(name), k.piece(pagesFile(name), nil, compressed(func(w io.Writer) error {
		_, err := w.Write(s.sums)
		return err
	}))
}

func (k *making) writeIncrement(name string) (d Database, err error) {
	full, err := k.base.database(name)
	if err != nil {
		return d, err
	}
	pages := filepath.Join(k.Folder.path(k.base.Name), pagesFile(name))
	if err := k.base.intact(pages); err != nil {
		return d, err
	}
	var sums bytes.Buffer
	err = opened(pages, false, nil, uncompressed(func(r io.Reader) error {
		_, err := io.Copy(&sums, r)
		return err
	}))
	if err != nil {
		return d, err
	}
	var s *survey
	err = k.piece(k.m.dataFile(name), k.Recipients, func(w io.Writer) (err error) {
		s, err = writeIncrement(w, filepath.Join(k.work, name), full, sums.Bytes(), k.m.At.UnixMilli())
		return err
	})
	if err != nil {
		return d, err
	}
	return s.database(name), nil
}

// look has somebody look through a folder, and takes down what is said.
func (v *Verdict) look(ctx context.Context, dir string, look Look) error {
	holds, wrong, err := look(ctx, dir)
	if err := v.say(err); err != nil {
		return err
	}
	v.Wrong = append(v.Wrong, wrong...)
	v.Holds, err = json.Marshal(holds)
	return err
}

// say takes down what failed, unless it says nothing about the backup: then it is
// returned.
func (v *Verdict) say(err error) error {
	if err == nil {
		return nil
	}
	key, _ := fault.TextOf(trouble.Of(err))
	switch key {
	case trouble.DiskFull.Key(), trouble.ReadOnly.Key(), trouble.TooSlow.Key(), "fault.backup.sealed", "fault.backup.identity":
		return err
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	v.Wrong = append(v.Wrong, err.Error())
	return nil
}
