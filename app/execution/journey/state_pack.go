package journey

import (
	"slices"

	"selfhelp/app/procedure"
)

// packShape is the first byte of a packed state: the shape of what follows. A
// state of another shape is not read.
const packShape byte = 3

// Pack writes a state as bytes after those given.
func (s *State) Pack(b []byte) []byte {
	p := &packer{b: append(b, packShape)}
	s.Context.pack(p)
	p.int(int64(s.Seq))
	p.int(int64(s.Restarts))
	p.text(s.Chain)
	p.object(s.Shared)
	p.object(s.Cells)
	p.uint(uint64(len(s.Frames)))
	for i := range s.Frames {
		s.Frames[i].pack(p)
	}
	s.packPages(p)
	s.Undo.pack(p)
	p.object(s.Lists)
	s.packStand(p)
	return p.b
}

func (s *State) packStand(p *packer) {
	p.uint(uint64(s.Stand))
	p.int(s.Until)
	p.text(s.Key)
	p.text(s.Slot)
	p.text(s.Where)
	p.text(string(s.Ended))
	p.object(s.Outputs)
	p.flag(s.Aside)
	p.flag(s.Thanked)
	p.int(int64(s.Tries))
}

func (g *Given) pack(p *packer) {
	for _, text := range []string{g.ID, g.Entry, g.Version, g.Language, g.Channel, g.From} {
		p.text(text)
	}
	p.flag(g.Test)
	p.flag(g.Mock)
	p.texts(g.Languages)
	p.texts(g.Groups)
	if g.raw != "" || g.brought == nil {
		p.text(g.raw)
		return
	}
	own, b := packer{}, g.brought
	for _, m := range [...]map[string]any{b.User, b.Params, b.Conv, b.Env, b.Vars} {
		own.object(m)
	}
	p.uint(uint64(len(own.b)))
	p.b = append(p.b, own.b...)
}

func (f *Frame) pack(p *packer) {
	p.text(f.Procedure)
	p.text(f.Step)
	p.uint(uint64(f.Owner))
	for _, m := range []map[string]any{f.Vars, f.Params, f.Results, f.Loops} {
		p.object(m)
	}
}

// packPages writes the trail and the answers. They are most of a long journey,
// and say the same again and again: a procedure is written once and named by
// its number, and an answer names the page of the trail it was given on.
func (s *State) packPages(p *packer) {
	procedures := s.procedures()
	p.texts(procedures)
	p.uint(uint64(len(s.Trail)))
	for i := range s.Trail {
		m := &s.Trail[i]
		p.uint(uint64(slices.Index(procedures, m.Procedure)))
		m.pack(p)
	}
	p.uint(uint64(len(s.Kept)))
	page := 0 // answers stand in the order of their pages, but for branches left since
	for i := range s.Kept {
		a := &s.Kept[i]
		at := s.pageOf(a, page)
		p.uint(uint64(at + 1))
		if at < 0 {
			p.uint(uint64(slices.Index(procedures, a.Procedure)))
			p.text(a.Step)
			p.uint(uint64(a.Nth))
		} else {
			page = at + 1
		}
		p.text(a.posted)
	}
}

// procedures returns those of the trail and of the answers, each once.
func (s *State) procedures() (all []string) {
	for i := range s.Trail {
		if uid := s.Trail[i].Procedure; !slices.Contains(all, uid) {
			all = append(all, uid)
		}
	}
	for i := range s.Kept {
		if uid := s.Kept[i].Procedure; !slices.Contains(all, uid) {
			all = append(all, uid)
		}
	}
	return all
}

// pageOf returns the place on the trail of the page of an answer, if it is at
// or right behind a place; -1 otherwise.
func (s *State) pageOf(a *Answer, from int) int {
	for i := from; i < min(from+nearby, len(s.Trail)); i++ {
		if m := &s.Trail[i]; m.Step == a.Step && m.Nth == a.Nth && m.Procedure == a.Procedure {
			return i
		}
	}
	return -1
}

// nearby is how many pages without an answer may stand between two with one
// before the second names its page by itself.
const nearby = 4

func (m *Mark) pack(p *packer) {
	p.text(m.Step)
	p.uint(uint64(m.Nth))
	p.text(m.Title)
	p.text(m.undo)
}

