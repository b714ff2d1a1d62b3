package replica

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"selfhelp/store/disk"
)

// Writer is a process that copies to an epoch. An epoch tells two sites apart; two
// servers on clones of one folder are of one epoch, and each believes it is its own. So
// every start takes the next turn of its epoch at the target, which is given once.
type Writer struct {
	Turn   int       `json:"turn"` // from 1
	Nonce  string    `json:"nonce"`
	Host   string    `json:"host"`
	Boot   string    `json:"boot"`   // of the machine, "" where nobody knows
	Folder string    `json:"folder"` // of the data, as the disk knows it
	At     time.Time `json:"at"`
}

// Twin says that a process copied on in the epoch of this server, of which its folder
// knows nothing: one of two is a clone of the other, or the folder was put back to an
// earlier moment.
type Twin struct {
	Epoch Epoch
	By    Writer
}

func (t Twin) Error() string {
	return fmt.Sprintf("a server on %s copies as %s since %s, and this folder knows nothing of it: one is a clone of the other, or this folder was put back to an earlier moment", t.By.Host, t.Epoch.Name(), t.By.At.Format(time.RFC3339))
}

// How long a turn that was looked at is believed, and how long who takes one from a
// process that may still be at work waits until that one has noticed.
const (
	believed = probeEvery + probeLimit
	settling = believed + retryAfter
)

// errSettling says that copying has not begun yet.
var errSettling = errors.New("whoever copied before may still be at work: copying begins once that one has had the time to notice")

// writersOf is the folder of a target where the turns of an epoch stand.
func writersOf(e Epoch) string { return "writers/" + e.Name() }

func turnName(e Epoch, turn int) string { return fmt.Sprintf("%s/%06d.json", writersOf(e), turn) }

// turnFile is where a data folder remembers the turns it took.
const turnFile = "writer.json"

// remembered is what a folder knows of its own turns: the last one, and the one that was
// being taken when it was written.
type remembered struct {
	Epoch  string `json:"epoch"`
	Nonce  string `json:"nonce"`
	Taking string `json:"taking"`
}

func (m remembered) knows(w Writer) bool { return w.Nonce == m.Nonce || w.Nonce == m.Taking }

// turn is the one that a process takes and keeps.
type turn struct {
	dir   string
	epoch Epoch
	now   func() time.Time

	mu      sync.Mutex
	own     Writer    // Turn is 0 before it is taken
	looked  time.Time // when it was still the last one
	begins  time.Time // not before; the zero time for at once
	suspect bool      // what is at the target may not be what this folder brought there
	entered []byte    // the last manifest of this process; nil before the first
	enters  []byte    // the one that is being written
	lost    *Twin
}

func newTurn(dir string, e Epoch, now func() time.Time) *turn {
	t := &turn{dir: dir, epoch: e, now: now, own: Writer{Nonce: rand.Text(), Boot: disk.Boot(), Folder: disk.Folder(dir)}}
	t.own.Host, _ = os.Hostname() // only people read it
	return t
}

// take takes the next turn of the epoch, or says whose the last one is.
func (t *turn) take(ctx context.Context, d depot) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	last, err := lastWriter(ctx, d, t.epoch)
	if err != nil {
		return err
	}
	if last.Turn > 0 && last.Nonce == t.own.Nonce { // it was given, though nobody said so
		t.own.Turn = last.Turn
		return t.taken()
	}
	known, err := rememberedIn(t.dir, t.epoch)
	if err != nil {
		return err
	}
	if last.Turn > 0 && !known.knows(last) {
		return t.lose(last)
	}
	if err := keepTurn(t.dir, remembered{t.epoch.Name(), last.Nonce, t.own.Nonce}); err != nil {
		return err
	}
	if err := t.claim(ctx, d, last.Turn+1); err != nil {
		return err
	}
	t.suspect = last.Turn > 0 // the folder may have been put back to an earlier moment
	if over, err := t.ended(ctx, d, last); err != nil || !over {
		t.begins = t.now().Add(settling)
	}
	return nil
}

// claim enters a turn at the target.
func (t *turn) claim(ctx context.Context, d depot, number int) error {
	w := t.own
	w.Turn, w.At = number, t.now().UTC()
	b, err := json.Marshal(w)
	if err != nil {
		return err
	}
	err = d.claim(ctx, turnName(t.epoch, number), b)
	if errors.Is(err, fs.ErrExist) {
		var there Writer
		if there, err = writerOf(ctx, d, t.epoch, number); err == nil && there.Nonce != w.Nonce {
			return t.lose(there)
		}
	}
	if err != nil {
		return fmt.Errorf("enter at the target who copies: %w", err)
	}
	t.own = w
	return t.taken()
}

// taken remembers the turn that was given.
func (t *turn) taken() error {
	t.looked = t.now().Round(0)
	return keepTurn(t.dir, remembered{Epoch: t.epoch.Name(), Nonce: t.own.Nonce})
}

// ended says whether the process of a turn is surely no more: nobody had one, or it was
// of this folder, which one process holds at a time; or it said that it ended.
func (t *turn) ended(ctx context.Context, d depot, w Writer) (bool, error) {
	if w.Turn == 0 || w.Boot != "" && w.Boot == t.own.Boot && w.Folder != "" && w.Folder == t.own.Folder {
		return true, nil
	}
	m, err := manifestOf(ctx, d, t.epoch)
	return m.Ended, err
}

