package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"time"

	"selfhelp/app/edition"
	"selfhelp/app/login"
	"selfhelp/app/platform"
	"selfhelp/store"
)

// servers is how many presentation servers are published to.
const servers = 5

// several publishes to presentation servers on this machine, each in a process of its
// own, while people answer on one of them.
func (m *measure) several(ctx context.Context) (err error) {
	if _, err := fill(ctx, m.folder("edition"), m.thousand()); err != nil {
		return err
	}
	st, e, err := openProduct(ctx, m.folder("edition"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close(), st.Close()) }()
	p, err := platform.New(platform.Settings{
		Store: st, Edition: e, Name: func() string { return "" }, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Arrive: func(context.Context, string, login.Identity, string) error { return nil },
	})
	if err != nil {
		return err
	}
	e.OnSwitch(p.Kick)
	looking, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); p.Run(looking) }()
	defer func() { stop(); <-done }()
	var all []*process
	for i := range servers {
		one, err := m.presentation(ctx, p, i)
		if err != nil {
			return err
		}
		defer one.stop()
		all = append(all, one)
	}
	if _, err := served(ctx, p, e.Shelf().Sequence()); err != nil {
		return err
	}
	time.Sleep(3 * time.Second) // what was published is looked through
	idle, err := all[0].memory()
	if err != nil {
		return err
	}
	m.add(fmt.Sprintf("memory of a presentation server, idle, %d procedures", m.thousand()), megabytes(idle), "", "", "50 MB")
	return errors.Join(m.publishAmong(ctx, p, st, e, all[0]), m.apart(ctx, p, st, e, all), m.balanced(all[0], all[1]))
}

// thousand is how many procedures are published: fewer where all is measured in its
// smallest form.
func (m *measure) thousand() int { return min(1000, m.many) }

// presentation starts a presentation server, and lets it join.
func (m *measure) presentation(ctx context.Context, p *platform.Platform, n int) (*process, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	one, err := start(addr, "/livez", "./selfhelp", "serve", "--role", "presentation", "--data", m.folder(fmt.Sprintf("help%d", n)), "--listen", addr, "--behind-proxy", "127.0.0.0/8", "--drain", "0s", "--log-level", "warn")
	if err != nil {
		return nil, err
	}
	code := ""
	for range 100 { // it is printed once the server answers
		if code = regexp.MustCompile(`[A-Z2-7]{5}(-[A-Z2-7]{5}){3}\n`).FindString(one.out.String()); code != "" {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if _, err := p.Join(ctx, store.Server{Name: fmt.Sprintf("help%d", n), Address: "http://" + addr, Target: "production"}, code, "bench"); err != nil {
		one.stop()
		return nil, err
	}
	return one, nil
}

// served waits until every server serves a publication, and says how long that took.
func served(ctx context.Context, p *platform.Platform, sequence uint64) (time.Duration, error) {
	began := time.Now()
	for time.Since(began) < time.Minute {
		all, err := p.Members(ctx)
		if err != nil {
			return 0, err
		}
		there := 0
		for _, one := range all {
			if one.State.Sequence == sequence {
				there++
			}
		}
		if there == servers {
			return time.Since(began), nil
		}
		time.Sleep(2 * time.Millisecond)
	}
	all, err := p.Members(ctx)
	return 0, errors.Join(fmt.Errorf("not every server serves publication %d: %+v", sequence, all), err)
}

// publishAmong publishes while people answer on the first server, and compares their
// times with those before.
func (m *measure) publishAmong(ctx context.Context, p *platform.Platform, st *store.Store, e *edition.Edition, first *process) error {
	projects, err := st.Content.Projects(ctx, "production")
	if err != nil {
		return err
	}
	answer := func(during time.Duration) figures { return answers(first, 8, during) }
	answer(time.Second) // warm
	before := answer(m.during)
	told := make(chan figures, 1)
	go func() { told <- answer(m.during) }()
	time.Sleep(m.during / 5)
	began := time.Now()
	if _, err := e.Publish(ctx, edition.Order{Project: projects[0].ID}); err != nil {
		return err
	}
	built := time.Since(began)
	after, err := served(ctx, p, e.Shelf().Sequence())
	if err != nil {
		return err
	}
	among := <-told
	m.add(fmt.Sprintf("publish %d procedures, from the order until %d servers serve them", m.thousand(), servers), seconds(built+after), seconds(built)+" to build", "", "5 s")
	p99 := func(f figures) time.Duration { return f.percentile(99) }
	m.add("answer a step on one of them meanwhile, sharing all cores, p50 / p99", times(among), times(before), ratio(p99(among).Seconds(), p99(before).Seconds()), "")
	return failed(before, among)
}

// answers has people answer on a server, some ten a second each.
func answers(on *process, people int, during time.Duration) figures {
	all := make([]client, people)
	for i := range all {
		all[i] = &person{host: on.addr, procedures: 10, turn: i * 31, from: fmt.Sprintf("10.0.0.%d", i+1)}
	}
	return load(on.addr, all, during, time.Second/10)
}

// balanced has people answer on one server, then as many on each of two, and compares
// what an answer costs a server. On a machine with few cores that says what two reach:
// where each has cores of its own, they answer as much more as they work no more for it.
func (m *measure) balanced(one, two *process) error {
	const people = 40
	alone, cost, err := m.costs(one, people)
	if err != nil {
		return err
	}
	type told struct {
		figures
		cost time.Duration
		err  error
	}
	other := make(chan told, 1)
	go func() {
		f, cost, err := m.costs(two, people)
		other <- told{f, cost, err}
	}()
	half, first, err := m.costs(one, people)
	second := <-other
	if err := errors.Join(err, second.err, failed(alone, half, second.figures)); err != nil {
		return err
	}
	reach := cost.Seconds()/first.Seconds() + cost.Seconds()/second.cost.Seconds()
	m.add(fmt.Sprintf("two servers with %d people each: work for an answer, and so what both reach", people),
		microseconds(first)+" / "+microseconds(second.cost), microseconds(cost)+" on one", fmt.Sprintf("%.2f", reach), "≥ 1.90")
	return nil
}

// costs has people answer on a server, and returns what an answer cost it.
func (m *measure) costs(on *process, people int) (f figures, each time.Duration, err error) {
	before, err1 := on.processor()
	f = answers(on, people, m.during)
	after, err2 := on.processor()
	return f, (after - before) / time.Duration(max(f.Requests, 1)), errors.Join(err1, err2)
}
