package procedure

import "strings"

// Edge is a way from a step to another.
type Edge struct {
	ID    string // unique in its step and stable: "next", "error", "answer.yes", "rule.r1", …
	From  string // step id
	To    string // step id, "" when the writer has not said where yet
	Label Text   // words of the answer, if any
	Note  string // formula or value of a rule, case or code, if any
}

// edgeSlot is an edge as a place in a step that holds the target's id.
type edgeSlot struct {
	id    string
	to    *string
	label Text
	note  string
}

// Edges returns every way out of the step, written or missing. A missing one
// (To is "") is returned only where the step cannot do without it.
func (s *Step) Edges() []Edge {
	var edges []Edge
	for _, slot := range s.slots() {
		if *slot.to == "" && !s.needs(slot.id) {
			continue
		}
		edges = append(edges, Edge{ID: slot.id, From: s.ID, To: *slot.to, Label: slot.label, Note: slot.note})
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
	slots = append(slots, edgeSlot{id: "next", to: &s.Next})
	if s.mayFail() {
		slots = append(slots, edgeSlot{id: "error", to: &s.OnError})
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
	add := func(id string, to *string, label Text, note string) {
		slots = append(slots, edgeSlot{id, to, label, note})
	}
	switch {
	case s.Page != nil:
		for i := range s.Page.Buttons {
			b := &s.Page.Buttons[i]
			add("button."+b.ID, &b.To, b.Text, "")
		}
	case s.Question != nil:
		for i := range s.Question.Answers {
			a := &s.Question.Answers[i]
			add("answer."+a.ID, &a.To, a.Text, a.When)
		}
	case s.Confirm != nil:
		add("yes", &s.Confirm.Yes, s.Confirm.YesText, "")
		add("no", &s.Confirm.No, s.Confirm.NoText, "")
	case s.Handover != nil:
		add("refused", &s.Handover.Refused, Text{}, "")
	case s.Call != nil:
		for i := range s.Call.Outcomes {
			o := &s.Call.Outcomes[i]
			add("outcome."+string(o.Outcome), &o.To, Text{}, string(o.Outcome))
		}
	case s.Jump != nil:
		add("jump", &s.Jump.To, Text{}, "")
	case s.Each != nil:
		add("body", &s.Each.Body, Text{}, s.Each.List)
	default:
		return s.automaticSlots()
	}
	return slots
}

// automaticSlots lists the places of the parts that decide unseen.
func (s *Step) automaticSlots() (slots []edgeSlot) {
	add := func(id string, to *string, note string) {
		slots = append(slots, edgeSlot{id: id, to: to, note: note})
	}
	switch {
	case s.Test != nil:
		for i := range s.Test.Rules {
			r := &s.Test.Rules[i]
			add("rule."+r.ID, &r.To, r.If)
		}
	case s.Switch != nil:
		for i := range s.Switch.Cases {
			c := &s.Switch.Cases[i]
			add("case."+c.ID, &c.To, c.Is)
		}
	case s.Script != nil:
		for i := range s.Script.Codes {
			c := &s.Script.Codes[i]
			add("code."+c.ID, &c.To, c.Is)
		}
	case s.REST != nil:
		add("status", &s.REST.OnStatus, "")
		add("timeout", &s.REST.OnTimeout, "")
	case s.SOAP != nil:
		add("fault", &s.SOAP.OnFault, "")
		add("timeout", &s.SOAP.OnTimeout, "")
	case s.Ticket != nil:
		add("timeout", &s.Ticket.OnTimeout, "")
	case s.Directory != nil:
		add("missing", &s.Directory.OnMissing, "")
		add("timeout", &s.Directory.OnTimeout, "")
	}
	return slots
}
