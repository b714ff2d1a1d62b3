package edit

import (
	"slices"
	"strings"
	"testing"

	"selfhelp/app/procedure"
)

// TestTranslated finds what an original said when it was translated, as far
// back as the states that are known go.
func TestTranslated(t *testing.T) {
	state := func(fr, en string) *procedure.Procedure {
		return &procedure.Procedure{Title: procedure.T("Titre", "Title"), Steps: []procedure.Step{{ID: "a", Page: &procedure.Page{}, Title: procedure.T(fr, en),
			Text: procedure.Text{In: map[string]string{"fr": "Texte"}, Dated: []procedure.DatedText{{ID: "d1", In: map[string]string{"fr": "Demain", "en": "Tomorrow"}}}}}}}
	}
	for name, c := range map[string]struct {
		states []*procedure.Procedure // the latest first
		then   string
	}{
		"written once":                    {[]*procedure.Procedure{state("Un", "One")}, "Un"},
		"the original changed since":      {[]*procedure.Procedure{state("Deux", "One"), state("Un et demi", "One"), state("Un", "One"), state("Zéro", "None")}, "Un"},
		"both changed at once":            {[]*procedure.Procedure{state("Deux", "Two"), state("Un", "One")}, "Deux"},
		"translated again since":          {[]*procedure.Procedure{state("Deux", "Two"), state("Deux", "One"), state("Un", "One")}, "Deux"},
		"changed there and back":          {[]*procedure.Procedure{state("Un", "One"), state("Deux", "One"), state("Un", "One")}, "Un"},
		"translated before what is known": {[]*procedure.Procedure{state("Deux", "One"), state("Un", "One")}, "Un"},
	} {
		list := Passages(c.states[0], "fr", "en")
		Translated(list, "fr", "en", slices.Values(c.states[1:]))
		p := list[1]
		if p.Path != "title" || p.Step != "a" || p.Then != c.then || p.Changed() != (c.then != p.From) {
			t.Errorf("%s: %+v", name, p)
		}
		if len(list) != 4 || !list[2].Missing() || list[2].Changed() || list[3].Path != "text.dated.d1" || !list[2].Markdown {
			t.Errorf("%s: %+v", name, list)
		}
	}
}

// TestPieces puts both texts together again from what was removed, added and
// left.
func TestPieces(t *testing.T) {
	for _, c := range []struct{ was, is, want string }{
		{"", "", ""},
		{"one two three", "one three", "one [-two ]three"},
		{"press the red button", "press the green button now", "press the [-red button][+green button now]"},
		{"a b", "c d", "[-a b][+c d]"},
		{strings.Repeat("word ", 2000), "short", "[-" + strings.Repeat("word ", 2000) + "][+short]"},
	} {
		var got, was, is strings.Builder
		for _, p := range Pieces(c.was, c.is) {
			switch {
			case p.Removed:
				got.WriteString("[-" + p.Words + "]")
			case p.Added:
				got.WriteString("[+" + p.Words + "]")
			default:
				got.WriteString(p.Words)
			}
			if !p.Added {
				was.WriteString(p.Words)
			}
			if !p.Removed {
				is.WriteString(p.Words)
			}
		}
		if was.String() != c.was || is.String() != c.is {
			t.Errorf("%q and %q become %q", c.was, c.is, got.String())
		}
		if got.String() != c.want {
			t.Errorf("%q to %q is %q, want %q", c.was, c.is, got.String(), c.want)
		}
	}
}
