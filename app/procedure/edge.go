package procedure

import (
	"reflect"
	"strings"
)

// Edge is a way from a step to another.
type Edge struct {
	ID    string // unique in its step and stable: "next", "error", "answer.yes", "rule.r1", …
	From  string // step id
	To    string // step id, "" when the writer has not said where yet
	Label Text   // words of the answer, if any
	Note  string // formula or value of a rule, case or code, if any
	Path  string // of the property that holds To, in the step
}

// edgeSlot is an edge as a place in a step that holds the target's id.
type edgeSlot struct {
	id    string
	to    *string
	label Text
	note  string
	path  string
}

// Edges returns every way out of the step, written or missing. A missing one
// (To is "") is returned only where the step cannot do without it.
func (s *Step) Edges() []Edge {
	var edges []Edge
	for _, slot := range s.slots() {
		if *slot.to == "" && !s.needs(slot.id) {
			continue
		}
		edges = append(edges, Edge{ID: slot.id, From: s.ID, To: *slot.to, Label: slot.label, Note: slot.note, Path: slot.path})
	}
	return edges
}

// AllEdges returns every way out that the step could have, To being "" where
// it leads nowhere.
func (s *Step) AllEdges() []Edge {
	var edges []Edge
	for _, slot := range s.slots() {
		edges = append(edges, Edge{ID: slot.id, From: s.ID, To: *slot.to, Label: slot.label, Note: slot.note, Path: slot.path})
	}
	return edges
}

// EdgeIDs returns the ids of every way out that the step could have.
func (s *Step) EdgeIDs() []string {
	var ids []string
	for _, slot := range s.slots() {
		ids = append(ids, slot.id)
	}
	return ids
}

// Connect points the edge with an id to a step ("" to disconnect it); it
// reports whether the step has such an edge.
func (s *Step) Connect(edge, to string) bool {
	for _, slot := range s.slots() {
		if slot.id == edge {
			*slot.to = to
			return true
		}
	}
	return false
}

// slots lists the places that hold a target, in the order they are drawn:
// those of the step's part first, then next, then error.
func (s *Step) slots() []edgeSlot {
	slots := s.partSlots()
	if s.End != nil || s.Family() == Layout || s.Kind() == "" {
		return slots
	}
	slots = append(slots, edgeSlot{id: "next", to: &s.Next, path: "next"})
	if s.mayFail() {
		slots = append(slots, edgeSlot{id: "error", to: &s.OnError, path: "on_error"})
	}
	return slots
}

// mayFail says which steps have an error branch: those that run formulas or
// talk to the outside.
func (s *Step) mayFail() bool {
	return s.Start == nil && s.Breakpoint == nil
}

// needs says whether the step cannot do without a way out. Answers may go to
// Next instead of a step of their own; rules, cases and codes may not.
func (s *Step) needs(id string) bool {
	kind, _, _ := strings.Cut(id, ".")
	switch kind {
	case "answer", "button", "yes", "no":
		return s.Next == ""
	case "rule", "case", "code", "outcome", "jump", "body":
		return true
	case "next":
		return s.needsNext()
	}
	return false
}

// Decides reports whether the step goes on by Next only when none of its
// conditions holds.
func (s *Step) Decides() bool { return s.Test != nil || s.Switch != nil }

// needsNext reports whether some journey leaves the step by Next other than
// from an answer without a step of its own.
func (s *Step) needsNext() bool {
	switch {
	case s.When != "":
		return true
	case s.Question != nil:
		return s.Question.From != nil || len(s.Question.Answers) == 0
	case s.Page != nil:
		return len(s.Page.Buttons) == 0
	case s.Confirm != nil, s.Jump != nil:
		return false
	}
	return true
}

// partSlots lists the places of the step's part.
func (s *Step) partSlots() (slots []edgeSlot) {
	switch {
	case s.Page != nil:
		for i, name := range entryNames(reflect.ValueOf(s.Page.Buttons)) {
			b := &s.Page.Buttons[i]
			slots = append(slots, edgeSlot{"button." + b.ID, &b.To, b.Text, "", "buttons." + name + ".to"})
		}
	case s.Question != nil:
		for i, name := range entryNames(reflect.ValueOf(s.Question.Answers)) {
			a := &s.Question.Answers[i]
			slots = append(slots, edgeSlot{"answer." + a.ID, &a.To, a.Text, a.When, "answers." + name + ".to"})
		}
	case s.Confirm != nil:
		return []edgeSlot{{"yes", &s.Confirm.Yes, s.Confirm.YesText, "", "yes"}, {"no", &s.Confirm.No, s.Confirm.NoText, "", "no"}}
	case s.Handover != nil:
		return []edgeSlot{{id: "refused", to: &s.Handover.Refused, path: "refused"}}
	case s.Call != nil:
		for i, name := range entryNames(reflect.ValueOf(s.Call.Outcomes)) {
			o := &s.Call.Outcomes[i]
			slots = append(slots, edgeSlot{"outcome." + string(o.Outcome), &o.To, Text{}, string(o.Outcome), "outcomes." + name + ".to"})
		}
	case s.Jump != nil:
		return []edgeSlot{{id: "jump", to: &s.Jump.To, path: "to"}}
	case s.Each != nil:
		return []edgeSlot{{id: "body", to: &s.Each.Body, note: s.Each.List, path: "body"}}
	default:
		return s.automaticSlots()
	}
	return slots
}

// automaticSlots lists the places of the parts that decide unseen.
func (s *Step) automaticSlots() (slots []edgeSlot) {
	switch {
	case s.Test != nil:
		for i, name := range entryNames(reflect.ValueOf(s.Test.Rules)) {
			r := &s.Test.Rules[i]
			slots = append(slots, edgeSlot{"rule." + r.ID, &r.To, Text{}, r.If, "rules." + name + ".to"})
		}
	case s.Switch != nil:
		for i, name := range entryNames(reflect.ValueOf(s.Switch.Cases)) {
			c := &s.Switch.Cases[i]
			slots = append(slots, edgeSlot{"case." + c.ID, &c.To, Text{}, c.Is, "cases." + name + ".to"})
		}
	case s.Script != nil:
		for i, name := range entryNames(reflect.ValueOf(s.Script.Codes)) {
			c := &s.Script.Codes[i]
			slots = append(slots, edgeSlot{"code." + c.ID, &c.To, Text{}, c.Is, "codes." + name + ".to"})
		}
	case s.REST != nil:
		return []edgeSlot{{id: "status", to: &s.REST.OnStatus, path: "on_status"}, {id: "timeout", to: &s.REST.OnTimeout, path: "on_timeout"}}
	case s.SOAP != nil:
		return []edgeSlot{{id: "status", to: &s.SOAP.OnStatus, path: "on_status"}, {id: "fault", to: &s.SOAP.OnFault, path: "on_fault"}, {id: "timeout", to: &s.SOAP.OnTimeout, path: "on_timeout"}}
	case s.Ticket != nil:
		return []edgeSlot{{id: "timeout", to: &s.Ticket.OnTimeout, path: "on_timeout"}}
	case s.Directory != nil:
		return []edgeSlot{{id: "missing", to: &s.Directory.OnMissing, path: "on_missing"}, {id: "timeout", to: &s.Directory.OnTimeout, path: "on_timeout"}}
	}
	return slots
}
