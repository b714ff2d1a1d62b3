package access

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Rule says who is in a group by what their account says of them: "entity is
// Sales and skill at least 2".
type Rule struct {
	Any        bool        `json:"any,omitempty"` // one condition is enough; else all are needed
	Conditions []Condition `json:"conditions"`
}

// Condition compares an attribute with a value.
type Condition struct {
	Attribute string     `json:"attribute"` // of the account: entity, location, skill and any other
	Is        Comparison `json:"is"`
	Value     string     `json:"value,omitempty"` // several of one_of are separated by semicolons
}

// Comparison is how a condition compares.
type Comparison string

// The comparisons. Texts are compared whatever the case and composition of
// their letters; at least and at most compare numbers, and nothing else.
const (
	Equals   Comparison = "equals"
	Differs  Comparison = "differs"
	OneOf    Comparison = "one_of"
	Contains Comparison = "contains"
	Begins   Comparison = "begins"
	AtLeast  Comparison = "at_least"
	AtMost   Comparison = "at_most"
	Present  Comparison = "present"
	Absent   Comparison = "absent"
)

// Comparisons returns every comparison, in the order forms show them.
func Comparisons() []Comparison {
	return []Comparison{Equals, Differs, OneOf, Contains, Begins, AtLeast, AtMost, Present, Absent}
}

// TakesValue reports whether a comparison needs something to compare with.
func (c Comparison) TakesValue() bool { return c != Present && c != Absent }

// What a rule may be long.
const (
	maxConditions = 20
	maxCompared   = 500 // bytes
)

// Check says what of a rule cannot be: the key of a sentence, "" when nothing
// is wrong, and the number of the condition it is about.
func (r Rule) Check() (key string, at int) {
	if len(r.Conditions) == 0 {
		return "fault.rule.empty", 0
	}
	if len(r.Conditions) > maxConditions {
		return "fault.rule.long", maxConditions
	}
	for i, c := range r.Conditions {
		switch {
		case WrongAttribute(c.Attribute) != "":
			return "fault.rule.attribute", i
		case !slices.Contains(Comparisons(), c.Is):
			return "fault.rule.comparison", i
		case c.Is.TakesValue() && (strings.TrimSpace(c.Value) == "" || len(c.Value) > maxCompared):
			return "fault.rule.value", i
		}
		if _, isNumber := number(c.Value); (c.Is == AtLeast || c.Is == AtMost) && !isNumber {
			return "fault.rule.number", i
		}
	}
	return "", 0
}

// setByOneself are the attributes that people change of their own account: by
// them they choose their groups.
var setByOneself = []string{"language"}

// LeftToPeople reports whether somebody may come in, or leave, by what they change
// of their own account.
func (r Rule) LeftToPeople() bool {
	return slices.ContainsFunc(r.Conditions, func(c Condition) bool { return slices.Contains(setByOneself, c.Attribute) })
}

// Holds reports whether somebody with these attributes is in by the rule. A rule
// without conditions lets nobody in.
func (r Rule) Holds(attributes map[string]string) bool {
	if r.Any {
		return slices.ContainsFunc(r.Conditions, func(c Condition) bool { return c.Holds(attributes) })
	}
	return len(r.Conditions) > 0 && !slices.ContainsFunc(r.Conditions, func(c Condition) bool { return !c.Holds(attributes) })
}

// Holds reports whether the attributes meet the condition. What is absent
// differs from everything and meets nothing else but Absent.
func (c Condition) Holds(attributes map[string]string) bool {
	have := strings.TrimSpace(attributes[c.Attribute])
	switch c.Is {
	case Present:
		return have != ""
	case Absent:
		return have == ""
	case Differs:
		return !sameText(have, c.Value)
	}
	if have == "" {
		return false
	}
	switch c.Is {
	case Equals:
		return sameText(have, c.Value)
	case OneOf:
		return slices.ContainsFunc(strings.Split(c.Value, ";"), func(v string) bool { return strings.TrimSpace(v) != "" && sameText(have, v) })
	case Contains:
		return strings.Contains(folded(have), folded(c.Value))
	case Begins:
		return strings.HasPrefix(folded(have), folded(c.Value))
	case AtLeast, AtMost:
		a, ok1 := number(have)
		b, ok2 := number(c.Value)
		return ok1 && ok2 && (c.Is == AtLeast && a >= b || c.Is == AtMost && a <= b)
	}
	return false
}

// sameText compares texts, and numbers by what they are worth: 2 is 2.0.
func sameText(a, b string) bool {
	if x, ok := number(a); ok {
		if y, ok := number(b); ok {
			return x == y
		}
	}
	return folded(a) == folded(b)
}

// folded is the form in which texts are compared. Most are plain, and cost
// little.
func folded(s string) string {
	s = strings.TrimSpace(s)
	for i := range len(s) {
		if s[i] >= 0x80 {
			return norm.NFC.String(cases.Fold().String(s))
		}
	}
	return strings.ToLower(s)
}

// number reads a number with a point or a comma, as the French write it.
func number(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 30 || strings.Trim(s, "+-.,0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	return n, err == nil
}

// WrongAttribute says what is wrong with the name of an attribute: "" or the key
// of a sentence. Names are as formulas write them: user.attributes.skill.
func WrongAttribute(name string) string {
	for i, r := range name {
		letter := r >= 'a' && r <= 'z' || r == '_'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return "fault.attribute.name"
		}
	}
	if name == "" || len(name) > 40 {
		return "fault.attribute.name"
	}
	return ""
}
