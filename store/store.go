package store

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/disk"
	"selfhelp/store/files"
	"selfhelp/store/keys"
	"selfhelp/store/trouble"
)

// Options say how to open a store. The zero value is right for a server.
type Options struct {
	Now func() time.Time // nil: time.Now
	Log *slog.Logger     // what an operator should know; nil: slog.Default()
	// Existing refuses a folder that holds no store, instead of making one in it.
	Existing bool
}

// Store is the open folder of one server.
type Store struct {
	Content  *Content  // users, projects, versions, settings, audit
	Activity *Activity // executions, searches, sessions, outbox
	Files    *Files    // contents by hash
	Keys     *Keys     // what seals and signs

	dir  string
	lock *disk.Lock
}

// What of the folder other packages hold in their hands.
type (
	Files    = files.Files
	Stored   = files.Stored
	Keys     = keys.Keys
	StateKey = keys.StateKey
)

// Content is what writers and administrators make.
type Content struct {
	*database
}

// Activity is what people do.
type Activity struct {
	*database
}

// Open opens the store of a folder, making or migrating what is there. A folder
// is open in one process at a time: the second is refused.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	if err := makeFolder(dir, o.Existing); err != nil {
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	lock, err := disk.Hold(dir)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	s := &Store{dir: dir, lock: lock}
	if err := s.open(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", dir, err), s.Close())
	}
	return s, nil
}

// makeFolder makes the folder of a store, unless it is to hold one already.
func makeFolder(dir string, existing bool) error {
	if existing {
		_, err := os.Stat(filepath.Join(dir, contentSchema.Name+".db"))
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			return &fault.Error{
				Kind: fault.NotFound, Key: "fault.store.none", Args: []any{dir}, Cause: err,
				Hint: "name the folder of your server with --data; a first start of `selfhelp serve` makes one",
			}
		}
		return trouble.Of(err)
	}
	err := os.MkdirAll(dir, 0o700)
	if errors.Is(err, fs.ErrNotExist) {
		return err // nothing can be made there: the system says it best
	}
	return trouble.Of(err)
}

// open opens the parts of a locked folder, keys first: databases without the
// keys that seal what is in them would be a trap.
func (s *Store) open(ctx context.Context, o Options) (err error) {
	if s.Keys, err = keys.Open(s.dir, contentSchema.Name+".db", o.Log); err != nil {
		return err
	}
	if s.Files, err = files.Open(filepath.Join(s.dir, "files")); err != nil {
		return err
	}
	content, err := openDatabase(ctx, s.dir, contentSchema, func(*tx) error { return nil }, o)
	if err != nil {
		return err
	}
	s.Content = &Content{content}
	activity, err := openDatabase(ctx, s.dir, activitySchema, (*tx).addTally, o)
	if err != nil {
		return err
	}
	s.Activity = &Activity{activity}
	return nil
}

// Close finishes what was asked for and closes the store.
func (s *Store) Close() error {
	var errs []error
	if s.Activity != nil {
		errs = append(errs, s.Activity.close())
	}
	if s.Content != nil {
		errs = append(errs, s.Content.close())
	}
	return errors.Join(append(errs, s.lock.Release())...)
}

var base32Lower = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewID returns 26 lower-case characters of 128 random bits: the UID of a
// project or procedure, the id of a user or execution.
func NewID() string {
	var b [16]byte
	rand.Read(b[:])
	return strings.ToLower(base32Lower.EncodeToString(b[:]))
}
