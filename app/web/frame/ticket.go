package frame

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/web/seal"
	"selfhelp/store"
)

// A ticket is what a browser shows to a server of the platform that does not know its
// session, because it began at another one, which may be gone: the server takes the
// session over from it, under the same token and with the same beginning and limits.
//
// It stands sealed beside the session's cookie and opens nothing without that: it is
// bound to the hash of the token. What it says may have changed since, at a server
// that cannot tell the others; so it is good for an hour, and a fresh one is given
// every minute while somebody is there. What the accounts say (suspended, signed out
// everywhere, rights) and the limits of sessions hold for it as for any session.
//
// A server remembers the sessions that ended there, and refuses their tickets. Another
// server learns that from the edition server, which carries ends about; until then,
// and an hour at most, whoever kept both cookies may go on there, as they may with a
// session of which nobody knows that it was stolen.

const (
	ticketCookie  = "ticket"
	ticketPurpose = "ticket"
	// ticketAge is after how long a ticket is replaced.
	ticketAge = time.Minute
	// ticketMost bounds what a cookie can carry. What a provider needs to be asked to
	// end its own session is left out where it is longer.
	ticketMost = 3800
)

// ticket is what is sealed.
type ticket struct {
	User    string `json:"u"`
	Method  string `json:"m,omitempty"`
	Era     string `json:"g,omitempty"`
	Began   int64  `json:"b"` // milliseconds since 1970, like all that follow
	Proved  int64  `json:"p,omitempty"`
	RunOnly bool   `json:"r,omitempty"`
	Without string `json:"w,omitempty"`
	Peer    string `json:"e,omitempty"`
	PeerOf  string `json:"o,omitempty"`
	Outside string `json:"x,omitempty"`
	Issued  int64  `json:"i"`
	Until   int64  `json:"t"`
}

// tickets are how the sessions of one of several servers go on at another.
type tickets struct {
	keys    seal.Keys
	name    string // of the cookie
	secure  bool
	several func() bool // whether there are others
	// patience is how long a newcomer's account is waited for.
	patience time.Duration
}

// issue makes the ticket of a session, "" where it opens nothing any more.
func (s *Sessions) issue(ctx context.Context, token string, now time.Time) (string, error) {
	ctx, err := s.manager.Load(ctx, token)
	if err != nil {
		return "", fmt.Errorf("load session: %w", err)
	}
	t := ticket{
		User: s.manager.GetString(ctx, keyUser), Method: s.manager.GetString(ctx, keyMethod), Era: s.manager.GetString(ctx, keyEra), Began: s.manager.GetInt64(ctx, keyBegan),
		Proved: s.manager.GetInt64(ctx, keyProved), RunOnly: s.manager.GetBool(ctx, keyRunOnly), Without: s.manager.GetString(ctx, keyWithout),
		Outside: s.manager.GetString(ctx, keyOutside), Issued: now.UnixMilli(),
	}
	if t.User == "" {
		return "", nil
	}
	until := now.Add(store.TicketLife)
	if end := s.manager.Deadline(ctx); end.Before(until) {
		until = end
	}
	t.Until = until.UnixMilli()
	if t.Peer, t.PeerOf, err = s.activity.SessionPeer(ctx, token); err != nil {
		return "", fmt.Errorf("read the provider of a session: %w", err)
	}
	sealed, err := s.sealTicket(t, token)
	if err == nil && len(sealed) > ticketMost {
		t.Outside = ""
		sealed, err = s.sealTicket(t, token)
	}
	return sealed, err
}

func (s *Sessions) sealTicket(t ticket, token string) (string, error) {
	body, err := json.Marshal(t)
	return s.tickets.keys.Seal(ticketPurpose, store.SessionID(token), body), err
}

// openTicket returns what a ticket says that is good for a token now.
func (s *Sessions) openTicket(sealed, token string, now time.Time) (t ticket, ok bool) {
	if len(sealed) > ticketMost {
		return t, false
	}
	body, ok := s.tickets.keys.Open(ticketPurpose, store.SessionID(token), sealed)
	if !ok || json.Unmarshal(body, &t) != nil || t.User == "" {
		return ticket{}, false
	}
	issued, until := time.UnixMilli(t.Issued), time.UnixMilli(t.Until)
	early := issued.After(now.Add(clockSkew)) || t.Began > t.Issued
	late := !now.Before(until) || until.After(issued.Add(store.TicketLife))
	return t, !early && !late
}

