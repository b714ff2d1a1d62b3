package publication

import (
	"fmt"
	"math/rand"
	"strings"

	"selfhelp/app/procedure"
)

// The tests' projects: the same for the same size, words as unevenly spread as
// in a language, every procedure complete.

// syllables make words that no one ever wrote but that look like some.
var syllables = strings.Fields("pro cé du re im pri man te ré seau con nex ion mot de pas se é cran cla vier bo ta lu")

// prose writes text.
type prose struct {
	r    *rand.Rand
	zipf *rand.Zipf
}

func newProse(seed int64) *prose {
	r := rand.New(rand.NewSource(seed))
	return &prose{r, rand.NewZipf(r, 1.08, 12, 30000)}
}

// word is the nth word.
func word(n int) string {
	var b strings.Builder
	for n += len(syllables); n > 0; n /= len(syllables) {
		b.WriteString(syllables[n%len(syllables)])
	}
	return b.String()
}

func (p *prose) words(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = word(int(p.zipf.Uint64()))
	}
	return strings.Join(all, " ")
}

func (p *prose) text(n int) procedure.Text { return procedure.T(p.words(n), p.words(n)) }

// uid makes a UID from a word and a number.
func uid(word string, n int) string {
	digits := []byte(fmt.Sprintf("%0*d", 26-len(word), n))
	for i := range digits {
		digits[i] += 'a' - '0'
	}
	return word + string(digits)
}

// generate makes a project of so many procedures of so many steps.
func generate(procedures, steps int) *procedure.Project {
	p := newProse(1)
	proj := &procedure.Project{
		Schema: procedure.Schema, UID: uid("project", 1), Alias: "help-desk", Name: procedure.T("Assistance", "Help desk"),
		Languages: []string{"fr", "en"},
		Resources: []procedure.Resource{{ID: "lamp", Kind: procedure.KindImage, Alt: procedure.T("Le voyant", "The lamp"),
			Files: map[string]procedure.File{"": {Name: "lamp.png", Type: "image/png", Size: 12, Hash: strings.Repeat("ab", 32)}}}},
	}
	for i := range 12 {
		c := procedure.Category{ID: fmt.Sprintf("c%d", i), Name: p.text(2), Icon: "folder"}
		if i >= 4 {
			c.Parent = fmt.Sprintf("c%d", i%4)
		}
		proj.Categories = append(proj.Categories, c)
	}
	for i := range procedures {
		proj.Procedures = append(proj.Procedures, p.procedure(i, steps))
	}
	return proj
}

func (p *prose) procedure(n, steps int) *procedure.Procedure {
	pr := &procedure.Procedure{
		Schema: procedure.Schema, UID: uid("procedure", n), Alias: fmt.Sprintf("procedure-%d", n), Title: p.text(5), Description: p.text(18),
		Note: "A secret between writers.", Entry: true, Category: fmt.Sprintf("c%d", n%12), Icon: "lamp", Minutes: 5,
		Keywords:  map[string][]string{"fr": {p.words(1), p.words(2)}, "en": {p.words(1)}},
		Phrasings: map[string][]string{"fr": {p.words(6)}, "en": {p.words(6)}},
		Variables: []procedure.Variable{{Name: "colour", Type: procedure.TypeText}},
	}
	id := func(i int) string { return fmt.Sprintf("step%d", i) }
	pr.Steps = append(pr.Steps, procedure.Step{ID: "start", Start: &procedure.Start{}, Next: id(1)})
	for i := 1; i < steps-1; i++ {
		s := procedure.Step{ID: id(i), Title: p.text(5), Text: p.text(35), Next: id(i + 1), Note: "For writers."}
		switch i % 4 {
		case 0:
			s.Page = &procedure.Page{}
		case 1:
			s.Question = &procedure.Question{Into: "colour", Answers: []procedure.Answer{{ID: "yes", Text: p.text(2)}, {ID: "no", Text: p.text(2), To: id(i + 1)}}}
		case 2:
			s.Form = &procedure.FormStep{Form: procedure.Form{Fields: []procedure.Field{{ID: "name", Type: procedure.FieldText, Label: p.text(3), Help: p.text(6), Required: "true"}}}}
		case 3:
			s.Test = &procedure.Test{Rules: []procedure.Rule{{ID: "r1", If: `var.colour == "red"`, To: id(i + 1)}}}
			s.Title, s.Text = procedure.Text{}, procedure.Text{}
		}
		pr.Steps = append(pr.Steps, s)
	}
	pr.Steps[len(pr.Steps)-1].Next = "end"
	pr.Steps = append(pr.Steps, procedure.Step{ID: "end", Title: p.text(3), Text: p.text(10), End: &procedure.End{Outcome: procedure.Solved}})
	return pr
}
