package journal

import (
	"cmp"
	"slices"
)

// History is the turns of an execution as they are kept where those of several
// servers come together. A turn keeps its number where that is free; the same
// answer to the same page is one turn; a number that another turn has becomes
// the next free one, and what answers it there follows.
type History struct {
	turns []answered
	parts []part
	kept  int // of the parts
	// only is the one server that all of them are of, with the numbers they have
	// here: nothing is kept of whose they are.
	only string
}

// answered is a turn, as far as the order of turns depends on it.
type answered struct {
	seq, parent int64
	input, step string
	at          int64
}

// part is a turn of a server, and which one it is here.
type part struct {
	server          string
	theirs, at, seq int64
	answers         int64 // number of the page, as it was brought
	left            Left
	abandoned       bool
}

// Placed says what becomes of a turn that a server brings.
type Placed struct {
	Known       bool // it was brought before: nothing is to be done
	Same        bool // another server had the same answer: only that is to be kept
	Seq, Parent int64
}

// Place finds the place of a turn of a server, and takes it in.
//
// A page that the server did not make itself is known by its number only. It is
// taken for the one that has this number here: where two servers answered one
// page at the same moment and a third went on from what became the next number,
// the report shows it behind the other. Nothing is lost by it.
func (h *History) Place(server string, u *Turn) Placed {
	for _, p := range h.parts {
		if p.server == server && p.theirs == u.Seq && p.at == u.At {
			return Placed{Known: true}
		}
	}
	at := Placed{Parent: h.here(server, u.Parent)}
	at.Seq, at.Same = h.same(u, at.Parent)
	if !at.Same {
		at.Seq = h.free(u.Seq)
		h.turns = append(h.turns, answered{at.Seq, at.Parent, u.Input, u.Step, u.At})
	}
	h.parts = append(h.parts, part{server: server, theirs: u.Seq, at: u.At, seq: at.Seq, answers: u.Parent, left: u.Left})
	if server != h.only || at.Same || at.Seq != u.Seq || at.Parent != u.Parent {
		h.only = ""
	}
	return at
}

// same finds the turn that is the same answer to the same page. Who sends an
// answer to another server brings the number that the page had.
func (h *History) same(u *Turn, parent int64) (seq int64, found bool) {
	for _, k := range h.turns {
		if k.input == u.Input && (k.parent == parent || h.answered(k.seq, u.Parent)) {
			return k.seq, true
		}
	}
	return 0, false
}

// answered reports whether a turn answers the page that a server gave a number.
func (h *History) answered(seq, page int64) bool {
	return slices.ContainsFunc(h.parts, func(p part) bool { return p.seq == seq && p.answers == page })
}

// free is a number if no turn has it, or the next that none has.
func (h *History) free(seq int64) int64 {
	taken, next := false, int64(1)
	for _, k := range h.turns {
		taken, next = taken || k.seq == seq, max(next, k.seq+1)
	}
	if taken {
		return next
	}
	return seq
}

// here is the number that a page of a server has here: of two that had the same
// there, since it was brought back to an earlier moment, the later one.
func (h *History) here(server string, theirs int64) int64 {
	seq, at := theirs, int64(-1)
	for _, p := range h.parts {
		if p.server == server && p.theirs == theirs && p.at > at {
			seq, at = p.seq, p.at
		}
	}
	return seq
}

// abandon says that a server found an execution abandoned after a turn of its
// own, and returns which part that is; -1 where there is none.
func (h *History) abandon(server string, theirs int64) int {
	last := -1
	for i, p := range h.parts {
		if p.server == server && p.theirs == theirs && (last < 0 || p.at > h.parts[last].at) {
			last = i
		}
	}
	if last >= 0 {
		h.parts[last].abandoned = true
	}
	return last
}

// Last is where an execution stands by its turns.
type Last struct {
	Seq, At   int64
	Step      string
	Left      Left
	Abandoned bool
	Theirs    bool // another server made it, and Left says how it left the execution
}

// Last is the latest of the turns that nobody answered. What answers a page is
// after it, whatever the clocks of two servers say. It is the zero value where
// there are no turns.
func (h *History) Last() (l Last) {
	answers := make(map[int64]bool, len(h.turns))
	for _, k := range h.turns {
		answers[k.parent] = k.parent != k.seq
	}
	for _, k := range h.turns {
		if !answers[k.seq] && cmp.Or(cmp.Compare(k.at, l.At), cmp.Compare(k.seq, l.Seq)) > 0 {
			l.Seq, l.At, l.Step = k.seq, k.at, k.step
		}
	}
	for _, p := range h.parts {
		if p.seq != l.Seq {
			continue
		}
		if !l.Theirs {
			l.Left, l.Theirs = p.left, true
		}
		l.Abandoned = l.Abandoned || p.abandoned
	}
	return l
}

// Turns is the largest number.
func (h *History) Turns() (n int64) {
	if len(h.turns) > 0 {
		n = slices.MaxFunc(h.turns, func(a, b answered) int { return cmp.Compare(a.seq, b.seq) }).seq
	}
	return n
}
