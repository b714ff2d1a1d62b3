package drive

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"selfhelp/app/connect"
	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/seal"
	"selfhelp/store"
)

// perform carries out an effect once: whoever asks for the same one again, by a
// double click or from another server, is given the reply of the first.
func (j *Journey) perform(e *execution.Effect) (execution.EffectResult, error) {
	// The person may leave; what was begun in their name is still done.
	ctx := context.WithoutCancel(j.v.Context())
	if e.Test || e.Kind == execution.EffectSearch || e.Kind == execution.EffectDirectory {
		return connect.Perform(ctx, e, j.from), nil // asking twice does nothing twice
	}
	claim, mine, err := j.site.Activity.ClaimEffect(ctx, e.Key, j.v.Pass.Execution)
	if err != nil {
		return execution.EffectResult{}, err
	}
	if !mine {
		return j.replyOf(ctx, e, claim)
	}
	return j.carryOut(ctx, e)
}

// carryOut carries out an effect that is claimed. The claim is at the second site
// before the outside is told, so that a server that takes over does not tell it again,
// and the reply before it is shown, so that it is known there too. A second site that
// does not answer holds nothing up: that is told on the status.
func (j *Journey) carryOut(ctx context.Context, e *execution.Effect) (execution.EffectResult, error) {
	j.secure(ctx, e)
	reply := connect.Perform(ctx, e, j.from)
	err := j.settleClaim(ctx, e, reply)
	if err == nil {
		j.secure(ctx, e)
	}
	return reply, err
}

func (j *Journey) secure(ctx context.Context, e *execution.Effect) {
	if err := j.site.Store.SecureHandedOut(ctx); err != nil {
		j.site.Log.Warn("a step goes on though the second site does not know of it", "name", e.Step, "err", err)
	}
}

// settleClaim keeps a good reply for ever; after any other the effect may be
// tried again.
func (j *Journey) settleClaim(ctx context.Context, e *execution.Effect, reply execution.EffectResult) error {
	if reply.Status != execution.EffectOK {
		return j.site.Activity.ReleaseClaim(ctx, e.Key)
	}
	body, err := json.Marshal(reply)
	if err != nil {
		return fmt.Errorf("write the reply of step %s: %w", e.Step, err)
	}
	return j.site.Activity.SettleClaim(ctx, e.Key, body)
}

// How long one waits for the reply to an effect that someone else carries out.
const (
	claimPatience = 30 * time.Second
	claimPause    = 100 * time.Millisecond
)

// replyOf returns the reply of whoever carries the effect out. When none comes,
// nobody knows whether it was done: it is not done again, and the step takes
// its error branch.
func (j *Journey) replyOf(ctx context.Context, e *execution.Effect, claim store.Claim) (reply execution.EffectResult, err error) {
	for until := time.Now().Add(claimPatience); !claim.Done; {
		if time.Now().After(until) || j.site.Now().Sub(claim.At) > 2*claimPatience {
			return execution.EffectResult{Key: e.Key, Status: execution.EffectError, Error: "begun before, and its reply never came"}, nil
		}
		time.Sleep(claimPause)
		var mine bool
		if claim, mine, err = j.site.Activity.ClaimEffect(ctx, e.Key, j.v.Pass.Execution); err != nil {
			return reply, err
		}
		if mine { // whoever had it could not do it
			return j.carryOut(ctx, e)
		}
	}
	if err := json.Unmarshal(claim.Result, &reply); err != nil {
		return reply, fmt.Errorf("read the reply of step %s: %w", e.Step, err)
	}
	return reply, nil
}

// sources lends an execution the eyes of its person: what they may find, and
// the accounts of its domain.
func (s *Driver) sources(v *frame.Visit, p seal.Pass) connect.Sources {
	return connect.Sources{
		Search: func(_ context.Context, q connect.Query) ([]connect.Found, error) { return s.findFor(v, p, q) },
		Person: func(ctx context.Context, by, value string) (map[string]string, bool, error) {
			return s.personOf(ctx, p.Domain, by, value)
		},
	}
}

// findFor searches the portal of an execution's domain as its person would.
func (s *Driver) findFor(v *frame.Visit, p seal.Pass, q connect.Query) ([]connect.Found, error) {
	result, err := s.Hold(v).Domain(p.Domain).Search(q.Words, publication.Filter{
		Reader: publication.Reader{Member: v.Who.In(p.Domain), Groups: q.Groups}, Lang: q.Language,
		Project: p.Project, Category: q.Category, Limit: q.Max, Now: s.Now(),
	})
	if err != nil {
		return nil, err
	}
	found := make([]connect.Found, len(result.Hits))
	for i, h := range result.Hits {
		title, _ := h.Entry.Title.Pick(s.Now(), append([]string{q.Language}, h.Bundle.Project().Languages...)...)
		found[i] = connect.Found{Title: title, Alias: h.Alias, URL: frame.StartAddress(p.Domain, h.Entry), Score: h.Score}
	}
	return found, nil
}

// personOf looks an account of a domain up.
func (s *Driver) personOf(ctx context.Context, domain, by, value string) (map[string]string, bool, error) {
	users, err := s.AccountsBy(ctx, domain, by, value)
	if err != nil {
		return nil, false, err
	}
	var found []map[string]string
	for _, u := range users {
		if known := toldOf(u); u.Active && value != "" && known[by] == value {
			found = append(found, known)
		}
	}
	if len(found) != 1 {
		return nil, false, nil
	}
	return found[0], true, nil
}

// AccountsBy returns the accounts that may be the one looked for.
func (s *Driver) AccountsBy(ctx context.Context, domain, by, value string) ([]store.User, error) {
	if by == "id" {
		u, err := s.Content.User(ctx, value)
		if fault.Is(err, fault.NotFound) {
			return nil, nil
		}
		return []store.User{u}, err
	}
	return s.Content.Users(ctx, store.UserFilter{Domain: domain, Text: value, Limit: 50})
}

// toldOf is what procedures may read of an account.
func toldOf(u store.User) map[string]string {
	known := map[string]string{}
	for name, value := range u.Attributes {
		known[name] = value
	}
	for name, value := range map[string]string{
		"id": u.ID, "login": u.Login, "name": u.Name(), "first_name": u.FirstName, "last_name": u.LastName, "mail": u.Mail, "language": u.Language,
	} {
		known[name] = value
	}
	return known
}
