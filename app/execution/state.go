package execution

import (
	"maps"
	"slices"
	"time"

	"selfhelp/app/procedure"
)

// State is where an execution stands: small, and never changed by Advance,
// which returns a new one. It holds personal data: it leaves the server only
// sealed.
type State struct {
	context  given
	seq      int               // of the last event
	restarts int               // times it began again
	chain    string            // key of the turn that led here
	session  map[string]any    // session.* variables
	cells    map[string]any    // the engine's own notes of the journey: language, hue, counts, ticket
	frames   []frame           // procedures being run, the called one last
	trail    []mark            // pages shown, the present or last one last
	undo     undo              // what happened since that page was shown
	kept     []answer          // answers given, also on branches left since
	lists    map[string]any    // lists fetched for the page that shows, by field id
	stand    stand             // what it waits for
	until    int64             // of a wait: Unix milliseconds; of an effect: when it was asked
	key      string            // of an effect; of a problem: its message key
	slot     string            // of an effect: the field whose list it fetches, if any
	where    string            // of a problem: title or id of the step
	outcome  procedure.Outcome // of an ended execution
	outputs  map[string]any
	paused   bool
	thanked  bool   // feedback was given on the outcome page
	tries    int    // wrong answers to the captcha of the page that shows
	packed   []byte // its bytes, when they are known
}

// given is the context, as far as it is needed after the start.
type given struct {
	id, entry, version, language, channel, from string
	test                                        bool
	languages, groups                           []string
	user, params, conv, env, vars               map[string]any
}

// stand says what an execution waits for.
type stand uint8

const (
	atPage stand = iota
	atEffect
	atWait
	atBreak
	atEnd
	atProblem
)

// frame is one procedure being run.
type frame struct {
	procedure string         // UID
	step      string         // where it stands; in a caller, its call step
	owner     int            // index of the frame whose variables it uses: its own, or the caller's
	vars      map[string]any // var.*
	params    map[string]any // param.*
	results   map[string]any // step.*: id → {result: …}
	loops     map[string]any // for-each steps under way: id and property → value
}

// mark is one page of the trail.
type mark struct {
	procedure, step string
	nth             int    // how many times the page was on the trail before
	title           string // only when it has placeholders
	undo            undo   // what brings back the state of the page before
}

// answer is what was given on a page, as it was posted, to be shown again.
type answer struct {
	procedure, step string
	nth             int
	values          map[string][]string
	files           map[string][]File
}

// ID returns the id of the execution.
func (s *State) ID() string { return s.context.id }

// Entry returns the UID of the entry procedure.
func (s *State) Entry() string { return s.context.entry }

// Version returns the version the execution is pinned to.
func (s *State) Version() string { return s.context.version }

// Language returns the language of its pages.
func (s *State) Language() string {
	if l, ok := s.cells[cellLanguage].(string); ok {
		return l
	}
	return s.context.language
}

// Step returns the procedure and the step where it stands, the one that its
// address names.
func (s *State) Step() (procedure, step string) {
	if len(s.frames) == 0 {
		return s.context.entry, ""
	}
	top := s.frames[len(s.frames)-1]
	return top.procedure, top.step
}

// Outcome returns how it ended, "" when it has not.
func (s *State) Outcome() procedure.Outcome { return s.outcome }

// Paused reports whether the person has kept it aside.
func (s *State) Paused() bool { return s.paused }

// Test reports whether it is a test, where nothing is really called.
func (s *State) Test() bool { return s.context.test }

// Waiting returns until when it is held back, and whether it is.
func (s *State) Waiting() (until time.Time, waits bool) {
	return time.UnixMilli(s.until).UTC(), s.stand == atWait
}

// Variables returns a copy of the variables of the procedure where it stands,
// secrets included.
func (s *State) Variables() map[string]any {
	if len(s.frames) == 0 {
		return nil
	}
	top := s.frames[len(s.frames)-1]
	return maps.Clone(s.frames[top.owner].vars)
}

// Session returns a copy of the variables of the whole execution.
func (s *State) Session() map[string]any { return maps.Clone(s.session) }

// Pages returns the ids of the steps on the trail, the present one last.
func (s *State) Pages() []string {
	steps := make([]string, len(s.trail))
	for i, m := range s.trail {
		steps[i] = m.step
	}
	return steps
}

// answerOf returns what was given on a page before.
func (s *State) answerOf(m mark) *answer {
	i := slices.IndexFunc(s.kept, func(a answer) bool {
		return a.step == m.step && a.nth == m.nth && a.procedure == m.procedure
	})
	if i < 0 {
		return nil
	}
	return &s.kept[i]
}
