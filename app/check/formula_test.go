package check_test

import (
	"testing"

	. "selfhelp/app/procedure"
)

// logs makes a step that reads a formula.
func logs(formula string) func(*Project) {
	return put(Step{Log: &Log{Key: "a", Value: formula}})
}

func TestFormulas(t *testing.T) {
	run(t, []scene{
		{"everything that is there", logs(`[user.login, param.asset, step.ask_lamp.result, var.tries, var.room, var.floor, session.shared, env.server, conv.question, date.today, date.now]`), nil},
		{"an unknown variable", logs("var.trys"), []string{"error unknown_variable again/value"}},
		{"an unknown input", logs("param.asset_tag"), []string{"error unknown_input again/value"}},
		{"an unknown session variable", logs("session.x"), []string{"error unknown_session again/value"}},
		{"an unknown step", logs("step.gone.result"), []string{"error unknown_step again/value"}},
		{"a step without a result", logs("step.start.result"), []string{"error no_result again/value"}},
		{"more than the result of a step", logs("step.ask_lamp.title"), []string{"error only_result again/value"}},
		{"an unknown date", logs("date.yesterday"), []string{"warning unknown_name again/value"}},
		{"an unknown name of the person", logs("user.firstname"), []string{"warning unknown_name again/value"}},
		{"a detail of the company about the person", logs("user.attributes.site"), nil},
		{"an unknown name of the platform", logs("env.host"), []string{"warning unknown_name again/value"}},
		{"an item outside a list", logs("item.name"), []string{"error not_here again/value"}},
		{"a result outside a call", logs("result.n"), []string{"error not_here again/value"}},
		{"a form outside a form", logs("form.room"), []string{"error not_here again/value"}},
		{"an unknown root", logs("foo.bar"), []string{"error formula.root again/value"}},
		{"a syntax error", logs("1 +"), []string{"error formula.end again/value"}},
		{"a placeholder that is not closed", func(p *Project) { lampStep(p, "hand").Title.In["fr"] = "Bonjour {{ user.name" },
			[]string{"error formula.placeholder hand/title fr"}},
		{"an unknown variable in a text", func(p *Project) { lampStep(p, "hand").Title = T("A {{ var.x }}", "B {{ var.x }}") },
			[]string{"error unknown_variable hand/title fr", "error unknown_variable hand/title en"}},
		{"a secret in a text", func(p *Project) {
			p.Procedures[0].Variables = append(p.Procedures[0].Variables, Variable{Name: "pin", Type: TypeSecret, Default: "user.attributes.pin"})
			lampStep(p, "hand").Title = T("A {{ var.pin }}", "B {{ var.pin }}")
		}, []string{"error secret_shown hand/title fr", "error secret_shown hand/title en"}},
		{"a secret of the execution in a text", both(more(Variable{Name: "pin", Type: TypeSecret, Session: true, Default: "user.attributes.pin"}), inHand("{{ session.pin }}")),
			[]string{"error secret_shown hand/title fr", "error secret_shown hand/title en"}},
		{"what was typed in a secret field", both(addField(Field{ID: "pin", Type: FieldSecret}), inHand("{{ len(var.pin) }}")),
			[]string{"error secret_shown hand/title fr", "error secret_shown hand/title en"}},
		{"all variables when one is a secret", both(addField(Field{ID: "pin", Type: FieldSecret}), logs("json(var)")), []string{"error secret_shown again/value"}},
		{"a secret in the report", func(p *Project) {
			p.Procedures[0].Variables = append(p.Procedures[0].Variables, Variable{Name: "pin", Type: TypeSecret, Default: "user.attributes.pin"})
			logs("len(var.pin)")(p)
		}, []string{"error secret_shown again/value"}},
		{"a secret through calculations", both(more(Variable{Name: "a", Type: TypeText}, Variable{Name: "b", Type: TypeText}), addField(Field{ID: "pin", Type: FieldSecret}),
			put(Step{Set: &Set{Values: []Assignment{{ID: "x", Name: "a", Value: `"code " + var.pin`}, {ID: "y", Name: "b", Value: "upper(var.a)"}}}}), inHand("{{ var.b }}")),
			[]string{"error secret_held hand/title fr", "error secret_held hand/title en"}},
		{"how long a secret is", both(addField(Field{ID: "pin", Type: FieldSecret}), put(Step{Set: &Set{Values: []Assignment{{ID: "x", Name: "tries", Value: "len(var.pin)"}}}}), inHand("{{ var.tries }}")), nil},
		{"conditions that are none", func(p *Project) {
			lampStep(p, "details").When = "var.tries"
			lampStep(p, "details").Form.Fields[0].Visible = `"yes"`
			lampStep(p, "details").Form.Fields[1].Required = "var.tries > 1"
		}, []string{"error wrong_type details/when", "error wrong_type details/fields.room.visible"}},
		{"a text compared with a number", put(Step{Test: &Test{Rules: []Rule{{ID: "long", If: "var.room > 48", To: "hand"}}}}), []string{"error formula.operands again/rules.long.if"}},
		{"a number typed in a form compared with a text", logs(`var.floor > "4"`), []string{"error formula.operands again/value"}},
		{"a text compared with a number in a text", func(p *Project) { lampStep(p, "hand").Title.In["fr"] = "{{ var.room > 48 }}" },
			[]string{"error formula.operands hand/title fr", "warning other_placeholders hand/title en"}},
		{"a number put into a text", put(Step{Set: &Set{Values: []Assignment{{ID: "a", Name: "room", Value: "var.tries * 24"}}}}), []string{"error wrong_type again/values.a.value"}},
		{"a text put into a number of the execution", both(more(Variable{Name: "n", Type: TypeNumber, Session: true}),
			put(Step{Set: &Set{Values: []Assignment{{ID: "a", Name: "session.n", Value: `"h " + var.tries`}}}})), []string{"error wrong_type again/values.a.value"}},
		{"a list that is none", put(Step{Each: &Each{List: "var.room", Item: "r", Body: "hand"}}),
			[]string{"error wrong_type again/list", "warning each_leaves again/body"}},
		{"a duration that is none", put(Step{Wait: &Wait{Seconds: "true"}}), []string{"error wrong_type again/wait.seconds"}},
		{"a secret written out", func(p *Project) {
			p.Procedures[0].Variables = append(p.Procedures[0].Variables, Variable{Name: "pin", Type: TypeSecret, Default: `"1234"`})
		}, []string{"error literal_secret /variables.pin.default"}},
		{"a default of a wrong type", func(p *Project) { p.Procedures[0].Variables[0].Default = "true" }, []string{"error wrong_type /variables.tries.default"}},
		{"a variable twice", func(p *Project) {
			p.Procedures[0].Variables = append(p.Procedures[0].Variables, Variable{Name: "room", Type: TypeText})
		}, []string{"error duplicate /variables.2"}},
		{"a variable of no type", func(p *Project) { p.Procedures[0].Variables[1].Type = "" }, []string{"error required /variables.room.type"}},
		{"variables of a caller that shares them", func(p *Project) {
			put(Step{Call: &Call{Procedure: subUID, Share: true, Inputs: []Binding{{Name: "room", Value: "user.attributes.room"}}}})(p)
			p.Procedures[1].Step("ask").Text = T("{{ var.room }}", "{{ var.room }}")
		}, nil},
		{"variables of a caller that does not", func(p *Project) {
			put(Step{Call: &Call{Procedure: subUID, Inputs: []Binding{{Name: "room", Value: "user.attributes.room"}}}})(p)
			p.Procedures[1].Step("ask").Text = T("{{ var.room }}", "{{ var.room }}")
		}, []string{"error unknown_variable sub:ask/text fr", "error unknown_variable sub:ask/text en"}},
	})
}

