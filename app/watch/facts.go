package watch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store"
)

// Facts are how a server is. They stand for themselves: what is told of them, and
// what counts as wrong, is said elsewhere.
type Facts struct {
	At           time.Time     `json:"at"`
	Served       bool          `json:"served"`   // by a server; else they are of a folder at rest
	Draining     bool          `json:"draining"` // it is about to stop
	Late         bool          `json:"late"`     // they could not be gathered in time: there is nothing else
	Databases    []Database    `json:"databases"`
	Free         int64         `json:"free"` // bytes on the disk of the data folder; -1: not known
	Keys         *Keys         `json:"keys"`
	Replica      *Replica      `json:"replica"`
	Backup       *Backup       `json:"backup"`
	Certificates []Certificate `json:"certificates"` // the one that ends first before the others
	Outbox       Outbox        `json:"outbox"`
	Sessions     int64         `json:"sessions"` // browsers that are signed in
	Platform     *Platform     `json:"platform"` // nil where this server is the only one
}

// Database is how one database is.
type Database struct {
	Name     string   `json:"name"`
	Bytes    int64    `json:"bytes"`
	LogBytes int64    `json:"log_bytes"` // of the changes that are not folded back
	Waiting  int      `json:"waiting"`   // writes that have not begun
	Trouble  *Trouble `json:"trouble"`   // why it cannot keep anything
}

// Replica is how the copy at the second site is.
type Replica struct {
	Target   string    `json:"target"`
	Epoch    string    `json:"epoch"`
	Whole    time.Time `json:"whole"`  // up to when everything is known to be there; the zero time for never
	Errors   uint64    `json:"errors"` // since the start
	Behind   uint64    `json:"behind"` // transactions
	Well     bool      `json:"well"`   // the last answer was good
	Why      string    `json:"why"`    // it was not, as far as one can tell: full, read_only, refused, no_target, silent
	Silent   bool      `json:"silent"` // it was asked for a folder at rest, and gave no good answer
	Replaced string    `json:"replaced,omitempty"`
	Twin     string    `json:"twin,omitempty"` // the machine where a clone of this server copies instead of it
	// Unsecured counts the publications, tickets and letters that were not waited for
	// any longer, since the start.
	Unsecured uint64       `json:"unsecured"`
	Lacks     []store.Lack `json:"lacks"`    // what is missing there
	Examined  time.Time    `json:"examined"` // when it was looked through; the zero time for never
	// Spoilt are the files that are damaged here and not sent, and where each is whole; ""
	// where nobody knows.
	Spoilt map[string]string `json:"spoilt,omitempty"`
}

// ReplicaOf is what is told of the copy of a store, nil where nothing here copies it.
func ReplicaOf(st *store.Store) *Replica {
	c, is := st.Copying()
	if !is {
		return nil
	}
	_, failed := st.Secured()
	return &Replica{
		Target: c.Target, Epoch: c.Epoch, Whole: c.Whole, Errors: c.Errors, Behind: c.Behind, Well: c.Well, Why: c.Why, Replaced: c.Replaced, Twin: c.Twin,
		Unsecured: failed, Lacks: c.Lacks, Examined: c.Examined, Spoilt: c.Spoilt,
	}
}

// Lag is how long ago everything was there.
func (r Replica) Lag(now time.Time) time.Duration {
	if r.Whole.IsZero() {
		return 0
	}
	return max(0, now.Sub(r.Whole))
}

// Gaps counts what is missing before the newest state, and what lies behind a snapshot.
func (r Replica) Gaps() (open, closed int) {
	for _, l := range r.Lacks {
		if l.Before.IsZero() {
			open++
		} else {
			closed++
		}
	}
	return open, closed
}

// Backup is how the backups are, beside the replica.
type Backup struct {
	Made     time.Time `json:"made"`     // the last one; the zero time for never
	Verified time.Time `json:"verified"` // when that was looked through
	Restored bool      `json:"restored"` // by bringing it back; else before it was encrypted
	Trouble  *Trouble  `json:"trouble"`  // why the last one was not made, or is not whole
	Delivery *Delivery `json:"delivery"` // nil where no copies are given elsewhere
}

// Delivery is how the monthly copies of backups elsewhere are.
type Delivery struct {
	To      string    `json:"to"`
	Last    time.Time `json:"last"`    // the zero time for never
	Trouble *Trouble  `json:"trouble"` // why the one that is due could not be given
}

// Certificate is one that is shown.
type Certificate struct {
	Name  string    `json:"name"` // the first it is for
	Until time.Time `json:"until"`
}

