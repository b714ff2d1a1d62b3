package journal

import "testing"

// TestPlaces: numbers are kept where they are free, the same answer is one turn,
// and what answers a turn follows it to its other number, whichever part of an
// execution comes first.
func TestPlaces(t *testing.T) {
	type brought struct {
		server string
		Turn
	}
	a := []brought{
		{"a", Turn{Seq: 1, Input: "start", Step: "1", At: 10}},
		{"a", Turn{Seq: 2, Parent: 1, Input: "yes", Step: "2", At: 20}},
		{"a", Turn{Seq: 3, Parent: 2, Input: "no", Step: "3", At: 30}},
	}
	b := []brought{ // it took over at page 2, got the same answer, and another to page 1; its clock is behind
		{"b", Turn{Seq: 3, Parent: 2, Input: "no", Step: "3", At: 12}},
		{"b", Turn{Seq: 4, Parent: 1, Input: "else", Step: "4", At: 13}},
		{"b", Turn{Seq: 5, Parent: 3, Input: "end", Step: "5", At: 31, Left: Left{Ended: true, Outcome: "solved"}}},
	}
	for name, order := range map[string][]brought{"a first": append(append([]brought{}, a...), b...), "b first": append(append([]brought{}, b...), a...)} {
		h := Begun(order[0].server)
		for range 2 { // the second time changes nothing
			for _, u := range order {
				h.Place(u.server, &u.Turn)
			}
		}
		if len(h.turns) != 5 || h.Turns() != 5 || len(h.parts) != 6 {
			t.Errorf("%s: %d turns of %d parts, the last number %d", name, len(h.turns), len(h.parts), h.Turns())
		}
		if l := h.Last(); l.Step != "5" || !l.Left.Ended {
			t.Errorf("%s: it stands at %+v", name, l)
		}
	}
	// The clock of the server that goes on is behind: what answers is later.
	h := Begun("a")
	h.Place("a", &Turn{Seq: 1, Input: "start", Step: "1", At: 1000})
	h.Place("b", &Turn{Seq: 2, Parent: 1, Input: "x", Step: "2", At: 10})
	if l := h.Last(); l.Step != "2" {
		t.Errorf("it stands at %+v", l)
	}
	// Two tabs on two servers: the second gets the next number, and what answers it.
	h = Begun("a")
	h.Place("a", &Turn{Seq: 1, Input: "start", At: 1})
	h.Place("a", &Turn{Seq: 2, Parent: 1, Input: "left", At: 2})
	first := h.Place("b", &Turn{Seq: 2, Parent: 1, Input: "right", At: 3})
	second := h.Place("b", &Turn{Seq: 3, Parent: 2, Input: "on", At: 4})
	if first.Seq != 3 || second.Seq != 4 || second.Parent != 3 {
		t.Errorf("placed %+v and %+v", first, second)
	}
}
