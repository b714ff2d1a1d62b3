package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
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
		Store: st, Edition: e, Name: func() string { return "" }, Term: func() uint64 { return 0 }, Now: time.Now, Log: slog.New(slog.DiscardHandler),
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
	return errors.Join(m.publishAmong(ctx, p, st, e, all[0]), m.balanced(all[0], all[1]))
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
	code := regexp.MustCompile(`[A-Z2-7]{5}(-[A-Z2-7]{5}){3}`).FindString(one.out.String())
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
	m.add("answer a step on one of them meanwhile, p50 / p99", times(among), times(before), strings.TrimSpace(fmt.Sprintf("%.2f", p99(among).Seconds()/p99(before).Seconds())), "p99 ≤ 1.20")
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

// balanced has the same people answer on one server, then half of them on each of two,
// and compares what each server worked. On a machine with few cores that says what two
// reach: where cores allow, a server that works half as much for as many answers is given
// twice as many.
func (m *measure) balanced(one, two *process) error {
	const people = 40
	worked := func(p *process, do func()) (time.Duration, error) {
		before, err1 := p.processor()
		do()
		after, err2 := p.processor()
		return after - before, errors.Join(err1, err2)
	}
	var alone, half, other figures
	single, err := worked(one, func() { alone = answers(one, people, m.during) })
	if err != nil {
		return err
	}
	var second time.Duration
	var err2 error
	first, err1 := worked(one, func() {
		second, err2 = worked(two, func() {
			var both sync.WaitGroup
			both.Go(func() { half = answers(one, people/2, m.during) })
			other = answers(two, people/2, m.during)
			both.Wait()
		})
	})
	if err := errors.Join(err1, err2, failed(alone, half, other)); err != nil {
		return err
	}
	each := func(d time.Duration, n int) time.Duration { return d / time.Duration(max(n, 1)) }
	total := half.Requests + other.Requests
	m.add(fmt.Sprintf("the same %d people on two servers: work of the busier one, for each answer of both", people),
		microseconds(each(max(first, second), total)), microseconds(each(single, alone.Requests)),
		ratio(float64(each(max(first, second), total)), float64(each(single, alone.Requests))), "≤ 0.53")
	return nil
}
