package procedure

import (
	"reflect"
	"slices"
	"testing"
)

// fill gives every property below v a value, Texts one in French; it returns
// how many Texts there are. Types that hold themselves are filled twice.
func fill(v reflect.Value, depth int) (texts int) {
	switch v.Type() {
	case textType:
		v.Set(reflect.ValueOf(Text{In: map[string]string{"fr": "x"}}))
		return 1
	case dateType:
		v.Set(reflect.ValueOf(Date{2027, 1, 2}))
		return 0
	}
	switch v.Kind() {
	case reflect.Pointer:
		if depth > 8 {
			return 0
		}
		v.Set(reflect.New(v.Type().Elem()))
		return fill(v.Elem(), depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			texts += fill(v.Field(i), depth+1)
		}
	case reflect.Slice:
		if depth > 8 {
			return 0
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			texts += fill(v.Index(i), depth+1)
		}
	case reflect.Map:
		value := reflect.New(v.Type().Elem()).Elem()
		texts += fill(value, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("fr"), value)
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(1)
	}
	return texts
}

func TestNoTextIsMissed(t *testing.T) {
	var p Procedure
	want := fill(reflect.ValueOf(&p).Elem(), 0)
	list := Texts(&p)
	if len(list) != want || want < 90 {
		t.Errorf("%d texts are listed, %d are there", len(list), want)
	}
	var proj Project
	want = fill(reflect.ValueOf(&proj).Elem(), 0)
	for _, p := range proj.Procedures {
		want -= len(Texts(p))
	}
	if list := ProjectTexts(&proj); len(list) != want || want < 10 {
		t.Errorf("%d texts of a project are listed, %d are there", len(list), want)
	}
}

// TestEveryWordHasARole: what a text or word means is written beside it.
func TestEveryWordHasARole(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var look func(t reflect.Type)
	look = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] || typ == textType || typ == dateType {
			return
		}
		seen[typ] = true
		for _, p := range properties(typ) {
			f := typ.FieldByIndex(p.index)
			if (f.Type == textType) != (p.Role == "text") {
				t.Errorf("%s.%s: role %q", typ.Name(), f.Name, p.Role)
			}
			if f.Type.Kind() == reflect.String && p.Role == "" && p.One == nil {
				t.Errorf("%s.%s has no role", typ.Name(), f.Name)
			}
			look(f.Type)
		}
	}
	look(reflect.TypeFor[Project]())
}

func TestAddressesOfTexts(t *testing.T) {
	p := lamp(t)
	p.Step("hand").End, p.Step("hand").Link = nil, &Link{Text: T("Ouvrir", "Open")}
	var got []string
	for _, ref := range Texts(p) {
		flags := " "
		if ref.Title {
			flags += "title "
		}
		if ref.Template {
			flags += "template "
		}
		if ref.Markdown {
			flags += "markdown "
		}
		got = append(got, ref.Address()+flags)
	}
	want := []string{"title title ", "description ", "start.inputs.asset.label ", "ask_lamp.title title template ", "ask_lamp.text template markdown ",
		"ask_lamp.answers.yes.text title template ", "ask_lamp.answers.no.text title template ", "details.title title template ",
		"details.fields.room.label template ", "details.fields.floor.label template ", "hand.title title template ", "hand.link.text template ", "solved.title title template "}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	d := newDraft(p)
	for _, ref := range Texts(p) {
		if f, err := d.locate(ref.Step, ref.Path); err != nil || f.value.Type() != textType {
			t.Errorf("nothing is found at %s: %v", ref.Address(), err)
		}
	}
}

