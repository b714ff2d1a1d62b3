package procedure

import (
	"reflect"
	"strings"

	"selfhelp/app/fault"
)

// Operation is one edit of a procedure, as data: the Studio, its history and
// every other client speak in operations. Do says which, and which of the
// other properties it takes:
//
//	add_step         kind [id words language languages]: a step nothing leads to yet
//	add_after        step kind [edge …]: a step that edge (or the first free one) leads to;
//	                 it goes on where the edge led
//	insert_on_edge   step edge kind […]: the same, the edge being required
//	duplicate_step   step [id]
//	replace_step     step value: the whole step, of the same id
//	delete_step      step [join]: edges to it are cleared, or joined to where it went next
//	move_step        step place: its place in the list of steps
//	connect          step edge [to]: none to clear
//	set              step path [value]: any property; none to clear
//	set_text         step path language [words languages]: the words of a text in a language; none to
//	                 clear. Words of ours, like "Yes", go when the first of the languages says
//	                 something else
//	add_item         step path [id value words language languages place]: an entry of a list
//	delete_item      step path item
//	move_item        step path item place
//	set_procedure    path [value]
//	add_variable     id [value]
//	set_variable     item path [value]
//	delete_variable  item
//
// With an empty step, set_text and the three of items are about the procedure
// itself. Ids never change: there is no operation for that.
type Operation struct {
	Do        string   `json:"do"`
	Step      string   `json:"step,omitempty"`
	Edge      string   `json:"edge,omitempty"`
	To        string   `json:"to,omitempty"`
	Kind      StepType `json:"kind,omitempty"`
	ID        string   `json:"id,omitempty"`   // of what is added; made from Words or Kind when empty
	Path      string   `json:"path,omitempty"` // in the step, see the package comment
	Item      string   `json:"item,omitempty"` // name of the entry in the list at Path
	Place     *int     `json:"place,omitempty"`
	Join      bool     `json:"join,omitempty"`
	Language  string   `json:"language,omitempty"`
	Words     string   `json:"words,omitempty"`
	Languages []string `json:"languages,omitempty"` // of the project, that new texts get words in; none: those of the procedure's title
	Value     any      `json:"value,omitempty"`     // JSON, or a Go value that becomes the same
}

// The bounds of what operations make.
const (
	maxSteps   = 20000
	maxEntries = 10000
	maxNames   = 20 // in a path: what is made can always be read (maxDepth)
)

// operations maps each Do to what carries it out on a draft.
var operations map[string]func(*draft, Operation) error

func init() { // breaks a cycle of initialisation only
	operations = map[string]func(*draft, Operation) error{
		"add_step": (*draft).addStep, "add_after": (*draft).addAfter, "insert_on_edge": (*draft).insertOnEdge,
		"duplicate_step": (*draft).duplicateStep, "replace_step": (*draft).replaceStep,
		"delete_step": (*draft).deleteStep, "move_step": (*draft).moveStep, "connect": (*draft).connect,
		"set": (*draft).setInStep, "set_text": (*draft).setText,
		"add_item": (*draft).addItem, "delete_item": (*draft).deleteItem, "move_item": (*draft).moveItem,
		"set_procedure": (*draft).setProcedure, "add_variable": (*draft).addVariable,
		"set_variable": (*draft).setVariable, "delete_variable": (*draft).deleteVariable,
	}
}

// Apply carries out one operation and returns the procedure that results; its
// argument is left as it was. What cannot be done is an Invalid failure.
func Apply(p *Procedure, op Operation) (*Procedure, error) {
	do, ok := operations[op.Do]
	if !ok {
		return nil, fault.New(fault.Invalid, "op.unknown", op.Do)
	}
	d := newDraft(p)
	if err := do(d, Complete(p, op)); err != nil {
		return nil, err
	}
	return d.p, nil
}

// Complete returns the operation with the ids it leaves to be made: those that
// Apply would give, so that a client knows the step it has added.
func Complete(p *Procedure, op Operation) Operation {
	if op.ID != "" {
		return op
	}
	taken := func(id string) bool { return p.Step(id) != nil }
	switch op.Do {
	case "add_step", "add_after", "insert_on_edge":
		op.ID = NewID(op.Words, string(op.Kind), taken)
	case "duplicate_step":
		op.ID = NewID("", strings.TrimRight(op.Step, "_0123456789"), taken)
	case "add_variable":
		op.ID = newEntryID(reflect.ValueOf(p.Variables), Operation{Path: "variables", Words: op.Words})
	case "add_item":
		if list, err := newDraft(p).locate(op.Step, op.Path); err == nil {
			op.ID = newEntryID(list.value, op)
		}
	}
	return op
}

func invalid(key string, args ...any) error { return fault.New(fault.Invalid, key, args...) }
