package execution

// slot names one of the maps of the journey.
type slot uint8

const (
	slotSession slot = iota
	slotCell
	slotVar
	slotParam
	slotResult
	slotLoop
)

// The engine's own notes in State.cells.
const (
	cellLanguage = "language"
	cellHue      = "hue"
	cellEffects  = "effects" // how many were asked for along the path
	cellTicket   = "ticket"
	cellJump     = "jump " // and procedure/step: how many times
)

// change is one thing to put back: a value as it was, or a frame that ended.
type change struct {
	slot  slot
	frame int
	name  string
	had   bool
	old   any
	ended *frame // a frame to push again; the rest is then empty
}

// undo brings the journey back to an earlier page: first the frames begun
// since are dropped, then the changes are put back, last first.
type undo struct {
	keep    int // frames of that page that are still there
	changes []change
}

// put gives a value to a name of the journey and remembers what stood there.
func (r *run) put(at slot, frame int, name string, value any) {
	m := r.owned(at, frame)
	if r.s.undo.wants(at, frame, name) {
		old, had := (*m)[name]
		r.s.undo.changes = append(r.s.undo.changes, change{slot: at, frame: frame, name: name, had: had, old: old})
	}
	(*m)[name] = value
}

// drop removes a name of the journey.
func (r *run) drop(at slot, frame int, name string) {
	m := r.owned(at, frame)
	old, had := (*m)[name]
	if !had {
		return
	}
	if r.s.undo.wants(at, frame, name) {
		r.s.undo.changes = append(r.s.undo.changes, change{slot: at, frame: frame, name: name, had: true, old: old})
	}
	delete(*m, name)
}

// wants says whether the value that stands must be remembered: not when the
// frame began since the page, nor when an older value already is.
func (u *undo) wants(at slot, frame int, name string) bool {
	if at >= slotVar && frame >= u.keep {
		return false
	}
	for i := range u.changes {
		c := &u.changes[i]
		if c.slot == at && c.frame == frame && c.name == name && c.ended == nil {
			return false
		}
	}
	return true
}

// push begins a frame.
func (r *run) push(f frame) {
	r.s.frames = append(r.s.frames, f)
	r.own = append(r.own, ^ownership(0))
	r.enterFrame()
}

// pop ends the last frame; it comes back with Back if it was there when the
// page was shown.
func (r *run) pop() frame {
	last := len(r.s.frames) - 1
	f := r.s.frames[last]
	if last < r.s.undo.keep {
		r.s.undo.changes = append(r.s.undo.changes, change{ended: &f})
		r.s.undo.keep = last
	}
	r.s.frames = r.s.frames[:last:last]
	r.own = r.own[:last]
	r.enterFrame()
	return f
}

// rewind puts back what an undo remembers.
func (r *run) rewind(u undo) {
	if u.keep < len(r.s.frames) {
		r.s.frames = r.s.frames[:u.keep:u.keep]
		r.own = r.own[:u.keep]
	}
	for i := len(u.changes) - 1; i >= 0; i-- {
		c := u.changes[i]
		if c.ended != nil {
			r.s.frames = append(r.s.frames, *c.ended)
			r.own = append(r.own, 0)
			continue
		}
		m := r.owned(c.slot, c.frame)
		if c.had {
			(*m)[c.name] = c.old
		} else {
			delete(*m, c.name)
		}
	}
}

// ownership has one bit per map of a frame that this run has copied.
type ownership uint8

// owned returns a map of the journey, copied the first time, so that the state
// the run began with never changes.
func (r *run) owned(at slot, frame int) *map[string]any {
	m, bits := r.slot(at, frame)
	if bit := ownership(1) << at; *bits&bit == 0 || *m == nil {
		*m = cloned(*m)
		*bits |= bit
		r.roots = nil
	}
	return m
}

func (r *run) slot(at slot, frame int) (*map[string]any, *ownership) {
	switch at {
	case slotSession:
		return &r.s.session, &r.ownTop
	case slotCell:
		return &r.s.cells, &r.ownTop
	}
	f := &r.s.frames[frame]
	maps := [...]*map[string]any{slotVar: &f.vars, slotParam: &f.params, slotResult: &f.results, slotLoop: &f.loops}
	return maps[at], &r.own[frame]
}

func cloned(m map[string]any) map[string]any {
	out := make(map[string]any, len(m)+2)
	for k, v := range m {
		out[k] = v
	}
	return out
}
