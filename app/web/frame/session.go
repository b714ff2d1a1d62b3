package frame

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/store/trouble"
)

const (
	SessionCookie = "session"
	// sessionTrust is how long what a session's account may do is taken from
	// memory. What this server itself changes is seen at once; what a command
	// or another server changes, after this.
	sessionTrust = 5 * time.Second

	keyUser    = "user"
	keyBegan   = "began"
	keyEra     = "era"
	keyProved  = "proved" // when the person last proved who they are, in full
	keyMethod  = "method"
	keyRunOnly = "run_only" // they may run procedures and nothing else
	keyOutside = "outside"  // what a provider needs to be asked to end it
	keyWithout = "without"  // the directories that were away, whose return ends it
)

// Sessions are the browsers that have signed in.
type Sessions struct {
	manager  *scs.SessionManager
	content  *store.Content
	activity *store.Activity
	desk     *admission.Desk
	now      func() time.Time
	tickets  tickets

	mu         sync.Mutex
	young, old map[string]*account // by token, for a moment
	limits     *admission.Limits   // as they were read last
	limitsTill time.Time
}

// account is who a session is of, as far as requests need to know.
type account struct {
	who    access.Identity
	groups map[string]access.Groups // by domain
	owes   access.Debts             // what they have to do first
	method string                   // by which they came, by its id
	role   access.Role              // of the account, also where they may do less
	token  string                   // id of the token that it came with, "" for a session
	proved time.Time                // when a person last proved who they are, in full
	// program is what the owner of the token calls what comes with it.
	program string
	until   time.Time
	used    bool // reading it put the idle limit of the session off
}

func newSessions(st *store.Store, desk *admission.Desk, now func() time.Time, name string, secure bool) *Sessions {
	s := &Sessions{manager: scs.New(), content: st.Content, activity: st.Activity, desk: desk, now: now, young: map[string]*account{}, tickets: tickets{several: func() bool { return false }}}
	m := s.manager
	m.Store = st.Activity.Sessions(s.idle)
	m.Cookie.Name, m.Cookie.Secure, m.Cookie.Persist = name, secure, false
	return s
}

// idle is how long a session that nobody uses lasts.
func (s *Sessions) idle(ctx context.Context) (time.Duration, error) {
	limits, err := s.readLimits(ctx)
	return limits.IdleTime(), err
}

// readLimits returns the limits of sessions, which are asked for several times for
// each that is read. They are trusted as long as an account is.
func (s *Sessions) readLimits(ctx context.Context) (admission.Limits, error) {
	now := s.now()
	s.mu.Lock()
	kept, till := s.limits, s.limitsTill
	s.mu.Unlock()
	if kept != nil && now.Before(till) {
		return *kept, nil
	}
	limits, _, err := admission.ReadLimits(ctx, s.content)
	if err != nil {
		return limits, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits, s.limitsTill = &limits, now.Add(sessionTrust)
	return limits, nil
}

const sessionsRemembered = 10_000 // a generation

// UnattendedHeader is sent by a page that asks by itself, with nobody at it: that
// does not keep a session from being idle.
const UnattendedHeader = "Unattended"

// of returns the account of a token, nil when it opens nothing. One that somebody
// uses puts its idle limit off.
func (s *Sessions) of(ctx context.Context, token string, now time.Time, used bool) (*account, error) {
	if a := s.remembered(token); a != nil && now.Before(a.until) && (a.used || !used) {
		return a, nil
	}
	a, err := s.read(ctx, token, now, used)
	s.remember(token, a)
	return a, err
}

// open is of for the browser of a visit, which may have a ticket for a session that
// began at another server.
func (s *Sessions) open(v *Visit, token string, now time.Time, used bool) (*account, error) {
	a, err := s.of(v.Context(), token, now, used)
	if a != nil || err != nil {
		return a, err
	}
	if taken, err := s.takeOver(v.Context(), v, token, now); !taken || err != nil {
		return nil, err
	}
	return s.of(v.Context(), token, now, used)
}

func (s *Sessions) remembered(token string) *account {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.young[token]; a != nil {
		return a
	}
	return s.old[token]
}

func (s *Sessions) remember(token string, a *account) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.old, token)
	if a == nil {
		delete(s.young, token)
		return
	}
	if len(s.young) >= sessionsRemembered {
		s.old, s.young = s.young, map[string]*account{}
	}
	s.young[token] = a
}

