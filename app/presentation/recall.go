package presentation

import (
	"cmp"
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

// RecalledMost is how many executions of somebody come, those that they began last.
const RecalledMost = 50

// Want asks for the executions of an account, as far as they are not here.
type Want struct {
	User string    `json:"user"`
	Had  store.Had `json:"had,omitempty"`
}

// wants are whose executions somebody waits for, and how far they are here.
func (p *Presentation) wants(ctx context.Context) (all []Want) {
	for _, user := range p.recalls.wants(p.Now()) {
		had, err := p.store.Activity.Had(ctx, user, RecalledMost)
		if err != nil {
			p.log.Error("it is not known how far the executions of somebody are here", "err", err)
		}
		all = append(all, Want{user, had})
	}
	return all
}

// recalls are whose executions are awaited, and whose came, by the id of the account.
type recalls struct {
	mu     sync.Mutex
	of     map[string]*recall
	silent time.Time // until when nobody waits: nothing came for the last one
}

// recall is about one account.
type recall struct {
	at     time.Time     // when they were wanted last, or came
	came   bool          // they are here
	arrive chan struct{} // closed then
}

// wants are the ids of the accounts whose executions somebody waits for.
func (r *recalls) wants(now time.Time) (users []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(now)
	for user, one := range r.of {
		if !one.came {
			users = append(users, user)
		}
	}
	slices.Sort(users)
	return users
}

// forget drops what came a while ago, and what nobody waits for any more.
func (r *recalls) forget(now time.Time) {
	maps.DeleteFunc(r.of, func(_ string, one *recall) bool { return now.Sub(one.at).Abs() > recallFresh })
}

// awaited is how many accounts' executions somebody waits for.
func (r *recalls) awaited() (n int) {
	for _, one := range r.of {
		if !one.came {
			n++
		}
	}
	return n
}

// want asks for the executions of an account, and returns what is closed when they come;
// nil when they are here, or nobody is asked for more.
func (r *recalls) want(user string, now time.Time) (arrive <-chan struct{}, here bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(now)
	one := r.of[user]
	switch {
	case one != nil && one.came:
		return nil, true
	case one != nil:
		one.at = now
	case r.awaited() >= recallMost:
		return nil, false
	default:
		if r.of == nil {
			r.of = map[string]*recall{}
		}
		one = &recall{at: now, arrive: make(chan struct{})}
		r.of[user] = one
	}
	if now.Before(r.silent) {
		return nil, false
	}
	return one.arrive, false
}

// arrived tells who waits that the executions of an account are here.
func (r *recalls) arrived(user string, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if one := r.of[user]; one != nil && !one.came {
		close(one.arrive)
		one.came, one.at = true, now
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
	late := time.NewTimer(cmp.Or(p.Patience, recallPatience))
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
	}
	if err := p.store.Activity.TakeRecalled(ctx, r.Executions); err != nil {
		return nil, err
	}
	p.recalls.arrived(r.User, p.Now())
	return nil, nil
}
