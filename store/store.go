package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/audit"
	"selfhelp/store/browsers"
	"selfhelp/store/db"
	"selfhelp/store/disk"
	"selfhelp/store/extract"
	"selfhelp/store/files"
	"selfhelp/store/keys"
	"selfhelp/store/people"
	"selfhelp/store/shape"
	"selfhelp/store/trouble"
)

// Options say how to open a store. The zero value is right for a server.
type Options struct {
	Now func() time.Time // nil: time.Now
	Log *slog.Logger     // what an operator should know; nil: slog.Default()
	// Journal keeps a journal of what happens, for an edition server to bring it
	// together with what happens elsewhere: for presentation servers. Once begun,
	// it goes on until Activity.EndJournal.
	Journal bool
	// Patience is how long what may not be lost waits for its copy; 0: as long as people do.
	Patience time.Duration
	// Existing refuses a folder that holds no store, instead of making one in it.
	Existing bool
}

// Store is the open folder of one server.
type Store struct {
	Content  *Content  // users, projects, versions, settings, audit
	Activity *Activity // executions, searches, sessions, outbox
	Files    *Files    // contents by hash
	Keys     *Keys     // what seals and signs

	dir      string
	lock     *disk.Lock
	noter    *audit.Noter
	second   Secondary       // nil where there is none
	backedUp func() BackedUp // nil where nothing makes backups
	secured  *secured
	patience time.Duration // with its copy, where people's own does not count
}

// What of the folder other packages hold in their hands.
type (
	Files        = files.Files
	Stored       = files.Stored
	Keys         = keys.Keys
	Session      = browsers.Session
	EndedSession = browsers.EndedSession
	Sought       = browsers.Sought
	SoughtWord   = browsers.SoughtWord
	UsedCode     = browsers.UsedCode
	Key          = keys.Key

	User        = people.User
	UserFilter  = people.UserFilter
	Group       = people.Group
	Written     = people.Written
	Holding     = people.Holding
	Heir        = people.Heir
	Loss        = people.Loss
	Memberships = people.Memberships
	Known       = people.Known
	Roster      = people.Roster
	Domain      = people.Domain
	Factor      = people.Factor
	Token       = people.Token
	MailChange  = people.MailChange
	Wish        = people.Wish
	WishDone    = people.WishDone
	AuditEntry  = audit.Entry
	Program     = audit.Program
	Changes     = audit.Changes

	AuditMissing = audit.Missing
	AuditFilter  = audit.Filter
)

// Differences compares two states of a setting for the audit.
var Differences = audit.Differences

// ByProgram marks what is done as that of a program.
var ByProgram = audit.ByProgram

// Where a membership comes from, beside the id of a method of signing in.
const (
	ByHand = people.ByHand
	ByRule = people.ByRule
)

var (
	contentSchema  = shape.Of("content", 0x53480001)
	activitySchema = shape.Of("activity", 0x53480002)
)

// Databases are the files of a store's databases, the one that the other goes by
// first.
func Databases() []string { return []string{contentSchema.Name + ".db", activitySchema.Name + ".db"} }

// UserSorts are the orders that a list of accounts may have.
var UserSorts = people.UserSorts

// TicketLife is the longest that what a server gives a browser opens its session at
// another one.
const TicketLife = browsers.TicketLife

// SessionID is the name of the session of a token in lists.
func SessionID(token string) string { return browsers.SessionID(token) }

// Content is what writers and administrators make.
type Content struct {
	*db.DB
	*people.People
	*audit.Log
	*extract.Tables
}

func newContent(d *db.DB) *Content { return &Content{d, people.Of(d), audit.Of(d), extract.Of(d)} }

// Activity is what people do.
type Activity struct {
	*db.DB
	*browsers.Browsers
	standings *standings
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
	s := &Store{dir: dir, lock: lock, secured: &secured{}, patience: o.Patience}
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
	noter := audit.NewNoter()
	content, err := db.Open(ctx, s.dir, contentSchema, db.Options{Now: o.Now, Log: o.Log, Hooks: noter.Hooks()})
	if err != nil {
		return err
	}
	s.Content = newContent(content)
	if err := errors.Join(s.Content.TellGroupsApart(ctx), s.Content.KeepLooks(ctx), s.Content.KeepVersionNames(ctx)); err != nil {
		return err
	}
	going := &standings{all: map[string]Standing{}}
	activity, err := db.Open(ctx, s.dir, activitySchema, db.Options{Now: o.Now, Log: o.Log, Hooks: going.hooks()})
	if err != nil {
		return err
	}
	s.Activity = &Activity{DB: activity, Browsers: browsers.Of(activity), standings: going}
	s.Content.NoteIn(activity)
	if err := s.beginJournal(ctx, o.Journal); err != nil {
		return err
	}
	noter.Start(s.Content.Log, o.Log)
	s.noter = noter
	return nil
}

// Close finishes what was asked for and closes the store.
func (s *Store) Close() error {
	if s.noter != nil {
		s.noter.Stop()
	}
	var errs []error
	if s.Activity != nil {
		errs = append(errs, s.Activity.Close())
	}
	if s.Content != nil {
		errs = append(errs, s.Content.Close())
	}
	return errors.Join(append(errs, s.lock.Release())...)
}

// KeysMark tells the keys of a folder from those of another, and nothing of them.
func KeysMark(dir string) (string, error) { return keys.MarkOf(dir) }

// NewID returns 26 lower-case characters of 128 random bits: the UID of a
// project or procedure, the id of a user or execution.
func NewID() string { return db.NewID() }
