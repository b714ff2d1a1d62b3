package platform

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"selfhelp/app/login"
	"selfhelp/app/presentation"
	"selfhelp/store"
	"selfhelp/store/people"
)

// wishEvery is how often the password of somebody is changed from one presentation server:
// what comes sooner waits there, where it holds.
const wishEvery = time.Minute

// againFor is how long a password that is given again waits for the one that it replaced,
// which another server may have: for servers that are asked later, or answer later.
const againFor = time.Hour

// bringWishes takes the passwords here that people chose at a server. One that is refused
// does not hold there any more either, once the accounts came.
func (p *Platform) bringWishes(ctx context.Context, m *Member, s presentation.State) error {
	if !s.Wishes {
		return nil
	}
	answer, err := p.ask(ctx, m, "GET", "wishes", nil, nil)
	var all []store.Wish
	if err == nil {
		err = json.Unmarshal(answer, &all)
	}
	if err != nil {
		return fmt.Errorf("ask who changed their password there: %w", err)
	}
	var done []store.WishDone
	refused := map[people.WishEnd]int{}
	for _, w := range all[:min(len(all), presentation.WishesAtOnce)] {
		w.At = w.At.Add(-m.skewed())
		if !w.Again.IsZero() {
			w.Again = w.Again.Add(-m.skewed())
		}
		end, err := p.takeWish(ctx, m.Server(), w)
		if err != nil {
			return fmt.Errorf("take a password that was changed there: %w", err)
		}
		if end == waits {
			continue
		}
		has := end == people.WishTaken || end == people.WishKnown
		done = append(done, store.WishDone{User: w.User, Last: w.Last, Taken: has})
		if !has {
			refused[end]++
		}
	}
	for end, count := range refused {
		p.Log.Warn("passwords that were changed at a presentation server are not taken", "server", m.Server().Name, "count", count, "why", string(end))
	}
	if len(done) == 0 {
		return nil
	}
	p.extractAnew() // what was extracted has the passwords before
	p.Kick()
	body, err := json.Marshal(done)
	if err == nil {
		err = p.keepTaken(ctx, m, "wishes/done", body)
	}
	if err != nil {
		return fmt.Errorf("tell which passwords were taken: %w", err)
	}
	return nil
}

// waits is what becomes of a wish of somebody whose password was changed just now.
const waits people.WishEnd = "waits"

// takeWish judges one wish.
func (p *Platform) takeWish(ctx context.Context, from store.Server, w store.Wish) (people.WishEnd, error) {
	switch {
	case !login.IsHash(w.Password) || len(w.Was) > people.MostWas:
		return people.WishUnknown, nil
	case p.hasWish(ctx, w):
		return people.WishKnown, nil
	case p.comesEarly(ctx, w):
		return waits, nil
	case !p.mayWish(from.ID, w.User):
		return waits, nil
	}
	u, end, err := p.Store.Content.TakeWish(ctx, w, from.Name)
	if err != nil || end != people.WishTaken {
		return end, err
	}
	if p.Wished != nil {
		if err := p.Wished(ctx, u); err != nil {
			p.Log.Error("a letter about a change of sign-in could not be written", "user", u.ID, "err", err)
		}
	}
	return end, nil
}

// hasWish reports whether a wish was taken before: the server was not told.
func (p *Platform) hasWish(ctx context.Context, w store.Wish) bool {
	u, err := p.Store.Content.User(ctx, w.User)
	return err == nil && u.Password == w.Password
}

// comesEarly reports whether a wish that is given again does not fit yet: several servers
// have what one person chose one after the other, and are asked in any order.
func (p *Platform) comesEarly(ctx context.Context, w store.Wish) bool {
	if w.Again.IsZero() || p.Now().Sub(w.Again).Abs() >= againFor {
		return false
	}
	u, err := p.Store.Content.User(ctx, w.User)
	return err != nil || !slices.Contains(w.Was, u.Password)
}

// mayWish reports whether nothing of a server was judged about somebody just now, and keeps
// that it is now.
func (p *Platform) mayWish(server, user string) bool {
	user = server + " " + user
	now := p.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.wished, func(_ string, at time.Time) bool { return now.Sub(at).Abs() >= wishEvery })
	if _, just := p.wished[user]; just {
		return false
	}
	p.wished[user] = now
	return true
}
