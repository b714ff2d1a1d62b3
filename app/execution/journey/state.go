// Package journey knows where an execution stands: its state, how a turn
// changes a copy of it and how Back undoes that, its few bytes, and the seal
// under which they travel. It refuses to know procedures, steps and pages.
//
// Its main names are State, Copy and Sealer.
package journey

import (
	"maps"
	"slices"
	"time"

	"selfhelp/app/execution/entry"
	"selfhelp/app/procedure"
)

// State is where an execution stands: small, and never changed by Advance,
// which returns a new one. It holds personal data: it leaves the server only
// sealed.
type State struct {
	Context  Given
	Seq      int               // of the last event
	Restarts int               // times it began again
	Chain    string            // key of the turn that led here
	Shared   map[string]any    // session.* variables
	Cells    map[string]any    // the engine's own notes of the journey: language, hue, counts, ticket
	Frames   []Frame           // procedures being run, the called one last
	Trail    []Mark            // pages shown, the present or last one last
	Undo     Undo              // what happened since that page was shown
	Kept     []Answer          // answers given, also on branches left since
	Lists    map[string]any    // lists fetched for the page that shows, by field id
	Stand    Stand             // what it waits for
	Until    int64             // of a wait: Unix milliseconds; of an effect: when it was asked
	Key      string            // of an effect; of a problem: its message key
	Slot     string            // of an effect: the field whose list it fetches, if any
	Where    string            // of a problem: the step
	Ended    procedure.Outcome // of an ended execution
	Outputs  map[string]any
	Aside    bool   // the person has paused it
	Thanked  bool   // feedback was given on the outcome page
	Tries    int    // wrong answers to the captcha of the page that shows
	Packed   []byte // its bytes, when they are known
}

// Given is the context, as far as it is needed after the start.
type Given struct {
	ID, Entry, Version, Language, Channel, From string
	Test, Mock                                  bool
	Languages, Groups                           []string

	brought *Brought
	raw     string // packed, as long as nobody has looked at it
}

// Brought are the values the context brings: roots of formulas, values for the
// inputs, and in a test the variables.
type Brought struct {
	User, Params, Conv, Env, Vars map[string]any
}

// Bring gives the context its values.
func (g *Given) Bring(b Brought) { g.brought, g.raw = &b, "" }

// Brought returns the values. Most turns never ask for them: they are read
// from their bytes when one does.
func (g *Given) Brought() *Brought {
	if g.brought == nil {
		u := &unpacker{b: g.raw}
		g.brought = &Brought{User: u.object(0), Params: u.object(0), Conv: u.object(0), Env: u.object(0), Vars: u.object(0)}
	}
	return g.brought
}

// Stand says what an execution waits for.
type Stand uint8

// What an execution may wait for.
const (
	AtPage Stand = iota
	AtEffect
	AtWait
	AtBreak
	AtEnd
	AtProblem
)

// Frame is one procedure being run.
type Frame struct {
	Procedure string         // UID
	Step      string         // where it stands; in a caller, its call step
	Owner     int            // index of the frame whose variables it uses: its own, or the caller's
	Vars      map[string]any // var.*
	Params    map[string]any // param.*
	Results   map[string]any // step.*: id → {result: …}
	Loops     map[string]any // for-each steps under way: id and property → value
}

// Mark is one page of the trail.
type Mark struct {
	Procedure, Step string
	Nth             int    // how many times the page was on the trail before
	Title           string // only when it has placeholders
	undo            string // packed: few pages are ever gone back to
}

// SetUndo remembers what brings back the state of the page before.
func (m *Mark) SetUndo(u Undo) {
	p := packer{}
	u.pack(&p)
	m.undo = string(p.b)
}

// Undo returns what brings back the state of the page before.
func (m *Mark) Undo() Undo {
	u := &unpacker{b: m.undo}
	if undo := u.undo(); !u.bad {
		return undo
	}
	return Undo{}
}

