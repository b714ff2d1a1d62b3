package program

import (
	"maps"
	"sync"
	"sync/atomic"
)

// memo makes each value once, at its first use, and finds it again without a
// lock: readers look in a map that nobody writes. What was made lately waits
// beside it until it was asked for often enough to be worth a new map.
type memo[K comparable, V any] struct {
	ready atomic.Pointer[map[K]V]
	mu    sync.Mutex
	fresh map[K]V
	slow  int // times the lock was taken since the last map
}

// get returns the value of a key, made by fill if it is new.
func (m *memo[K, V]) get(key K, fill func() V) V {
	if ready := m.ready.Load(); ready != nil {
		if v, ok := (*ready)[key]; ok {
			return v
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.made(key)
	if !ok {
		v = fill()
		if m.fresh == nil {
			m.fresh = map[K]V{}
		}
		m.fresh[key] = v
	}
	m.slow++
	m.publish()
	return v
}

func (m *memo[K, V]) made(key K) (V, bool) {
	if v, ok := m.fresh[key]; ok {
		return v, true
	}
	if ready := m.ready.Load(); ready != nil {
		v, ok := (*ready)[key]
		return v, ok
	}
	var none V
	return none, false
}

// publish gives readers a new map when the lock has cost as much as copying.
func (m *memo[K, V]) publish() {
	all := map[K]V{}
	if ready := m.ready.Load(); ready != nil {
		if m.slow < len(*ready) {
			return
		}
		all = maps.Clone(*ready)
	}
	maps.Copy(all, m.fresh)
	m.ready.Store(&all)
	m.fresh, m.slow = nil, 0
}
