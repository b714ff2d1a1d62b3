package backup

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/disk"
	"selfhelp/store/trouble"
)

// ErrNoFolder says that a folder is not prepared for backups, or not there now.
var ErrNoFolder = errors.New("the folder is not one of backups: is it mounted? `selfhelp backup init` prepares a new one")

// mark is the file that says "this folder is for backups".
var mark = disk.Mark{File: ".backup-target", Missing: ErrNoFolder}

// Folder is where the backups of one data folder stand.
type Folder struct{ Root string }

// Prepare makes a folder of this machine one of backups, or what is mounted there.
func Prepare(root string) error {
	f := Folder{root}
	if err := mark.Put(root); err != nil {
		return f.fault("prepare the folder of backups", err)
	}
	return nil
}

// What the files in the folder that are no backups begin with: they are being made,
// or taken apart.
const (
	partPrefix = ".part-"
	gonePrefix = ".gone-"
	workPrefix = ".backup-work-"
)

const nameLayout = "20060102T150405Z"

var namePattern = regexp.MustCompile(`^\d{8}T\d{6}Z-(full|increment)$`)

// nameOf is that of a backup which begins at a moment.
func nameOf(at time.Time, kind Kind) string { return at.UTC().Format(nameLayout) + "-" + string(kind) }

// timeOf is the moment in a name.
func timeOf(name string) time.Time {
	at, err := time.Parse(nameLayout, name[:len(nameLayout)])
	if err != nil {
		return time.Time{}
	}
	return at
}

func (f Folder) path(name string) string { return filepath.Join(f.Root, name) }

// List reads every backup of the folder, the first made first.
func (f Folder) List() (all []Entry, err error) {
	if err := mark.On(f.Root); err != nil {
		return nil, f.fault("read the backups", err)
	}
	in, err := os.ReadDir(f.Root)
	if err != nil {
		return nil, f.fault("read the backups", err)
	}
	for _, d := range in {
		if d.IsDir() && namePattern.MatchString(d.Name()) {
			all = append(all, entryOf(f.path(d.Name())))
		}
	}
	slices.SortFunc(all, func(a, b Entry) int {
		return cmp.Or(timeOf(a.Name).Compare(timeOf(b.Name)), a.Began.Compare(b.Began), cmp.Compare(a.Name, b.Name))
	})
	judgeBases(all)
	return all, nil
}

// judgeBases tells increments whose full is not whole that they are not, either.
func judgeBases(all []Entry) {
	for i, e := range all {
		if e.Kind != Increment || !e.Good() {
			continue
		}
		at := slices.IndexFunc(all, func(base Entry) bool { return base.Name == e.Base })
		if at >= 0 && all[at].Good() {
			continue
		}
		v := *e.Verdict
		v.Wrong = []string{"the full that it is on, " + e.Base + ", is missing or not whole"}
		all[i].Verdict = &v
	}
}

// Newest is the last of a list that is good and of a kind; "" for any.
func Newest(all []Entry, kind Kind) (Entry, bool) {
	for _, e := range slices.Backward(all) {
		if e.Good() && (kind == "" || e.Kind == kind) {
			return e, true
		}
	}
	return Entry{}, false
}

// Before is the last good one of a list in which nothing later than a moment is; the
// zero moment for the last of all.
func Before(all []Entry, at time.Time) (Entry, bool) {
	return Newest(slices.DeleteFunc(slices.Clone(all), func(e Entry) bool { return !at.IsZero() && e.At.After(at) }), "")
}

// find reads one backup.
func (f Folder) find(name string) (Entry, error) {
	if !namePattern.MatchString(name) {
		return Entry{}, fault.New(fault.NotFound, "fault.backup.unknown", name)
	}
	e := entryOf(f.path(name))
	if errors.Is(e.Broken, os.ErrNotExist) {
		return e, fault.Because(fault.NotFound, e.Broken, "fault.backup.unknown", name)
	}
	return e, e.Broken
}

// chain are a backup and, where it is an increment, its full before it.
func (f Folder) chain(name string) ([]Manifest, error) {
	e, err := f.find(name)
	if err != nil {
		return nil, err
	}
	if e.Kind == Full {
		return []Manifest{e.Manifest}, nil
	}
	base, err := f.find(e.Base)
	if err != nil {
		return nil, fmt.Errorf("the full that %s needs: %w", name, err)
	}
	return []Manifest{base.Manifest, e.Manifest}, nil
}

// work is where databases are written to while a backup is made or looked through:
// beside the backups, unless no database may be opened there.
func (f Folder) work(data string) string {
	if disk.OnNetwork(f.Root) {
		return data
	}
	return f.Root
}

// sweep removes what was left behind. The folder is held.
func (f Folder) sweep(data string) error {
	var errs []error
	for _, pattern := range []string{f.path(partPrefix + "*"), f.path(gonePrefix + "*"), f.path(workPrefix + "*"), filepath.Join(data, workPrefix+"*")} {
		left, err := filepath.Glob(pattern)
		errs = append(errs, err)
		for _, name := range left {
			errs = append(errs, os.RemoveAll(name))
		}
	}
	return errors.Join(errs...)
}

// fault gives what went wrong with the folder its sentence.
func (f Folder) fault(what string, err error) error {
	err = trouble.Of(err)
	key, args := fault.TextOf(err)
	told := &fault.Error{Kind: fault.Unavailable, Args: []any{f.Root}, Cause: err}
	switch {
	case errors.Is(err, ErrNoFolder), errors.Is(mark.On(f.Root), ErrNoFolder):
		told.Key, told.Hint = "fault.backup.away", "mount the volume of the backups; a new one is prepared by `selfhelp backup init`"
	case key == "fault.store.locked":
		told.Kind, told.Key, told.Args = fault.Conflict, "fault.backup.running", args
	case key == trouble.DiskFull.Key():
		told.Key, told.Hint = "fault.backup.full", "free some room where the backups are or enlarge it: the older ones are all there"
	case key == trouble.ReadOnly.Key():
		told.Key, told.Hint = "fault.backup.read_only", "look at the owner of the folder of backups, its mode and how it is mounted"
	default:
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s: %w", what, told)
}

// Holding is where a content stands whole in the newest good backup that has it, "" where
// none has.
func (f Folder) Holding(hash string) (path, backup string, err error) {
	all, err := f.List()
	if err != nil {
		return "", "", err
	}
	for _, e := range slices.Backward(all) {
		if !e.Good() {
			continue
		}
		contents, err := f.listed(e.Manifest)
		if err != nil {
			continue // that one is not good any more
		}
		for _, c := range contents {
			if at := f.path(c.name()); c.Hash == hash && c.Piece.holds(at) == nil {
				return at, e.Name, nil
			}
		}
	}
	return "", "", nil
}
