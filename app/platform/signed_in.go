package platform

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"selfhelp/app/presentation"
	"selfhelp/store"
)

// askedFor is how long somebody waits who looks at what the servers have of a person.
const askedFor = 2 * time.Second

// SignedIn is a session that a presentation server knows.
type SignedIn struct {
	store.Session
	Server string // its name
}

// SessionsOf asks every server for the sessions of somebody, and returns each once, as the
// server has it where it was used last; and the names of those that did not answer.
func (p *Platform) SessionsOf(ctx context.Context, user string) (all []SignedIn, away []string, err error) {
	return p.gather(ctx, func(ctx context.Context, m *Member) ([]SignedIn, error) { return p.sessionsAt(ctx, m, user) })
}

// SoughtSessions asks every server for sessions of everybody, as SessionsOf does, and says
// whether one of them has more.
func (p *Platform) SoughtSessions(ctx context.Context, q store.Sought) (all []SignedIn, more bool, away []string, err error) {
	body, err := json.Marshal(q)
	if err != nil {
		return nil, false, nil, err
	}
	var further atomic.Bool
	all, away, err = p.gather(ctx, func(ctx context.Context, m *Member) (found []SignedIn, err error) {
		answer, err := p.ask(ctx, m, "POST", "sessions/sought", nil, body)
		var there presentation.Sought
		if err == nil {
			err = json.Unmarshal(answer, &there)
		}
		if there.More {
			further.Store(true)
		}
		for _, one := range there.Sessions {
			found = append(found, SignedIn{one, m.Server().Name})
		}
		return found, err
	})
	return all, further.Load(), away, err
}

// gather asks every server for sessions at the same time.
func (p *Platform) gather(ctx context.Context, ask func(context.Context, *Member) ([]SignedIn, error)) (all []SignedIn, away []string, err error) {
	members, err := p.list(ctx)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(p.Patience, askedFor))
	defer cancel()
	var mu sync.Mutex
	var asking sync.WaitGroup
	for _, m := range members {
		asking.Go(func() {
			found, err := ask(ctx, m)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				away = append(away, m.Server().Name)
			}
			all = append(all, found...)
		})
	}
	asking.Wait()
	slices.Sort(away)
	slices.SortFunc(all, func(a, b SignedIn) int {
		return cmp.Or(b.Seen.Compare(a.Seen), strings.Compare(a.ID+a.Server, b.ID+b.Server))
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(one SignedIn) bool {
		again := seen[one.ID]
		seen[one.ID] = true
		return again
	}), away, nil
}

func (p *Platform) sessionsAt(ctx context.Context, m *Member, user string) (found []SignedIn, err error) {
	answer, err := p.ask(ctx, m, "GET", "sessions", url.Values{"user": {user}}, nil)
	var there []store.Session
	if err == nil {
		err = json.Unmarshal(answer, &there)
	}
	for _, one := range there {
		if one.User == user {
			found = append(found, SignedIn{one, m.Server().Name})
		}
	}
	return found, err
}

// StopSession ends a session of somebody that a presentation server knows, at every server,
// and returns how many there were.
func (p *Platform) StopSession(ctx context.Context, user, id string) (int64, error) {
	all, _, err := p.SessionsOf(ctx, user)
	if err != nil || !slices.ContainsFunc(all, func(one SignedIn) bool { return one.ID == id }) {
		return 0, err
	}
	return 1, p.EndSessions(ctx, id)
}

// EndSessions ends sessions by their names in lists, wherever they are known.
func (p *Platform) EndSessions(ctx context.Context, ids ...string) error {
	ended := make([]store.EndedSession, len(ids))
	for i, id := range ids {
		ended[i].ID = id
	}
	if err := p.Store.Activity.EndSessionsOf(ctx, ended...); err != nil {
		return err
	}
	p.Kick() // the servers are told
	return nil
}
