package replica

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
)

// kept is how long an epoch stays at a target after the one that followed it began,
// and a content after it was removed here, where snapshots are not kept longer.
const kept = 144 * time.Hour

// strayParts is how old what was begun to be written is when nobody goes on with it.
const strayParts = 24 * time.Hour

// Pruned is what was taken away at a target.
type Pruned struct {
	Epochs []string
	Files  int
	Parts  int // that were begun and not ended
}

// Some says whether anything was.
func (p Pruned) Some() bool { return len(p.Epochs)+p.Files+p.Parts > 0 }

// goneName is the file in which an epoch enters which contents were removed when.
func goneName(e Epoch) string { return "gone/" + e.Name() + ".json" }

// GoneFile says that a content was removed, which nothing kept ever named.
func (r *Replicator) GoneFile(hash string) { r.gone.add(hash) }

// Prune takes away what no moment that is kept needs. Only who writes to the target
// may; what lies with a receiver, that one takes away itself.
func (r *Replicator) Prune(ctx context.Context) (p Pruned, err error) {
	d, err := r.depot(ctx)
	if err != nil {
		return p, err
	}
	defer d.close()
	if err := inForce(ctx, d, r.options.Epoch); err != nil {
		return p, err
	}
	if err := r.turn.holds(ctx, d); err != nil {
		return p, err
	}
	if r.state.now().Whole.IsZero() { // what came before is all there is
		return p, nil
	}
	now := r.options.Now()
	if err := r.enterGone(ctx, d, now); err != nil {
		return p, err
	}
	p, err = r.settings.prune(ctx, d, r.options.Epoch, r.files(), now)
	if errors.Is(err, fs.ErrPermission) { // it belongs to a receiver
		return p, nil
	}
	return p, err
}

// PruneReceived takes away in a folder that receives what no moment that is kept
// needs, by the epoch in force there.
func (s Settings) PruneReceived(ctx context.Context, now time.Time) (p Pruned, err error) {
	d, err := s.Databases[0].Target.root().depot(ctx)
	if err != nil {
		return p, err
	}
	defer d.close()
	latest, err := latestEpoch(ctx, d)
	if err != nil {
		return p, err
	}
	if m, err := manifestOf(ctx, d, latest); err != nil || m.At.IsZero() {
		return p, err
	}
	return s.prune(ctx, d, latest, "", now)
}

// prune takes away what is older than an epoch that is in force and holds everything.
func (s Settings) prune(ctx context.Context, d depot, own Epoch, have string, now time.Time) (p Pruned, err error) {
	held, err := s.holdings(ctx, d)
	if err != nil {
		return p, err
	}
	before := now.Add(-max(kept, s.Snapshot.Retention))
	for _, h := range over(held, own, before) {
		if err := s.pruneEpoch(ctx, d, h); err != nil {
			return p, fmt.Errorf("take epoch %s away: %w", h.Name(), err)
		}
		p.Epochs = append(p.Epochs, h.Name())
	}
	if p.Files, err = pruneFiles(ctx, d, own, have, before); err != nil {
		return p, fmt.Errorf("take files away: %w", err)
	}
	if err := pruneWriters(ctx, d, own); err != nil {
		return p, fmt.Errorf("take away who copied before: %w", err)
	}
	if err := pruneTrials(ctx, d, own); err != nil {
		return p, fmt.Errorf("take away what was written on trial: %w", err)
	}
	p.Parts, err = s.pruneParts(ctx, d, own, now.Add(-strayParts))
	return p, err
}

// over are the epochs whose time is over: something was copied in one that followed,
// which began before a time. One that came to nothing follows nobody.
func over(held []Held, own Epoch, before time.Time) (gone []Epoch) {
	for i, h := range held {
		if !h.Some || h.Epoch.Number >= own.Number {
			continue
		}
		for _, next := range held[i+1:] {
			if next.Some && next.Epoch.Number <= own.Number {
				if next.Epoch.Since.Before(before) {
					gone = append(gone, h.Epoch)
				}
				break
			}
		}
	}
	return gone
}

// pruneEpoch takes away all of one epoch but that it was: its number is not given again.
func (s Settings) pruneEpoch(ctx context.Context, d depot, e Epoch) error {
	for _, name := range []string{manifestName(e), goneName(e)} {
		if err := d.remove(ctx, name); err != nil {
			return err
		}
	}
	for _, db := range s.Databases {
		if err := removeAll(ctx, d, s.folderOf(db, e), 2); err != nil {
			return err
		}
	}
	return removeAll(ctx, d, writersOf(e), 0)
}

