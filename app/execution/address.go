package execution

import (
	"strings"

	"selfhelp/app/execution/journey"
)

// apart stands in a page's name between its step and its procedure; no step's
// id and no alias holds it.
const apart = "~"

// nameOf names a page of the trail, or the one that shows, in addresses: by its
// step's id. Two procedures of one journey may each have a step of that id;
// then it is the page of the one met first, and those of another say which
// procedure they are of: first_page~its-alias. A name depends on the pages
// before it only, so that it stays while the journey goes on.
func (r *run) nameOf(procedure, step string) string {
	if first := r.firstWith(step); first == "" || first == procedure {
		return step
	}
	return step + apart + r.calledAs(procedure)
}

// firstWith is the procedure whose page of that step was met first, "" for none.
func (r *run) firstWith(step string) string {
	for i := range r.s.Trail {
		if r.s.Trail[i].Step == step {
			return r.s.Trail[i].Procedure
		}
	}
	return ""
}

// calledAs is the alias of a procedure; its UID when it has none, or when a
// procedure of another project, on the same trail, has the same.
func (r *run) calledAs(uid string) string {
	alias := r.aliasOf(uid)
	if alias == "" {
		return uid
	}
	for i := range r.s.Trail {
		if other := r.s.Trail[i].Procedure; other != uid && r.aliasOf(other) == alias {
			return uid
		}
	}
	return alias
}

func (r *run) aliasOf(uid string) string {
	if r.Program.Procedure.UID == uid {
		return r.Program.Procedure.Alias
	}
	prog, err := r.lib.Program(uid)
	if err != nil {
		return ""
	}
	return prog.Procedure.Alias
}

// placeOf finds the page of a name on the trail: the last one of that step. It
// is here when the journey stands on that step.
func (r *run) placeOf(name string) (place int, here bool) {
	top := r.top()
	if name == "" || name == r.nameOf(top.Procedure, top.Step) {
		return 0, true
	}
	step, called, said := strings.Cut(name, apart)
	first := r.firstWith(step)
	for i := len(r.s.Trail) - 1; i >= 0; i-- {
		if m := &r.s.Trail[i]; m.Step == step && (!said && m.Procedure == first || said && r.isCalled(m, called)) {
			return i, m.Step == top.Step && m.Procedure == top.Procedure
		}
	}
	return -1, false
}

func (r *run) isCalled(m *journey.Mark, name string) bool {
	return m.Procedure == name || r.aliasOf(m.Procedure) == name
}
