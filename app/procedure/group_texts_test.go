package procedure

import (
	"slices"
	"testing"
)

// TestGroupsInFormulas finds the names that formulas compare with the groups of the
// person, wherever they stand, and no other text.
func TestGroupsInFormulas(t *testing.T) {
	set := func(name, value string) Step {
		return Step{ID: "set-" + name, Set: &Set{Values: []Assignment{{ID: "a", Name: name, Value: value}}}}
	}
	when := func(formula string) Step { return Step{ID: "when", When: formula, End: &End{}} }
	for name, c := range map[string]struct {
		steps []Step
		want  []string
	}{
		"among":      {[]Step{when(`"Sales" in user.groups`)}, []string{"Sales"}},
		"escaped":    {[]Step{when(`'Sa\x6ces' in user["groups"]`)}, []string{"Sales"}},
		"let":        {[]Step{when(`let g = user.groups; any(g, # == "Sales")`)}, []string{"Sales"}},
		"whole user": {[]Step{when(`let u = user; "Sales" in u.groups`)}, []string{"Sales"}},
		"list":       {[]Step{when(`any(["Sales", "Support"], # in user.groups)`)}, []string{"Sales", "Support"}},
		"a text":     {[]Step{{ID: "t", Title: T("{{ \"Sales\" in user.groups ? 1 : 2 }}", ""), End: &End{}}}, []string{"Sales"}},
		"a variable": {[]Step{when(`"Sales" in var.mine`), set("mine", `user.groups`)}, []string{"Sales"}},
		"two":        {[]Step{when(`session.b == "Sales"`), set("session.b", `var.a[0]`), set("a", `user.groups`)}, []string{"Sales"}},
		"a script":   {[]Step{{ID: "s", Script: &Script{Inputs: []Binding{{Name: "g", Value: "user.groups"}}, Source: "x = \"Sales\" in g"}}}, []string{"Sales"}},
		"each":       {[]Step{{ID: "e", Each: &Each{List: "user.groups"}}, when(`item == "Sales"`)}, []string{"Sales"}},
		"a result":   {[]Step{{ID: "e", Each: &Each{List: "user.groups"}}, when(`step.e.result[0] == "Sales"`)}, []string{"Sales"}},
		"beside":     {[]Step{when(`var.service == "Sales"`), set("mine", `user.groups`), set("service", `"Support"`)}, nil},
		"a member":   {[]Step{when(`user.attributes["Sales"] == "x"`)}, nil},
		"unreadable": {[]Step{when(`"Sales" in user.groups(`)}, nil},
	} {
		p := &Procedure{Steps: c.steps}
		if got := p.GroupTexts(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
	}
}
