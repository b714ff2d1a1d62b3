package replica

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Settings are those of a file in Litestream's format, version 0.5, as far as the
// replicator inside honours them. The official program reads the same file.
type Settings struct {
	Databases []Database
	Snapshot  struct{ Interval, Retention time.Duration }
	Levels    []time.Duration // of compaction, the finest first; that of single transactions is not among them
	L0        struct{ Retention, Check time.Duration }
	// Validation is how often the replica is looked through for gaps; 0 for never.
	Validation       time.Duration
	VerifyCompaction bool
	// Stop is how long stopping may wait for what was not copied yet.
	Stop time.Duration
	// Ignored are the keys of the file that are not honoured, one sentence each.
	Ignored []string
}

// Database is one file that is replicated.
type Database struct {
	Path      string // absolute
	Restore   bool   // from the target, when it is missing
	Monitor   time.Duration
	Sync      time.Duration
	Busy      time.Duration
	Truncate  int           // pages of the log above which it is truncated; 0 for the usual
	Minimum   int           // pages of the log above which it is folded back; 0 for the usual
	Fold      time.Duration // how often it is folded back whatever its size
	Target    Target
	LocalMeta string // folder of what was not copied yet; "" for the usual, beside the database
}

// Usual are the values of the official program where the file says nothing.
func usual() Settings {
	s := Settings{Levels: []time.Duration{30 * time.Second, 5 * time.Minute, time.Hour}, Stop: 30 * time.Second}
	s.Snapshot.Interval, s.Snapshot.Retention = 24*time.Hour, 24*time.Hour
	s.L0.Retention, s.L0.Check = 5*time.Minute, 15*time.Second
	return s
}

// written is what Litestream's format says, for the keys that are honoured.
type written struct {
	targetKeys `yaml:",inline"` // for every replica that does not say otherwise

	Levels []struct {
		Interval time.Duration `yaml:"interval"`
	} `yaml:"levels"`
	Snapshot         snapshotKeys                      `yaml:"snapshot"`
	Validation       struct{ Interval *time.Duration } `yaml:"validation"`
	L0Retention      *time.Duration                    `yaml:"l0-retention"`
	L0Check          *time.Duration                    `yaml:"l0-retention-check-interval"`
	VerifyCompaction bool                              `yaml:"verify-compaction"`
	Stop             *time.Duration                    `yaml:"shutdown-sync-timeout"`
	DBs              []databaseKeys                    `yaml:"dbs"`
	Ours             map[string]any                    `yaml:"x-app"`
}

type snapshotKeys struct {
	Interval  *time.Duration `yaml:"interval"`
	Retention *time.Duration `yaml:"retention"`
}

type databaseKeys struct {
	Path     string         `yaml:"path"`
	Meta     string         `yaml:"meta-path"`
	Restore  bool           `yaml:"restore-if-db-not-exists"`
	Monitor  *time.Duration `yaml:"monitor-interval"`
	Fold     *time.Duration `yaml:"checkpoint-interval"`
	Busy     *time.Duration `yaml:"busy-timeout"`
	Minimum  int            `yaml:"min-checkpoint-page-count"`
	Truncate int            `yaml:"truncate-page-n"`
	Snapshot snapshotKeys   `yaml:"snapshot"`
	Replica  *targetKeys    `yaml:"replica"`
	Replicas []*targetKeys  `yaml:"replicas"`
}

// Read reads the settings of a file, with $NAME and ${NAME} replaced by what env
// says, over the whole text and before it is read, as the official program does.
func Read(name string, env func(string) string) (Settings, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return Settings{}, fmt.Errorf("read the replicator's settings: %w", err)
	}
	s, err := parse(b, env)
	if err != nil {
		return Settings{}, fmt.Errorf("read the replicator's settings in %s: %w", name, err)
	}
	return s, nil
}

