package execution

import (
	"maps"
	"strings"

	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/program"
)

// A procedure declares how far its values may be told. A value that is carried
// elsewhere keeps that with it: the journey notes the names that hold one and
// are declared to be more open, those of the session among its cells, those of
// a procedure beside the for-each steps of its frame. A note goes with its
// frame, never before: to tell too little is the lesser harm.

// loopTold holds the notes of a frame among its loops.
const loopTold = ".told"

// The notes that are no names of variables.
const (
	toldList      = "list."      // and a for-each: its items
	toldCollected = "collected." // and a for-each: what it collects
)

// noteTold keeps how far the value of a name may be told, when that is less far
// than is declared and noted already.
func (r *run) noteTold(frame int, name string, is program.Secret) {
	if is == program.Open {
		return
	}
	at, cell, notes := journey.SlotLoop, loopTold, map[string]any(nil)
	if strings.HasPrefix(name, "session.") {
		at, frame, cell = journey.SlotCell, 0, journey.CellTold
		notes, _ = r.s.Cells[cell].(map[string]any)
	} else {
		notes, _ = r.s.Frames[frame].Loops[cell].(map[string]any)
	}
	if before, _ := notes[name].(float64); before >= float64(is) {
		return
	}
	more := make(map[string]any, len(notes)+1)
	maps.Copy(more, notes)
	more[name] = float64(is)
	r.put(at, frame, cell, more)
}

// told returns what the journey has noted of a name formulas read: "var.x",
// "step.x", "result.x", "item", or a root as a whole.
func (r *run) told(name string) program.Secret {
	root, rest, _ := strings.Cut(name, ".")
	top := r.top()
	switch root {
	case "session":
		return noted(r.s.Cells[journey.CellTold], name, rest)
	case "var":
		return noted(r.s.Frames[top.Owner].Loops[loopTold], name, rest)
	case "param", "step":
		return noted(top.Loops[loopTold], name, rest)
	case "item":
		if id := r.loop(); id != "" {
			return noted(top.Loops[loopTold], toldList+id, id)
		}
	case "result":
		return noted(r.lent, name, rest)
	}
	return program.Open
}

// noted looks a name up in notes; a root as a whole holds the strictest of all
// its names.
func noted(notes any, name, rest string) program.Secret {
	m, _ := notes.(map[string]any)
	if len(m) == 0 {
		return program.Open
	}
	if rest != "" {
		is, _ := m[name].(float64)
		return program.Secret(is)
	}
	most := program.Open
	for of, is := range m {
		if n, _ := is.(float64); strings.HasPrefix(of, name+".") {
			most = max(most, program.Secret(n))
		}
	}
	return most
}

// lendTold notes for the formulas of a call how far each output may be told.
func (r *run) lendTold(outputs map[string]program.Secret) {
	r.lent = nil
	if len(outputs) == 0 {
		return
	}
	notes := make(map[string]any, len(outputs))
	for name, is := range outputs {
		notes["result."+name] = float64(is)
	}
	r.lent = notes
}

// shareTold passes what a procedure declares about its variables to one that
// shares them.
func (r *run) shareTold(owner int) {
	for name := range r.s.Frames[owner].Vars {
		r.noteTold(owner, "var."+name, r.Secrecy["var."+name])
	}
}

// secretOf returns how far the value of a name may be told, by what is declared
// and what is noted.
func (r *run) secretOf(name string) program.Secret {
	return max(r.Secrecy[name], r.told(name))
}
