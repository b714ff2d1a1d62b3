package keys

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"selfhelp/store/trouble"
)

// Key is one of a series that follow each other. What any of them wrote is read;
// the newest one that has settled writes.
type Key struct {
	ID   string    `json:"id"`
	Key  []byte    `json:"key"`  // 32 bytes
	Made time.Time `json:"made"` // of one whose file does not say, when that was written
}

// How long keys live.
const (
	// Settling is how long a new key only opens what others sealed by it, and seals
	// nothing: in that time it is carried to every server of the platform, so that
	// none is shown what it cannot open yet.
	Settling = time.Hour
	// StateLife is how long states are good for after their key was replaced. A
	// state is sealed again with each answer, so it is the longest time that
	// somebody may leave a journey aside, with its code or open in a tab, and still
	// go on with it: thirteen months.
	StateLife = 396 * 24 * time.Hour
	// VisitorLife is the longest that what a visitor's key wrote is asked for: the
	// cookie by which a browser is known to an account lives a year, longer than
	// those of visitors (ninety days), passes, resumed journeys (thirty) and
	// tickets (an hour). A month more, for codes written down.
	VisitorLife = 396 * 24 * time.Hour
)

// madeWord begins the line of a key file that says when it was made.
const madeWord = "made "

// readSeries reads the keys that follow each other, making the first of each.
func (k *Keys) readSeries(log *slog.Logger) (err error) {
	if k.States, err = k.series(statePrefix, "", log); err != nil {
		return err
	}
	if k.Visitors, err = k.series(visitorPrefix, visitorKey, log); err != nil {
		return err
	}
	if len(k.States) == 0 {
		if err := k.AddStateKey(); err != nil {
			return err
		}
	}
	if len(k.Visitors) > 0 {
		return nil
	}
	if _, err := k.create(visitorKey); err != nil {
		return err
	}
	k.Visitors, err = k.series(visitorPrefix, visitorKey, log)
	return err
}

// firstID is the id of the key whose file has none in its name.
const firstID = "0001"

// series reads every key whose file begins so, and the one called first, the newest
// first.
func (k *Keys) series(prefix, first string, log *slog.Logger) (all []Key, err error) {
	names, err := filepath.Glob(filepath.Join(k.dir, prefix+"*"+keySuffix))
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", k.dir, err)
	}
	slices.Sort(names)
	for _, name := range slices.Backward(names) {
		base := filepath.Base(name)
		id := strings.TrimSuffix(strings.TrimPrefix(base, prefix), keySuffix)
		if all, err = k.addTo(all, id, base, log); err != nil {
			return nil, err
		}
	}
	if first == "" {
		return all, nil
	}
	with, err := k.addTo(all, firstID, first, log)
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	return with, err
}

func (k *Keys) addTo(all []Key, id, name string, log *slog.Logger) ([]Key, error) {
	key, err := k.read(name, log)
	if err != nil {
		return nil, err
	}
	made, err := madeOf(filepath.Join(k.dir, name))
	return append(all, Key{id, key, made.UTC()}), err
}

// madeOf is when a key was made. A file without that line is of before they had one;
// the time of the file is then no earlier, so that its key is kept no shorter.
func madeOf(path string) (time.Time, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return time.Time{}, fmt.Errorf("read key: %w", trouble.Of(err))
	}
	for line := range strings.Lines(string(b)) {
		if said, is := strings.CutPrefix(strings.TrimSpace(line), madeWord); is {
			if made, err := time.Parse(time.RFC3339, said); err == nil {
				return made, nil
			}
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}, fmt.Errorf("read key: %w", trouble.Of(err))
	}
	return info.ModTime(), nil
}

// fileOf is the name of the file of a key. The first of visitors is called as it was
// when there was one only.
func fileOf(prefix, id string) string {
	if prefix == visitorPrefix && id == firstID {
		return visitorKey
	}
	return prefix + id + keySuffix
}

// text is a key as its file holds it.
func (one Key) text() []byte {
	return []byte(hex.EncodeToString(one.Key) + "\n" + madeWord + one.Made.UTC().Format(time.RFC3339Nano) + "\n")
}

// next makes the key of a series that follows the newest, at a time.
func (k *Keys) next(series []Key, prefix string, now time.Time) ([]Key, error) {
	last := 0
	if len(series) > 0 {
		fmt.Sscanf(series[0].ID, "%d", &last) // 0 where it is a name of someone else's
	}
	made := Key{ID: fmt.Sprintf("%04d", last+1), Key: make([]byte, keySize), Made: now.UTC().Truncate(time.Second)}
	rand.Read(made.Key)
	path := filepath.Join(k.dir, fileOf(prefix, made.ID))
	if err := writeDurably(path, made.text()); err != nil {
		return series, fmt.Errorf("make key %s: %w", path, trouble.Of(err))
	}
	return append([]Key{made}, series...), nil
}

// AddStateKey makes a key for states. Those before stay readable by theirs.
func (k *Keys) AddStateKey() (err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.States, err = k.next(k.States, statePrefix, time.Now())
	return err
}

// Rotate makes a new first key of each series, and drops those that nothing asks for
// any more: replaced longer ago than what they wrote is good for. It returns the
// names of the files that were dropped. The keys (Shared) are then to be carried to
// the other servers of the platform within Settling: each finds out by their ages
// which one seals.
func (k *Keys) Rotate(now time.Time) (dropped []string, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, of := range []struct {
		series *[]Key
		prefix string
		life   time.Duration
	}{{&k.States, statePrefix, StateLife}, {&k.Visitors, visitorPrefix, VisitorLife}} {
		all, err := k.next(*of.series, of.prefix, now)
		if err != nil {
			return dropped, err
		}
		left := len(all) - outlived(all, of.life, now)
		for _, old := range all[left:] {
			name := fileOf(of.prefix, old.ID)
			if err := os.Remove(filepath.Join(k.dir, name)); err != nil {
				return dropped, fmt.Errorf("drop key %s: %w", name, trouble.Of(err))
			}
			dropped = append(dropped, name)
		}
		*of.series = all[:left]
	}
	return dropped, trouble.Sync(k.dir)
}

// outlived is how many keys at the end of a series nothing asks for any more: what
// the last wrote ended a life after the one that follows it had settled.
func outlived(series []Key, life time.Duration, now time.Time) (n int) {
	for i := len(series) - 1; i > 0 && series[i-1].Made.Add(Settling+life).Before(now); i-- {
		n++
	}
	return n
}

// InUse returns both series as they are used at a time: the one that seals first,
// then the others, which only open.
func (k *Keys) InUse(now time.Time) (states, visitors []Key) {
	shared := k.Shared()
	return inUse(shared.States, now), inUse(shared.Visitors, now)
}

// inUse puts the newest key that has settled first; while none has, the oldest.
func inUse(series []Key, now time.Time) []Key {
	at := slices.IndexFunc(series, func(one Key) bool { return !now.Before(one.Made.Add(Settling)) })
	if at < 0 {
		at = len(series) - 1
	}
	used := slices.Clone(series)
	first := used[at]
	return slices.Insert(slices.Delete(used, at, at+1), 0, first)
}