// Outbox is what is to be done after commits: letters, mostly.
type Outbox struct {
	Mail     bool      `json:"mail"`     // there is a mail server
	Waiting  int       `json:"waiting"`  // not done yet
	Attempts int       `json:"attempts"` // of the one that was tried most
	Oldest   time.Time `json:"oldest"`   // that waits
	Failed   int       `json:"failed"`   // given up, and not looked at since
	Trouble  *Trouble  `json:"trouble"`  // why nothing is known
}

// Mail says whether there is a mail server.
type Mail func(context.Context) (bool, error)

// Trouble is an error as it can be told and sent.
type Trouble struct {
	Key  string   `json:"key"` // of the sentence people may read
	Args []string `json:"args,omitempty"`
	Hint string   `json:"hint,omitempty"` // for operators
	Text string   `json:"text"`           // for the log
}

// Said are the values of the sentence.
func (t Trouble) Said() (values []any) {
	for _, a := range t.Args {
		values = append(values, a)
	}
	return values
}

// mends are what to do where the cause is known, by its key.
var mends = map[string]string{
	"fault.disk_full": "ready.disk.do", "fault.store.newer": "ready.newer.do",
	"fault.backup.away": "status.backup.away.do", "fault.backup.twin": "status.backup.twin.do",
}

// mend is the key of what to do about it, else that of what helps most of its kind.
func (t Trouble) mend(most string) string { return cmp.Or(mends[t.Key], most) }

// TroubleOf is an error as it can be told, nil for none.
func TroubleOf(err error) *Trouble { return troubleOf(err) }

func troubleOf(err error) *Trouble {
	if err == nil {
		return nil
	}
	key, args := fault.TextOf(err)
	t := &Trouble{Key: key, Text: err.Error()}
	for _, a := range args {
		t.Args = append(t.Args, fmt.Sprint(a))
	}
	if e, ok := errors.AsType[*fault.Error](err); ok {
		t.Hint = e.Hint
	}
	return t
}

// gather asks every source. What one of them does not tell is missing, and keeps
// the others from nothing.
func (from Sources) gather(ctx context.Context) Facts {
	f := Facts{At: time.Now()}
	if from.Certificates != nil {
		f.Certificates = from.Certificates()
	}
	health, _ := from.Store.Check(ctx) // each database has its own error
	f.Databases = []Database{
		databaseOf(Content, health.Content, from.Store.Content.Waiting()),
		databaseOf(Activity, health.Activity, from.Store.Activity.Waiting()),
	}
	f.Free = health.FreeBytes
	f.Keys = keysOf(from.Store.Keys)
	f.Replica = ReplicaOf(from.Store)
	if b, is := from.Store.BackedUp(); is {
		f.Backup = &Backup{Made: b.Last, Verified: b.Verified, Restored: b.Restored, Trouble: troubleOf(b.Failed)}
		if d := b.Delivery; d != nil {
			f.Backup.Delivery = &Delivery{To: d.To, Last: d.Last, Trouble: troubleOf(d.Failed)}
		}
	}
	f.Outbox = from.outbox(ctx)
	if n, err := from.Store.Activity.CountSessions(ctx); err == nil {
		f.Sessions = n
	}
	if from.Platform != nil {
		f.Platform = from.Platform(ctx)
	}
	f.At = time.Now()
	return f
}

// AtRest are the facts of a folder that nobody serves, with the replica as its
// target tells of it, and the backups as theirs does.
func AtRest(r store.Resting, keys *Keys, replica *Replica, backup *Backup, shown []Certificate) Facts {
	return Facts{
		At: time.Now(), Free: r.FreeBytes, Keys: keys, Replica: replica, Backup: backup, Certificates: shown,
		Databases: []Database{databaseOf(Content, r.Content, 0), databaseOf(Activity, r.Activity, 0)},
		Outbox:    Outbox{Waiting: r.Waiting.Count, Attempts: r.Waiting.Attempts, Oldest: r.Waiting.Since, Failed: r.Failed.Count},
	}
}

func databaseOf(name string, h store.DatabaseHealth, waiting int) Database {
	return Database{Name: name, Bytes: h.Bytes, LogBytes: h.LogBytes, Waiting: waiting, Trouble: troubleOf(h.Err)}
}

func (from Sources) outbox(ctx context.Context) (o Outbox) {
	waiting, err := from.Store.Activity.Backlog(ctx, store.MessageWaiting, "")
	if err == nil {
		o.Waiting, o.Attempts, o.Oldest = waiting.Count, waiting.Attempts, waiting.Since
		var failed store.Backlog
		failed, err = from.Store.Activity.Backlog(ctx, store.MessageFailed, "")
		o.Failed = failed.Count
	}
	if err == nil && from.Mail != nil {
		o.Mail, err = from.Mail(ctx)
	}
	o.Trouble = troubleOf(err)
	return o
}
