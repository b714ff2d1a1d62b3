package replica

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"

	"selfhelp/store/disk"
	"selfhelp/store/replica/chain"
)

// ErrNothing says that a target holds no replica, or none that reaches so far back.
var ErrNothing = errors.New("the target holds nothing that can be restored")

// moment is how finely moments of copies are told apart: one is restored by a time that
// is later than it.
const moment = time.Millisecond

// ErrGap says that a moment cannot be restored because what leads to it is missing.
var ErrGap = errors.New("this moment cannot be restored")

// Wanted says what is to come back.
type Wanted struct {
	At    time.Time // the moment; the zero time for the last one there is
	Epoch string    // the name of the one to restore from; "" for the one in force then
	Have  string    // a folder of files whose contents need not be fetched; "" for none
	// Looked says that who asks looks through all of it, every page, before it is used.
	Looked bool
	Alone  string // the database to bring by itself, without files; "" for all there is
}

// of are the databases that are wanted.
func (w Wanted) of(all []Database) []Database {
	return slices.DeleteFunc(slices.Clone(all), func(d Database) bool { return w.Alone != "" && filepath.Base(d.Path) != w.Alone })
}

// Restored says what came back.
type Restored struct {
	Epoch     Epoch
	Latest    Epoch                // the last one that the target knows
	Manifest  Manifest             // the last one of the epoch, the zero one where there is none
	Databases map[string]time.Time // by name: of the last transaction that came back
	Lacking   []string             // what the manifest says was there and did not come, one sentence each
	Reached   map[string]uint64    // by name: the number of that transaction
	Files     int                  // how many came, beside those that were there
}

// Restore brings databases and files to a folder, which holds none of them yet,
// and checks each database whole, unless that is done afterwards. Nothing stands there under its name before that.
func (s Settings) Restore(ctx context.Context, dir string, w Wanted, log *slog.Logger, told disk.Progress) (Restored, error) {
	if len(s.Databases) == 0 {
		return Restored{}, errors.New("the replicator's settings name no database")
	}
	d, err := s.Databases[0].Target.root().depot(ctx)
	if err != nil {
		return Restored{}, fmt.Errorf("reach the target: %w", err)
	}
	defer d.close()
	r := Restored{Databases: map[string]time.Time{}, Reached: map[string]uint64{}}
	all, err := s.holdings(ctx, d)
	if err != nil {
		return r, err
	}
	from, err := holdingAt(all, w)
	if err != nil {
		return r, err
	}
	r.Epoch, r.Manifest, r.Latest = from.Epoch, from.Manifest, all[len(all)-1].Epoch
	for _, db := range w.of(s.Databases) {
		name := filepath.Base(db.Path)
		told(name, 0, 0)
		at, last, err := db.restore(ctx, filepath.Join(dir, name), r.Epoch, w, log, told)
		if err != nil {
			return r, fmt.Errorf("restore %s: %w", name, err)
		}
		r.Databases[name], r.Reached[name] = at, uint64(last)
		r.lack(name, last, w.At)
	}
	// Files last: what came of a server that works never names what does not come.
	if w.Alone == "" {
		told("files", 0, 0)
		files, lacking, err := fetchFiles(ctx, d, filepath.Join(dir, filesFolder), w.Have)
		if err != nil {
			return r, fmt.Errorf("restore the files: %w", err)
		}
		r.Files, r.Lacking = files, append(r.Lacking, lacking...)
	}
	return r, nil
}

// Since says whether the target holds more of the epoch of what came back than came.
func (s Settings) Since(ctx context.Context, r Restored, log *slog.Logger) (bool, error) {
	for _, db := range s.Databases {
		b, err := db.back(ctx, db.Path, r.Epoch, time.Time{}, log)
		if err != nil {
			return false, err
		}
		if uint64(b.Last) > r.Reached[filepath.Base(db.Path)] {
			return true, nil
		}
	}
	return false, nil
}

// BringFiles brings some contents of the target to a folder of files.
func (s Settings) BringFiles(ctx context.Context, dir string, hashes []string) error {
	d, err := s.Databases[0].Target.root().depot(ctx)
	if err != nil {
		return fmt.Errorf("reach the target: %w", err)
	}
	defer d.close()
	for _, hash := range hashes {
		if _, err := fetchFile(ctx, d, hash, dir, ""); err != nil {
			return fmt.Errorf("file %s: %w", hash, err)
		}
	}
	return nil
}

// lack holds the last transaction of a database that came back against the
// manifest, which is about the end of the replica.
func (r *Restored) lack(name string, last ltx.TXID, at time.Time) {
	had := ltx.TXID(r.Manifest.Positions[name])
	if last < had && (at.IsZero() || at.After(r.Manifest.At)) {
		r.Lacking = append(r.Lacking, fmt.Sprintf("%s came back up to its transaction %d, and up to %d was at the target on %s: something took the rest away there",
			name, last, had, r.Manifest.At.Format(time.RFC3339)))
	}
}