func TestPlacesInFormulas(t *testing.T) {
	p := house(t)
	lampStep(p, "ask_lamp").Text.In["fr"] = "Première ligne\net {{ 1 + }} ici"
	for _, problem := range checkAll(p) {
		if problem.Key == "formula.end" && (problem.Place.Line != 2 || problem.Place.Column < 5) {
			t.Errorf("line %d, column %d", problem.Place.Line, problem.Place.Column)
		}
	}
}

func TestFlow(t *testing.T) {
	text, count := Variable{Name: "x", Type: TypeText}, Variable{Name: "n", Type: TypeNumber}
	emptied := put(Step{Form: &FormStep{Form: Form{Fields: []Field{{ID: "n", Name: "n", Type: FieldNumber, Label: T("Nombre", "Number")}}}}})
	sum := func(formula string) func(*Project) {
		return func(p *Project) {
			again := lampStep(p, "again")
			after := again.Next
			again.Next = "sum"
			p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: "sum", Next: after, Set: &Set{Values: []Assignment{{ID: "a", Name: "tries", Value: formula}}}})
		}
	}
	run(t, []scene{
		{"a field that was filled in", inHand("{{ var.room }}"), nil},
		{"a field on a page before the form", func(p *Project) { lampStep(p, "ask_lamp").Title = T("{{ var.floor }}", "{{ var.floor }}") },
			[]string{"warning read_before_written ask_lamp/title fr"}},
		{"a field that another way goes round", func(p *Project) { lampStep(p, "solved").Title = T("{{ var.floor }}", "{{ var.floor }}") },
			[]string{"warning read_before_written solved/title fr"}},
		{"a default", inHand("{{ var.tries }}"), nil},
		{"never written", both(more(text), inHand("{{ var.x }}")), []string{"warning read_before_written hand/title fr"}},
		{"never written, but provided for", both(more(text), inHand(`{{ var.x ?? "rien" }}`)), nil},
		{"written just before", both(more(text), put(Step{Set: &Set{Values: []Assignment{{ID: "a", Name: "x", Value: `"1"`}}}}), inHand("{{ var.x }}")), nil},
		{"written in the same step, after", both(more(text), put(Step{Set: &Set{Values: []Assignment{{ID: "a", Name: "room", Value: "var.x"}, {ID: "b", Name: "x", Value: `"1"`}}}})),
			[]string{"warning read_before_written again/values.a.value"}},
		{"written in the same step, before", both(more(text), put(Step{Set: &Set{Values: []Assignment{{ID: "a", Name: "x", Value: `"1"`}, {ID: "b", Name: "room", Value: "var.x"}}}})), nil},
		{"not written when the step fails", both(more(text), put(Step{OnError: "solved", REST: &REST{URL: "https://a", Extract: []Extract{{Name: "x", Path: "$.x"}}}}),
			func(p *Project) { lampStep(p, "solved").Title = T("{{ var.x }}", "{{ var.x }}") }), []string{"warning read_before_written solved/title fr"}},
		{"not written when the step is passed over", both(more(text), put(Step{When: "user.attributes.vip", Set: &Set{Values: []Assignment{{ID: "a", Name: "x", Value: `"1"`}}}}), inHand("{{ var.x }}")),
			[]string{"warning read_before_written hand/title fr"}},
		{"a sum with a field left empty", both(more(count), emptied, sum("var.n * 2")), []string{"warning may_be_empty sum/values.a.value"}},
		{"a sum that provides for it", both(more(count), emptied, sum("(var.n ?? 0) * 2")), nil},
		{"a sum on condition", both(more(count), emptied, sum("isEmpty(var.n) ? 0 : var.n * 2")), nil},
		{"a sum with a required field", both(more(count), func(p *Project) { emptied(p); lampStep(p, "again").Form.Fields[0].Required = "true" }, sum("var.n * 2")), nil},
		{"a comparison with a field left empty", both(more(count), emptied, sum("var.n > 2 ? 1 : 0")), nil},
		{"a sum after a test", both(more(count), emptied, sum("var.n * 2"), func(p *Project) {
			lampStep(p, "again").Next = "asked"
			p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: "asked", Next: "sum", Test: &Test{Rules: []Rule{{ID: "r", If: "isEmpty(var.n)", To: "solved"}}}})
		}), nil},
		{"a result on every way", inHand("{{ step.details.result.room }}"), nil},
		{"a result on one way only", func(p *Project) {
			lampStep(p, "solved").Title = T("{{ step.details.result }}", "{{ step.details.result }}")
		},
			[]string{"warning result_not_sure solved/title fr"}},
		{"an item in its loop and after", both(put(Step{Each: &Each{List: "user.attributes.rooms", Item: "r", Index: "i", Body: "log", Collect: "var.r", Into: "all"}}),
			more(Variable{Name: "all", Type: TypeList}), inHand("{{ var.all }} {{ var.r }}"),
			func(p *Project) {
				p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: "log", Next: "again", Log: &Log{Key: "a", Value: "var.r + var.i"}})
			}), []string{"warning read_before_written hand/title fr"}},
		{"of the execution, at its entry", both(more(Variable{Name: "s", Type: TypeText, Session: true}), inHand("{{ session.s }}")), []string{"warning read_before_written hand/title fr"}},
		{"of the execution, in a sub-procedure", func(p *Project) { p.Procedures[1].Step("ask").Text = T("{{ session.shared }}", "{{ session.shared }}") }, nil},
		{"of the execution, written by a call", both(more(Variable{Name: "shared", Type: TypeText, Session: true}),
			put(Step{Call: &Call{Procedure: subUID, Inputs: []Binding{{Name: "room", Value: "user.attributes.room"}}}}),
			func(p *Project) {
				p.Procedures[1].Step("ask").Page, p.Procedures[1].Step("ask").Question = nil, &Question{From: &Options{List: "[1, 2]"}}
				p.Procedures[1].Steps[0].Next = "put"
				p.Procedures[1].Steps = append(p.Procedures[1].Steps, Step{ID: "put", Next: "ask", Set: &Set{Values: []Assignment{{ID: "a", Name: "session.shared", Value: `"1"`}}}})
			}, inHand("{{ session.shared }}")), nil},
	})
}