// takeOver keeps the session of a ticket as one of this server, and reports whether it
// does.
func (s *Sessions) takeOver(ctx context.Context, v *Visit, token string, now time.Time) (bool, error) {
	if !s.tickets.several() {
		return false, nil
	}
	t, ok := s.openTicket(v.CookieValue(s.tickets.name), token, now)
	if !ok {
		return false, nil
	}
	limits, err := s.readLimits(ctx)
	if err != nil {
		return false, err
	}
	// When it was issued somebody was there; how long since, nobody knows.
	if began := time.UnixMilli(t.Began); now.Sub(time.UnixMilli(t.Issued)) >= limits.IdleTime() || !now.Before(began.Add(limits.LongestTime())) {
		return false, nil
	}
	of := store.Session{
		User: t.User, Method: t.Method, Peer: t.Peer, PeerOf: t.PeerOf, Era: t.Era, Began: time.UnixMilli(t.Began), Agent: agentOf(v), Address: v.Address.String(),
	}
	return s.adopt(ctx, t, of, token, now.Add(limits.IdleTime()), of.Began.Add(limits.LongestTime()), limits.Most)
}

// adopt keeps the session of a ticket, which ends at a time, or at another when nobody
// uses it. Whose account may not come in is not taken: it would only be in the way of
// their other sessions.
func (s *Sessions) adopt(ctx context.Context, t ticket, of store.Session, token string, idle, end time.Time, most int) (bool, error) {
	u, err := s.awaited(ctx, t.User)
	if fault.Is(err, fault.NotFound) || err == nil && !u.Counts(of.Era, of.Began) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the account of a ticket: %w", err)
	}
	data, err := s.manager.Codec.Encode(end, map[string]any{
		keyUser: t.User, keyMethod: t.Method, keyEra: t.Era, keyBegan: t.Began, keyProved: t.Proved, keyRunOnly: t.RunOnly, keyWithout: t.Without, keyOutside: t.Outside,
	})
	if err != nil {
		return false, fmt.Errorf("write the session of a ticket: %w", err)
	}
	if idle.After(end) {
		idle = end
	}
	taken, err := s.activity.AdoptSession(ctx, token, data, idle, of, most)
	if err != nil {
		return false, fmt.Errorf("take over a session: %w", err)
	}
	return taken, nil
}

// giveTicket has the browser keep the ticket of a session.
func (s *Sessions) giveTicket(ctx context.Context, w http.ResponseWriter, token string) error {
	if !s.tickets.several() {
		return nil
	}
	sealed, err := s.issue(ctx, token, s.now())
	if err != nil || sealed == "" {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: s.tickets.name, Value: sealed, Path: "/", HttpOnly: true, Secure: s.tickets.secure, SameSite: http.SameSiteLaxMode,
	})
	return nil
}

// renewTicket gives the browser of a visit another ticket where it has none of the
// last minute. What a page asks by itself, with nobody at it, keeps no session alive,
// and no ticket.
func (s *Sessions) renewTicket(w http.ResponseWriter, v *Visit) error {
	if !s.tickets.several() || v.Token == "" || v.Header.Get(UnattendedHeader) != "" {
		return nil
	}
	now := s.now()
	if t, ok := s.openTicket(v.CookieValue(s.tickets.name), v.Token, now); ok && now.Sub(time.UnixMilli(t.Issued)) < ticketAge {
		return nil
	}
	return s.giveTicket(v.Context(), w, v.Token)
}

// agentOf is what the browser of a visit calls itself.
func agentOf(v *Visit) string {
	agent := strings.ToValidUTF8(v.UserAgent(), "")
	return agent[:min(len(agent), maxAgent)]
}

// How long an account is waited for that came to another server a moment ago: the
// edition server carries it about within two seconds.
const (
	newcomerTime  = 4 * time.Second
	newcomerEvery = 100 * time.Millisecond
)

// awaited returns an account, once it is here.
func (s *Sessions) awaited(ctx context.Context, id string) (u store.User, err error) {
	until := time.Now().Add(s.tickets.patience)
	for {
		u, err = s.content.User(ctx, id)
		if !fault.Is(err, fault.NotFound) || time.Now().After(until) {
			return u, err
		}
		select {
		case <-ctx.Done():
			return u, err
		case <-time.After(newcomerEvery):
		}
	}
}