// Reach says how far a restore would come, up to the moment that is wanted.
func (s Settings) Reach(ctx context.Context, w Wanted, log *slog.Logger) (at time.Time, err error) {
	d, err := s.Databases[0].Target.root().depot(ctx)
	if err != nil {
		return at, fmt.Errorf("reach the target: %w", err)
	}
	defer d.close()
	all, err := s.holdings(ctx, d)
	if err != nil {
		return at, err
	}
	from, err := holdingAt(all, w)
	if err != nil {
		return at, err
	}
	at = from.Manifest.At
	for _, db := range w.of(s.Databases) {
		b, err := db.back(ctx, db.Path, from.Epoch, w.At, log)
		if err != nil {
			return at, err
		}
		if b.Reached.After(at) {
			at = b.Reached
		}
	}
	if !w.At.IsZero() && at.After(w.At) {
		at = w.At
	}
	return at, nil
}

// holdingAt finds whose replica is wanted: that of the epoch which was in force, of
// those in which something was copied.
func holdingAt(all []Held, w Wanted) (Held, error) {
	for _, h := range slices.Backward(all) {
		if w.Epoch != "" && h.Epoch.Name() == w.Epoch || w.Epoch == "" && h.Some && (w.At.IsZero() || !h.Epoch.Since.After(w.At)) {
			return h, nil
		}
	}
	if w.Epoch != "" && len(all) > 0 {
		return Held{}, fmt.Errorf("the target knows no epoch %s; the last one is %s", w.Epoch, all[len(all)-1].Epoch.Name())
	}
	return Held{}, ErrNothing
}

// Held is what a target holds of one epoch.
type Held struct {
	Epoch    Epoch
	Manifest Manifest // the last one, the zero one where there is none
	Some     bool     // something was copied: one that was only entered came to nothing
}

// Held asks the target what it holds, the first epoch first.
func (s Settings) Held(ctx context.Context) (held []Held, err error) {
	d, err := s.Databases[0].Target.root().depot(ctx)
	if err != nil {
		return nil, fmt.Errorf("reach the target: %w", err)
	}
	defer d.close()
	return s.holdings(ctx, d)
}

// Last asks the target for the epoch that was begun last, and for the one in which
// something was copied last: a server that has just taken over copied nothing yet.
func (s Settings) Last(ctx context.Context) (begun Epoch, copied Held, err error) {
	all, err := s.Held(ctx)
	if err == nil {
		copied, err = holdingAt(all, Wanted{})
	}
	if err == nil {
		begun = all[len(all)-1].Epoch
	}
	return begun, copied, err
}

// Whole asks the target up to when everything of an epoch is there; the zero time
// where nobody entered that.
func (s Settings) Whole(ctx context.Context, e Epoch) (time.Time, error) {
	all, err := s.Held(ctx)
	for _, h := range all {
		if h.Epoch.Is(e) {
			return h.Manifest.At, err
		}
	}
	return time.Time{}, err
}

// holdings reads every epoch that a target knows, with what it holds.
func (s Settings) holdings(ctx context.Context, d depot) (held []Held, err error) {
	names, err := d.list(ctx, epochs)
	if err != nil {
		return nil, fmt.Errorf("read the epochs at the target: %w", err)
	}
	slices.Sort(names)
	for _, name := range names {
		var h Held
		b, err := read(ctx, d, epochs+"/"+name)
		if err == nil {
			err = json.Unmarshal(b, &h.Epoch)
		}
		if err != nil {
			return nil, fmt.Errorf("read the epoch %s at the target: %w", name, err)
		}
		if h.Manifest, err = manifestOf(ctx, d, h.Epoch); err != nil {
			return nil, err
		}
		if h.Some, err = s.someOf(ctx, d, h.Epoch); err != nil {
			return nil, err
		}
		held = append(held, h)
	}
	return held, nil
}

// someOf says whether anything of a database was copied in an epoch.
func (s Settings) someOf(ctx context.Context, d depot, e Epoch) (bool, error) {
	for _, db := range s.Databases {
		there, err := d.list(ctx, path.Join(path.Base(path.Dir(db.Target.Path)), e.Name()))
		if err != nil {
			return false, fmt.Errorf("read what %s holds: %w", e.Name(), err)
		}
		if len(there) > 0 {
			return true, nil
		}
	}
	return false, nil
}

// manifestOf reads the last manifest of an epoch, the zero one where there is none.
func manifestOf(ctx context.Context, d depot, e Epoch) (m Manifest, err error) {
	b, err := read(ctx, d, manifestName(e))
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		return m, fmt.Errorf("read the manifest of %s: %w", e.Name(), err)
	}
	return m, nil
}

// of is the target of another epoch.
func (t Target) of(e Epoch) Target {
	t.Path = path.Join(path.Dir(t.Path), e.Name())
	return t
}

