package backup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"selfhelp/store/trouble"
)

// Keep says how long backups are kept.
type Keep struct {
	Fulls      int           // so many of the newest, whatever their age: a clock that jumps takes none of them
	Full       time.Duration // and those that are not older
	Increments time.Duration // with the fulls that they need
}

// Usual is what the platform promises: five days, at every hour. Increments stay a day
// longer, so that at any time the last five days are all there.
var Usual = Keep{Fulls: 5, Full: 5 * 24 * time.Hour, Increments: 144 * time.Hour}

// kept are those of a list that stay.
func (k Keep) kept(all []Entry, now time.Time) map[string]bool {
	stay := map[string]bool{}
	fulls, bad := 0, 0
	for _, e := range slices.Backward(all) {
		age := now.Sub(timeOf(e.Name))
		switch {
		case e.Broken == nil && !e.Good(): // only the last stays, for who looks why: one an hour would fill the disk
			bad++
			stay[e.Name] = stay[e.Name] || bad == 1
		case e.Broken != nil, e.Kind == Increment:
			stay[e.Name] = age <= k.Increments
			if stay[e.Name] && e.Base != "" {
				stay[e.Base] = true
			}
		default:
			fulls++
			stay[e.Name] = stay[e.Name] || fulls <= k.Fulls || age <= k.Full
		}
	}
	for _, kind := range []Kind{Full, ""} { // the last good ones are never taken
		if e, found := Newest(all, kind); found {
			stay[e.Name] = true
			stay[e.Base] = true
		}
	}
	return stay
}

// prune removes what is too old, and the contents that nothing needs any more. The
// folder is held.
func (f Folder) prune(k Keep, now time.Time) error {
	all, err := f.List()
	if err != nil {
		return err
	}
	stay := k.kept(all, now)
	for _, e := range all {
		if stay[e.Name] {
			continue
		}
		if err := f.remove(e.Name); err != nil {
			return fmt.Errorf("prune %s: %w", e.Name, err)
		}
	}
	return f.pruneContents(slices.DeleteFunc(all, func(e Entry) bool { return !stay[e.Name] }))
}

// remove takes a backup away: its name first, so that half of one is none.
func (f Folder) remove(name string) error {
	gone := f.path(gonePrefix + name)
	if err := os.Rename(f.path(name), gone); errors.Is(err, os.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	return errors.Join(trouble.Sync(f.Root), os.RemoveAll(gone))
}

// pruneContents removes what none of the backups lists. Where one of them cannot be
// read, nobody knows what it needs, and all stay.
func (f Folder) pruneContents(kept []Entry) error {
	needed := map[string]bool{}
	for _, e := range kept {
		all, err := f.listed(e.Manifest)
		if err != nil {
			return nil
		}
		for _, c := range all {
			needed[f.path(c.name())] = true
		}
	}
	for _, in := range []string{filesFolder, sealedFolder + "*"} {
		names, err := filepath.Glob(filepath.Join(f.path(in), "??", "??", "*"))
		if err != nil {
			return err
		}
		for _, name := range names {
			if needed[strings.TrimSuffix(name, damagedSuffix)] {
				continue
			}
			if err := os.Remove(name); err != nil {
				return fmt.Errorf("prune the file %s: %w", filepath.Base(name), err)
			}
		}
	}
	return nil
}