func parse(b []byte, env func(string) string) (Settings, error) {
	text := os.Expand(string(b), func(name string) string {
		if name == "PID" {
			return strconv.Itoa(os.Getpid())
		}
		return env(name)
	})
	var f written
	if err := yaml.Unmarshal([]byte(text), &f); err != nil {
		return Settings{}, err
	}
	s := usual()
	s.Ignored = ignored(text)
	if err := s.take(f); err != nil {
		return Settings{}, err
	}
	for i, keys := range f.DBs {
		d, err := f.database(keys)
		if err != nil {
			return Settings{}, fmt.Errorf("dbs[%d] %s: %w", i, keys.Path, err)
		}
		s.Databases = append(s.Databases, d)
	}
	return s, nil
}

// ignored are the keys that a strict reading does not know: the replicator inside
// would pass over them, and nobody should believe that they hold.
func ignored(text string) []string {
	strict := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	strict.KnownFields(true)
	err := strict.Decode(&written{})
	if unknown, ok := errors.AsType[*yaml.TypeError](err); ok && !errors.Is(err, io.EOF) {
		return unknown.Errors
	}
	return nil
}

// take lays what the file says for the whole over the usual values.
func (s *Settings) take(f written) error {
	if len(f.Levels) > 0 {
		s.Levels = nil
	}
	for i, l := range f.Levels {
		if l.Interval <= 0 {
			return fmt.Errorf("levels[%d].interval is %v and must be longer", i, l.Interval)
		}
		s.Levels = append(s.Levels, l.Interval)
	}
	set(&s.Snapshot.Interval, f.Snapshot.Interval)
	set(&s.Snapshot.Retention, f.Snapshot.Retention)
	for _, d := range f.DBs { // the format allows it there too, for all of them
		set(&s.Snapshot.Interval, d.Snapshot.Interval)
		set(&s.Snapshot.Retention, d.Snapshot.Retention)
	}
	set(&s.L0.Retention, f.L0Retention)
	set(&s.L0.Check, f.L0Check)
	set(&s.Validation, f.Validation.Interval)
	set(&s.Stop, f.Stop)
	s.VerifyCompaction = f.VerifyCompaction
	for name, d := range map[string]time.Duration{
		"snapshot.interval": s.Snapshot.Interval, "snapshot.retention": s.Snapshot.Retention, "l0-retention-check-interval": s.L0.Check,
	} {
		if d <= 0 {
			return fmt.Errorf("%s is %v and must be longer", name, d)
		}
	}
	return nil
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

func (f written) database(keys databaseKeys) (d Database, err error) {
	at := keys.Replica
	if at == nil && len(keys.Replicas) == 1 {
		at = keys.Replicas[0]
	}
	if at == nil || len(keys.Replicas) > 1 {
		return d, errors.New("it takes exactly one replica")
	}
	d = Database{Restore: keys.Restore, Monitor: time.Second, Sync: time.Second, Fold: time.Minute, Busy: time.Second, Minimum: keys.Minimum, Truncate: keys.Truncate}
	set(&d.Monitor, keys.Monitor)
	set(&d.Fold, keys.Fold)
	set(&d.Busy, keys.Busy)
	keyed := at.over(f.targetKeys)
	set(&d.Sync, keyed.Sync)
	if d.Monitor <= 0 || d.Sync <= 0 {
		return d, errors.New("monitor-interval and sync-interval must be longer than nothing")
	}
	if d.Path, err = absolute(strings.TrimPrefix(keys.Path, "sqlite://")); err != nil {
		return d, err
	}
	if keys.Meta != "" {
		if d.LocalMeta, err = absolute(keys.Meta); err != nil {
			return d, err
		}
	}
	d.Target, err = keyed.target()
	return d, err
}

// absolute makes a path absolute, with ~ for the home folder.
func absolute(path string) (string, error) {
	if path == "" {
		return "", errors.New("the path is empty: is a variable not set?")
	}
	if rest, home := strings.CutPrefix(path, "~/"); home {
		dir, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		path = filepath.Join(dir, rest)
	}
	return filepath.Abs(path)
}