// Forget makes the next request of every session read its account again.
func (s *Sessions) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.young, s.old, s.limits = map[string]*account{}, nil, nil
}

// read finds the session and its account in the store, and puts the idle limit
// off where it is used.
func (s *Sessions) read(ctx context.Context, token string, now time.Time, used bool) (*account, error) {
	ctx, err := s.manager.Load(ctx, token)
	if err != nil {
		return nil, fmt.Errorf("load session: %w", err)
	}
	id := s.manager.GetString(ctx, keyUser)
	if id == "" {
		return nil, nil
	}
	u, err := s.content.User(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the account of a session: %w", err)
	}
	began := time.UnixMilli(s.manager.GetInt64(ctx, keyBegan))
	if !u.Counts(s.manager.GetString(ctx, keyEra), began) {
		return nil, nil
	}
	if over, err := s.isOver(ctx, began, now); err != nil || over {
		return nil, err
	}
	if used { // with a disk that takes nothing people read on: what they save says why it is not kept
		if _, _, err := s.manager.Commit(ctx); err != nil && !trouble.OfDisk(err) {
			return nil, fmt.Errorf("keep session: %w", err)
		}
	}
	a, err := s.account(ctx, u, now)
	if err != nil {
		return nil, err
	}
	a.used = used
	a.proved = time.UnixMilli(s.manager.GetInt64(ctx, keyProved))
	a.method = s.manager.GetString(ctx, keyMethod)
	a.owes, err = s.desk.Debts(ctx, u, a.method, s.manager.GetBool(ctx, keyRunOnly))
	a.role, a.who.Role = a.who.Role, a.owes.Leave(a.who.Role)
	return a, err
}

// isOver reports whether a session has lasted as long as sessions last now, or was
// begun without a directory that answers again: its person comes in by it now.
func (s *Sessions) isOver(ctx context.Context, began, now time.Time) (bool, error) {
	limits, err := s.readLimits(ctx)
	if err != nil || !now.Before(began.Add(limits.LongestTime())) {
		return true, err
	}
	if end := began.Add(limits.LongestTime()); end.Before(s.manager.Deadline(ctx)) {
		s.manager.SetDeadline(ctx, end)
	}
	without := s.manager.GetString(ctx, keyWithout)
	return without != "" && !slices.ContainsFunc(strings.Split(without, " "), s.desk.IsAway), nil
}

// account gathers what requests need to know of a user.
func (s *Sessions) account(ctx context.Context, u store.User, now time.Time) (*account, error) {
	m, err := s.content.Memberships(ctx, u.ID)
	if err != nil {
		return nil, fmt.Errorf("read where %s belongs: %w", u.Login, err)
	}
	who, groups := identityOf(u, m)
	return &account{who: who, groups: groups, until: now.Add(sessionTrust)}, nil
}

// Begin starts a session for somebody who proved who they are: another token
// than before, so that one that was slipped to the browser opens nothing.
func (s *Sessions) Begin(ctx context.Context, w http.ResponseWriter, before string, of store.Session, as admission.Entry) error {
	_, err := s.renew(ctx, w, before, of, func(ctx context.Context) {
		s.manager.Put(ctx, keyUser, of.User)
		s.manager.Put(ctx, keyMethod, as.Method)
		s.manager.Put(ctx, keyRunOnly, as.RunOnly)
		s.manager.Put(ctx, keyWithout, strings.Join(as.Without, " "))
		s.manager.Put(ctx, keyOutside, as.Outside)
		s.manager.Put(ctx, keyProved, as.Proved.UnixMilli())
		if !as.Until.IsZero() && as.Until.Before(s.manager.Deadline(ctx)) {
			s.manager.SetDeadline(ctx, as.Until)
		}
	})
	return err
}

