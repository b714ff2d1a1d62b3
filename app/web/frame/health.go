package frame

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store"
)

// pulse is whether the store can write. It looks once a second at most.
type pulse struct {
	store *store.Store

	mu   sync.Mutex
	next time.Time // the machine's clock, not the product's
	err  error
}

// feel returns what is wrong, and whether that was just found out.
func (p *pulse) feel(ctx context.Context) (err error, fresh bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Now().Before(p.next) {
		return p.err, false
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	_, p.err = p.store.Check(ctx)
	p.next = time.Now().Add(time.Second)
	return p.err, true
}

// Health says that the server answers and can keep what it is told, or in one
// sentence why it cannot. Where and how is for operators, in the log.
func (s *Site) Health(w http.ResponseWriter, v *Visit) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	err, fresh := s.pulse.feel(v.Context())
	if err == nil {
		io.WriteString(w, "ok\n")
		return nil
	}
	if fresh {
		s.logFailure(v, fault.Unavailable, err)
	}
	key, args := fault.TextOf(err)
	w.WriteHeader(http.StatusServiceUnavailable)
	io.WriteString(w, v.Sentence(key, args)+"\n")
	return nil
}
