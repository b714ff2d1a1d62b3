package formula

import (
	"encoding/json"
	"errors"
	"testing"

	"selfhelp/app/fault"
)

// world is what the formulas of the tests read.
var world = Vars{
	"user":  map[string]any{"first_name": "Élodie", "mail": "elodie@example.org", "groups": []any{"it", "hr"}},
	"param": map[string]any{"ticket": "INC-42", "priority": 2.0},
	"var":   map[string]any{"n": 3.0, "zero": 0.0, "text": "été", "list": []any{1.0, 2.0, 3.0}, "rows": []any{map[string]any{"name": "a", "qty": 2.0}, map[string]any{"name": "b", "qty": 5.0}}, "truth": true},
	"step":  map[string]any{"ask": map[string]any{"result": "yes"}, "call": map[string]any{"result": map[string]any{"body": map[string]any{"id": 7.0}}}},
	"date":  map[string]any{"today": "2026-11-23", "now": "2026-11-23T14:05:00Z"},
	"value": "PC-0042",
	"item":  map[string]any{"name": "souris"},
}

func TestEval(t *testing.T) {
	tests := []struct{ source, want string }{
		// Numbers.
		{`1 + 2 * 3`, `7`}, {`(1 + 2) * 3`, `9`}, {`7 / 2`, `3.5`}, {`-7 % 3`, `-1`}, {`2 ** 10`, `1024`}, {`2 ^ 0.5 > 1.41`, `true`},
		{`0.1 + 0.2 == 0.3`, `true`}, {`0.1 + 0.2 <= 0.3`, `true`}, {`0.1 + 0.2 > 0.3`, `false`}, {`0.3 - 0.1 - 0.2`, `0`}, {`1/3*3 == 1`, `true`},
		{`1.1 * 3 == 3.3`, `true`}, {`9007199254740991 == 9007199254740990`, `false`}, {`4.35 * 100 == 435`, `true`},
		{`0x10`, `16`}, {`1_000`, `1000`}, {`1e3`, `1000`}, {`-0.0`, `0`}, {`0 * -1`, `0`}, {`-var.zero`, `0`}, {`1e308`, `1e+308`},
		{`var.n == 3`, `true`}, {`var.n != 3`, `false`}, {`1 < var.n < 5`, `true`}, {`5 < var.n < 9`, `false`}, {`+var.n`, `3`},
		{`round(2.5)`, `3`}, {`round(-2.5)`, `-3`}, {`round(1.005, 2)`, `1.01`}, {`round(1234.5678, 3)`, `1234.568`}, {`round(0.1+0.2, 1)`, `0.3`}, {`ceil(2.0000000000000004)`, `2`},
		{`round(-0.4)`, `0`}, {`round(1e300, 12)`, `1e+300`}, {`floor(-2.5)`, `-3`}, {`sum(map(1..1000, 0.1)) == 100`, `true`},
		// Texts.
		{`"a" + "b"`, `"ab"`}, {`"Ticket " + 42`, `"Ticket 42"`}, {`"n: " + 0.1`, `"n: 0.1"`}, {`"x" + var.unknown`, `"x"`}, {`true + "!"`, `"true!"`},
		{`"été"[0]`, `"é"`}, {`"été"[-1]`, `"é"`}, {`"été"[9]`, `null`}, {`"été"[1:]`, `"té"`}, {`"été"[:-1]`, `"ét"`}, {`"été"[5:9]`, `""`}, {`"été"[2:1]`, `""`},
		{`"b" in "abc"`, `true`}, {`"abc" contains "bc"`, `true`}, {`not ("abc" contains "x")`, `true`}, {`"abc" not contains "x"`, `true`}, {`nil contains "x"`, `false`},
		{`"2026-01-02" < "2026-01-10"`, `true`}, {`"a" == 'a'`, `true`}, {"`raw \\n` == \"raw \\\\n\"", `true`},
		{`"é" | upper()`, `"É"`}, {`"a,b" | split(",") | last()`, `"b"`}, {`"été" matches "^.t.$"`, `true`}, {`nil matches "x"`, `false`}, {`42 matches "^4"`, `true`},
		// Members.
		{`var.unknown`, `null`}, {`var.unknown.deeper.still`, `null`}, {`var.n.x`, `null`}, {`var.unknown?.x`, `null`}, {`form.anything`, `null`}, {`var["n"]`, `3`},
		{`var.list[0]`, `1`}, {`var.list[-1]`, `3`}, {`var.list[7]`, `null`}, {`var.list[1:]`, `[2,3]`}, {`var.list[:2]`, `[1,2]`}, {`var.rows[1].name`, `"b"`}, {`var.rows[9].name`, `null`},
		{`step.call.result.body.id`, `7`}, {`item.name`, `"souris"`}, {`value`, `"PC-0042"`}, {`{a: 1, "b c": 2}["b c"]`, `2`}, {`{a: {b: 1}}.a.b`, `1`}, {`{1: "x"}[1]`, `"x"`},
		{`{(param.ticket): 1}`, `{"INC-42":1}`}, {`[1, "a", nil, true]`, `[1,"a",null,true]`}, {`[] == []`, `true`}, {`{} == {}`, `true`}, {`var.list.x`, `null`},
		// Truths.
		{`true and not false`, `true`}, {`nil or true`, `true`}, {`nil and true`, `false`}, {`not nil`, `true`}, {`!var.unknown`, `true`}, {`false and 1/0 == 1`, `false`}, {`true or 1/0 == 1`, `true`},
		{`var.unknown > 3`, `false`}, {`var.unknown < 3`, `false`}, {`nil == nil`, `true`}, {`nil == false`, `false`}, {`3 == "3"`, `false`}, {`[1, {a: 2}] == [1.0, {a: 2}]`, `true`}, {`[1] == [2]`, `false`},
		{`var.n > 2 ? "big" : "small"`, `"big"`}, {`if var.n > 5 { "big" } else if var.n > 2 { "middle" } else { "small" }`, `"middle"`}, {`nil ? 1 : 2`, `2`}, {`var.unknown ?? "else"`, `"else"`}, {`false ?? true`, `false`}, {`true ?: 1`, `true`},
		// Lists and loops.
		{`1..4`, `[1,2,3,4]`}, {`4..1`, `[]`}, {`[1] + [2]`, `[1,2]`}, {`2 in var.list`, `true`}, {`5 not in var.list`, `true`}, {`"it" in user.groups`, `true`}, {`"mail" in user`, `true`}, {`1 in nil`, `false`},
		{`filter(var.rows, .qty > 3)`, `[{"name":"b","qty":5}]`}, {`map(var.rows, .name + #index)`, `["a0","b1"]`}, {`sum(var.rows, .qty)`, `7`}, {`sum(var.list)`, `6`}, {`count(var.list, # > 1)`, `2`},
		{`filter(nil, true)`, `[]`}, {`sum([])`, `0`}, {`map([[1,2],[3]], sum(#))`, `[3,3]`}, {`map(1..2, map(1..2, # * 10))`, `[[10,20],[10,20]]`}, {`map(1..2, let x = #; map(1..2, x * 10 + #))`, `[[11,12],[21,22]]`},
		{`reduce(1..5, #acc * #)`, `120`}, {`reduce([], #acc + #)`, `null`}, {`reduce(["a","b"], #acc + #, "")`, `"ab"`}, {`reduce(1..3, #acc + sum(filter(1..#, # > 1)), 0)`, `7`},
		{`sortBy(var.rows, .qty, "desc")[0].name`, `"b"`}, {`sort([3, nil, 1])`, `[1,3,null]`}, {`sort([3, nil, 1], "desc")`, `[3,1,null]`}, {`sort(["b", 2, "a", 1])`, `[1,2,"a","b"]`},
		{`let x = 5; let y = x + 1; x * y`, `30`}, {`unique([1, 1.0, "1", nil, nil, [1], [1], {a: 1}, {a: 1}])`, `[1,"1",null,[1],{"a":1}]`},
		{`min([])`, `null`}, {`max(1, nil, 3)`, `3`}, {`join([1, "a", true])`, `"1atrue"`}, {`average([])`, `null`}, {`get(var.list, 9, "none")`, `"none"`}, {`len(nil)`, `0`}, {`len({a: 1})`, `1`},
		{`number("abc")`, `null`}, {`number("12,5")`, `12.5`}, {`number("1e400")`, `null`}, {`number("NaN")`, `null`}, {`number("0x10")`, `null`}, {`number(" -3 ")`, `-3`}, {`number(4)`, `4`}, {`text([1, "<"])`, `"[1,\"<\"]"`},
		{`merge(nil, {a: 1})`, `{"a":1}`}, {`flatten(nil)`, `[]`}, {`pad("ab", 1)`, `"ab"`}, {`capitalize("")`, `""`}, {`replace("aaa", "", "b")`, `"aaa"`}, {`split("abc", "")`, `["a","b","c"]`}, {`indexOf("été", "t")`, `1`},
		// Dates.
		{`addDays(date.today, 8)`, `"2026-12-01"`}, {`addDays("2026-11-23T14:05", -1)`, `"2026-11-22T14:05"`}, {`addMonths("2028-02-29", 12)`, `"2029-02-28"`}, {`addMonths("2026-03-31", -1)`, `"2026-02-28"`},
		{`addWorkdays("2026-11-21", 0)`, `"2026-11-23"`}, {`addWorkdays("2026-11-21", 1)`, `"2026-11-23"`}, {`addWorkdays("2026-11-23", -1)`, `"2026-11-20"`}, {`addWorkdays("2026-11-23", 10)`, `"2026-12-07"`}, {`addWorkdays("2026-11-22", -5)`, `"2026-11-16"`},
		{`daysBetween("2026-03-28", "2026-03-30")`, `2`}, {`daysBetween("2026-11-23T23:59", "2026-11-24T00:01")`, `1`}, {`daysBetween("2026-12-01", "2026-11-01")`, `-30`}, {`addMinutes("2026-03-29T01:30", 60)`, `"2026-03-29T02:30"`},
		{`minutesBetween("2026-11-23T14:00:00+01:00", "2026-11-23T14:00:00Z")`, `60`}, {`minutesBetween("2026-11-23T14:00:00+01:00", "2026-11-23T15:00")`, `60`}, {`isDate("2026-11-23T23:59:60")`, `false`}, {`isDate(4)`, `false`}, {`year(date.now)`, `2026`},
		{`formatDate(date.now, "dd/MM/yyyy 'à' HH:mm")`, `"23/11/2026 à 14:05"`}, {`formatDate("2026-07-01", "d MMM yy H", "fr")`, `"1 juil 26 0"`},
	}
	for _, tt := range tests {
		f, err := Compile(tt.source)
		if err != nil {
			t.Errorf("Compile(%s): %v", tt.source, err)
			continue
		}
		v, err := f.Eval(world, NewBudget())
		if err != nil {
			t.Errorf("%s: %v", tt.source, err)
			continue
		}
		if got := jsonOf(v); got != tt.want {
			t.Errorf("%s = %s, want %s", tt.source, got, tt.want)
		}
	}
}

