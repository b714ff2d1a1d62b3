package procedure

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestHiddenNotes(t *testing.T) {
	tests := []struct {
		words, kept string
		notes       []string
	}{
		{"Débranchez [niveau 1 seulement] la prise.", "Débranchez la prise.", []string{"niveau 1 seulement"}},
		{"[voir Paul] Bonjour", "Bonjour", []string{"voir Paul"}},
		{"Bonjour [voir\nPaul]", "Bonjour", []string{"voir Paul"}},
		{"Un\n\n[à revoir]\n\nDeux [a][b] fin [c]", "Un\n\nDeux [a][b] fin", []string{"à revoir", "c"}},
		{"Un [deux [trois] quatre] cinq", "Un cinq", []string{"deux [trois] quatre"}},
		{"[lien](https://a.b) et ![image](resource:x) [note]", "[lien](https://a.b) et ![image](resource:x)", []string{"note"}},
		{"Attention![note]", "Attention!", []string{"note"}},
		{"[réf]\n\n[réf]: https://a.b", "[réf]\n\n[réf]: https://a.b", nil},
		{"Note[^1] et\n\n[^1]: ici", "Note[^1] et\n\n[^1]: ici", nil},
		{"> [!WARNING]\n> Chaud [très]", "> [!WARNING]\n> Chaud", []string{"très"}},
		{"- [ ] un\n- [x] deux\n1. [X] trois\n- [y] quatre", "- [ ] un\n- [x] deux\n1. [X] trois\n- quatre", []string{"y"}},
		{"Tapez `a[0]` ou ``b[`1`]`` [non]", "Tapez `a[0]` ou ``b[`1`]``", []string{"non"}},
		{"```\na[0]\n```\n[x] y", "```\na[0]\n```\ny", []string{"x"}},
		{"~~~\na[0]\n~~~\n[note]", "~~~\na[0]\n~~~", []string{"note"}},
		{`\[ceci\] reste`, `\[ceci\] reste`, nil},
		{"{{ var.list[0] }} [note {{ var.list[1] }}]", "{{ var.list[0] }}", []string{"note {{ var.list[1] }}"}},
		{"Une [ouverte", "Une [ouverte", nil},
		{"Une ] fermée [puis]", "Une ] fermée", []string{"puis"}},
		{"Ligne  \nsuivante [n]", "Ligne  \nsuivante", []string{"n"}},
		{"Vide [] ou [ ]", "Vide [] ou [ ]", nil},
		{"[note](pas un lien\n) suite", "(pas un lien\n) suite", []string{"note"}},
	}
	for _, tt := range tests {
		kept, notes := HiddenNotes(tt.words, true)
		if kept != tt.kept || !slices.Equal(notes, tt.notes) {
			t.Errorf("%q gives %q %q, want %q %q", tt.words, kept, notes, tt.kept, tt.notes)
		}
	}
	if kept, notes := HiddenNotes("[x](y) - [ ] {{ a[0] }} [z]", false); kept != "(y) - [ ] {{ a[0] }}" || len(notes) != 2 {
		t.Errorf("a plain text gives %q %q", kept, notes)
	}
}

func TestNotesAreKeptForWriters(t *testing.T) {
	p := lamp(t)
	p.Title.In["fr"] = "La lampe [v2]"
	s := p.Step("ask_lamp")
	s.Note = "Ancienne note"
	s.Title = T("Allumée ? [vérifier]", "Lit? [check]")
	s.Text.Dated[0].In["fr"] += " [fêtes]"
	s.Question.Answers[0].Text.In["fr"] = "Oui [vérifier]"
	if n := HideNotes(p); n != 5 {
		t.Errorf("%d notes", n)
	}
	if p.Note != "Written after the move to the new building.\nfr: v2" || s.Note != "Ancienne note\nen: check\nfr: vérifier\nfr: fêtes" {
		t.Errorf("%q\n%q", p.Note, s.Note)
	}
	if s.Title.In["fr"] != "Allumée ?" || s.Question.Answers[0].Text.In["fr"] != "Oui" || p.Title.In["fr"] != "La lampe" {
		t.Errorf("%v %v", s.Title, p.Title)
	}
}

func TestHidingEndsInTime(t *testing.T) {
	for _, unit := range []string{"[", "]", "{{", "`[", "[a](", "[a]: ", "![", "[a] ", "`` ``` `"} {
		start := time.Now()
		HiddenNotes(strings.Repeat(unit, 200000/len(unit)), true)
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%q takes %v", unit, took)
		}
	}
}

// FuzzHiddenNotes: what is kept is text, and hides nothing more that was not
// there before.
func FuzzHiddenNotes(f *testing.F) {
	for _, s := range []string{"a [b] c", "[a](b) `[`", "- [ ] x [y [z]]", "{{ [ }} [", "[a]: b\n[a] [c]", "~~~\n[", "\\[ [\\]]"} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, markdown bool) {
		kept, notes := HiddenNotes(s, markdown)
		if utf8.ValidString(s) && !utf8.ValidString(kept) {
			t.Fatalf("%q", kept)
		}
		if len(notes) == 0 && kept != s {
			t.Fatalf("%q became %q", s, kept)
		}
	})
}

// What old authors noted in shared forms and snippets is hidden too.
func TestNotesOfResourcesAreHidden(t *testing.T) {
	p := &Project{Resources: []Resource{
		{ID: "words", Kind: KindSnippet, Text: T("Appelez le 12 [pas la nuit]", "Call 12 [not at night]")},
		{ID: "who", Kind: KindForm, Form: &Form{Fields: []Field{{ID: "a", Type: FieldText, Label: T("Nom [complet]", "Name")}}}},
	}}
	if n := HideProjectNotes(p); n != 3 {
		t.Errorf("found %d notes", n)
	}
	if got := p.Resources[0].Text.In["en"]; got != "Call 12" {
		t.Errorf("the snippet says %q", got)
	}
	if got := p.Resources[1].Form.Fields[0].Label.In["fr"]; got != "Nom" {
		t.Errorf("the label says %q", got)
	}
	if got := p.Resources[0].Note + "|" + p.Resources[1].Note; got != "en: not at night\nfr: pas la nuit|fr: complet" {
		t.Errorf("the notes are %q", got)
	}
}