// NoWayBack forgets what brings back the state of the page before.
func (m *Mark) NoWayBack() { m.undo = "" }

// Answer is what was given on a page, as it was posted, to be shown again.
type Answer struct {
	Procedure, Step string
	Nth             int
	posted          string // packed: few are ever shown again
}

// SetPosted remembers what was posted.
func (a *Answer) SetPosted(values map[string][]string, files map[string][]entry.File) {
	p := packer{}
	p.files(files)
	p.posted(values)
	a.posted = string(p.b)
}

// Posted returns what was posted.
func (a *Answer) Posted() *entry.Posted {
	u := &unpacker{b: a.posted}
	return &entry.Posted{Files: u.files(), Values: u.posted()}
}

// Files returns the files among what was posted.
func (a *Answer) Files() map[string][]entry.File {
	u := &unpacker{b: a.posted}
	return u.files()
}

// FileSent returns the file of a hash that was sent in this execution; false
// when none was.
func (s *State) FileSent(hash string) (entry.File, bool) {
	for i := range s.Kept {
		for _, files := range s.Kept[i].Files() {
			if at := slices.IndexFunc(files, func(f entry.File) bool { return f.Hash == hash }); at >= 0 {
				return files[at], true
			}
		}
	}
	return entry.File{}, false
}

// The engine's own notes in State.Cells.
const (
	CellLanguage = "language"
	CellHue      = "hue"
	CellEffects  = "effects" // how many were asked for along the path
	CellTicket   = "ticket"
	CellTold     = "told"  // session variables that hold what may not be told
	CellJump     = "jump " // and procedure/step: how many times
)

// ID returns the id of the execution.
func (s *State) ID() string { return s.Context.ID }

// Entry returns the UID of the entry procedure.
func (s *State) Entry() string { return s.Context.Entry }

// Version returns the version the execution is pinned to.
func (s *State) Version() string { return s.Context.Version }

// Language returns the language of its pages.
func (s *State) Language() string {
	if l, ok := s.Cells[CellLanguage].(string); ok {
		return l
	}
	return s.Context.Language
}

// Step returns the procedure and the step where it stands, the one that its
// address names.
func (s *State) Step() (procedure, step string) {
	if len(s.Frames) == 0 {
		return s.Context.Entry, ""
	}
	top := s.Frames[len(s.Frames)-1]
	return top.Procedure, top.Step
}

// Outcome returns how it ended, "" when it has not.
func (s *State) Outcome() procedure.Outcome { return s.Ended }

// Paused reports whether the person has kept it aside.
func (s *State) Paused() bool { return s.Aside }

// Test reports whether it is a test, where nothing is really called.
func (s *State) Test() bool { return s.Context.Test }

// Waiting returns until when it is held back, and whether it is.
func (s *State) Waiting() (until time.Time, waits bool) {
	return time.UnixMilli(s.Until).UTC(), s.Stand == AtWait
}

// Variables returns a copy of the variables of the procedure where it stands,
// secrets included.
func (s *State) Variables() map[string]any {
	if len(s.Frames) == 0 {
		return nil
	}
	top := s.Frames[len(s.Frames)-1]
	return maps.Clone(s.Frames[top.Owner].Vars)
}

// Session returns a copy of the variables of the whole execution.
func (s *State) Session() map[string]any { return maps.Clone(s.Shared) }

// Pages returns the ids of the steps on the trail, the present one last.
func (s *State) Pages() []string {
	steps := make([]string, len(s.Trail))
	for i, m := range s.Trail {
		steps[i] = m.Step
	}
	return steps
}

// AnswerOf returns the place among the answers of what was given on a page
// before, -1 when nothing was.
func (s *State) AnswerOf(m *Mark) int {
	for i := range s.Kept {
		if a := &s.Kept[i]; a.Step == m.Step && a.Nth == m.Nth && a.Procedure == m.Procedure {
			return i
		}
	}
	return -1
}
