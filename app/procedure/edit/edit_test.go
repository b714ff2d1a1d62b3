package edit

import (
	"reflect"
	"strings"
	"testing"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

func lamp() *procedure.Procedure {
	return &procedure.Procedure{
		Schema: procedure.Schema, Alias: "lamp", Title: procedure.T("La lampe", "The lamp"), Minutes: 3, Keywords: map[string][]string{"fr": {"ampoule"}},
		Steps: []procedure.Step{
			{ID: "start", Start: &procedure.Start{}, Next: "ask"},
			{ID: "ask", Title: procedure.T("Allumée ?", "On?"), NoBack: true, Question: &procedure.Question{Answers: []procedure.Answer{{ID: "yes", Text: procedure.T("Oui", "Yes"), To: "done"}}}},
			{ID: "call", Call: &procedure.Call{Inputs: []procedure.Binding{{Name: "lamp", Value: "1"}}, Outcomes: []procedure.OnEnd{{Outcome: procedure.Unsolved, To: "done"}}}},
			{ID: "form", Form: &procedure.FormStep{Form: procedure.Form{Fields: []procedure.Field{{ID: "a", Type: procedure.FieldText}, {ID: "b", Type: procedure.FieldText, Required: "var.y"}}}}},
			{ID: "done", End: &procedure.End{Outcome: procedure.Solved}},
		},
	}
}

func TestRead(t *testing.T) {
	type posted map[string][]string
	for what, c := range map[string]struct {
		step   string
		posted posted
		want   []procedure.Operation
	}{
		"what it says already": {"ask", posted{"t:title:fr": {"Allumée ?"}, "b:no_back": {"1"}, "p:no_back": {"true"}, "e:answer.yes": {"done"}, "p:colour": {""}, "p:seconds": {""}}, nil},
		"a text":               {"ask", posted{"t:title:fr": {"Là ?\r\nOui \r\n"}}, []procedure.Operation{{Do: "set_text", Step: "ask", Path: "title", Language: "fr", Words: "Là ?\nOui"}}},
		"a flag cleared":       {"ask", posted{"b:no_back": {"1"}}, []procedure.Operation{{Do: "set", Step: "ask", Path: "no_back", Value: false}}},
		"a flag not in it":     {"ask", posted{"t:title:fr": {"Allumée ?"}}, nil},
		"a formula ticked":     {"form", posted{"b:fields.a.required": {"1"}, "p:fields.a.required": {"true", ""}}, []procedure.Operation{{Do: "set", Step: "form", Path: "fields.a.required", Value: "true"}}},
		"a formula typed":      {"form", posted{"b:fields.a.required": {"1"}, "p:fields.a.required": {"var.x"}}, []procedure.Operation{{Do: "set", Step: "form", Path: "fields.a.required", Value: "var.x"}}},
		"a formula kept":       {"form", posted{"b:fields.b.required": {"1"}, "p:fields.b.required": {"true", "var.y"}}, nil},
		"a formula unticked":   {"form", posted{"b:fields.b.required": {"1"}, "p:fields.b.required": {"var.y"}}, []procedure.Operation{{Do: "set", Step: "form", Path: "fields.b.required"}}},
		"a formula emptied":    {"form", posted{"b:fields.b.required": {"1"}, "p:fields.b.required": {"true", ""}}, []procedure.Operation{{Do: "set", Step: "form", Path: "fields.b.required", Value: "true"}}},
		"a number":             {"", posted{"p:minutes": {" 4,5 "}}, []procedure.Operation{{Do: "set_procedure", Path: "minutes", Value: 4.5}}},
		"a number cleared":     {"", posted{"p:minutes": {""}}, []procedure.Operation{{Do: "set_procedure", Path: "minutes"}}},
		"a list by language":   {"", posted{"l:keywords:fr": {"ampoule\n\n lumière"}}, []procedure.Operation{{Do: "set_procedure", Path: "keywords.fr", Value: []string{"ampoule", "lumière"}}}},
		"a way out":            {"ask", posted{"e:answer.yes": {""}}, []procedure.Operation{{Do: "connect", Step: "ask", Edge: "answer.yes"}}},
		"a name comes last": {"call", posted{"p:inputs.lamp.name": {"light"}, "p:inputs.lamp.value": {"2"}}, []procedure.Operation{
			{Do: "set", Step: "call", Path: "inputs.lamp.value", Value: "2"}, {Do: "set", Step: "call", Path: "inputs.lamp.name", Value: "light"}}},
		"an entry renamed before": {"call", posted{"p:inputs.lump.name": {"lamp"}, "p:inputs.lump.value": {"2"}},
			[]procedure.Operation{{Do: "set", Step: "call", Path: "inputs.lamp.value", Value: "2"}}},
		"an outcome chosen before": {"call", posted{"p:outcomes.solved.outcome": {"unsolved"}, "e:outcome.solved": {"ask"}},
			[]procedure.Operation{{Do: "connect", Step: "call", Edge: "outcome.unsolved", To: "ask"}}},
		"an entry that took the name of another": {"call", posted{"p:inputs.lump.name": {"lamp"}, "p:inputs.lump.value": {"3"}, "p:inputs.lamp.name": {"lamp"}, "p:inputs.lamp.value": {"1"}}, nil},
		"an entry that is gone":                  {"ask", posted{"t:answers.gone.text:fr": {"x"}, "e:answer.gone": {"x"}}, nil},
		"what is not ours":                       {"ask", posted{"": {"x"}, "p": nil, "do": {"save"}, "revision": {"3"}}, nil},
	} {
		got, err := Read(lamp(), c.step, c.posted)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v %v", what, got, err)
		}
	}
	for name, step := range map[string]string{
		"p:nonsense": "ask", "p:uid": "ask", "p:id": "ask", "b:nonsense": "ask", "t:no_back:fr": "ask", "l:title:fr": "ask", "t:title:fr": "gone", "p:uid ": "",
	} {
		if ops, err := Read(lamp(), step, posted{name: {"x"}, "t:title:en": {"Lit?"}}); !fault.Is(err, fault.Invalid) || len(ops) > 0 {
			t.Errorf("%s of %q is taken: %+v %v", name, step, ops, err)
		}
	}
	for _, number := range []string{"many", "1e999", "5000", "-1"} {
		if _, err := Read(lamp(), "", posted{"p:minutes": {number}}); !fault.Is(err, fault.Invalid) || fault.FieldsOf(err)["minutes"] == "" {
			t.Errorf("%s is taken: %v", number, err)
		}
	}
}

