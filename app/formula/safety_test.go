package formula

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"selfhelp/app/fault"
)

// host is a Go value with a method and a field, as a caller might leave one
// among the variables by mistake.
type host struct{ Secret string }

// Open is what no formula may call.
func (h host) Open() string { return h.Secret }

// TestFormulasReachNothing: no name leads to the process,
// the machine, or the inside of a Go value.
func TestFormulasReachNothing(t *testing.T) {
	t.Setenv("SELFHELP_TEST", "leaked")
	vars := Vars{"var": map[string]any{"host": host{"leaked"}, "pointer": &host{"leaked"}, "call": host{"leaked"}.Open, "file": os.Stdout}, "env": map[string]any{}}
	for _, source := range []string{
		`var.host.Secret`, `var.host["Secret"]`, `var.pointer.Secret`, `var.host.Open`, `var.host.Open()`, `var.call()`, `var.call`, `var.host`, `keys(var.host)`, `var.file.Name()`, `var.file`, `text(var.host)`, `json(var.pointer)`, `"" + var.host`, `[var.host]`,
		`env.SELFHELP_TEST`, `env["SELFHELP_TEST"]`, `$env`, `$env["var"]`, `env.PATH`, `now()`, `date()`, `date("2026-01-01")`, `os.Getenv("PATH")`, `getenv("PATH")`, `get(env, "SELFHELP_TEST")`, `fromJSON("1")`, `fromBase64("a")`, `duration("1h")`, `bitand(1, 2)`, `toPairs({})`, `var.call | map(#)`, `::now()`, `::len("x")`, `type(var.call) == "function"`, `int("1")`, `repeat("x", 2)`, `mean([1])`, `var.host == var.host ? var.host : 1`,
		`readFile("/etc/passwd")`, `exec("id")`, `import("os")`, `this`, `self`, `__proto__`, `var.__proto__`, `var.constructor`, `constructor.constructor("return 1")()`,
	} {
		f, err := Compile(source)
		if err != nil {
			continue
		}
		v, err := f.Eval(vars, nil)
		if got := jsonOf(v); err == nil && (strings.Contains(got, "leaked") || strings.Contains(got, "root:")) {
			t.Errorf("%s reads %s", source, got)
		}
	}
}

// TestEveryResultIsAValue: whatever stands at the edge of
// what numbers and dates can be has a defined result or is an error.
func TestEveryResultIsAValue(t *testing.T) {
	edges := []any{nil, true, 0.0, math.Copysign(0, -1), 1.0, -1.0, 0.5, 1e308, -1e308, 5e-324, 2147483647.0, 2147483648.0, 4294967296.0, 9007199254740992.0, -9007199254740992.0, 1e15, 1e21, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64,
		"", "abc", "1e309", "9999-12-31", "0001-01-01", "2026-03-29T02:30", "2026-06-30T23:59:60Z", "2026-02-29", "\xff", []any{}, map[string]any{}, int64(math.MaxInt64), uint8(3)}
	sources := []string{`var.a + var.b`, `var.a - var.b`, `var.a * var.b`, `var.a / var.b`, `var.a % var.b`, `var.a ** var.b`, `-var.a`, `round(var.a, var.b)`, `round(var.a)`, `floor(var.a)`, `ceil(var.a)`, `abs(var.a)`, `sum([var.a, var.b])`, `average([var.a, var.b])`, `min(var.a, var.b)`, `var.a..var.b`,
		`addDays(var.a, var.b)`, `addMonths(var.a, var.b)`, `addMinutes(var.a, var.b)`, `addWorkdays(var.a, var.b)`, `daysBetween(var.a, var.b)`, `minutesBetween(var.a, var.b)`, `year(var.a)`, `week(var.a)`, `formatDate(var.a, "yyyy")`, `number(var.a)`, `text(var.a)`, `json(var.a)`, `var.a < var.b`, `var.a == var.b`, `[1, 2][var.a]`, `"abc"[var.a]`, `"abc"[var.a:var.b]`, `[1, 2][var.a:var.b]`, `pad("x", var.a)`, `sort([var.a, var.b])`, `unique([var.a, var.b])`, `{(var.a): 1}`, `var.a in [var.b]`, `var.a`, `groupBy([var.a], #)`, `upper(var.a)`, `len(var.a)`, `get([1], var.a)`}
	for _, source := range sources {
		f, err := Compile(source)
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		for _, a := range edges {
			for _, b := range edges {
				v, err := f.Eval(Vars{"var": map[string]any{"a": a, "b": b}}, nil)
				if err != nil {
					continue
				}
				if err := isValue(v); err != nil {
					t.Errorf("%s with %v and %v gives %v: %v", source, a, b, v, err)
				}
			}
		}
	}
}