func TestErrors(t *testing.T) {
	tests := []struct {
		source       string
		key          string
		line, column int
	}{
		{``, "formula.empty", 1, 1}, {" \n ", "formula.empty", 1, 1}, {`1 +`, "formula.end", 1, 3}, {`1 2`, "formula.unexpected", 1, 3}, {`(1`, "formula.open", 1, 1}, {`1)`, "formula.close", 1, 2}, {`[1}`, "formula.close", 1, 3},
		{`contains("a", "b")`, "formula.between", 1, 1}, {`"abc`, "formula.unclosed_text", 1, 5}, {"1 +\n 'ab", "formula.unclosed_text", 2, 5}, {`“abc”`, "formula.quotes", 1, 1}, {`1 & 2`, "formula.unexpected", 1, 3}, {`1 § 2`, "formula.sign", 1, 3}, {`var.x = 3`, "formula.equals", 1, 7},
		{`1e309`, "formula.large_number", 1, 1}, {`12345678901234567890`, "formula.large_number", 1, 1}, {`9007199254740993`, "formula.large_number", 1, 1}, {`0xffffffffffffffffff`, "formula.large_number", 1, 1}, {`b"ab"`, "formula.bytes", 1, 1},
		{`ticket`, "formula.root", 1, 1}, {"1 +\n  vra.x", "formula.root", 2, 3}, {`$env`, "formula.root", 1, 1}, {`uper("a")`, "formula.function", 1, 1}, {`now()`, "formula.function", 1, 1}, {`var.x()`, "formula.method", 1, 5}, {`"a".upper()`, "formula.method", 1, 5},
		{`upper()`, "formula.arguments", 1, 1}, {`upper("a", "b")`, "formula.arguments", 1, 1}, {`let var = 1; 2`, "formula.taken", 1, 5}, {`1; 2`, "formula.sequence", 1, 4}, {`filter(var.list, #acc)`, "formula.pointer", 1, 18}, {`map(var.list, #wat)`, "formula.pointer", 1, 15},
		{`"a" matches "("`, "formula.pattern", 1, 13}, {`"a" matches value`, "formula.pattern_text", 1, 13}, {`"a" matches "a{1000}b{1000}c{1000}"`, "formula.pattern_size", 1, 13}, {`#`, "formula.unexpected", 1, 1}, {`repeat("a", 9)`, "formula.function", 1, 1},
		{`1 / 0`, "formula.zero", 1, 3}, {`5 % var.zero`, "formula.zero", 1, 3}, {`1e308 * 10`, "formula.overflow", 1, 7}, {`(-8) ** (1/3)`, "formula.undefined", 1, 6}, {`1e308 + 1e308`, "formula.overflow", 1, 7}, {`0 ** -1`, "formula.overflow", 1, 3},
		{`1 + var.unknown`, "formula.operands", 1, 3}, {`"a" * 2`, "formula.operands", 1, 5}, {`1 < "a"`, "formula.operands", 1, 3}, {`true < false`, "formula.operands", 1, 6}, {`-"a"`, "formula.operand", 1, 1}, {`[] + 1`, "formula.operands", 1, 4},
		{`1 and true`, "formula.not_truth", 1, 1}, {"true and\n \"x\"", "formula.not_truth", 2, 2}, {`"yes" ? 1 : 2`, "formula.not_truth", 1, 1}, {`filter(var.list, #)`, "formula.not_truth", 1, 1}, {`upper([1])`, "formula.argument", 1, 1}, {`round("x")`, "formula.argument", 1, 1}, {`filter("abc", true)`, "formula.argument", 1, 1},
		{`round(1, 0.5)`, "formula.whole", 1, 1}, {`round(1, 99)`, "formula.limit", 1, 1}, {`1.5..3`, "formula.whole", 1, 4}, {`addDays("hier", 1)`, "formula.date", 1, 1}, {`addDays("2026-02-30", 1)`, "formula.date", 1, 1}, {`year("2026-11-23T23:59:60")`, "formula.date", 1, 1},
		{`addDays("9999-12-31", 1)`, "formula.limit", 1, 1}, {`addDays("2026-01-01", 1e300)`, "formula.limit", 1, 1}, {`formatDate(date.today, "QQQ")`, "formula.date_pattern", 1, 1}, {`var.list[value]`, "formula.index", 1, 9}, {`var.list[0.5]`, "formula.index", 1, 9}, {`var[[1]]`, "formula.key", 1, 4}, {`sort([{a: 1}])`, "formula.operand", 1, 1}, {`sort([1], "up")`, "formula.limit", 1, 1},
	}
	for _, tt := range tests {
		err := errOf(tt.source)
		e, ok := errors.AsType[*Error](err)
		if !ok {
			t.Errorf("%s: %v, want an *Error", tt.source, err)
			continue
		}
		if e.Key != tt.key || e.Line != tt.line || e.Column != tt.column {
			t.Errorf("%s: %s at %d:%d, want %s at %d:%d (%v)", tt.source, e.Key, e.Line, e.Column, tt.key, tt.line, tt.column, e)
		}
		if key, _ := fault.TextOf(err); key != tt.key || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: as a fault it is %s %s", tt.source, fault.KindOf(err), key)
		}
	}
}

