package replica

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Place is a data folder, and what copies it.
type Place struct {
	Settings Settings
	Epoch    Epoch
	Over     Epoch // the one that ended it, as far as the folder was told; the zero one while it lasts
	Dir      string
	// Fresh says that none of the databases is there.
	Fresh bool
}

// FilesFolder is where the contents stand by their hash.
func (p Place) FilesFolder() string { return filepath.Join(p.Dir, filesFolder) }

// variables of the settings that a server knows by itself.
const (
	dataVariable  = "SELFHELP_DATA"
	epochVariable = "SELFHELP_EPOCH"
)

// Of reads the settings of a data folder, whose own epoch and path stand in for
// the variables that name them. Every database named has to be in them.
func Of(file, dir, site string, env func(string) (string, bool), databases ...string) (Place, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Place{}, err
	}
	p := Place{Dir: dir}
	if p.Fresh, err = fresh(dir, databases); err != nil {
		return p, err
	}
	if err = p.ofEpoch(site); err != nil {
		return p, err
	}
	if set, given := env(epochVariable); given && set != p.Epoch.Name() {
		return p, fmt.Errorf("%s is %s, but this folder is of %s: the server keeps its epoch itself, unset the variable", epochVariable, set, p.Epoch.Name())
	}
	p.Settings, err = Read(file, func(name string) string {
		if name == epochVariable {
			return p.Epoch.Name()
		}
		v, given := env(name)
		if name == dataVariable && !given {
			return dir
		}
		return v
	})
	if err != nil {
		return p, err
	}
	return p, p.has(file, databases)
}

// Alone is a data folder that nothing copies.
func Alone(dir, site string, databases ...string) (p Place, err error) {
	if p.Dir, err = filepath.Abs(dir); err != nil {
		return p, err
	}
	if p.Fresh, err = fresh(p.Dir, databases); err != nil {
		return p, err
	}
	for _, name := range databases {
		p.Settings.Databases = append(p.Settings.Databases, Database{Path: filepath.Join(p.Dir, name)})
	}
	return p, p.ofEpoch(site)
}

// ofEpoch reads the epoch of the folder, and whether it is over.
func (p *Place) ofEpoch(site string) (err error) {
	if p.Epoch, err = EpochOf(p.Dir, site, time.Now()); err == nil {
		p.Over, err = fenceOf(p.Dir, p.Epoch)
	}
	return err
}

// Lasts is Replaced where the folder was told that its epoch is over.
func (p Place) Lasts() error {
	if p.Over.Number == 0 {
		return nil
	}
	return Replaced{By: p.Over, Own: p.Epoch}
}

// Lasts is that of a data folder, whatever copies it now.
func Lasts(dir string) error {
	p := Place{Dir: dir}
	if err := p.ofEpoch("any"); err != nil { // the name is for a folder that has no epoch
		return err
	}
	return p.Lasts()
}

// fresh says whether none of the databases is there. Some of them is a folder that
// somebody took apart.
func fresh(dir string, databases []string) (bool, error) {
	var missing []string
	for _, name := range databases {
		if _, err := os.Stat(filepath.Join(dir, name)); errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, name)
		} else if err != nil {
			return false, err
		}
	}
	if len(missing) > 0 && len(missing) < len(databases) {
		return false, fmt.Errorf("%v is missing in %s while the rest is there: what belongs together is restored together; move the rest away first", missing, dir)
	}
	return len(missing) > 0, nil
}

// ErrElsewhere says that settings copy another folder.
var ErrElsewhere = errors.New("the settings copy another folder")

// has holds the settings against what is to be copied.
func (p Place) has(file string, databases []string) error {
	if len(p.Settings.Databases) != len(databases) {
		return fmt.Errorf("%s names %d databases; it has to name these, in this order: %v", file, len(p.Settings.Databases), databases)
	}
	for i, name := range databases {
		if got, want := p.Settings.Databases[i].Path, filepath.Join(p.Dir, name); got != want {
			return fmt.Errorf("%w: %s names the database %s where %s is expected", ErrElsewhere, file, got, want)
		}
	}
	return nil
}

// ErrNew says that there is neither a database nor a replica of one.
var ErrNew = errors.New("there are no databases here and no replica of them at the target")