func TestConflicts(t *testing.T) {
	base, now := lamp(), lamp()
	now.Steps[1].Title.In["fr"] = "Là ?"
	now.Steps[1].Question.Answers[0].To = ""
	now.Minutes, now.Keywords = 9, map[string][]string{"fr": {"lampe"}}
	set := func(words string) procedure.Operation {
		return procedure.Operation{Do: "set_text", Step: "ask", Path: "title", Language: "fr", Words: words}
	}
	for what, c := range map[string]struct {
		op               procedure.Operation
		clear, conflicts int
	}{
		"the same words":    {set("Là ?"), 0, 0},
		"other words":       {set("Où ?"), 0, 1},
		"another language":  {procedure.Operation{Do: "set_text", Step: "ask", Path: "title", Language: "en", Words: "There?"}, 1, 0},
		"a way out":         {procedure.Operation{Do: "connect", Step: "ask", Edge: "answer.yes", To: "ask"}, 0, 1},
		"a number":          {procedure.Operation{Do: "set_procedure", Path: "minutes", Value: 4.0}, 0, 1},
		"the same number":   {procedure.Operation{Do: "set_procedure", Path: "minutes", Value: 9.0}, 0, 0},
		"a list":            {procedure.Operation{Do: "set_procedure", Path: "keywords.fr", Value: []string{"néon"}}, 0, 1},
		"untouched":         {procedure.Operation{Do: "set", Step: "ask", Path: "no_back", Value: false}, 1, 0},
		"something of old":  {procedure.Operation{Do: "set", Step: "gone", Path: "title"}, 1, 0},
		"no value to watch": {procedure.Operation{Do: "delete_step", Step: "ask"}, 1, 0},
	} {
		clear, conflicts := Conflicts(base, now, []procedure.Operation{c.op})
		if len(clear) != c.clear || len(conflicts) != c.conflicts {
			t.Errorf("%s: %v %v", what, clear, conflicts)
		}
	}
}

// TestOvertaken takes away what somebody else wrote meanwhile.
func TestOvertaken(t *testing.T) {
	base, now := lamp(), lamp()
	now.Steps[1].Title.In["fr"] = "Là ?"
	now.Steps[1].Question.Answers[0].Text.In["fr"] = "Oui, là"
	now.Variables = append(now.Variables, procedure.Variable{Name: "theirs"})
	linked := lamp()
	linked.Steps[0].Next = "done"
	for what, c := range map[string]struct {
		now  *procedure.Procedure
		op   procedure.Operation
		want bool
	}{
		"a step they wrote":       {now, procedure.Operation{Do: "delete_step", Step: "ask"}, true},
		"a step put in its place": {now, procedure.Operation{Do: "replace_step", Step: "ask"}, true},
		"another step":            {now, procedure.Operation{Do: "delete_step", Step: "done"}, false},
		"a step they led to":      {linked, procedure.Operation{Do: "delete_step", Step: "done"}, true},
		"a step they led away":    {linked, procedure.Operation{Do: "delete_step", Step: "ask"}, false},
		"an answer they wrote":    {now, procedure.Operation{Do: "delete_item", Step: "ask", Path: "answers", Item: "yes"}, true},
		"another answer":          {now, procedure.Operation{Do: "delete_item", Step: "ask", Path: "answers", Item: "no"}, false},
		"a variable of theirs":    {now, procedure.Operation{Do: "delete_variable", Item: "theirs"}, true},
		"the same, as an entry":   {now, procedure.Operation{Do: "delete_item", Path: "variables", Item: "theirs"}, true},
		"what takes nothing":      {now, procedure.Operation{Do: "set_text", Step: "ask", Path: "title", Language: "fr"}, false},
	} {
		if got := Overtaken(base, c.now, c.op); got != c.want {
			t.Errorf("%s: %v", what, got)
		}
		if Overtaken(base, base, c.op) {
			t.Errorf("%s: nobody wrote anything", what)
		}
	}
}

// FuzzRead holds any form to an end: what it gives can be applied or is refused.
func FuzzRead(f *testing.F) {
	f.Add("ask", "t:title:fr", "x")
	f.Add("", "p:minutes", "3")
	f.Add("call", "p:inputs.lamp.name", "")
	f.Add("ask", "e:answer.yes", "gone")
	f.Add("", "l:keywords:fr", "a\nb")
	f.Fuzz(func(t *testing.T, step, name, value string) {
		p := lamp()
		ops, err := Read(p, step, map[string][]string{name: {value}})
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
		for _, op := range ops {
			if _, err := procedure.Apply(p, op); err != nil && !fault.Is(err, fault.Invalid) {
				t.Fatalf("%+v: %v", op, err)
			}
		}
		if !reflect.DeepEqual(p, lamp()) {
			t.Fatal("reading or applying changed the procedure")
		}
		if len(ops) > 1 && strings.Count(name, ":") < 1 {
			t.Fatal("one field gave several operations")
		}
	})
}
