package journey

import "slices"

// Slot names one of the maps of the journey.
type Slot uint8

// The maps: two of the whole journey, four of each frame.
const (
	SlotSession Slot = iota
	SlotCell
	SlotVar
	SlotParam
	SlotResult
	SlotLoop
)

// Change is one thing to put back: a value as it was, or a frame that ended.
type Change struct {
	Slot  Slot
	Frame int
	Name  string
	Had   bool
	Old   any
	Ended *Frame // a frame to push again on the one that stood at step Name; the rest is then empty
}

// Undo brings the journey back to an earlier page: first the frames begun
// since are dropped, then the changes are put back, last first.
type Undo struct {
	Keep    int // frames of that page that are still there
	Changes []Change
}

// Copy is a state being changed by one turn. The state it was made from stays
// as it was: each map is copied before its first change.
type Copy struct {
	State
	own    []ownership // by frame
	ownTop ownership
}

// ownership has one bit per map that the copy has made its own.
type ownership uint8

// Edit returns a copy of a state to change.
func Edit(s State) Copy {
	s.Packed = nil
	s.Frames = slices.Clone(s.Frames)
	s.Trail = slices.Clip(s.Trail)
	s.Kept = slices.Clip(s.Kept)
	s.Undo.Changes = slices.Clip(s.Undo.Changes)
	return Copy{State: s, own: make([]ownership, len(s.Frames), len(s.Frames)+1)}
}

// Put gives a value to a name of the journey and remembers what stood there.
// It reports whether the map is another one now.
func (c *Copy) Put(at Slot, frame int, name string, value any) (moved bool) {
	m, moved := c.owned(at, frame)
	if c.Undo.wants(at, frame, name) {
		old, had := (*m)[name]
		c.Undo.Changes = append(c.Undo.Changes, Change{Slot: at, Frame: frame, Name: name, Had: had, Old: old})
	}
	(*m)[name] = value
	return moved
}

// Speak makes a language that of the pages for good: no Undo brings the one
// before back.
func (c *Copy) Speak(lang string) {
	c.Context.Language = lang
	if _, had := c.Cells[CellLanguage]; had {
		cells, _ := c.owned(SlotCell, 0)
		(*cells)[CellLanguage] = lang
	}
}

// Drop removes a name of the journey; it reports whether the map is another
// one now.
func (c *Copy) Drop(at Slot, frame int, name string) (moved bool) {
	m, moved := c.owned(at, frame)
	old, had := (*m)[name]
	if had && c.Undo.wants(at, frame, name) {
		c.Undo.Changes = append(c.Undo.Changes, Change{Slot: at, Frame: frame, Name: name, Had: true, Old: old})
	}
	delete(*m, name)
	return moved
}

// wants says whether the value that stands must be remembered: not when the
// frame began since the page, nor when an older value already is.
func (u *Undo) wants(at Slot, frame int, name string) bool {
	if at >= SlotVar && frame >= u.Keep {
		return false
	}
	for i := range u.Changes {
		c := &u.Changes[i]
		if c.Slot == at && c.Frame == frame && c.Name == name && c.Ended == nil {
			return false
		}
	}
	return true
}

// Push begins a frame, whose maps are the copy's own.
func (c *Copy) Push(f Frame) {
	c.Frames = append(c.Frames, f)
	c.own = append(c.own, ^ownership(0))
}

// Pop ends the last frame; it comes back with Back if it was there when the
// page was shown.
func (c *Copy) Pop() {
	last := len(c.Frames) - 1
	if last < c.Undo.Keep {
		f := c.Frames[last]
		caller := ""
		if last > 0 {
			caller = c.Frames[last-1].Step
		}
		c.Undo.Changes = append(c.Undo.Changes, Change{Ended: &f, Name: caller})
		c.Undo.Keep = last
	}
	c.Frames = c.Frames[:last:last]
	c.own = c.own[:last]
}

// Rewind puts back what an undo remembers.
func (c *Copy) Rewind(u Undo) {
	if u.Keep < len(c.Frames) {
		c.Frames = c.Frames[:u.Keep:u.Keep]
		c.own = c.own[:u.Keep]
	}
	for i := len(u.Changes) - 1; i >= 0; i-- {
		c.putBack(u.Changes[i])
	}
}

func (c *Copy) putBack(old Change) {
	if old.Ended != nil {
		if last := len(c.Frames) - 1; last >= 0 {
			c.Frames[last].Step = old.Name
		}
		c.Frames = append(c.Frames, *old.Ended)
		c.own = append(c.own, 0)
		return
	}
	if old.Slot > SlotLoop || old.Slot >= SlotVar && old.Frame >= len(c.Frames) {
		return
	}
	m, _ := c.owned(old.Slot, old.Frame)
	if old.Had {
		(*m)[old.Name] = old.Old
	} else {
		delete(*m, old.Name)
	}
}

// Clear forgets the journey and keeps the context: what Restart begins from.
func (c *Copy) Clear() {
	*c = Copy{State: State{Context: c.Context, Seq: c.Seq, Restarts: c.Restarts, Chain: c.Chain}}
}

// owned returns a map of the journey, copied before its first change.
func (c *Copy) owned(at Slot, frame int) (m *map[string]any, moved bool) {
	m, bits := c.slot(at, frame)
	bit := ownership(1) << at
	if *bits&bit != 0 && *m != nil {
		return m, false
	}
	*m = Cloned(*m)
	*bits |= bit
	return m, true
}

func (c *Copy) slot(at Slot, frame int) (*map[string]any, *ownership) {
	switch at {
	case SlotSession:
		return &c.Shared, &c.ownTop
	case SlotCell:
		return &c.Cells, &c.ownTop
	}
	f := &c.Frames[frame]
	maps := [...]*map[string]any{SlotVar: &f.Vars, SlotParam: &f.Params, SlotResult: &f.Results, SlotLoop: &f.Loops}
	return maps[at], &c.own[frame]
}

// Cloned returns a copy of a map with room for one more.
func Cloned(m map[string]any) map[string]any {
	out := make(map[string]any, len(m)+1)
	for k, v := range m {
		out[k] = v
	}
	return out
}
