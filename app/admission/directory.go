package admission

import (
	"context"
	"sync"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/store"
)

// atOnce is how many people one directory is asked about at a time. Those who
// come when it hangs are told at once instead of waiting in a row.
const atOnce = 16

// directory asks a directory.
func (d *Desk) directory(ctx context.Context, m Method, name, password string) (Entry, error) {
	if d.IsAway(m.ID) {
		return Entry{}, errAway
	}
	leave, ok := d.enter(m.ID)
	if !ok {
		return Entry{}, errAway
	}
	defer leave()
	trace := &login.Trace{}
	u, err := d.fromDirectory(ctx, m, name, password, trace)
	if fault.Is(err, fault.Unavailable) {
		d.log.WarnContext(ctx, "a directory could not be asked", "method", m.ID, "err", err)
		if key, _ := fault.TextOf(err); key == "fault.ldap.away" && ctx.Err() == nil {
			d.gone(ctx, m)
		}
	}
	if fault.Is(err, fault.Unauthenticated) && !d.isLogin(ctx, name) {
		trace.Lines = trace.Lines[:min(len(trace.Lines), 1)] // that it was reached
		name = ""
	}
	d.keepAttempt(ctx, m, name, u.ID, err, trace)
	return Entry{User: u, Method: m.ID}, err
}

// isLogin reports whether a login is known here. What is not may be a password in
// the wrong field, and is not kept.
func (d *Desk) isLogin(ctx context.Context, name string) bool {
	_, err := d.content.UserByLogin(ctx, name)
	return err == nil
}

func (d *Desk) fromDirectory(ctx context.Context, m Method, name, password string, trace *login.Trace) (store.User, error) {
	who, err := m.LDAP.Authenticate(ctx, name, password, trace)
	if err != nil {
		return store.User{}, err
	}
	return d.Arrive(ctx, m, who)
}

// enter takes a place in front of a directory.
func (d *Desk) enter(method string) (leave func(), ok bool) {
	d.mu.Lock()
	places := d.busy[method]
	if places == nil {
		places = make(chan struct{}, atOnce)
		d.busy[method] = places
	}
	d.mu.Unlock()
	select {
	case places <- struct{}{}:
		return func() { <-places }, true
	default:
		return nil, false
	}
}

// IsAway reports whether a directory did not answer when it was last asked.
func (d *Desk) IsAway(method string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, away := d.away[method]
	return away
}

// AwaySince returns the directories that do not answer, and since when.
func (d *Desk) AwaySince() map[string]time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make(map[string]time.Time, len(d.away))
	for id, since := range d.away {
		all[id] = since
	}
	return all
}

// Actor is who the audit names for what the server does by itself at sign-in.
const Actor = "sign-in"

// gone notes that a directory does not answer.
func (d *Desk) gone(ctx context.Context, m Method) {
	d.mu.Lock()
	_, known := d.away[m.ID]
	if !known {
		d.away[m.ID] = d.now()
	}
	d.mu.Unlock()
	if known {
		return
	}
	d.log.WarnContext(ctx, "a directory is away: who may come in by a password kept here follows the policy", "method", m.ID, "name", m.Name)
	d.audit(ctx, "directory.away", m)
}

// back notes that a directory answers again.
func (d *Desk) back(ctx context.Context, m Method) {
	d.mu.Lock()
	_, known := d.away[m.ID]
	delete(d.away, m.ID)
	d.mu.Unlock()
	if !known {
		return
	}
	d.log.InfoContext(ctx, "a directory answers again", "method", m.ID, "name", m.Name)
	d.audit(ctx, "directory.back", m)
}

func (d *Desk) audit(ctx context.Context, action string, m Method) {
	if err := d.content.Audit(ctx, Actor, action, "method:"+m.ID, map[string]string{"name": m.Name}); err != nil {
		d.log.ErrorContext(ctx, "the audit could not be written", "action", action, "err", err)
	}
}

// probeEvery is how often directories are asked whether they answer.
const probeEvery = 20 * time.Second

// Watch asks the directories in use whether they answer, and for everybody when
// it is time, until ctx is done.
func (d *Desk) Watch(ctx context.Context) {
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	var rounds sync.WaitGroup
	defer rounds.Wait()
	syncing := make(chan struct{}, 1)
	for {
		d.Probe(ctx)
		select { // a long list keeps nobody from noticing that another directory is back
		case syncing <- struct{}{}:
			rounds.Go(func() { d.syncDue(ctx); <-syncing })
		default:
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Probe asks each directory in use whether it answers.
func (d *Desk) Probe(ctx context.Context) {
	s, _, err := d.Settings(ctx)
	if err != nil {
		d.log.ErrorContext(ctx, "the settings of sign-in could not be read", "err", err)
		return
	}
	for _, m := range s.On(LDAP) {
		err := m.LDAP.Probe(ctx)
		switch key, _ := fault.TextOf(err); {
		case ctx.Err() != nil:
			return
		case err != nil && key == "fault.ldap.away":
			d.gone(ctx, m)
		default: // what it answers is for its page to say
			d.back(ctx, m)
		}
	}
}
