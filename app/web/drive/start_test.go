package drive

import (
	"maps"
	"slices"
	"testing"

	"selfhelp/app/procedure"
	"selfhelp/store"
)

// TestUserRoot holds what formulas are given of a person to what the check says
// they can read.
func TestUserRoot(t *testing.T) {
	given := UserRoot(store.User{Login: "camille", Attributes: map[string]string{"site": "Lyon"}}, []string{"staff"})
	want := slices.Sorted(slices.Values(procedure.RootNames["user"]))
	if got := slices.Sorted(maps.Keys(given)); !slices.Equal(got, want) {
		t.Errorf("given %v, the language names %v", got, want)
	}
	if of, _ := given["attributes"].(map[string]any); of["site"] != "Lyon" {
		t.Errorf("attributes %v", given["attributes"])
	}
}
