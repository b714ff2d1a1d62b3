package store

import (
	"maps"
	"sync"

	"selfhelp/app/procedure"
)

// Happened is what executions did, tests left out.
type Happened struct {
	Begun   uint64
	Answers uint64
	Ended   map[procedure.Outcome]uint64
}

// happening counts what happened since the start.
type happening struct {
	mu  sync.Mutex
	all Happened
}

// add counts what a transaction did, once it is on the disk.
func (h *happening) add(more Happened) {
	if more.Begun == 0 && more.Answers == 0 && len(more.Ended) == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all.Begun += more.Begun
	h.all.Answers += more.Answers
	for outcome, n := range more.Ended {
		h.all.end(outcome, n)
	}
}

func (h *Happened) end(outcome procedure.Outcome, n uint64) {
	if h.Ended == nil {
		h.Ended = map[procedure.Outcome]uint64{}
	}
	h.Ended[outcome] += n
}

// Happened is what executions did since the start.
func (a *Activity) Happened() Happened {
	h := &a.standings.happening
	h.mu.Lock()
	defer h.mu.Unlock()
	all := h.all
	all.Ended = maps.Clone(all.Ended)
	return all
}
