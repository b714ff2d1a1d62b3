package execution

import "selfhelp/app/procedure"

// packShape is the first byte of a packed state: the shape of what follows. A
// state of another shape is not read.
const packShape byte = 1

// pack writes a state as bytes.
func (s *State) pack(b []byte) []byte {
	p := &packer{b: append(b, packShape)}
	s.context.pack(p)
	p.int(int64(s.seq))
	p.int(int64(s.restarts))
	p.text(s.chain)
	p.object(s.session)
	p.object(s.cells)
	p.uint(uint64(len(s.frames)))
	for i := range s.frames {
		s.frames[i].pack(p)
	}
	p.uint(uint64(len(s.trail)))
	for i := range s.trail {
		s.trail[i].pack(p)
	}
	s.undo.pack(p)
	p.uint(uint64(len(s.kept)))
	for i := range s.kept {
		s.kept[i].pack(p)
	}
	p.object(s.lists)
	s.packStand(p)
	return p.b
}

func (s *State) packStand(p *packer) {
	p.uint(uint64(s.stand))
	p.int(s.until)
	p.text(s.key)
	p.text(s.slot)
	p.text(s.where)
	p.text(string(s.outcome))
	p.object(s.outputs)
	p.flag(s.paused)
	p.flag(s.thanked)
	p.int(int64(s.tries))
}

func (g *given) pack(p *packer) {
	for _, text := range []string{g.id, g.entry, g.version, g.language, g.channel, g.from} {
		p.text(text)
	}
	p.flag(g.test)
	p.texts(g.languages)
	p.texts(g.groups)
	for _, m := range []map[string]any{g.user, g.params, g.conv, g.env, g.vars} {
		p.object(m)
	}
}

func (f *frame) pack(p *packer) {
	p.text(f.procedure)
	p.text(f.step)
	p.uint(uint64(f.owner))
	for _, m := range []map[string]any{f.vars, f.params, f.results, f.loops} {
		p.object(m)
	}
}

func (m *mark) pack(p *packer) {
	p.text(m.procedure)
	p.text(m.step)
	p.uint(uint64(m.nth))
	p.text(m.title)
	m.undo.pack(p)
}

func (u *undo) pack(p *packer) {
	p.uint(uint64(u.keep))
	p.uint(uint64(len(u.changes)))
	for _, c := range u.changes {
		p.flag(c.ended != nil)
		if c.ended != nil {
			c.ended.pack(p)
			continue
		}
		p.uint(uint64(c.slot))
		p.uint(uint64(c.frame))
		p.text(c.name)
		p.flag(c.had)
		p.value(c.old)
	}
}

func (a *answer) pack(p *packer) {
	p.text(a.procedure)
	p.text(a.step)
	p.uint(uint64(a.nth))
	p.posted(a.values)
	p.files(a.files)
}

// unpack reads a state; ok is false when the bytes are not one.
func unpack(b []byte) (s State, ok bool) {
	u := &unpacker{b: b}
	if u.byte() != packShape {
		return State{}, false
	}
	s.context = u.given()
	s.seq, s.restarts, s.chain = int(u.int()), int(u.int()), u.text()
	s.session, s.cells = u.object(0), u.object(0)
	for range u.count() {
		s.frames = append(s.frames, u.frame())
	}
	for range u.count() {
		s.trail = append(s.trail, mark{u.text(), u.text(), u.index(), u.text(), u.undo()})
	}
	s.undo = u.undo()
	for range u.count() {
		s.kept = append(s.kept, answer{u.text(), u.text(), u.index(), u.posted(), u.files()})
	}
	s.lists = u.object(0)
	u.stand(&s)
	return s, !u.bad && len(u.b) == 0 && s.sound()
}

func (u *unpacker) stand(s *State) {
	s.stand = stand(u.uint())
	s.until, s.key, s.slot, s.where = u.int(), u.text(), u.text(), u.text()
	s.outcome, s.outputs = procedure.Outcome(u.text()), u.object(0)
	s.paused, s.thanked, s.tries = u.flag(), u.flag(), int(u.int())
}

func (u *unpacker) given() given {
	return given{
		id: u.text(), entry: u.text(), version: u.text(), language: u.text(), channel: u.text(), from: u.text(),
		test: u.flag(), languages: u.texts(), groups: u.texts(),
		user: u.object(0), params: u.object(0), conv: u.object(0), env: u.object(0), vars: u.object(0),
	}
}

func (u *unpacker) frame() frame {
	return frame{
		procedure: u.text(), step: u.text(), owner: u.index(),
		vars: u.object(0), params: u.object(0), results: u.object(0), loops: u.object(0),
	}
}

func (u *unpacker) undo() undo {
	un := undo{keep: u.index()}
	for range u.count() {
		if u.flag() {
			f := u.frame()
			un.changes = append(un.changes, change{ended: &f})
			continue
		}
		un.changes = append(un.changes, change{slot: slot(u.uint()), frame: u.index(), name: u.text(), had: u.flag(), old: u.value(0)})
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
	for i, f := range s.frames {
		if f.owner > i {
			return false
		}
	}
	return s.stand <= atProblem && s.undo.sound(len(s.frames))
}

func (u *undo) sound(frames int) bool {
	return u.keep <= frames
}