func TestItems(t *testing.T) {
	run(t, []scene{
		{"item and index in the body of a loop, in its limit and in what it collects", roomByRoom("item.name", "text(index) + item.name"), nil},
		{"item and index in a text of the body", both(roomByRoom("1", "1"), func(p *Project) {
			*lampStep(p, "say") = Step{ID: "say", Next: "again", Title: T("{{ item.name }}", "{{ item.name }}"), Text: T("{{ index + 1 }}", "{{ index + 1 }}"), Page: &Page{}}
		}), nil},
		{"the item of the outer loop in the list of an inner one", both(roomByRoom("1", "1"), func(p *Project) {
			*lampStep(p, "say") = Step{ID: "say", Next: "again", Each: &Each{List: "item.lamps", Item: "lamp", Body: "turn"}}
			p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: "turn", Next: "say", Log: &Log{Key: "a", Value: "item"}})
		}), nil},
		{"an item after its loop", both(roomByRoom("1", "1"), inHand("{{ item.name }}")), []string{"error not_here hand/title fr", "error not_here hand/title en"}},
		{"an item of a loop that is not begun", both(roomByRoom("1", "1"), func(p *Project) { lampStep(p, "again").Each.List = "item.rooms" }),
			[]string{"error not_here again/list"}},
		{"an item on a way round its loop", both(roomByRoom("item.name", "1"), func(p *Project) { lampStep(p, "details").OnError = "say" }),
			[]string{"warning read_before_written say/value"}},
		{"the row in a column of a form", addField(Field{ID: "x", Type: FieldRows, Columns: []Field{
			{ID: "what", Type: FieldText, Label: T("Quoi", "What")},
			{ID: "count", Type: FieldNumber, Label: T("Combien", "How many"), Required: `item.what == "lamp"`, Check: "value < 3 or item.what != nil"}}}), nil},
		{"the row in a field of a form", addField(Field{ID: "x", Type: FieldText, Check: "item.what != nil"}), []string{"error not_here details/fields.x.check"}},
	})
}

