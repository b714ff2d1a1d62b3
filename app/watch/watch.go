package watch

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"selfhelp/store"
)

// How long facts are good for, how long one gathering may take, and how long who
// asks waits for it: a disk that hangs must not make its observers hang.
const (
	goodFor  = time.Second
	atMost   = 3 * time.Second
	patience = 2 * time.Second
)

// stuck is how long a writer may be at one commit: what an import brings in takes
// seconds, and SQLite gives a lock up after five.
const stuck = 30 * time.Second

// Sources are what facts are gathered from. Only the store is needed.
type Sources struct {
	Store        *store.Store
	Mail         Mail                            // nil: letters go nowhere
	Certificates func() []Certificate            // nil: another program ends TLS
	Platform     func(context.Context) *Platform // nil: this server is the only one
	Restorable   Restorable                      // what can be brought back
	Log          *slog.Logger                    // nil: nothing is told
	GoodFor      time.Duration                   // of facts; 0: a second
}

// Watch gathers the facts of a server while it runs.
type Watch struct {
	from     Sources
	stuck    time.Duration
	draining atomic.Bool

	mu      sync.Mutex
	look    *look
	since   map[string]change // by subject
	unready string            // what was last told
}

// look is one gathering of the facts.
type look struct {
	began time.Time
	done  chan struct{}
	facts Facts // once it is done
}

// change is since when a subject is in its state.
type change struct {
	state State
	at    time.Time
}

// New watches a server.
func New(from Sources) *Watch {
	if from.Log == nil {
		from.Log = slog.New(slog.DiscardHandler)
	}
	if from.GoodFor == 0 {
		from.GoodFor = goodFor
	}
	return &Watch{from: from, stuck: stuck, since: map[string]change{}}
}

// Certificates are those that are shown, the one that ends first before the others.
func (w *Watch) Certificates() []Certificate {
	if w.from.Certificates == nil {
		return nil
	}
	return w.from.Certificates()
}

// Drain says that the server is about to stop: nobody should be sent to it.
func (w *Watch) Drain() { w.draining.Store(true) }

// Facts are those of a second ago at most. Whoever asks meanwhile shares them, and
// none waits long.
func (w *Watch) Facts(ctx context.Context) Facts {
	l := w.looking()
	wait := time.NewTimer(patience - time.Since(l.began))
	defer wait.Stop()
	facts := Facts{At: time.Now(), Late: true, Free: -1}
	select {
	case <-l.done:
		facts = l.facts
	case <-wait.C:
	case <-ctx.Done():
	}
	facts.Served, facts.Draining = true, w.draining.Load()
	return facts
}

// looking is the gathering whose facts are the ones to wait for.
func (w *Watch) looking() *look {
	w.mu.Lock()
	defer w.mu.Unlock()
	if l := w.look; l != nil {
		select {
		case <-l.done:
			if time.Since(l.facts.At) < w.from.GoodFor {
				return l
			}
		default:
			return l
		}
	}
	l := &look{began: time.Now(), done: make(chan struct{})}
	w.look = l
	go func() {
		defer close(l.done)
		l.facts = w.gather(context.Background())
	}()
	return l
}

// gather looks at everything, and keeps since when it is so.
func (w *Watch) gather(ctx context.Context) Facts {
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	f := w.from.gather(ctx)
	f.Served = true
	if ctx.Err() == nil { // what could not be looked at is no change
		w.note(f)
	}
	return f
}

// Live is nil while a restart would help nothing. It asks the disk nothing.
func (w *Watch) Live() []Check {
	if w.from.Store.Stuck(w.stuck) {
		return []Check{{Name: "writer", Key: "ready.writer", Do: "ready.writer.do"}}
	}
	return nil
}

// Ready is nil while people should be sent here, else all that speaks against it.
func (w *Watch) Ready(ctx context.Context) []Check {
	failing := w.Facts(ctx).failing()
	if ctx.Err() == nil {
		w.tell(failing)
	}
	return failing
}

// tell logs what changed, once, with what an operator can do.
func (w *Watch) tell(failing []Check) {
	names := make([]string, len(failing))
	for i, c := range failing {
		names[i] = c.Name
	}
	now := strings.Join(names, " ")
	w.mu.Lock()
	was := w.unready
	w.unready = now
	w.mu.Unlock()
	switch {
	case now == was:
	case now == "":
		w.from.Log.Info("people can be sent here again")
	default:
		for _, c := range failing {
			if c.meant {
				w.from.Log.Info("nobody is to be sent here for now", "check", c.Name)
				continue
			}
			w.from.Log.Error("people should not be sent here", "check", c.Name, "err", c.cause, "hint", c.hint)
		}
	}
}
