package admission

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/store"
)

// Desk lets people in.
type Desk struct {
	content  *store.Content
	activity *store.Activity
	keys     *store.Keys
	log      *slog.Logger
	now      func() time.Time

	mu      sync.Mutex
	parties map[string]party     // by method
	away    map[string]time.Time // directories that do not answer, since when
	busy    map[string]chan struct{}

	keeping       chan struct{} // places for attempts that are being kept
	kept          sync.WaitGroup
	breached      *login.Breached // passwords that became known elsewhere
	breachedWrong error           // why that is not known

	tells   bool   // an edition server is to know who comes
	changed func() // told when accounts were changed behind the pages
}

// NewDesk returns the desk of a store.
func NewDesk(st *store.Store, now func() time.Time, log *slog.Logger) *Desk {
	return &Desk{
		content: st.Content, activity: st.Activity, keys: st.Keys, log: log, now: now,
		parties: map[string]party{}, away: map[string]time.Time{}, busy: map[string]chan struct{}{},
		keeping: make(chan struct{}, 64),
	}
}

// Settings returns the ways in, and the version a change must name.
func (d *Desk) Settings(ctx context.Context) (Settings, int64, error) {
	return ReadSettings(ctx, d.content, d.keys)
}

// Save keeps other ways in.
func (d *Desk) Save(ctx context.Context, s Settings, version int64, by string) error {
	return SaveSettings(ctx, d.content, d.keys, s, version, by)
}

// MayAdminister reports whether somebody who administers the server could come in
// by settings, as far as is known: by a password they have, or a way in by which
// they came before.
func (d *Desk) MayAdminister(ctx context.Context, s Settings) (bool, error) {
	passwords, methods := false, []string{}
	for _, m := range s.Methods {
		switch {
		case m.Off || !m.letsStaffIn():
		case m.Kind == Internal:
			passwords = true
		default:
			methods = append(methods, m.ID)
		}
	}
	return d.content.MayAdminister(ctx, passwords, methods)
}

// Entry is somebody who proved who they are.
type Entry struct {
	User    store.User
	Method  string    // id
	RunOnly bool      // what they may do is run procedures, whatever their role
	Without []string  // directories that know them and are away, by id
	Proved  time.Time // when they proved who they are, in full; zero: nobody knows

	// Of who came by a provider.
	Peer, PeerOf string    // who they are there, and which of their sessions, as it ends them
	Outside      string    // what it needs to be asked to end the session
	Until        time.Time // when the session ends at the latest; zero: not said
}

// ErrWrong is what everyone gets whom no method knows by what they typed.
var ErrWrong = fault.New(fault.Unauthenticated, "fault.sign_in.wrong")

// What they get when a directory could not be asked. Whether a password kept here
// may do says the rule alone, the same to everybody.
var (
	errAway     = fault.New(fault.Unavailable, awayKey)
	errAwayKept = fault.New(fault.Unavailable, awayKeptKey)
)

const (
	awayKey     = "fault.sign_in.away"
	awayKeptKey = "fault.sign_in.away.kept"
)

// IsAway reports whether somebody was refused who may be known to a directory that
// does not answer.
func IsAway(err error) bool {
	key, _ := fault.TextOf(err)
	return key == awayKey || key == awayKeptKey
}

// Recognise asks the methods that take a login and a password, in their order.
// It asks all of them before it says no, so that a no takes the same time for
// everyone. ErrWrong is that no; fault.Unavailable says that a directory could
// not be asked, login.ErrBusy that too many come at once for one of that rank.
func (d *Desk) Recognise(ctx context.Context, rank login.Rank, name, password string) (Entry, error) {
	s, _, err := d.Settings(ctx)
	if err != nil {
		return Entry{}, err
	}
	missing := false
	for _, m := range s.Methods {
		if m.Off {
			continue
		}
		var e Entry
		switch m.Kind {
		case Internal:
			e, err = d.internal(ctx, s, rank, name, password)
		case LDAP:
			e, err = d.directory(ctx, m, name, password)
		default:
			continue
		}
		switch {
		case err == nil:
			return e, nil
		case fault.Is(err, fault.Unavailable):
			missing = true
		case !fault.Is(err, fault.Unauthenticated):
			return Entry{}, err
		}
	}
	if missing && s.takesKept() {
		return Entry{}, errAwayKept
	}
	if missing {
		return Entry{}, errAway
	}
	return Entry{}, ErrWrong
}

// internal checks a password kept here. Whoever a directory knows comes in by
// the directory, unless it is away and the policy lets them.
func (d *Desk) internal(ctx context.Context, s Settings, rank login.Rank, name, password string) (Entry, error) {
	u, err := d.content.UserByLogin(ctx, name)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Entry{}, err
	}
	ok, stale, err := login.Verify(ctx, rank, u.Password, password)
	if err != nil {
		return Entry{}, err
	}
	if !ok || !u.Active {
		return Entry{}, ErrWrong
	}
	e := Entry{User: u, Method: InternalID}
	var may bool
	if e.Without, may, err = d.stranded(ctx, s, u); err != nil {
		return e, err
	}
	if !may {
		return e, ErrWrong
	}
	e.RunOnly = len(e.Without) > 0 && s.Away.Run
	if stale && !d.tells { // that is for the edition server to do
		err = d.content.RehashPassword(ctx, u.ID, u.Password, login.Hash(password))
	}
	return e, err
}

// stranded returns the directories that know an account, if all of them are
// away, and whether it may be signed in to by a password kept here.
func (d *Desk) stranded(ctx context.Context, s Settings, u store.User) (without []string, may bool, err error) {
	known, err := d.content.IdentitiesOf(ctx, u.ID)
	if err != nil {
		return nil, false, err
	}
	for _, i := range known {
		m, err := s.Method(i.Method)
		if err != nil || m.Off || m.Kind != LDAP {
			continue
		}
		if !d.IsAway(m.ID) {
			return nil, false, nil
		}
		without = append(without, m.ID)
	}
	if len(without) == 0 {
		return nil, true, nil
	}
	m, err := d.content.Memberships(ctx, u.ID)
	return without, err == nil && s.Away.lets(u, m), err
}

// keepAttempt keeps what was sent and answered, behind whoever signs in: nobody
// waits for it. In a flood some are left out.
func (d *Desk) keepAttempt(ctx context.Context, m Method, name, user string, outcome error, trace *login.Trace) {
	lines, err := json.Marshal(trace.Lines)
	if err != nil {
		return // texts and numbers always marshal
	}
	a := store.Attempt{Method: m.ID, Login: strings.ToValidUTF8(name[:min(len(name), 100)], ""), User: user, Trace: lines}
	if outcome != nil {
		a.Outcome, _ = fault.TextOf(outcome)
	}
	select {
	case d.keeping <- struct{}{}:
	default:
		return
	}
	ctx = context.WithoutCancel(ctx)
	d.kept.Go(func() {
		defer func() { <-d.keeping }()
		if err := d.activity.AddAttempt(ctx, a); err != nil {
			d.log.WarnContext(ctx, "a sign-in could not be kept", "method", m.ID, "err", err)
		}
	})
}

// Settle waits until the attempts made so far are kept.
func (d *Desk) Settle() { d.kept.Wait() }

// OnChange says what to do when accounts were changed on a clock. It is called
// once, before Watch.
func (d *Desk) OnChange(do func()) { d.changed = do }