// Outside returns what a provider needs to be asked to end a session, and by
// which method it began; "" when there is nothing to ask.
func (s *Sessions) Outside(ctx context.Context, token string) (method, outside string, err error) {
	one, err := s.activity.Session(ctx, token)
	if err != nil {
		return "", "", err
	}
	ctx, err = s.manager.Load(ctx, token)
	if err != nil {
		return "", "", fmt.Errorf("load session: %w", err)
	}
	return one.Method, s.manager.GetString(ctx, keyOutside), nil
}

// Renew goes on with a session under another token, as if it had begun now.
func (s *Sessions) Renew(ctx context.Context, w http.ResponseWriter, before string, of store.Session) error {
	_, err := s.renew(ctx, w, before, of, func(context.Context) {})
	return err
}

// renew returns how the session is called in lists from then on.
func (s *Sessions) renew(ctx context.Context, w http.ResponseWriter, before string, of store.Session, put func(context.Context)) (id string, err error) {
	ctx, err = s.manager.Load(ctx, before)
	if err == nil {
		err = s.manager.RenewToken(ctx)
	}
	if err != nil {
		return "", fmt.Errorf("renew session: %w", err)
	}
	limits, err := s.readLimits(ctx)
	if err != nil {
		return "", err
	}
	s.manager.SetDeadline(ctx, of.Began.Add(limits.LongestTime()))
	put(ctx)
	s.manager.Put(ctx, keyBegan, of.Began.UnixMilli())
	s.manager.Put(ctx, keyEra, of.Era)
	token, expiry, err := s.manager.Commit(ctx)
	if err != nil {
		return "", fmt.Errorf("keep session: %w", err)
	}
	if err := s.activity.NameSession(ctx, token, of, limits.Most); err != nil {
		return "", fmt.Errorf("name session: %w", err)
	}
	s.remember(before, nil)
	s.manager.WriteSessionCookie(ctx, w, token, expiry)
	return store.SessionID(token), s.giveTicket(context.WithoutCancel(ctx), w, token)
}

// Alone ends all sessions of the person of one but that one, wherever they are, and
// returns how many were known here. That one goes on under another token as if it had
// begun now, so that no server takes it for one of the others; it ends no later for it.
func (s *Sessions) Alone(ctx context.Context, w http.ResponseWriter, token string) (int64, error) {
	of, err := s.activity.Session(ctx, token)
	if err != nil {
		return 0, fmt.Errorf("read session: %w", err)
	}
	if of.Peer, of.PeerOf, err = s.activity.SessionPeer(ctx, token); err != nil {
		return 0, fmt.Errorf("read session: %w", err)
	}
	was, err := s.manager.Load(ctx, token)
	if err != nil {
		return 0, fmt.Errorf("load session: %w", err)
	}
	n, err := s.activity.StopOtherSessions(ctx, of.User, of.ID)
	if err != nil {
		return 0, err
	}
	s.Forget()
	of.Began = s.now()
	_, err = s.renew(ctx, w, token, of, func(ctx context.Context) { s.manager.SetDeadline(ctx, s.manager.Deadline(was)) })
	return n, err
}

// Rotate goes on with a session under another token, after its person has proved
// again who they are. Nothing else of it changes.
func (s *Sessions) Rotate(ctx context.Context, w http.ResponseWriter, before string) error {
	token := rand.Text() // 130 bits
	if err := s.activity.MoveSession(ctx, before, token); err != nil {
		return fmt.Errorf("renew session: %w", err)
	}
	s.remember(before, nil)
	ctx, err := s.manager.Load(ctx, token)
	if err != nil {
		return fmt.Errorf("load session: %w", err)
	}
	s.manager.WriteSessionCookie(ctx, w, token, s.manager.Deadline(ctx))
	return s.giveTicket(ctx, w, token)
}

// End forgets a session, here and in the browser.
func (s *Sessions) End(ctx context.Context, w http.ResponseWriter, token string) error {
	ctx, err := s.manager.Load(ctx, token)
	if err == nil {
		err = s.manager.Destroy(ctx)
	}
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	s.remember(token, nil)
	s.manager.WriteSessionCookie(ctx, w, "", time.Time{})
	if s.tickets.several() {
		DropCookie(w, s.tickets.name)
	}
	return nil
}