func TestDiff(t *testing.T) {
	tests := []struct {
		name string
		ops  []Operation
		want []Change
	}{
		{"nothing", nil, nil},
		{"words", []Operation{{Do: "set_text", Step: "ask_lamp", Path: "answers.yes.text", Language: "fr", Words: "Bien sûr"}},
			[]Change{{Changed, "ask_lamp", "answers.yes.text", "fr", "Oui", "Bien sûr"}}},
		{"a language more", []Operation{{Do: "set_text", Path: "title", Language: "de", Words: "Lampe"}},
			[]Change{{Added, "", "title", "de", "", "Lampe"}}},
		{"dated words", []Operation{{Do: "set", Step: "ask_lamp", Path: "text.dated.d1.until", Value: "2026-12-31"}},
			[]Change{{Changed, "ask_lamp", "text.dated.d1.until", "", "2026-12-26", "2026-12-31"}}},
		{"a condition", []Operation{{Do: "set", Step: "ask_lamp", Path: "answers.yes.when", Value: "var.tries < 3"}},
			[]Change{{Added, "ask_lamp", "answers.yes.when", "", "", "var.tries < 3"}}},
		{"an edge", []Operation{{Do: "connect", Step: "ask_lamp", Edge: "answer.no", To: "hand"}},
			[]Change{{Changed, "ask_lamp", "answers.no.to", "", "details", "hand"}}},
		{"a step more", []Operation{{Do: "add_step", Kind: StepPage, ID: "more", Words: "More", Language: "en"}},
			[]Change{{Added, "more", "", "", "", "More"}}},
		{"a step less", []Operation{{Do: "delete_step", Step: "solved"}},
			[]Change{{Removed, "ask_lamp", "answers.yes.to", "", "solved", ""}, {Removed, "solved", "", "", "There is light", ""}}},
		{"order of answers", []Operation{{Do: "move_item", Step: "ask_lamp", Path: "answers", Item: "no", Place: place(0)}},
			[]Change{{Moved, "ask_lamp", "answers.no", "", "", ""}}},
		{"an answer less", []Operation{{Do: "delete_item", Step: "ask_lamp", Path: "answers", Item: "no"}},
			[]Change{{Removed, "ask_lamp", "answers.no", "", "No", ""}}},
		{"type of a step", []Operation{{Do: "replace_step", Step: "again", Value: Step{ID: "again", Next: "hand", Wait: &Wait{Seconds: "5"}}}},
			[]Change{{Changed, "again", "kind", "", "jump", "wait"}, {Removed, "again", "to", "", "ask_lamp", ""}, {Removed, "again", "max", "", "2", ""}, {Added, "again", "wait.seconds", "", "", "5"}}},
		{"keywords and flags", []Operation{{Do: "set_procedure", Path: "keywords.fr", Value: []string{"lampe"}}, {Do: "set_procedure", Path: "entry"}},
			[]Change{{Removed, "", "entry", "", "true", ""}, {Changed, "", "keywords", "fr", "lampe, lumière", "lampe"}}},
		{"what was made on the way", []Operation{{Do: "set", Step: "ask_lamp", Path: "from.list", Value: "var.rooms"}},
			[]Change{{Added, "ask_lamp", "from.list", "", "", "var.rooms"}}},
	}
	for _, tt := range tests {
		a := lamp(t)
		b := a
		for _, op := range tt.ops {
			next, err := Apply(b, op)
			if err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			b = next
		}
		if got := Diff(a, b); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v", tt.name, got)
		}
		if got := Diff(b, a); len(got) != len(tt.want) {
			t.Errorf("%s, back: %+v", tt.name, got)
		}
	}
}

func TestDiffMovesAsLittleAsItCan(t *testing.T) {
	a := &Procedure{}
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		a.Steps = append(a.Steps, Step{ID: id})
	}
	b, err := Apply(a, Operation{Do: "move_step", Step: "e", Place: place(0)})
	if err != nil {
		t.Fatal(err)
	}
	if got := Diff(a, b); len(got) != 1 || got[0].Step != "e" || got[0].Kind != Moved {
		t.Errorf("%+v", got)
	}
}

// TestDiffOfProjects: what a project says of itself, and nothing of its
// procedures.
func TestDiffOfProjects(t *testing.T) {
	a := &Project{Name: T("Bureau", "Desk"), Languages: []string{"fr", "en"}, Public: true, Procedures: []*Procedure{lamp(t)}, Categories: []Category{{ID: "net", Name: T("Réseau", "Network")}}}
	b := &Project{Name: T("Bureau", "Help desk"), Languages: []string{"fr"}, Audience: []string{"Staff"}, Theme: Theme{Hue: 90}}
	want := []Change{
		{Changed, "", "name", "en", "Desk", "Help desk"}, {Changed, "", "languages", "", "fr, en", "fr"}, {Removed, "", "categories.net", "", "Network", ""},
		{Added, "", "theme.hue", "", "", "90"}, {Added, "", "audience", "", "", "Staff"}, {Removed, "", "public", "", "true", ""},
	}
	if got := DiffProject(a, b); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if got := DiffProject(a, a); got != nil {
		t.Errorf("of itself: %+v", got)
	}
}