// restore brings one database back, checked whole unless somebody looks through it
// afterwards, and returns the moment and the number of the last transaction that came.
func (d Database) restore(ctx context.Context, to string, e Epoch, w Wanted, log *slog.Logger, told disk.Progress) (reached time.Time, last ltx.TXID, err error) {
	if _, there := os.Stat(to); there == nil {
		return reached, last, fmt.Errorf("%s is already there: a restore takes the place of nothing", to)
	}
	b, err := d.back(ctx, to, e, w.At, log)
	if err != nil {
		return b.Reached, b.Last, err
	}
	if err = b.Assemble(ctx, to, w.Looked, told); err != nil && ctx.Err() == nil {
		err = fmt.Errorf("what the target holds could not be put together; `selfhelp verify` names the files that are not as they were written, and an earlier moment or a backup may still come back: %w", err)
	}
	return b.Reached, b.Last, err
}

// back is how a database comes back up to a moment, the zero time for the last one.
func (d Database) back(ctx context.Context, to string, e Epoch, at time.Time, log *slog.Logger) (b chain.Plan, err error) {
	client := d.Target.of(e).client()
	client.SetLogger(log)
	if err := client.Init(ctx); err != nil {
		return b, fmt.Errorf("reach the target: %w", err)
	}
	c, err := chain.Of(ctx, client, !at.IsZero())
	if err == nil {
		err = inTheWay(c, filepath.Base(d.Path), at)
	}
	if err != nil {
		return b, err
	}
	first, last, err := litestream.NewReplicaWithClient(litestream.NewDB(to), client).TimeBounds(ctx)
	switch {
	case err != nil:
		return b, err
	case !at.IsZero() && at.Before(first):
		return b, ErrNothing
	case at.After(last): // nothing changed between the two; the replicator takes no such moment
		at = time.Time{}
	}
	if b, err = chain.NewPlan(ctx, client, at, hushed(log)); err != nil {
		return b, nothing(err)
	}
	return b, nil
}

// inTheWay is the gap that keeps a moment from coming back; the zero time is the last
// one. The replicator would go up to the gap, and say nothing.
func inTheWay(c chain.Chain, database string, at time.Time) error {
	for _, g := range c.Gaps(database, 0) {
		after := at.IsZero() || at.After(g.After.Add(moment))
		if after && (g.Open() || !at.IsZero() && !at.After(g.Before)) {
			return fmt.Errorf("%w: %s", ErrGap, g)
		}
	}
	return nil
}

// nothing tells a replica that does not reach so far back from one that fails.
func nothing(err error) error {
	if errors.Is(err, litestream.ErrTxNotAvailable) || errors.Is(err, litestream.ErrNoSnapshots) {
		return fmt.Errorf("%w: %w", ErrNothing, err)
	}
	return err
}

// hashPattern is that of a content's name: SHA-256 in hex.
var hashPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

// fetchFiles brings the contents of a target to a folder of files, those that are
// not there.
func fetchFiles(ctx context.Context, d depot, dir, have string) (n int, lacking []string, err error) {
	err = eachFile(ctx, d, func(hash string) error {
		came, err := fetchFile(ctx, d, hash, dir, have)
		if other, is := errors.AsType[otherContent](err); is {
			lacking = append(lacking, other.Error())
			return nil
		}
		if err != nil {
			return fmt.Errorf("file %s: %w", hash, err)
		}
		n += came
		return nil
	})
	return n, lacking, err
}

// eachFile does something with each content of a target, by its name.
func eachFile(ctx context.Context, d depot, do func(hash string) error) error {
	firsts, err := d.list(ctx, filesFolder)
	if err != nil {
		return err
	}
	for _, first := range firsts {
		hashes, err := d.list(ctx, filesFolder+"/"+first)
		if err != nil {
			return err
		}
		for _, hash := range hashes {
			if err := do(hash); err != nil {
				return err
			}
		}
	}
	return nil
}

// otherContent says that a content is not the one of its name.
type otherContent struct{ hash, is string }

func (o otherContent) Error() string {
	return fmt.Sprintf("the file %s holds something else at the target, %s: its disk or the way there damaged it", o.hash, o.is)
}

// fetchFile brings one content, unless it is there, and holds it against its name.
func fetchFile(ctx context.Context, d depot, hash, dir, have string) (int, error) {
	if !hashPattern.MatchString(hash) {
		return 0, errors.New("the name is no hash")
	}
	to := localName(dir, hash)
	if _, err := os.Stat(to); err == nil {
		return 0, nil
	}
	if have != "" {
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return 0, err
		}
		if os.Link(localName(have, hash), to) == nil {
			return 0, nil
		}
	}
	r, err := d.get(ctx, fileName(hash))
	if err != nil {
		return 0, err
	}
	defer r.Close()
	sum := sha256.New()
	err = disk.Whole(to, io.TeeReader(r, sum), func(from, to string) error {
		if got := hex.EncodeToString(sum.Sum(nil)); got != hash {
			return otherContent{hash, got}
		}
		if err := os.Chmod(from, 0o400); err != nil {
			return err
		}
		return os.Rename(from, to)
	})
	if err != nil {
		return 0, err
	}
	return 1, nil
}
