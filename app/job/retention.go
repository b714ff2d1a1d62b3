package job

import (
	"context"
	"fmt"
	"time"

	"selfhelp/store"
)

// batch is how many rows one transaction takes, so that nobody waits behind a
// long one.
const batch = 200

// Done is what one round took out.
type Done struct {
	Abandoned     int `json:"abandoned,omitempty"`
	Executions    int `json:"executions,omitempty"`
	Pseudonymised int `json:"pseudonymised,omitempty"`
	Searches      int `json:"searches,omitempty"`
	Messages      int `json:"messages,omitempty"`
	Sessions      int `json:"sessions,omitempty"`
	Spent         int `json:"spent,omitempty"` // proofs that counted once
}

// Retain does one round: it takes out what is older than the rules say. What it
// took is in the audit; a round that took nothing leaves no trace there.
func Retain(ctx context.Context, st *store.Store, now time.Time) (Done, error) {
	rule, _, err := ReadRule(ctx, st.Content)
	if err != nil {
		return Done{}, err
	}
	done, err := retain(ctx, st, rule, now)
	if done != (Done{}) { // also when it broke off: that much is gone
		if kept := st.Content.Audit(ctx, "retention", "retention.run", "", done); err == nil {
			err = kept
		}
	}
	return done, err
}

func retain(ctx context.Context, st *store.Store, rule Rule, now time.Time) (done Done, err error) {
	own, err := ownRules(ctx, st.Content)
	if err != nil {
		return done, err
	}
	a, oldest := st.Activity, now.AddDate(0, -rule.Months, 0)
	except := make([]string, 0, len(own))
	rounds := []round{{&done.Abandoned, func() (int, error) { return a.AbandonExecutions(ctx, now.AddDate(0, 0, -rule.Idle), batch) }}}
	for project, days := range own {
		except = append(except, project)
		rounds = append(rounds, round{&done.Executions, func() (int, error) {
			return a.PurgeExecutions(ctx, project, nil, now.AddDate(0, 0, -days), batch)
		}})
	}
	rounds = append(rounds,
		round{&done.Executions, func() (int, error) { return a.PurgeExecutions(ctx, "", except, oldest, batch) }},
		round{&done.Pseudonymised, func() (int, error) {
			return a.Pseudonymise(ctx, now.AddDate(0, 0, -rule.Names), batch, st.Keys.Pseudonym)
		}},
		round{&done.Searches, whole(func() (int64, error) { return a.PurgeSearches(ctx, oldest, batch) })},
		round{&done.Messages, whole(func() (int64, error) { return a.PurgeMessages(ctx, oldest, batch) })},
		round{&done.Sessions, whole(func() (int64, error) { return a.PurgeSessions(ctx, batch) })},
		round{&done.Sessions, whole(func() (int64, error) { return a.PurgeEndedSessions(ctx, batch) })},
		round{&done.Spent, whole(func() (int64, error) { return a.PurgeSpent(ctx, batch) })},
	)
	for _, r := range rounds {
		if err := r.run(); err != nil {
			return done, err
		}
	}
	return done, nil
}

// ownRules are the days that projects keep their executions, where they say so.
func ownRules(ctx context.Context, c *store.Content) (map[string]int, error) {
	domains, err := c.Domains(ctx)
	if err != nil {
		return nil, err
	}
	own := map[string]int{}
	for _, d := range domains {
		projects, err := c.Projects(ctx, d.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range projects {
			if days := p.Data.Settings.RetentionDays; days > 0 {
				own[p.ID] = days
			}
		}
	}
	return own, nil
}

// round takes out one kind of thing, a batch after the other.
type round struct {
	count *int
	some  func() (int, error)
}

func (r round) run() error {
	for {
		n, err := r.some()
		*r.count += n
		if err != nil {
			return fmt.Errorf("retention: %w", err)
		}
		if n < batch {
			return nil
		}
	}
}

func whole(some func() (int64, error)) func() (int, error) {
	return func() (int, error) {
		n, err := some()
		return int(n), err
	}
}

// Daily does a thing on the first tick and on the first tick of every day after
// it, in universal time, until the ticks end or ctx is done. One that fails is
// done again on the next tick.
func Daily(ctx context.Context, ticks <-chan time.Time, do func(now time.Time) error) {
	last := ""
	for {
		select {
		case <-ctx.Done():
			return
		case now, more := <-ticks:
			if !more {
				return
			}
			if today := now.UTC().Format(time.DateOnly); today != last && do(now) == nil {
				last = today
			}
		}
	}
}
