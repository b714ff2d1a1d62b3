package procedure

import (
	"fmt"
	"testing"
)

func TestAudiencesOf(t *testing.T) {
	p := &Project{Categories: []Category{
		{ID: "top", Audience: []string{"a"}}, {ID: "mid", Parent: "top"}, {ID: "low", Parent: "mid", Audience: []string{"b", "c"}},
		{ID: "round", Parent: "circle", Audience: []string{"d"}}, {ID: "circle", Parent: "round"}, {ID: "lost", Parent: "gone"},
	}}
	for category, want := range map[string]string{
		"": "[]", "gone": "[]", "lost": "[]", "top": "[[a]]", "mid": "[[a]]", "low": "[[b c] [a]]", "circle": "[[d] [d] [d]]",
	} {
		if got := fmt.Sprint(p.AudiencesOf(category)); got != want {
			t.Errorf("%q: %s, want %s", category, got, want)
		}
	}
}