// BringBack restores a folder whose databases are missing, and begins an epoch of
// its own, once opens says that what came back can be used. A folder that has them, or is
// to be new, stays as it is.
func (p *Place) BringBack(ctx context.Context, isNew bool, opens func(restored string, m Manifest) error, log *slog.Logger) (Restored, error) {
	if !p.Fresh || isNew {
		return Restored{}, p.Epoch.Keep(p.Dir)
	}
	for _, d := range p.Settings.Databases {
		if !d.Restore {
			return Restored{}, fmt.Errorf("%s: %w", filepath.Base(d.Path), ErrNew)
		}
	}
	scratch, err := p.Scratch()
	if err != nil {
		return Restored{}, err
	}
	defer scratch.Remove()
	back, err := p.Settings.Restore(ctx, scratch.Dir, Wanted{Have: p.FilesFolder()}, log, func(string, int64, int64) {})
	if errors.Is(err, ErrNothing) {
		return back, fmt.Errorf("%s: %w", p.Settings.Databases[0].Target.root().Name(), ErrNew)
	}
	if err == nil && len(back.Lacking) > 0 {
		err = fmt.Errorf("%s; if that is all there is, take it with `selfhelp restore --anyway`", strings.Join(back.Lacking, "; "))
	}
	if err == nil {
		err = opens(scratch.Dir, back.Manifest)
	}
	if err != nil {
		return back, err
	}
	now := time.Now()
	_, err = p.Swap(scratch.Dir, p.Next(back.Latest, now), now)
	return back, err
}

// Next is the epoch that this folder begins when it takes over from the last one
// known.
func (p Place) Next(known Epoch, now time.Time) Epoch {
	return Epoch{Number: max(known.Number, p.Epoch.Number, p.Over.Number) + 1, Site: p.Epoch.Site, Since: now.UTC()}
}

// From are the settings with replicas that lie in a folder of this machine, as a
// receiver keeps them, instead of the targets.
func (s Settings) From(folder string) Settings {
	s.Databases = slices.Clone(s.Databases)
	for i, d := range s.Databases {
		name := strings.TrimSuffix(filepath.Base(d.Path), ".db")
		s.Databases[i].Target = Target{Kind: kindFile, Path: filepath.Join(folder, name, filepath.Base(d.Target.Path))}
	}
	return s
}

// TakeOver enters the next epoch where the replicas are: whoever wrote them until
// now writes no more. Last is the one that holds what was copied last.
// Known is the one that was begun last when it was decided: who began one since was first.
func (p Place) TakeOver(ctx context.Context, from Settings, known Epoch) (last, next Epoch, err error) {
	d, err := from.Databases[0].Target.root().depot(ctx)
	if err != nil {
		return last, next, fmt.Errorf("reach the replicas: %w", err)
	}
	defer d.close()
	all, err := from.holdings(ctx, d)
	if err != nil {
		return last, next, err
	}
	held, err := holdingAt(all, Wanted{})
	if err != nil {
		return last, next, err
	}
	if begun := all[len(all)-1].Epoch; !begun.Is(known) {
		return last, next, Replaced{By: begun, Own: known}
	}
	next = p.Next(all[len(all)-1].Epoch, time.Now())
	return held.Epoch, next, claim(ctx, d, next)
}

// Renew begins the next epoch at the target with what is in the folder, which nobody may
// have open: whoever else copies there, like the server on a clone of it, does so no more.
func (p *Place) Renew(ctx context.Context) error {
	d, err := p.Settings.Databases[0].Target.root().depot(ctx)
	if err != nil {
		return fmt.Errorf("reach the target: %w", err)
	}
	defer d.close()
	all, err := p.Settings.holdings(ctx, d)
	if err != nil {
		return err
	}
	known := p.Epoch
	for _, h := range all {
		if err := h.Epoch.replaces(p.Epoch); err != nil && h.Some {
			return err
		}
		known = h.Epoch
	}
	next := p.Next(known, time.Now())
	if err := claim(ctx, d, next); err != nil {
		return err
	}
	for _, db := range p.Settings.Databases { // it is of the epoch before, and the first copy of the next one is whole
		if err := os.RemoveAll(db.open(nil, nil).MetaPath()); err != nil {
			return err
		}
	}
	return p.begin(next)
}

// begin makes a new epoch that of the folder.
func (p *Place) begin(e Epoch) error {
	if err := e.Keep(p.Dir); err != nil {
		return err
	}
	for i, d := range p.Settings.Databases {
		p.Settings.Databases[i].Target = d.Target.of(e)
	}
	p.Epoch, p.Over = e, Epoch{}
	return nil
}
