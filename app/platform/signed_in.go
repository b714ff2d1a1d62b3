package platform

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

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
			found, err := p.sessionsAt(ctx, m, user)
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
		if c := b.Seen.Compare(a.Seen); c != 0 {
			return c
		}
		return strings.Compare(a.ID+a.Server, b.ID+b.Server)
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
	if err := p.Store.Activity.EndSessionsOf(ctx, store.EndedSession{ID: id}); err != nil {
		return 0, err
	}
	p.Kick() // the servers are told
	return 1, nil
}
