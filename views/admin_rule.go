package views

import (
	"strconv"

	"selfhelp/views/ui"
)

// RuleWords is the rule of a group as people read it.
type RuleWords struct {
	Any        bool // one condition is enough
	Conditions []string
}

// ConditionRow is a condition as a form has it.
type ConditionRow struct{ Attribute, Is, Value string }

// ConditionField is the id of the control of a condition, under which a form says
// what is wrong with it.
func ConditionField(i int) string { return "condition_" + strconv.Itoa(i) }

// AdminRule is the form of the rule of a group.
type AdminRule struct {
	Office
	ID, Group      string // its id, and what it is called
	Version        int64
	Any            bool
	Conditions     []ConditionRow
	Comparisons    []Option
	AttributeNames []string // to choose from
	Has            bool     // the group has a rule
	Own            bool     // it compares what people change themselves: that is confirmed
	Preview        *RulePreview
	Doubted        string // stands for a rule that is asked about; "": nothing is
	Wrong          map[string]string
	Stale          bool
	Theirs         []Difference
}

// conditionRows are those of the rule and some to fill in.
func (p AdminRule) conditionRows() []ConditionRow {
	const most, more = 20, 3
	n := len(p.Conditions)
	return append(p.Conditions[:n:n], make([]ConditionRow, max(0, min(more, most-n)))...)
}

// RulePreview is who a rule that is not saved would let in.
type RulePreview struct {
	In, Enter, Leave RuledList
	Doubts           []string // why it may not be what was meant
}

// RuledList are people that a rule is about, the first of them by name.
type RuledList struct {
	Count  int
	People []RuledRow
}

// RuledRow is somebody that a rule is about, with what meets it.
type RuledRow struct {
	ID, Name, Login string
	Why             []string
}

type ruledPart struct {
	key  string
	list RuledList
}

// parts are the lists of a preview that say something.
func (r RulePreview) parts() []ruledPart {
	all := []ruledPart{{"enter", r.Enter}, {"leave", r.Leave}, {"in", r.In}}
	var list []ruledPart
	for _, part := range all {
		if part.list.Count > 0 {
			list = append(list, part)
		}
	}
	return list
}

// tones of the lists of a preview.
var ruledTones = map[string]ui.Tone{"enter": ui.OK, "leave": ui.Warn, "in": ui.Info}