// isValue reports what in v is none of the six kinds, or no proper number.
func isValue(v any) error {
	switch v := v.(type) {
	case nil, bool, string:
		return nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) || v == 0 && math.Signbit(v) {
			return errors.New("no proper number")
		}
		return nil
	case []any:
		for _, item := range v {
			if err := isValue(item); err != nil {
				return err
			}
		}
		return nil
	case map[string]any:
		for _, item := range v {
			if err := isValue(item); err != nil {
				return err
			}
		}
		return nil
	}
	return errors.New("a foreign value")
}

// TestFormulasChangeNothing evaluates what could write into a list or object
// that it was given.
func TestFormulasChangeNothing(t *testing.T) {
	vars := Vars{"var": map[string]any{"list": append(make([]any, 0, 10), 3.0, 1.0, 2.0), "object": map[string]any{"a": 1.0}}}
	before := jsonOf(map[string]any(vars))
	for _, source := range []string{`sort(var.list)`, `reverse(var.list)`, `var.list + [9]`, `var.list[:1] + [8]`, `merge(var.object, {a: 2})`, `map(var.list, # + 1)`, `filter(var.list, true) + [1]`, `flatten([var.list, [7]])`, `reduce(var.list, #acc + [#], var.list[:2])`, `sortBy(var.list, -#)`, `unique(var.list)`} {
		f, err := Compile(source)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Eval(vars, nil); err != nil {
			t.Errorf("%s: %v", source, err)
		}
		if after := jsonOf(map[string]any(vars)); after != before {
			t.Fatalf("%s changes %s to %s", source, before, after)
		}
	}
	if rest := vars["var"].(map[string]any)["list"].([]any)[:4]; rest[3] != nil {
		t.Errorf("something was written behind the list: %v", rest)
	}
}

func TestConcurrentUse(t *testing.T) {
	f, err := Compile(`let x = var.n; sum(map(1..50, # * x + len([x, #])))`)
	if err != nil {
		t.Fatal(err)
	}
	s, err := CompileScript("x = n\nfor i in 1..20\n x = x + len([i, {a: x}])\nend")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for range 200 {
				v, err := f.Eval(Vars{"var": map[string]any{"n": float64(n)}}, nil)
				if want := float64(1275*n + 100); v != want || err != nil {
					t.Errorf("%d: %v, %v, want %v", n, v, err, want)
				}
				if _, values, err := s.Run(map[string]any{"n": float64(n)}, []string{"x"}, nil); values["x"] != float64(n+40) || err != nil {
					t.Errorf("%d: %v, %v", n, values, err)
				}
			}
		})
	}
	all.Wait()
}