// inHand puts words on the end that hands over.
func inHand(words string) func(*Project) {
	return func(p *Project) { lampStep(p, "hand").Title = T(words, words) }
}

func both(scenes ...func(*Project)) func(*Project) {
	return func(p *Project) {
		for _, do := range scenes {
			do(p)
		}
	}
}

func more(v ...Variable) func(*Project) {
	return func(p *Project) { p.Procedures[0].Variables = append(p.Procedures[0].Variables, v...) }
}

// roomByRoom makes the step that jumps back one that goes through rooms, its
// body logging a formula and its end collecting another.
func roomByRoom(log, collect string) func(*Project) {
	return both(
		put(Step{Each: &Each{List: "user.attributes.rooms", Item: "r", Body: "say", Until: `item.name == "attic"`, Collect: collect, Into: "all"}}),
		more(Variable{Name: "all", Type: TypeList}),
		func(p *Project) {
			p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: "say", Next: "again", Log: &Log{Key: "a", Value: log}})
		})
}

// TestTheFixDeclaresTheTypeThatIsPut: a variable that does not exist yet is
// declared with the type of what the steps put into it.
func TestTheFixDeclaresTheTypeThatIsPut(t *testing.T) {
	for formula, want := range map[string]VariableType{
		"var.tries * 24": TypeNumber, "var.tries > 2": TypeBoolean, `"a" + var.tries`: TypeText, "[1]": TypeList, "user.attributes.x": TypeText,
	} {
		p := house(t)
		put(Step{Set: &Set{Values: []Assignment{{ID: "a", Name: "hours", Value: formula}}}})(p)
		lampStep(p, "details").When = "var.hours != nil"
		fixes := 0
		for _, problem := range checkAll(p) {
			if problem.Key != "check.unknown_variable" {
				continue
			}
			fixes++
			fixed, err := Apply(p.Procedures[0], *problem.Fix)
			if err != nil {
				t.Fatal(err)
			}
			if v := fixed.Variables[len(fixed.Variables)-1]; v.Name != "hours" || v.Type != want {
				t.Errorf("%s: %+v, want %s", formula, v, want)
			}
		}
		if fixes != 2 {
			t.Errorf("%s: %d fixes, want 2: where it is put and where it is read", formula, fixes)
		}
	}
}