func (u *Undo) pack(p *packer) {
	p.uint(uint64(u.Keep))
	p.uint(uint64(len(u.Changes)))
	for _, c := range u.Changes {
		p.flag(c.Ended != nil)
		if c.Ended != nil {
			p.text(c.Name)
			c.Ended.pack(p)
			continue
		}
		p.uint(uint64(c.Slot))
		p.uint(uint64(c.Frame))
		p.text(c.Name)
		p.flag(c.Had)
		p.value(c.Old)
	}
}

// unpack reads a state; ok is false when the bytes are not one.
func unpack(b []byte) (s State, ok bool) {
	u := &unpacker{b: string(b)}
	if u.byte() != packShape {
		return State{}, false
	}
	s.Context = u.given()
	s.Seq, s.Restarts, s.Chain = int(u.int()), int(u.int()), u.text()
	s.Shared, s.Cells = u.object(0), u.object(0)
	for range u.count() {
		s.Frames = append(s.Frames, u.frame())
	}
	u.pages(&s)
	s.Undo = u.undo()
	s.Lists = u.object(0)
	u.stand(&s)
	return s, !u.bad && len(u.b) == 0 && s.sound()
}

func (u *unpacker) stand(s *State) {
	s.Stand = Stand(u.uint())
	s.Until, s.Key, s.Slot, s.Where = u.int(), u.text(), u.text(), u.text()
	s.Ended, s.Outputs = procedure.Outcome(u.text()), u.object(0)
	s.Aside, s.Thanked, s.Tries = u.flag(), u.flag(), int(u.int())
}

func (u *unpacker) given() Given {
	g := Given{
		ID: u.text(), Entry: u.text(), Version: u.text(), Language: u.text(), Channel: u.text(), From: u.text(),
		Test: u.flag(), Mock: u.flag(), Languages: u.texts(), Groups: u.texts(),
	}
	g.raw = u.text()
	return g
}

// pages reads the trail and the answers, each with room for the one that an
// answer mostly adds.
func (u *unpacker) pages(s *State) {
	procedures := u.texts()
	n := u.count()
	s.Trail = make([]Mark, 0, min(n, maxRoom)+1)
	for range n {
		s.Trail = append(s.Trail, Mark{u.oneOf(procedures), u.text(), u.index(), u.text(), u.text()})
	}
	n = u.count()
	s.Kept = make([]Answer, 0, min(n, maxRoom)+1)
	for range n {
		a := Answer{}
		if at := u.index(); at == 0 {
			a = Answer{Procedure: u.oneOf(procedures), Step: u.text(), Nth: u.index()}
		} else if at <= len(s.Trail) {
			m := &s.Trail[at-1]
			a = Answer{Procedure: m.Procedure, Step: m.Step, Nth: m.Nth}
		} else {
			u.fail()
		}
		a.posted = u.text()
		s.Kept = append(s.Kept, a)
	}
}

// oneOf reads which of the texts is meant.
func (u *unpacker) oneOf(texts []string) string {
	n := u.index()
	if n >= len(texts) {
		u.fail()
		return ""
	}
	return texts[n]
}

// maxRoom bounds what is asked for before anything was read.
const maxRoom = 300

func (u *unpacker) frame() Frame {
	return Frame{
		Procedure: u.text(), Step: u.text(), Owner: u.index(),
		Vars: u.object(0), Params: u.object(0), Results: u.object(0), Loops: u.object(0),
	}
}

func (u *unpacker) undo() Undo {
	un := Undo{Keep: u.index()}
	for range u.count() {
		if u.flag() {
			caller, f := u.text(), u.frame()
			un.Changes = append(un.Changes, Change{Ended: &f, Name: caller})
			continue
		}
		un.Changes = append(un.Changes, Change{Slot: Slot(u.uint()), Frame: u.index(), Name: u.text(), Had: u.flag(), Old: u.value(0)})
	}
	return un
}

// index reads a small number.
func (u *unpacker) index() int {
	n := u.uint()
	if n > 1<<20 {
		u.fail()
		return 0
	}
	return int(n)
}

// sound checks what the engine relies on without looking again. A state we
// sealed always is; one sealed by a future program may not be.
func (s *State) sound() bool {
	for i, f := range s.Frames {
		if f.Owner > i {
			return false
		}
	}
	return s.Stand <= AtProblem && s.Undo.sound(len(s.Frames))
}

func (u *Undo) sound(frames int) bool {
	return u.Keep <= frames
}
