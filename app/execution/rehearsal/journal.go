package rehearsal

import (
	"encoding/json"
	"regexp"
	"time"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
)

// Journal is what was done in a test run, so that a scenario can be made of it.
type Journal struct {
	At       time.Time      `json:"at"`
	Entry    string         `json:"entry"`
	From     string         `json:"from,omitempty"` // the step it began at, instead of the start
	Language string         `json:"language"`
	User     map[string]any `json:"user,omitempty"`
	Params   map[string]any `json:"params,omitempty"`
	Moves    []Recorded     `json:"moves,omitempty"`

	Outcome procedure.Outcome `json:"outcome,omitempty"` // how it ended, if it has
	Showing string            `json:"showing,omitempty"` // the step whose page shows
}

// Recorded is a move that was made.
type Recorded struct {
	procedure.Move
	Words    string   `json:"words,omitempty"`    // of the answer, as reports tell it
	Hidden   []string `json:"hidden,omitempty"`   // fields that held a secret; "" is the whole answer
	Personal bool     `json:"personal,omitempty"` // the answer holds something personal
	Files    bool     `json:"files,omitempty"`    // the answer holds a file
}

// Begin opens the journal of a test run.
func Begin(c execution.Context, now time.Time) Journal {
	return Journal{At: now, Entry: c.Entry, From: c.From, Language: c.Language, User: c.User, Params: c.Params}
}

// With is the journal with what a turn made of it. Refused answers leave no
// trace, nor does what only shows a page otherwise.
func (j Journal) With(t execution.Turn) Journal {
	moves := j.Moves[:len(j.Moves):len(j.Moves)]
	j.Outcome = t.State.Outcome()
	if t.Page != nil {
		j.Showing = t.Page.Step
	}
	for _, e := range t.Events {
		switch e.Kind {
		case execution.EventAnswered:
			moves = append(moves, recorded(e))
		case execution.EventBack:
			moves = append(moves, Recorded{Move: procedure.Move{Step: e.Step, Do: "back"}})
		case execution.EventRestart:
			moves = append(moves, Recorded{Move: procedure.Move{Do: "restart"}})
		case execution.EventSpoken:
			j.Language = e.Text // a scenario is in one language: the last one
		}
	}
	j.Moves = moves
	return j
}

func recorded(e execution.Event) Recorded {
	r := Recorded{Move: procedure.Move{Step: e.Step, Answer: e.Value}, Words: e.Text}
	if e.Private != nil {
		r.Answer, r.Personal = e.Private, true
	}
	fields, isForm := r.Answer.(map[string]any)
	if !isForm {
		if r.Answer == any(execution.Mask) {
			r.Answer, r.Hidden = nil, []string{""}
		}
		r.Files = holdsFile(r.Answer)
		return r
	}
	kept := make(map[string]any, len(fields))
	for name, value := range fields {
		switch {
		case value == any(execution.Mask):
			r.Hidden = append(r.Hidden, name)
		case holdsFile(value):
			r.Files = true
		default:
			kept[name] = value
		}
	}
	r.Answer = kept
	return r
}

// holdsFile reports whether a value is a file that was sent, or a list of some.
func holdsFile(v any) bool {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for _, item := range list {
		if m, ok := item.(map[string]any); ok && m["hash"] != nil && m["name"] != nil {
			return true
		}
	}
	return false
}

// Scenario makes a scenario of the journal, without a name and without an
// expectation. Of the person, it keeps what the procedures read.
func (j Journal) Scenario(proj *procedure.Project) *procedure.Scenario {
	s := &procedure.Scenario{
		Schema: procedure.Schema, Procedure: j.Entry, Language: j.Language, At: j.At.Truncate(time.Second).Format(time.RFC3339),
		User: readOf(proj, j.Entry, j.User), Params: j.Params,
	}
	for _, m := range j.Moves {
		s.Moves = append(s.Moves, m.Move)
	}
	return s
}

// Passed returns a procedure of a project and all those of it that it calls,
// whose pages show in its executions like its own.
func Passed(proj *procedure.Project, uid string) (list []*procedure.Procedure) {
	seen := map[string]bool{}
	var add func(uid string)
	add = func(uid string) {
		for _, p := range proj.Procedures {
			if p.UID != uid || seen[uid] {
				continue
			}
			seen[uid] = true
			list = append(list, p)
			for i := range p.Steps {
				if call := p.Steps[i].Call; call != nil {
					add(call.Procedure)
				}
			}
		}
	}
	add(uid)
	return list
}

// userRead finds what formulas read of the person.
var userRead = regexp.MustCompile(`\buser\.([a-z_]+)(?:\.([A-Za-z0-9_]+))?`)

// readOf is what the procedures that a scenario passes read of the person, and
// the person's groups when answers are meant for some.
func readOf(proj *procedure.Project, uid string, user map[string]any) map[string]any {
	kept := map[string]any{}
	for _, p := range Passed(proj, uid) {
		written, err := json.Marshal(p)
		if err != nil {
			continue
		}
		for _, found := range userRead.FindAllStringSubmatch(string(written), -1) {
			keepRead(kept, user, found[1], found[2])
		}
		if hasAudience(p) {
			keepRead(kept, user, "groups", "")
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

func keepRead(kept, user map[string]any, name, below string) {
	value, there := user[name]
	if !there {
		return
	}
	all, nested := value.(map[string]any)
	if !nested || below == "" {
		kept[name] = value
		return
	}
	one, there := all[below]
	if !there {
		return
	}
	some, _ := kept[name].(map[string]any)
	if some == nil {
		some = map[string]any{}
	}
	some[below] = one
	kept[name] = some
}

// hasAudience reports whether some answer is for some groups only.
func hasAudience(p *procedure.Procedure) bool {
	for i := range p.Steps {
		s := &p.Steps[i]
		var answers []procedure.Answer
		if s.Question != nil {
			answers = append(answers, s.Question.Answers...)
		}
		if s.Choices != nil {
			answers = append(answers, s.Choices.Answers...)
		}
		for _, a := range answers {
			if len(a.Audience) > 0 {
				return true
			}
		}
	}
	return false
}