// waits is errSettling before the turn is taken, and while whoever copied before has to
// be given time.
func (t *turn) waits() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.early()
}

func (t *turn) early() error {
	left := t.begins.Sub(t.now())
	if t.own.Turn == 0 || left > 0 && left <= settling { // a clock that was put back makes nobody wait for days
		return errSettling
	}
	return nil
}

// doubted says whether what is at the target has to be held against what is here.
func (t *turn) doubted() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.suspect
}

// agreed ends the doubt.
func (t *turn) agreed() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.suspect = false
}

// holds is Twin where another process has taken a turn after this one's.
func (t *turn) holds(ctx context.Context, d depot) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lost != nil {
		return *t.lost
	}
	if err := t.early(); err != nil {
		return err
	}
	next, err := writerOf(ctx, d, t.epoch, t.own.Turn+1)
	if err == nil {
		return t.lose(next)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := t.compare(ctx, d); err != nil {
		return err
	}
	t.looked = t.now().Round(0)
	return nil
}

// compare looks whether the manifest at the target is the last one of this process. It is
// not where a machine was put back to an earlier moment while it worked: what it did since
// is there, and it knows nothing of it.
func (t *turn) compare(ctx context.Context, d depot) error {
	if t.entered == nil {
		return nil
	}
	there, err := read(ctx, d, manifestName(t.epoch))
	if errors.Is(err, fs.ErrNotExist) { // it is written again
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the manifest: %w", err)
	}
	t.suspect = t.suspect || !bytes.Equal(there, t.entered) && !bytes.Equal(there, t.enters)
	return nil
}

// enter writes a manifest, and remembers it.
func (t *turn) enter(ctx context.Context, d depot, manifest []byte) error {
	remember := func(of *[]byte) {
		t.mu.Lock()
		defer t.mu.Unlock()
		*of = manifest
	}
	remember(&t.enters)
	if err := d.put(ctx, manifestName(t.epoch), bytes.NewReader(manifest)); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	remember(&t.entered)
	return nil
}

// again takes the turn again at a target that was emptied.
func (t *turn) again(ctx context.Context, d depot) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lost != nil {
		return *t.lost
	}
	return t.claim(ctx, d, t.own.Turn)
}

// stale says whether the turn has to be looked at again before anything is written: a
// machine that was paused wakes up in the belief that no time has passed.
func (t *turn) stale() (bool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lost != nil {
		return false, *t.lost
	}
	if err := t.early(); err != nil {
		return false, err
	}
	ago := t.now().Round(0).Sub(t.looked)
	return ago < 0 || ago > believed, nil
}

func (t *turn) lose(to Writer) error {
	t.lost = &Twin{t.epoch, to}
	return *t.lost
}

// Shared is Twin where another server copies in the epoch of this folder.
func (p Place) Shared(ctx context.Context) error {
	d, err := p.Settings.Databases[0].Target.root().depot(ctx)
	if err != nil {
		return fmt.Errorf("reach the target: %w", err)
	}
	defer d.close()
	last, err := lastWriter(ctx, d, p.Epoch)
	if err != nil || last.Turn == 0 {
		return err
	}
	known, err := rememberedIn(p.Dir, p.Epoch)
	if err == nil && !known.knows(last) {
		err = Twin{p.Epoch, last}
	}
	return err
}

// lastWriter is who took the last turn of an epoch, the zero one where nobody did.
func lastWriter(ctx context.Context, d depot, e Epoch) (w Writer, err error) {
	names, err := d.list(ctx, writersOf(e))
	if err != nil {
		return w, fmt.Errorf("read who copies to the target: %w", err)
	}
	last := 0
	for _, name := range names {
		if n, err := strconv.Atoi(strings.TrimSuffix(name, ".json")); err == nil {
			last = max(last, n)
		}
	}
	if last == 0 {
		return w, nil
	}
	return writerOf(ctx, d, e, last)
}

func writerOf(ctx context.Context, d depot, e Epoch, turn int) (w Writer, err error) {
	b, err := read(ctx, d, turnName(e, turn))
	if err == nil {
		err = json.Unmarshal(b, &w)
	}
	if err != nil {
		return w, fmt.Errorf("read who copies to the target: %w", err)
	}
	return w, nil
}

// rememberedIn reads what a folder knows of its turns in an epoch.
func rememberedIn(dir string, e Epoch) (m remembered, err error) {
	name := filepath.Join(dir, turnFile)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		return m, fmt.Errorf("read %s: %w", name, err)
	}
	if m.Epoch != e.Name() {
		return remembered{}, nil
	}
	return m, nil
}

func keepTurn(dir string, m remembered) error {
	b, err := json.Marshal(m)
	if err == nil {
		err = disk.Whole(filepath.Join(dir, turnFile), bytes.NewReader(b), os.Rename)
	}
	if err != nil {
		return fmt.Errorf("keep who copies: %w", err)
	}
	return nil
}

// pruneWriters takes the turns of before away, all but the last and the one before it.
func pruneWriters(ctx context.Context, d depot, e Epoch) error {
	last, err := lastWriter(ctx, d, e)
	if err != nil {
		return err
	}
	names, err := d.list(ctx, writersOf(e))
	if err != nil {
		return err
	}
	for _, name := range names {
		if n, err := strconv.Atoi(strings.TrimSuffix(name, ".json")); err != nil || n >= last.Turn-1 {
			continue
		}
		if err := d.remove(ctx, writersOf(e)+"/"+name); err != nil {
			return err
		}
	}
	return nil
}
