package job

import (
	"context"
	"log/slog"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store"
)

// Deed does what a message asks for. An error of kind Invalid says that it will
// never be done; after any other it is tried again.
type Deed func(context.Context, store.Message) error

// Outbox does the messages whose time has come.
type Outbox struct {
	Activity *store.Activity
	Deeds    map[string]Deed // by kind of message
	Now      func() time.Time
	Log      *slog.Logger
	Failed   func() // counts what did not succeed; nil: nobody does
	// Secure waits until the second site knows what was done; nil: there is none. What
	// is not known there is done again by a server that takes over, so it is waited
	// for after each message and before the next one: one at most is done twice, if the
	// machine burns between the two. Waiting before it is done would not help: nobody
	// can tell then whether it was. Nothing waits for long, and nothing stops.
	Secure func(context.Context) error
}

// What does not succeed is tried again after a minute, then after twice as long
// each time, up to an hour, and is given up after a day.
const (
	firstWait   = time.Minute
	longestWait = time.Hour
	mostTries   = 29 // an hour for the first six, and then one an hour
)

// A round takes so many messages, and hides them so long from other rounds: each
// deed is over within a minute.
const (
	takenAtOnce = 10
	lease       = 15 * time.Minute
	lookEvery   = 10 * time.Second
)

// Run does messages until ctx is done: at once when it is woken, else every few
// seconds.
func (o Outbox) Run(ctx context.Context, wake <-chan struct{}) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		for {
			n, err := o.Round(ctx)
			if err != nil && ctx.Err() == nil {
				o.Log.ErrorContext(ctx, "what is to be done after a commit was not all done", "err", err)
			}
			if err != nil || n < takenAtOnce {
				break
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-ticker.C:
		}
	}
}

// Round does the messages that are due, so many at most, and returns how many it
// took.
func (o Outbox) Round(ctx context.Context) (int, error) {
	due, err := o.Activity.TakeDue(ctx, lease, takenAtOnce)
	if err != nil {
		return 0, err
	}
	for _, m := range due {
		if ctx.Err() != nil {
			return len(due), ctx.Err() // they come back when the lease is over
		}
		if err := o.settle(ctx, m, o.do(ctx, m)); err != nil {
			return len(due), err
		}
	}
	return len(due), nil
}

func (o Outbox) do(ctx context.Context, m store.Message) error {
	deed := o.Deeds[m.Kind]
	if deed == nil {
		return fault.New(fault.Invalid, "fault.internal")
	}
	return deed(ctx, m)
}

// settle keeps how it went, also when the server stops at this moment: what was
// done must not be done again.
func (o Outbox) settle(ctx context.Context, m store.Message, why error) error {
	if why != nil && ctx.Err() != nil {
		return ctx.Err() // cut short: it comes back when the lease is over
	}
	ctx = context.WithoutCancel(ctx)
	if why == nil {
		return o.done(ctx, m)
	}
	o.Log.WarnContext(ctx, "a message of the outbox was not done", "kind", m.Kind, "message", m.ID, "attempts", m.Attempts, "err", why)
	if o.Failed != nil {
		o.Failed()
	}
	said := sayOf(why)
	if fault.Is(why, fault.Invalid) || m.Attempts >= mostTries {
		return o.Activity.MessageFailed(ctx, m.ID, said)
	}
	return o.Activity.MessageLater(ctx, m.ID, o.Now().Add(waitAfter(m.Attempts)), said)
}

// done keeps that a message was done, here and at the second site.
func (o Outbox) done(ctx context.Context, m store.Message) error {
	if err := o.Activity.MessageDone(ctx, m.ID); err != nil || o.Secure == nil {
		return err
	}
	if err := o.Secure(ctx); err != nil {
		o.Log.WarnContext(ctx, "a message was done, and the second site does not know it yet", "kind", m.Kind, "message", m.ID, "err", err)
	}
	return nil
}

func waitAfter(attempts int) time.Duration {
	return min(firstWait<<min(max(attempts-1, 0), 10), longestWait)
}