// folderOf is where an epoch of a database lies, from the root.
func (s Settings) folderOf(db Database, e Epoch) string {
	return path.Join(path.Base(path.Dir(db.Target.Path)), e.Name())
}

// removeAll takes a folder away, with so many levels of folders in it.
func removeAll(ctx context.Context, d depot, dir string, levels int) error {
	names, err := d.list(ctx, dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if name = dir + "/" + name; levels > 0 {
			err = removeAll(ctx, d, name, levels-1)
		} else {
			err = d.remove(ctx, name)
		}
		if err != nil {
			return err
		}
	}
	if _, err := d.parts(ctx, dir, time.Time{}); err != nil {
		return err
	}
	return d.remove(ctx, dir)
}

// enterGone enters what was removed here since the last time.
func (r *Replicator) enterGone(ctx context.Context, d depot, now time.Time) error {
	removed := r.gone.list()
	if len(removed) == 0 {
		return nil
	}
	gone, err := goneOf(ctx, d, r.options.Epoch)
	if err != nil {
		return err
	}
	for _, hash := range removed {
		if _, known := gone[hash]; !known {
			gone[hash] = now.UTC()
		}
	}
	if err := putGone(ctx, d, r.options.Epoch, gone); err != nil {
		return err
	}
	for _, hash := range removed {
		r.gone.done(hash)
	}
	return nil
}

// goneOf reads which contents were removed when.
func goneOf(ctx context.Context, d depot, e Epoch) (map[string]time.Time, error) {
	gone := map[string]time.Time{}
	b, err := read(ctx, d, goneName(e))
	if errors.Is(err, fs.ErrNotExist) {
		return gone, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &gone)
	}
	if err != nil {
		return nil, fmt.Errorf("read which files were removed: %w", err)
	}
	return gone, nil
}

func putGone(ctx context.Context, d depot, e Epoch, gone map[string]time.Time) error {
	b, err := json.Marshal(gone)
	if err != nil {
		return err
	}
	if err := d.put(ctx, goneName(e), bytes.NewReader(b)); err != nil {
		return fmt.Errorf("enter which files were removed: %w", err)
	}
	return nil
}

// pruneFiles takes the contents away that were removed before a time and did not come
// again. One that is missing here for any other reason stays: it may be the last.
func pruneFiles(ctx context.Context, d depot, own Epoch, have string, before time.Time) (n int, err error) {
	gone, err := goneOf(ctx, d, own)
	if err != nil {
		return 0, err
	}
	for hash, at := range gone {
		if !hashPattern.MatchString(hash) || !at.Before(before) {
			continue
		}
		if have != "" {
			if _, err := os.Stat(localName(have, hash)); err == nil { // it came again
				delete(gone, hash)
				continue
			}
		}
		if err := d.remove(ctx, fileName(hash)); err != nil {
			return n, err
		}
		delete(gone, hash)
		n++
	}
	if n > 0 {
		err = putGone(ctx, d, own, gone)
	}
	return n, err
}

// pruneParts takes away what was begun before a time and not ended.
func (s Settings) pruneParts(ctx context.Context, d depot, own Epoch, before time.Time) (n int, err error) {
	dirs := []string{epochs, "manifests", "gone", writersOf(own)}
	firsts, err := d.list(ctx, filesFolder)
	for _, first := range firsts {
		dirs = append(dirs, filesFolder+"/"+first)
	}
	for _, db := range s.Databases {
		at := s.folderOf(db, own) + "/ltx"
		levels, listed := d.list(ctx, at)
		err = errors.Join(err, listed)
		for _, level := range levels {
			dirs = append(dirs, at+"/"+level)
		}
	}
	if err != nil {
		return 0, err
	}
	for _, dir := range dirs {
		parts, err := d.parts(ctx, dir, before)
		if n += parts; err != nil {
			return n, fmt.Errorf("take away what was begun in %s: %w", dir, err)
		}
	}
	return n, nil
}

// isPart says whether a name is that of a file which is being written, by us or by the
// replicator.
func isPart(name string) bool {
	return strings.HasPrefix(name, ".part-") || strings.HasSuffix(name, ".tmp")
}

// removeParts takes away those of a listing that are of before a time, the zero time
// for all of them.
func removeParts(all []fs.FileInfo, before time.Time, remove func(name string) error) (n int, err error) {
	for _, f := range all {
		if isPart(f.Name()) && (before.IsZero() || f.ModTime().Before(before)) {
			if err := remove(f.Name()); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}