func TestBudgetIsShared(t *testing.T) {
	f, err := Compile(`count(1..10000, true)`)
	if err != nil {
		t.Fatal(err)
	}
	b := NewBudget()
	for range 1000 {
		if _, err = f.Eval(nil, b); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrBudget) || fault.KindOf(err) != fault.Limited {
		t.Fatalf("the budget of a turn never ends: %v", err)
	}
	one, err := Compile(`1`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := one.Eval(nil, b); !errors.Is(err, ErrBudget) {
		t.Errorf("a turn that is over its budget goes on: %v", err)
	}
	if _, err := one.Eval(nil, NewBudget()); err != nil {
		t.Errorf("the next turn does not begin anew: %v", err)
	}
}

// TestTextsAreBounded: a text that grows too long is refused by itself, long
// before the budget of the turn is gone, and the turn goes on.
func TestTextsAreBounded(t *testing.T) {
	vars := Vars{"var": map[string]any{"t": strings.Repeat("t", maxText/2+1)}}
	for _, source := range []string{`var.t + var.t`, `join([var.t, var.t], "")`, `replace(var.t, "t", "tt")`} {
		f, err := Compile(source)
		if err != nil {
			t.Fatal(err)
		}
		b := NewBudget()
		_, err = f.Eval(vars, b)
		if key, _ := fault.TextOf(err); key != "formula.long_text" || errors.Is(err, ErrBudget) {
			t.Errorf("%s: %v", source, err)
		}
		if _, bytes := b.Spent(); bytes > maxText {
			t.Errorf("%s: %d bytes were paid for", source, bytes)
		}
	}
}

// TestBudgetIsCounted holds that the same work always costs the same.
func TestBudgetIsCounted(t *testing.T) {
	f, err := Compile(`sort(map(values(groupBy(1..500, # % 7)), text(#) + "é")) | join(",") | upper()`)
	if err != nil {
		t.Fatal(err)
	}
	var ticks, bytes int
	for i := range 5 {
		b := NewBudget()
		if _, err := f.Eval(nil, b); err != nil {
			t.Fatal(err)
		}
		nowTicks, nowBytes := b.Spent()
		if i > 0 && (nowTicks != ticks || nowBytes != bytes) {
			t.Fatalf("cost %d and %d, then %d and %d", ticks, bytes, nowTicks, nowBytes)
		}
		ticks, bytes = nowTicks, nowBytes
	}
}

// TestPattern tries the patterns of forms.
func TestPattern(t *testing.T) {
	p, err := CompilePattern(`(a+)+`)
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("a", 50_000) + "b"
	if ok, err := p.Match(long, nil); ok || err != nil {
		t.Errorf("50 kB: %v, %v", ok, err)
	}
	if ok, err := p.Match("aaa", nil); !ok || err != nil {
		t.Errorf("a whole match: %v, %v", ok, err)
	}
	if _, err := p.Match(strings.Repeat("a", maxMatching+1), nil); err == nil {
		t.Error("a text of any length is matched")
	}
	for _, source := range []string{`(`, `a{1001}`, `\1`, `(?=a)`, strings.Repeat("a", MaxPattern+1), `(a{100}){10}b{999}c{999}`, `a)|(b`, `(?i)[A-\x{1e942}]`, `(?i)[B-𞥂]`} {
		if _, err := CompilePattern(source); err == nil {
			t.Errorf("%.40s is taken for a pattern", source)
		}
	}
	for _, source := range []string{`(?i)[a-z]+-[0-9]+`, `[à-ÿ]+`, `a|b`, `\d{2,4}`, `(?i)[^-a]x-y`} {
		if _, err := CompilePattern(source); err != nil {
			t.Errorf("%s: %v", source, err)
		}
	}
}

// TestMessagesAreUsed reads our own source for the key of each message.
func TestMessagesAreUsed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range files {
		if name == "message.go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(data)
	}
	for _, m := range Messages() {
		if !strings.Contains(all.String(), `"`+m.Key+`"`) {
			t.Errorf("nothing ever says %s", m.Key)
		}
	}
	for _, key := range regexp.MustCompile(`"(formula\.[a-z_.]+)"`).FindAllStringSubmatch(all.String(), -1) {
		if messages[key[1]].english == "" {
			t.Errorf("%s has no sentence", key[1])
		}
	}
}

func TestMessagesAreWhole(t *testing.T) {
	for _, m := range Messages() {
		if m.French == "" || m.English == "" || strings.Count(m.French, "%s") != strings.Count(m.English, "%s") {
			t.Errorf("%s says %q and %q", m.Key, m.French, m.English)
		}
		for _, sign := range []string{" ;", " :", " ?", " !", "« ", " »"} {
			if strings.Contains(m.French, sign) {
				t.Errorf("%s: %q has an ordinary space in %q", m.Key, m.French, sign)
			}
		}
	}
	for _, f := range Functions() {
		for _, sign := range []string{" ;", " :", " ?", " !", "« ", " »"} {
			if strings.Contains(f.French, sign) {
				t.Errorf("%s: %q has an ordinary space in %q", f.Name, f.French, sign)
			}
		}
	}
	e := fail("formula.argument", "upper", "1", KindText, KindList)
	if got := e.In("fr-FR"); got != "upper\u202f: la valeur n°\u202f1 doit être un texte\u202f; c’est une liste." {
		t.Errorf("French: %s", got)
	}
	if got := e.Error(); got != "upper: value 1 must be a text; it is a list." {
		t.Errorf("English: %s", got)
	}
}