// TestTheFixDeclaresTheTypeThatIsKept: the same for what steps keep of answers.
func TestTheFixDeclaresTheTypeThatIsKept(t *testing.T) {
	answers := []Answer{{ID: "a", Text: T("Un", "One")}, {ID: "b", Text: T("Deux", "Two")}}
	for _, c := range []struct {
		step Step
		want VariableType
	}{
		{Step{Question: &Question{Answers: answers, Into: "kept"}}, TypeText},
		{Step{Choices: &Choices{Answers: answers, Into: "kept"}}, TypeList},
		{Step{Upload: &Upload{Into: "kept"}}, TypeFile},
		{Step{Each: &Each{List: "[1]", Item: "one", Body: "solved", Collect: "var.one", Into: "kept"}}, TypeList},
	} {
		p := house(t)
		put(c.step)(p)
		fixed := false
		for _, problem := range checkAll(p) {
			if problem.Key != "check.unknown_variable" || problem.Fix == nil || problem.Fix.ID != "kept" {
				continue
			}
			after, err := Apply(p.Procedures[0], *problem.Fix)
			if err != nil {
				t.Fatal(err)
			}
			if fixed = true; after.Variables[len(after.Variables)-1].Type != c.want {
				t.Errorf("%+v: %+v, want %s", c.step, after.Variables[len(after.Variables)-1], c.want)
			}
		}
		if !fixed {
			t.Errorf("%+v: nothing declares what is kept", c.step)
		}
	}
}
