package presentation

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/peer"
	"selfhelp/store"
)

// The executions of somebody who is signed in may be at other servers: this one asks for
// them when they look for them, by what it says of itself to the edition server, which
// asks it each second and has what happened everywhere.
const (
	recallPatience = 3 * time.Second  // that somebody waits for them
	recallFresh    = 10 * time.Second // that nothing is asked again for
	recallMost     = 100              // people at once
)

// recalls are whose executions are awaited, and whose came.
type recalls struct {
	mu     sync.Mutex
	wanted map[string]time.Time     // since when, by id of the account
	came   map[string]time.Time     // when, by id of the account
	told   map[string]chan struct{} // closed when they come
	silent time.Time                // until when nobody waits: nothing came for the last one
}

// Wants are the ids of the accounts whose executions somebody waits for.
func (r *recalls) wants(now time.Time) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.wanted, func(_ string, since time.Time) bool { return now.Sub(since) > time.Minute })
	maps.DeleteFunc(r.came, func(_ string, at time.Time) bool { return now.Sub(at) > recallFresh })
	return slices.Sorted(maps.Keys(r.wanted))
}

// want asks for the executions of an account, and returns what is closed when they come;
// nil when they are here, or nobody is asked for more.
func (r *recalls) want(user string, now time.Time) (arrive <-chan struct{}, here bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at, is := r.came[user]; is && now.Sub(at) < recallFresh {
		return nil, true
	}
	if r.told[user] == nil {
		if len(r.wanted) >= recallMost {
			return nil, false
		}
		if r.told == nil {
			r.wanted, r.came, r.told = map[string]time.Time{}, map[string]time.Time{}, map[string]chan struct{}{}
		}
		r.told[user] = make(chan struct{})
	}
	r.wanted[user] = now
	if now.Before(r.silent) {
		return nil, false
	}
	return r.told[user], false
}

// arrived tells who waits that the executions of an account are here.
func (r *recalls) arrived(user string, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if told := r.told[user]; told != nil {
		close(told)
		delete(r.told, user)
		delete(r.wanted, user)
		r.came[user] = now
	}
	r.silent = time.Time{}
}

// quiet keeps others from waiting for a while: the edition server does not ask.
func (r *recalls) quiet(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.silent = now.Add(recallFresh)
}

// Recall brings the executions of an account here that are at other servers, and reports
// whether all of them are here now, as far as the edition server knows them.
func (p *Presentation) Recall(ctx context.Context, user string) bool {
	arrive, here := p.recalls.want(user, p.Now())
	if arrive == nil {
		return here
	}
	late := time.NewTimer(recallPatience)
	defer late.Stop()
	select {
	case <-arrive:
		return true
	case <-late.C:
		p.recalls.quiet(p.Now())
	case <-ctx.Done():
	}
	return false
}

// Recalled are the executions of an account.
type Recalled struct {
	User       string           `json:"user"`
	Executions []store.Recalled `json:"executions"`
}

// takeRecalled takes the executions of an account that somebody waits for here.
func (p *Presentation) takeRecalled(ctx context.Context, q peer.Ask) ([]byte, error) {
	var r Recalled
	if err := json.Unmarshal(q.Body, &r); err != nil || r.User == "" {
		return nil, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	for _, one := range r.Executions {
		if one.Execution.ID == "" || one.Execution.User != r.User {
			return nil, fault.New(fault.Invalid, "fault.peer.body")
		}
		if err := p.store.Activity.TakeRecalled(ctx, one); err != nil && !fault.Is(err, fault.Conflict) {
			return nil, err
		}
	}
	p.recalls.arrived(r.User, p.Now())
	return nil, nil
}
