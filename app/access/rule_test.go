package access

import "testing"

func TestRules(t *testing.T) {
	ada := map[string]string{"entity": "Sales", "skill": "2,5", "location": "Évry", "floor": "12"}
	for _, c := range []struct {
		attribute string
		is        Comparison
		value     string
		want      bool
	}{
		{"entity", Equals, "sales", true}, {"entity", Equals, " SALES ", true}, {"entity", Equals, "Sale", false},
		{"entity", Differs, "Support", true}, {"entity", Differs, "sales", false}, {"absent", Differs, "x", true},
		{"entity", OneOf, "Support; sales", true}, {"entity", OneOf, "Support;;", false}, {"absent", OneOf, ";", false},
		{"location", Equals, "ÉVRY", true}, {"location", Equals, "évry", true}, {"location", Begins, "é", true}, {"location", Contains, "VR", true},
		{"skill", AtLeast, "2", true}, {"skill", AtLeast, "2.5", true}, {"skill", AtMost, "2", false}, {"floor", AtLeast, "2", true},
		{"entity", AtLeast, "2", false}, {"absent", AtMost, "2", false}, {"skill", Equals, "2.50", true},
		{"entity", Present, "", true}, {"absent", Present, "", false}, {"absent", Absent, "", true}, {"entity", Absent, "", false},
		{"entity", "like", "Sales", false},
	} {
		if got := (Condition{c.attribute, c.is, c.value}).Holds(ada); got != c.want {
			t.Errorf("%s %s %q: %v", c.attribute, c.is, c.value, got)
		}
	}
	sales, skilled := Condition{"entity", Equals, "Sales"}, Condition{"skill", AtLeast, "3"}
	for _, c := range []struct {
		rule Rule
		want bool
	}{
		{Rule{}, false}, {Rule{Any: true}, false},
		{Rule{Conditions: []Condition{sales}}, true},
		{Rule{Conditions: []Condition{sales, skilled}}, false},
		{Rule{Any: true, Conditions: []Condition{sales, skilled}}, true},
	} {
		if got := c.rule.Holds(ada); got != c.want {
			t.Errorf("%+v: %v", c.rule, got)
		}
	}
}

func TestWrongRules(t *testing.T) {
	for key, rule := range map[string]Rule{
		"":                      {Conditions: []Condition{{"skill", AtLeast, "2"}, {"entity", Present, ""}}},
		"fault.rule.empty":      {},
		"fault.rule.long":       {Conditions: make([]Condition, maxConditions+1)},
		"fault.rule.attribute":  {Conditions: []Condition{{"Skill level", Equals, "2"}}},
		"fault.rule.comparison": {Conditions: []Condition{{"skill", "=", "2"}}},
		"fault.rule.value":      {Conditions: []Condition{{"skill", Equals, " "}}},
		"fault.rule.number":     {Conditions: []Condition{{"skill", AtLeast, "two"}}},
	} {
		if got, _ := rule.Check(); got != key {
			t.Errorf("%+v: %q, want %q", rule, got, key)
		}
	}
}
