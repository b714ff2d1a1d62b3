package drive

import "sync"

// locks let one visit at a time drive an execution.
type locks struct {
	mu   sync.Mutex
	held map[string]*turnstile
}

type turnstile struct {
	sync.Mutex
	waiting int
}

// lock waits for a key and returns what gives it back.
func (l *locks) lock(key string) (unlock func()) {
	l.mu.Lock()
	if l.held == nil {
		l.held = map[string]*turnstile{}
	}
	t := l.held[key]
	if t == nil {
		t = &turnstile{}
		l.held[key] = t
	}
	t.waiting++
	l.mu.Unlock()
	t.Lock()
	return func() {
		t.Unlock()
		l.mu.Lock()
		defer l.mu.Unlock()
		if t.waiting--; t.waiting == 0 {
			delete(l.held, key)
		}
	}
}
