// Package recovery knows the plan by which another site takes over: its seven
// phases, and what the entries of its log say about where it stands. It refuses to
// know how a site takes over, and where the log is kept.
//
// Its main names are Event, Run and Runs.
package recovery

import "time"

// Phase is one of the plan, from 1.
type Phase int

// The phases, in their order.
const (
	Detection Phase = 1 + iota // somebody looked: it is one indeed
	Decision                   // by who may decide it
	Outage                     // the people responsible are told that it begins
	Takeover                   // the second site becomes the one that is written to
	Available                  // they are told that it can be used, and where
	Repair                     // of the first site
	Return                     // they are told, and it is planned
)

// Phases are all of them.
var Phases = []Phase{Detection, Decision, Outage, Takeover, Available, Repair, Return}

// Notified says whether a phase is a letter.
func (p Phase) Notified() bool { return p == Outage || p == Available || p == Return }

// Kind is what an event is.
type Kind string

// The kinds.
const (
	Begun Kind = "begin" // a run, for a reason
	Done  Kind = "done"  // a phase
	Noted Kind = "note"  // something, in the phase the run is in
	Ended Kind = "end"   // the run
)

// Event is an entry of the log.
type Event struct {
	At    time.Time `json:"at"`
	By    string    `json:"by"` // as people read it
	Kind  Kind      `json:"kind"`
	Phase Phase     `json:"phase,omitempty"` // that is done
	Drill bool      `json:"drill,omitempty"` // a run that is a rehearsal
	Text  string    `json:"text,omitempty"`
}

// Run is one course through the plan.
type Run struct {
	Drill  bool
	Reason string
	Begun  time.Time
	Ended  time.Time // the zero time while it goes on
	Events []Event   // in their order
	done   map[Phase]time.Time
}

// Runs reads a log, the events in their order. What is done while none goes on
// begins one: who runs a command in a hurry has not always begun the plan.
func Runs(events []Event) (all []Run) {
	open := false
	for _, e := range events {
		if e.Kind == Begun || !open {
			all = append(all, Run{Drill: e.Drill, Begun: e.At, done: map[Phase]time.Time{}})
			open = true
		}
		r := &all[len(all)-1]
		r.Events = append(r.Events, e)
		switch e.Kind {
		case Begun:
			r.Reason = e.Text
		case Done:
			r.done[e.Phase] = e.At
		case Ended:
			r.Ended, open = e.At, false
		}
	}
	return all
}

// Done is when a phase was last done; the zero time where it was not.
func (r Run) Done(p Phase) time.Time { return r.done[p] }

// Now is the phase that the run is in: the first that is not done, 0 when all are.
func (r Run) Now() Phase {
	for _, p := range Phases {
		if r.done[p].IsZero() {
			return p
		}
	}
	return 0
}

// Away is how long nothing could be written: from the beginning of the run until the
// second site had taken over, 0 while it has not.
func (r Run) Away() time.Duration {
	if at := r.done[Takeover]; !at.IsZero() {
		return max(0, at.Sub(r.Begun))
	}
	return 0
}
