package past

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/store/backup"
	"selfhelp/store/disk"
	"selfhelp/store/replica"
)

// Sources are where states of a data folder are kept.
type Sources struct {
	Place   replica.Place     // the data folder; scratch folders stand in it
	Copied  bool              // its settings name a replica that can be asked
	Backups string            // folder of backups; "" for none
	By      backup.Identities // what opens encrypted ones
	Now     func() time.Time
	Log     *slog.Logger
	Free    func(dir string) (int64, error) // room on the disk of a folder, less than 0 for unknown; nil to ask it
	Patient time.Duration                   // with what is far away, before something comes; 0 for the usual
}

// patience is how long something far away may take to say what it holds.
const patience = 30 * time.Second

// Kept says whether anything keeps states of before.
func (s Sources) Kept() bool { return s.Copied || s.Backups != "" }

// content is the database that projects stand in.
var content = store.Databases()[0]

// origin is what keeps the state of a moment.
type origin struct {
	name     string    // of the target, or the backup
	backup   bool      // it is a backup
	reached  time.Time // nothing later is in it
	bytes    int64     // of the database, as far as that is known
	database func(ctx context.Context, dir string) (came, error)
	files    func(ctx context.Context, dir string, hashes []string) error
}

// came says what came of a database.
type came struct {
	from string    // the epoch, or the backup
	at   time.Time // of the last change in it
}

// nearest finds what comes nearest before a moment. Something that cannot be asked
// is no loss where the other one has it.
func (s Sources) nearest(ctx context.Context, at time.Time) (origin, error) {
	switch {
	case !s.Kept():
		return origin{}, fault.New(fault.NotFound, "fault.past.unset")
	case at.After(s.Now()):
		return origin{}, fault.New(fault.Invalid, "fault.past.future", at)
	}
	copied, errCopied := s.replicaAt(ctx, at)
	backed, errBacked := s.backupAt(at)
	switch {
	case errCopied == nil && (errBacked != nil || !backed.reached.After(copied.reached)):
		return copied, nil
	case errBacked == nil:
		return backed, nil
	}
	s.Log.Warn("no state of an earlier moment is to be had", "from", at, "copy", errCopied, "backup", errBacked)
	for _, err := range []error{errCopied, errBacked} { // what somebody can mend comes first
		if !fault.Is(err, fault.NotFound) {
			return origin{}, err
		}
	}
	return origin{}, errCopied
}

func none(at time.Time, cause error) error {
	return fault.Because(fault.NotFound, cause, "fault.past.none", at)
}

func (s Sources) replicaAt(ctx context.Context, at time.Time) (o origin, err error) {
	if !s.Copied {
		return o, none(at, nil)
	}
	wanted := replica.Wanted{At: at, Alone: content}
	settings := s.Place.Settings
	if o.reached, err = within(ctx, s.Patient, func(ctx context.Context) (time.Time, error) { return settings.Reach(ctx, wanted, s.Log) }); err != nil {
		if errors.Is(err, replica.ErrNothing) {
			return o, none(at, err)
		}
		if errors.Is(err, replica.ErrGap) { // it answers, and lacks what leads there
			return o, fault.Because(fault.Unavailable, err, "fault.past.damaged", settings.Databases[0].Target.Name())
		}
		return o, fault.Because(fault.Unavailable, err, "fault.past.unreachable", settings.Databases[0].Target.Name())
	}
	o.name, o.bytes = settings.Databases[0].Target.Name(), sizeOf(filepath.Join(s.Place.Dir, content), filepath.Join(s.Place.Dir, content+"-wal"))
	o.database = func(ctx context.Context, dir string) (came, error) {
		back, err := settings.Restore(ctx, dir, wanted, s.Log, func(string, int64, int64) {})
		if err == nil && len(back.Lacking) > 0 {
			err = errors.New(back.Lacking[0])
		}
		return came{back.Epoch.Name(), back.Databases[content]}, err
	}
	o.files = settings.BringFiles
	return o, nil
}

// within gives something far away its time, also where that heeds no end.
func within[T any](ctx context.Context, most time.Duration, ask func(context.Context) (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	if most == 0 {
		most = patience
	}
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	answers := make(chan answer, 1)
	go func() {
		value, err := ask(ctx)
		answers <- answer{value, err}
	}()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
		var zero T
		return zero, context.Cause(ctx)
	}
}

func sizeOf(files ...string) (n int64) {
	for _, name := range files {
		if info, err := os.Stat(name); err == nil {
			n += info.Size()
		}
	}
	return n
}

func (s Sources) backupAt(at time.Time) (o origin, err error) {
	if s.Backups == "" {
		return o, none(at, nil)
	}
	folder := backup.Folder{Root: s.Backups}
	all, err := folder.List()
	if err != nil {
		return o, err
	}
	e, found := backup.Before(slices.DeleteFunc(slices.Clone(all), func(e backup.Entry) bool { return e.Encrypted && len(s.By) == 0 }), at)
	if !found {
		if e, found := backup.Before(all, at); found {
			return o, fault.New(fault.Unavailable, "fault.past.sealed", e.Name)
		}
		return o, none(at, nil)
	}
	o.name, o.backup, o.reached = e.Name, true, e.At
	for _, d := range e.Databases {
		if d.Name == content {
			o.bytes = d.Bytes
		}
	}
	wanted := backup.Wanted{Name: e.Name, By: s.By, Alone: content}
	o.database = func(ctx context.Context, dir string) (came, error) {
		_, err := folder.Restore(ctx, dir, wanted)
		return came{e.Name, e.At}, err
	}
	o.files = func(ctx context.Context, dir string, hashes []string) error {
		return folder.BringFiles(ctx, dir, wanted, hashes)
	}
	return o, nil
}

// room refuses to begin where the disk would be full before the end: the database
// comes back, and one of an older shape is copied before it is changed.
func (s Sources) room(o origin) error {
	ask := s.Free
	if ask == nil {
		ask = disk.FreeBytes
	}
	free, err := ask(s.Place.Dir)
	if err != nil {
		return err
	}
	if need := 2 * o.bytes; free >= 0 && free < need {
		return fault.New(fault.Unavailable, "fault.past.room", s.Place.Dir, fault.Bytes(need), fault.Bytes(free))
	}
	return nil
}