func errOf(source string) error {
	f, err := Compile(source)
	if err != nil {
		return err
	}
	_, err = f.Eval(world, nil)
	return err
}

func TestClosestNameIsNamed(t *testing.T) {
	for source, want := range map[string]string{"vra.x": "var", "paramm.x": "param", "steps.a": "step", "let total = 1; totl": "total", "uper(1)": "upper", "filtr([], true)": "filter"} {
		e, ok := errors.AsType[*Error](errOf(source))
		if !ok || len(e.Args) < 2 || e.Args[1] != want {
			t.Errorf("%s: %v, want %q", source, e, want)
		}
	}
}

func TestReads(t *testing.T) {
	tests := map[string][]string{
		`var.x + var.y.z`: {"var.x", "var.y"}, `step.ask.result.body`: {"step.ask.result"}, `step.ask`: {"step.ask"}, `keys(var)`: {"var"}, `var[value]`: {"value", "var"},
		`param.ticket == "x" and param.ticket != ""`: {"param.ticket"}, `1 + 1`: nil, `map(var.rows, .name + item.x)`: {"item.x", "var.rows"}, `user?.mail`: {"user.mail"}, `let v = var.a; v.b`: {"var.a"}, `var["a"].b`: {"var.a"},
	}
	for source, want := range tests {
		f, err := Compile(source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if got, _ := json.Marshal(f.Reads()); string(got) != jsonOfStrings(want) {
			t.Errorf("%s reads %s, want %v", source, got, want)
		}
	}
}

func jsonOfStrings(list []string) string {
	data, _ := json.Marshal(list)
	return string(data)
}

func TestTruth(t *testing.T) {
	for _, v := range []any{1.0, "true", []any{}, map[string]any{}} {
		if _, err := Truth(v); err == nil {
			t.Errorf("Truth(%v) is taken for a truth", v)
		}
	}
	for v, want := range map[any]bool{nil: false, true: true, false: false} {
		if got, err := Truth(v); got != want || err != nil {
			t.Errorf("Truth(%v) = %v, %v", v, got, err)
		}
	}
}

func TestFunctionExamples(t *testing.T) {
	seen := map[string]bool{}
	for _, fn := range Functions() {
		if seen[fn.Name] || fn.French == "" || fn.English == "" || fn.Signature == "" {
			t.Errorf("%s is there twice or says too little", fn.Name)
		}
		seen[fn.Name] = true
		f, err := Compile(fn.Example)
		if err != nil {
			t.Errorf("%s: %v", fn.Name, err)
			continue
		}
		v, err := f.Eval(nil, nil)
		if got := jsonOf(v); err != nil || got != fn.Result {
			t.Errorf("%s: %s = %s (%v), want %s", fn.Name, fn.Example, got, err, fn.Result)
		}
	}
	if len(seen) < 70 {
		t.Errorf("only %d functions are described", len(seen))
	}
}
