package procedure

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"selfhelp/app/fault"
)

func place(n int) *int { return &n }

// said writes a value of the lamp procedure after an operation.
func said(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

func TestApply(t *testing.T) {
	tests := []struct {
		name string
		op   Operation
		look func(p *Procedure) any
		want string
	}{
		{"add a step", Operation{Do: "add_step", Kind: StepPage, Words: "Débrancher l’écran !", Language: "fr"},
			func(p *Procedure) any { return p.Steps[len(p.Steps)-1] }, `{"id":"debrancher_l_ecran","title":{"fr":"Débrancher l’écran !"},"page":{}}`},
		{"add a step after one goes on the free edge", Operation{Do: "add_after", Step: "details", Kind: StepPage},
			func(p *Procedure) any {
				return p.Step("details").Next + " " + p.Step("page").Next + " " + p.Steps[3].ID
			}, `"page again page"`},
		{"insert on the edge of an answer", Operation{Do: "insert_on_edge", Step: "ask_lamp", Edge: "answer.no", Kind: StepQuestion, ID: "sure", Languages: []string{"fr", "de"}},
			func(p *Procedure) any {
				return []any{p.Step("ask_lamp").Question.Answers[1].To, p.Step("sure").Next, p.Step("sure").Question.Answers[0]}
			}, `["sure","details",{"id":"yes","text":{"fr":"Oui"}}]`},
		{"an end on an edge ends it", Operation{Do: "insert_on_edge", Step: "start", Edge: "next", Kind: StepEnd},
			func(p *Procedure) any { return p.Step("start").Next + " " + string(p.Step("end").End.Outcome) }, `"end solved"`},
		{"duplicate", Operation{Do: "duplicate_step", Step: "ask_lamp"},
			func(p *Procedure) any {
				return []any{p.Steps[2].ID, p.Steps[2].Title.In["en"], p.Steps[2].Question.Answers[0].To}
			}, `["ask_lamp_2","Does the lamp light up now?","solved"]`},
		{"delete clears edges", Operation{Do: "delete_step", Step: "details"},
			func(p *Procedure) any { return []any{len(p.Steps), p.Step("ask_lamp").Question.Answers[1].To} }, `[5,""]`},
		{"delete and join", Operation{Do: "delete_step", Step: "details", Join: true},
			func(p *Procedure) any { return p.Step("ask_lamp").Question.Answers[1].To }, `"again"`},
		{"connect", Operation{Do: "connect", Step: "again", Edge: "jump", To: "details"},
			func(p *Procedure) any { return p.Step("again").Jump.To }, `"details"`},
		{"disconnect", Operation{Do: "connect", Step: "ask_lamp", Edge: "answer.yes"},
			func(p *Procedure) any { return p.Step("ask_lamp").Question.Answers[0].To }, `""`},
		{"move a step", Operation{Do: "move_step", Step: "solved", Place: place(0)},
			func(p *Procedure) any { return []string{p.Steps[0].ID, p.Steps[1].ID, p.Steps[5].ID} }, `["solved","start","hand"]`},
		{"set a common property", Operation{Do: "set", Step: "details", Path: "seconds", Value: 30},
			func(p *Procedure) any { return p.Step("details").Seconds }, `30`},
		{"set a property of the part", Operation{Do: "set", Step: "ask_lamp", Path: "as", Value: "tiles"},
			func(p *Procedure) any { return p.Step("ask_lamp").Question.As }, `"tiles"`},
		{"the same by its long path", Operation{Do: "set", Step: "ask_lamp", Path: "question.answers.no.when", Value: "var.tries < 3"},
			func(p *Procedure) any { return p.Step("ask_lamp").Question.Answers[1].When }, `"var.tries \u003c 3"`},
		{"set an entry by its place", Operation{Do: "set", Step: "details", Path: "fields.1.min", Value: "-5"},
			func(p *Procedure) any { return p.Step("details").Form.Fields[1].Min }, `"-5"`},
		{"set makes what is on the way", Operation{Do: "set", Step: "ask_lamp", Path: "from.rest.url", Value: "https://x"},
			func(p *Procedure) any { return p.Step("ask_lamp").Question.From }, `{"rest":{"url":"https://x"}}`},
		{"clear", Operation{Do: "set", Step: "details", Path: "fields.floor.max"},
			func(p *Procedure) any { return p.Step("details").Form.Fields[1].Max }, `""`},
		{"set a whole entry", Operation{Do: "set", Step: "ask_lamp", Path: "answers.yes", Value: Answer{ID: "yes", To: "hand"}},
			func(p *Procedure) any { return p.Step("ask_lamp").Question.Answers[0] }, `{"id":"yes","text":{},"to":"hand"}`},
		{"set words", Operation{Do: "set_text", Step: "ask_lamp", Path: "answers.yes.text", Language: "de", Words: "Ja"},
			func(p *Procedure) any { return p.Step("ask_lamp").Question.Answers[0].Text }, `{"de":"Ja","en":"Yes","fr":"Oui"}`},
		{"clear words", Operation{Do: "set_text", Step: "solved", Path: "title", Language: "fr"},
			func(p *Procedure) any { return p.Step("solved").Title }, `{"en":"There is light"}`},
		{"set dated words", Operation{Do: "set_text", Step: "ask_lamp", Path: "text.dated.d1", Language: "fr", Words: "Fêtes"},
			func(p *Procedure) any { return p.Step("ask_lamp").Text.Dated[0].In["fr"] }, `"Fêtes"`},
		{"set words of the procedure", Operation{Do: "set_text", Path: "title", Language: "fr", Words: "Noir"},
			func(p *Procedure) any { return p.Title.In["fr"] }, `"Noir"`},
		{"set words that were not there", Operation{Do: "set_text", Step: "hand", Path: "text", Language: "fr", Words: "Merci\r\nbien"},
			func(p *Procedure) any { return p.Step("hand").Text }, `{"fr":"Merci\nbien"}`},
		{"add an answer", Operation{Do: "add_item", Step: "ask_lamp", Path: "answers", Words: "Un peu", Language: "fr", Place: place(1)},
			func(p *Procedure) any { return p.Step("ask_lamp").Question.Answers[1] }, `{"id":"un_peu","text":{"fr":"Un peu"}}`},
		{"add a field", Operation{Do: "add_item", Step: "details", Path: "fields"},
			func(p *Procedure) any { return p.Step("details").Form.Fields[2] }, `{"id":"field","type":"text"}`},
		{"add a dated text", Operation{Do: "add_item", Step: "hand", Path: "title.dated", Value: map[string]any{"id": "x", "from": "2027-01-01", "in": map[string]string{"fr": "Voilà"}}},
			func(p *Procedure) any { return p.Step("hand").Title.Dated }, `[{"id":"x","from":"2027-01-01","in":{"fr":"Voilà"}}]`},
		{"delete an answer", Operation{Do: "delete_item", Step: "ask_lamp", Path: "answers", Item: "yes"},
			func(p *Procedure) any { return len(p.Step("ask_lamp").Question.Answers) }, `1`},
		{"move an answer", Operation{Do: "move_item", Step: "ask_lamp", Path: "answers", Item: "no", Place: place(0)},
			func(p *Procedure) any { return p.Step("ask_lamp").Question.Answers[0].ID }, `"no"`},
		{"set of the procedure", Operation{Do: "set_procedure", Path: "toolbar.no_print", Value: true},
			func(p *Procedure) any { return p.Toolbar }, `{"no_pause":true,"no_print":true}`},
		{"set keywords", Operation{Do: "set_procedure", Path: "keywords.de", Value: []string{"Lampe"}},
			func(p *Procedure) any { return p.Keywords["de"] }, `["Lampe"]`},
		{"clear keywords", Operation{Do: "set_procedure", Path: "keywords.fr"},
			func(p *Procedure) any { return len(p.Keywords) }, `1`},
		{"add a variable", Operation{Do: "add_variable", Words: "Étage du bâtiment"},
			func(p *Procedure) any { return p.Variables[2] }, `{"name":"etage_du_batiment","type":"text"}`},
		{"set a variable", Operation{Do: "set_variable", Item: "room", Path: "type", Value: "list"},
			func(p *Procedure) any { return p.Variables[1].Type }, `"list"`},
		{"delete a variable", Operation{Do: "delete_variable", Item: "tries"},
			func(p *Procedure) any { return p.Variables[0].Name }, `"room"`},
		{"replace a step", Operation{Do: "replace_step", Step: "hand", Value: map[string]any{"id": "hand", "end": map[string]any{"outcome": "informed"}}},
			func(p *Procedure) any { return p.Step("hand") }, `{"id":"hand","end":{"outcome":"informed"}}`},
	}
	for _, tt := range tests {
		before := lamp(t)
		after, err := Apply(before, tt.op)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := said(tt.look(after)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		if !reflect.DeepEqual(before, lamp(t)) {
			t.Errorf("%s: the procedure before is not as it was", tt.name)
		}
		roundTrip(t, after)
	}
}

func TestApplyRefuses(t *testing.T) {
	tests := []struct {
		op  Operation
		key string
	}{
		{Operation{Do: "explode"}, "op.unknown"},
		{Operation{Do: "add_step", Kind: "block"}, "op.unknown_kind"},
		{Operation{Do: "add_step", Kind: StepStart}, "op.one_start"},
		{Operation{Do: "add_step", Kind: StepPage, ID: "Page"}, "op.bad_id"},
		{Operation{Do: "add_step", Kind: StepPage, ID: "hand"}, "op.taken_id"},
		{Operation{Do: "add_after", Step: "solved", Kind: StepPage}, "op.unknown_edge"},
		{Operation{Do: "add_after", Step: "gone", Kind: StepPage}, "op.unknown_step"},
		{Operation{Do: "insert_on_edge", Step: "ask_lamp", Edge: "answer.maybe", Kind: StepPage}, "op.unknown_edge"},
		{Operation{Do: "insert_on_edge", Step: "start", Edge: "next", Kind: StepBox}, "op.not_on_edge"},
		{Operation{Do: "delete_step", Step: "start"}, "op.one_start"},
		{Operation{Do: "duplicate_step", Step: "start"}, "op.one_start"},
		{Operation{Do: "delete_step", Step: "gone"}, "op.unknown_step"},
		{Operation{Do: "connect", Step: "ask_lamp", Edge: "answer.yes", To: "gone"}, "op.unknown_step"},
		{Operation{Do: "connect", Step: "ask_lamp", Edge: "answer.yes", To: "start"}, "op.not_to_start"},
		{Operation{Do: "connect", Step: "ask_lamp", Edge: "status", To: "hand"}, "op.unknown_edge"},
		{Operation{Do: "move_step", Step: "hand"}, "op.bad_place"},
		{Operation{Do: "move_step", Step: "hand", Place: place(6)}, "op.bad_place"},
		{Operation{Do: "set", Step: "hand"}, "op.no_path"},
		{Operation{Do: "set", Step: "hand", Path: "id", Value: "x"}, "op.id_stays"},
		{Operation{Do: "set", Step: "ask_lamp", Path: "answers.yes.id", Value: "x"}, "op.id_stays"},
		{Operation{Do: "set", Step: "ask_lamp", Path: "answers.yes", Value: map[string]any{"id": "x"}}, "op.id_stays"},
		{Operation{Do: "set", Step: "ask_lamp", Path: "question", Value: map[string]any{}}, "op.unknown_path"},
		{Operation{Do: "set", Step: "ask_lamp", Path: "page", Value: map[string]any{}}, "op.unknown_path"},
		{Operation{Do: "set", Step: "ask_lamp", Path: "page.side_pane", Value: true}, "op.unknown_path"},
		{Operation{Do: "set", Step: "ask_lamp", Path: "answers.9.text", Value: nil}, "op.unknown_item"},
		{Operation{Do: "set", Step: "ask_lamp", Path: "title.x.y", Value: nil}, "op.unknown_path"},
		{Operation{Do: "set", Step: "ask_lamp", Path: "as", Value: "carousel"}, "read.closed_list"},
		{Operation{Do: "set", Step: "hand", Path: "colour", Value: "mauve"}, "read.closed_list"},
		{Operation{Do: "set", Step: "hand", Path: "seconds", Value: "ten"}, "read.want_integer"},
		{Operation{Do: "set", Step: "hand", Path: "seconds", Value: 1.5}, "read.want_integer"},
		{Operation{Do: "set", Step: "hand", Path: "note", Value: "a\x00b"}, "read.control"},
		{Operation{Do: "set", Step: "hand", Path: "frame", Value: "details"}, "op.unknown_step"},
		{Operation{Do: "set", Step: "details", Path: "next", Value: "start"}, "op.not_to_start"},
		{Operation{Do: "set", Step: "details", Path: "note", Value: make(chan int)}, "op.value"},
		{Operation{Do: "set_text", Step: "hand", Path: "title", Language: "French", Words: "a"}, "read.language"},
		{Operation{Do: "set_text", Step: "hand", Path: "note", Language: "fr", Words: "a"}, "op.unknown_path"},
		{Operation{Do: "set_procedure", Path: "uid", Value: "x"}, "op.id_stays"},
		{Operation{Do: "set_procedure", Path: "schema", Value: 2}, "op.id_stays"},
		{Operation{Do: "set_procedure", Path: "steps", Value: []any{}}, "op.unknown_path"},
		{Operation{Do: "add_item", Step: "ask_lamp", Path: "answers", ID: "yes"}, "op.taken_id"},
		{Operation{Do: "add_item", Step: "ask_lamp", Path: "answers", ID: "Maybe"}, "op.bad_id"},
		{Operation{Do: "add_item", Step: "ask_lamp", Path: "default"}, "op.not_a_list"},
		{Operation{Do: "add_item", Step: "ask_lamp", Path: "answers", Value: map[string]any{"what": 1}}, "read.unknown_property"},
		{Operation{Do: "delete_item", Step: "ask_lamp", Path: "answers", Item: "maybe"}, "op.unknown_item"},
		{Operation{Do: "move_item", Step: "ask_lamp", Path: "answers", Item: "yes", Place: place(2)}, "op.bad_place"},
		{Operation{Do: "add_variable", ID: "room"}, "op.taken_id"},
		{Operation{Do: "set_variable", Item: "room", Path: "name", Value: "hall"}, "op.id_stays"},
		{Operation{Do: "delete_variable", Item: "hall"}, "op.unknown_item"},
		{Operation{Do: "replace_step", Step: "hand", Value: map[string]any{"id": "feet"}}, "op.id_stays"},
	}
	for _, tt := range tests {
		p := lamp(t)
		_, err := Apply(p, tt.op)
		key, _ := fault.TextOf(err)
		if !fault.Is(err, fault.Invalid) || key != tt.key {
			t.Errorf("%+v: %v, want %s", tt.op, err, tt.key)
		}
		if !reflect.DeepEqual(p, lamp(t)) {
			t.Errorf("%+v: a refused operation left its mark", tt.op)
		}
	}
}

func TestDeletingAFrameFreesItsSteps(t *testing.T) {
	p := &Procedure{Steps: []Step{{ID: "outer", Box: &Box{}}, {ID: "inner", Frame: "outer", Box: &Box{}}, {ID: "a", Frame: "inner", End: &End{}}, {ID: "n", Sticky: &Sticky{Beside: "inner"}}}}
	next, err := Apply(p, Operation{Do: "delete_step", Step: "inner"})
	if err != nil || next.Step("a").Frame != "outer" || next.Step("n").Sticky.Beside != "" {
		t.Errorf("%v %s", err, said(next))
	}
}

func TestNewStepsOfEveryType(t *testing.T) {
	for _, kind := range StepTypes() {
		s := NewStep(kind, "s", []string{"fr", "en", "ja"})
		if s.Kind() != kind || s.ID != "s" {
			t.Errorf("%s: a step of type %q", kind, s.Kind())
		}
	}
	if q := NewStep(StepQuestion, "q", []string{"fr"}); len(q.Question.Answers) != 2 || q.Question.Answers[0].Text.In["fr"] != "Oui" {
		t.Errorf("a new question is %s", said(q))
	}
}

func TestNewID(t *testing.T) {
	taken := map[string]bool{"step": true, "step_2": true, "ouvrir_la_porte": true}
	tests := []struct{ title, want string }{
		{"", "step_3"},
		{"日本語", "step_3"},
		{"Ouvrir la porte", "ouvrir_la_porte_2"},
		{"L’œuvre d’Élodie : à finir…", "l_oeuvre_d_elodie_a_finir"},
		{"3 essais", "n3_essais"},
		{"A" + strings.Repeat(" very", 20) + " long title", "a_very_very_very_very_very_very_very"},
		{strings.Repeat("x", 100), strings.Repeat("x", 40)},
	}
	for _, tt := range tests {
		got := NewID(tt.title, "step", func(id string) bool { return taken[id] })
		if got != tt.want || !idPattern.MatchString(got) {
			t.Errorf("NewID(%q) = %q, want %q", tt.title, got, tt.want)
		}
	}
	if got := NewAlias("Réinitialiser un mot de passe", "p", func(string) bool { return false }); got != "reinitialiser-un-mot-de-passe" {
		t.Errorf("alias %q", got)
	}
	if got := NewUID([16]byte{0: 255, 15: 1}); len(got) != 26 || got[:2] != "74" {
		t.Errorf("UID %q", got)
	}
}

// FuzzApply: whatever the operation, Apply never panics, never changes its
// argument, and what it gives can be written and read.
func FuzzApply(f *testing.F) {
	for _, s := range []string{
		`{"do":"add_after","step":"ask_lamp","kind":"form"}`, `{"do":"set","step":"details","path":"fields.0.columns.0.from.rest.query","value":[{"name":"a","value":"b"}]}`,
		`{"do":"set","step":"ask_lamp","path":"text.in.fr","value":"x"}`, `{"do":"set_text","step":"ask_lamp","path":"text.dated.d1","language":"fr","words":"x"}`,
		`{"do":"add_item","step":"start","path":"inputs","place":0}`, `{"do":"move_item","path":"related","item":"0","place":0}`,
		`{"do":"replace_step","step":"hand","value":{"id":"hand","each":{"list":"x"}}}`, `{"do":"delete_step","step":"again","join":true}`,
	} {
		f.Add([]byte(s))
	}
	whole := lamp(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		var op Operation
		if ReadJSON(b, &op) != nil {
			return
		}
		next, err := Apply(whole, op)
		if !reflect.DeepEqual(whole, lamp(t)) {
			t.Fatal("the procedure before is not as it was")
		}
		if err == nil {
			roundTrip(t, next)
		}
	})
}

func BenchmarkApplyTo500Steps(b *testing.B) {
	p := &Procedure{Title: T("A", "A")}
	for i := range 500 {
		p.Steps = append(p.Steps, Step{ID: fmt.Sprint("s", i), Next: fmt.Sprint("s", i+1), Title: T("Titre", "Title"), Question: &Question{Answers: []Answer{{ID: "a", To: "s0"}, {ID: "b"}}}})
	}
	for b.Loop() {
		if _, err := Apply(p, Operation{Do: "set_text", Step: "s250", Path: "answers.a.text", Language: "fr", Words: "Oui"}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestOwnWordsGoWithTheirMeaning changes the words that a new question has.
func TestOwnWordsGoWithTheirMeaning(t *testing.T) {
	langs := []string{"fr", "en"}
	fresh := func() *Procedure {
		p := &Procedure{Schema: Schema, Alias: "a", Steps: []Step{{ID: "start", Start: &Start{}, Next: "ask"}, NewStep(StepQuestion, "ask", langs)}}
		return p
	}
	for what, c := range map[string]struct {
		op   Operation
		want map[string]string
	}{
		"another answer in the first language": {Operation{Language: "fr", Words: "Écran Dell", Languages: langs}, map[string]string{"fr": "Écran Dell"}},
		"the same":                             {Operation{Language: "fr", Words: "Oui", Languages: langs}, map[string]string{"fr": "Oui", "en": "Yes"}},
		"its translation":                      {Operation{Language: "en", Words: "Yeah", Languages: langs}, map[string]string{"fr": "Oui", "en": "Yeah"}},
		"without saying which is first":        {Operation{Language: "fr", Words: "Tout à fait"}, map[string]string{"fr": "Tout à fait", "en": "Yes"}},
	} {
		c.op.Do, c.op.Step, c.op.Path = "set_text", "ask", "answers.yes.text"
		p, err := Apply(fresh(), c.op)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Step("ask").Question.Answers[0].Text.In; !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
}

// TestEndsOfBadWays looks at the outcome of an End that is added on an edge.
func TestEndsOfBadWays(t *testing.T) {
	for edge, want := range map[string]Outcome{"answer.yes": Solved, "answer.no": Unsolved, "next": Solved} {
		p := &Procedure{Schema: Schema, Alias: "a", Steps: []Step{{ID: "start", Start: &Start{}, Next: "ask"}, NewStep(StepQuestion, "ask", []string{"fr"})}}
		p, err := Apply(p, Operation{Do: "insert_on_edge", Step: "ask", Edge: edge, Kind: StepEnd, ID: "over"})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Step("over").End.Outcome; got != want {
			t.Errorf("on %s: %s, want %s", edge, got, want)
		}
	}
}
