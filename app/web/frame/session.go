package frame

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/store"
)

const (
	SessionCookie   = "session"
	sessionLifetime = 12 * time.Hour
	sessionIdle     = 2 * time.Hour
	// sessionTrust is how long what a session's account may do is taken from
	// memory. What this server itself changes is seen at once; what a command
	// or another server changes, after this.
	sessionTrust = 5 * time.Second

	keyUser  = "user"
	keyBegan = "began"
)

// Sessions are the browsers that have signed in.
type Sessions struct {
	manager  *scs.SessionManager
	content  *store.Content
	activity *store.Activity

	mu         sync.Mutex
	young, old map[string]*account // by token, for a moment
}

// account is who a session is of, as far as requests need to know.
type account struct {
	who    access.Identity
	groups map[string]access.Groups // by domain
	renew  bool                     // the password must be changed first
	until  time.Time
}

func newSessions(st *store.Store, name string, secure bool) *Sessions {
	m := scs.New()
	m.Store = st.Activity.Sessions()
	m.Lifetime, m.IdleTimeout = sessionLifetime, sessionIdle
	m.Cookie.Name, m.Cookie.Secure, m.Cookie.Persist = name, secure, false
	return &Sessions{manager: m, content: st.Content, activity: st.Activity, young: map[string]*account{}}
}

const sessionsRemembered = 10_000 // a generation

// of returns the account of a token, nil when it opens nothing.
func (s *Sessions) of(ctx context.Context, token string, now time.Time) (*account, error) {
	if a := s.remembered(token); a != nil && now.Before(a.until) {
		return a, nil
	}
	a, err := s.read(ctx, token, now)
	s.remember(token, a)
	return a, err
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
	s.young, s.old = map[string]*account{}, nil
}

// read finds the session and its account in the store, and puts the idle limit
// off.
func (s *Sessions) read(ctx context.Context, token string, now time.Time) (*account, error) {
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
	if !u.Active || time.UnixMilli(s.manager.GetInt64(ctx, keyBegan)).Before(u.SessionsFrom.Truncate(time.Millisecond)) {
		return nil, nil
	}
	if _, _, err := s.manager.Commit(ctx); err != nil {
		return nil, fmt.Errorf("keep session: %w", err)
	}
	return s.account(ctx, u, now)
}

// account gathers what requests need to know of a user.
func (s *Sessions) account(ctx context.Context, u store.User, now time.Time) (*account, error) {
	m, err := s.content.Memberships(ctx, u.ID)
	if err != nil {
		return nil, fmt.Errorf("read where %s belongs: %w", u.Login, err)
	}
	who, groups := identityOf(u, m)
	return &account{who: who, groups: groups, renew: u.MustChange, until: now.Add(sessionTrust)}, nil
}

// Begin starts a session for a user: another token than before, so that one
// that was slipped to the browser opens nothing.
func (s *Sessions) Begin(ctx context.Context, w http.ResponseWriter, before string, of store.Session) error {
	ctx, err := s.manager.Load(ctx, before)
	if err == nil {
		err = s.manager.RenewToken(ctx)
	}
	if err != nil {
		return fmt.Errorf("renew session: %w", err)
	}
	s.manager.Put(ctx, keyUser, of.User)
	s.manager.Put(ctx, keyBegan, of.Began.UnixMilli())
	token, expiry, err := s.manager.Commit(ctx)
	if err != nil {
		return fmt.Errorf("keep session: %w", err)
	}
	if err := s.activity.NameSession(ctx, token, of); err != nil {
		return fmt.Errorf("name session: %w", err)
	}
	s.remember(before, nil)
	s.manager.WriteSessionCookie(ctx, w, token, expiry)
	return nil
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
	return nil
}
