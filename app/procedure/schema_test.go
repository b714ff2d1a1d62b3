package procedure

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// schemaCheck is as much of JSON Schema as ours uses.
type schemaCheck struct{ defs map[string]any }

func (s schemaCheck) wrong(schema map[string]any, v any, path string) []string {
	if ref, ok := schema["$ref"].(string); ok {
		if bad := s.wrong(s.defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any), v, path); bad != nil {
			return bad
		}
	}
	var bad []string
	say := func(format string, args ...any) { bad = append(bad, path+": "+fmt.Sprintf(format, args...)) }
	for _, key := range []string{"anyOf", "oneOf"} {
		list, ok := schema[key].([]any)
		fit := 0
		for _, one := range list {
			if s.wrong(one.(map[string]any), v, path) == nil {
				fit++
			}
		}
		if ok && (fit == 0 || key == "oneOf" && fit > 1) {
			say("%d of %s fit", fit, key)
		}
	}
	if enum, ok := schema["enum"].([]any); ok && !slices.Contains(enum, v) {
		say("%v is not in %v", v, enum)
	}
	if only, ok := schema["const"]; ok && only != v {
		say("%v is not %v", v, only)
	}
	switch v := v.(type) {
	case map[string]any:
		bad = append(bad, s.objectWrong(schema, v, path)...)
	case []any:
		if schema["type"] != nil && schema["type"] != "array" {
			say("a list")
		}
		for i, item := range v {
			if items, ok := schema["items"].(map[string]any); ok {
				bad = append(bad, s.wrong(items, item, fmt.Sprint(path, ".", i))...)
			}
		}
	case string:
		if schema["type"] != nil && schema["type"] != "string" {
			say("a text")
		}
		if p, ok := schema["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(v) {
			say("%q does not match", v)
		}
	case bool:
		if schema["type"] != nil && schema["type"] != "boolean" {
			say("a boolean")
		}
	case float64:
		low, ok := schema["minimum"].(float64)
		if high, _ := schema["maximum"].(float64); ok && (v < low || v > high) || schema["type"] == "integer" && v != float64(int(v)) || schema["type"] == "string" {
			say("the number %v", v)
		}
	}
	return bad
}

func (s schemaCheck) objectWrong(schema, v map[string]any, path string) (bad []string) {
	if schema["type"] != nil && schema["type"] != "object" {
		bad = append(bad, path+": an object")
	}
	all, _ := schema["properties"].(map[string]any)
	for key, value := range v {
		at := path + "." + key
		if p, ok := all[key].(map[string]any); ok {
			bad = append(bad, s.wrong(p, value, at)...)
		} else if more, ok := schema["additionalProperties"].(map[string]any); ok {
			bad = append(bad, s.wrong(more, value, at)...)
		} else if schema["additionalProperties"] == false {
			bad = append(bad, at+": unknown")
		}
		if names, ok := schema["propertyNames"].(map[string]any); ok {
			bad = append(bad, s.wrong(names, key, at)...)
		}
	}
	required, _ := schema["required"].([]any)
	for _, key := range required {
		if _, ok := v[key.(string)]; !ok {
			bad = append(bad, path+": no "+key.(string))
		}
	}
	return bad
}

// fits checks a value of the language, as JSON, against a definition.
func fits(t *testing.T, def string, v any) []string {
	t.Helper()
	var schema struct {
		Defs map[string]any `json:"$defs"`
	}
	if err := json.Unmarshal(JSONSchema(), &schema); err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var plain any
	if err := json.Unmarshal(body, &plain); err != nil {
		t.Fatal(err)
	}
	return schemaCheck{schema.Defs}.wrong(map[string]any{"$ref": "#/$defs/" + def}, plain, def)
}

func TestSamplesFitTheSchema(t *testing.T) {
	if bad := fits(t, "Procedure", lamp(t)); bad != nil {
		t.Errorf("the procedure: %s", bad)
	}
	var file any
	if err := yaml.Unmarshal(lampFile(t), &file); err != nil {
		t.Fatal(err)
	}
	if bad := fits(t, "Procedure", file); bad != nil {
		t.Errorf("its file: %s", bad)
	}
	p := &Project{Schema: 1, UID: strings.Repeat("a", 26), Alias: "a", Name: T("A", "A"), Languages: []string{"fr"}, Theme: Theme{Hue: 12, Radius: "round"},
		Resources:  []Resource{{ID: "a", Kind: KindSnippet, Text: T("a", "a"), Files: map[string]File{"": {}}}},
		Procedures: []*Procedure{lamp(t)}, Scenarios: []*Scenario{{Schema: 1, ID: "a", User: map[string]any{"x": []any{1, nil, "a"}}, Moves: []Move{{Answer: true}}}}}
	if bad := fits(t, "Project", p); bad != nil {
		t.Errorf("the project: %s", bad)
	}
	for _, kind := range StepTypes() {
		if bad := fits(t, "Step", NewStep(kind, "s", []string{"fr"})); bad != nil {
			t.Errorf("a new %s: %s", kind, bad)
		}
	}
	if bad := fits(t, "Operation", Operation{Do: "move_item", Place: place(0), Value: map[string]any{"a": 1}}); bad != nil {
		t.Errorf("an operation: %s", bad)
	}
}

func TestWhatIsWrongDoesNotFitTheSchema(t *testing.T) {
	for name, v := range map[string]any{
		"an unknown property": map[string]any{"id": "a", "page": map[string]any{}, "x": 1},
		"no part":             map[string]any{"id": "a"},
		"two parts":           map[string]any{"id": "a", "page": map[string]any{}, "end": map[string]any{"outcome": "solved"}},
		"no id":               map[string]any{"page": map[string]any{}},
		"a bad id":            map[string]any{"id": "A", "page": map[string]any{}},
		"a bad outcome":       map[string]any{"id": "a", "end": map[string]any{"outcome": "won"}},
		"a bad colour":        map[string]any{"id": "a", "page": map[string]any{}, "colour": "mauve"},
		"too long a wait":     map[string]any{"id": "a", "page": map[string]any{}, "seconds": 1e9},
		"a plain title":       map[string]any{"id": "a", "page": map[string]any{}, "title": "A"},
		"a bad language":      map[string]any{"id": "a", "page": map[string]any{}, "title": map[string]any{"French": "A"}},
		"a text for a list":   map[string]any{"id": "a", "page": map[string]any{}, "tags": "a"},
	} {
		if fits(t, "Step", v) == nil {
			t.Errorf("%s fits", name)
		}
	}
}

func TestTheSchemaSaysWhatThingsAre(t *testing.T) {
	var schema struct {
		Defs map[string]struct {
			Description string
			Properties  map[string]map[string]any
		} `json:"$defs"`
	}
	if err := json.Unmarshal(JSONSchema(), &schema); err != nil {
		t.Fatal(err)
	}
	if d := schema.Defs["Jump"]; !strings.HasPrefix(d.Description, "Jump goes to another step") || d.Properties["counter"]["description"] != "variable that holds the count, if any" {
		t.Errorf("%+v", d)
	}
	if d := schema.Defs["FormStep"].Properties["fields"]; d["type"] != "array" {
		t.Errorf("the fields of a form step are %v", d)
	}
	for name, d := range schema.Defs {
		if d.Description == "" {
			t.Errorf("%s has no description", name)
		}
	}
}

// TestClosedListsAreWhole: every constant of a closed type is in its list.
func TestClosedListsAreWhole(t *testing.T) {
	declared := map[string][]string{}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
				if typ, ok := v.Type.(*ast.Ident); ok {
					if lit, ok := v.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
						declared[typ.Name] = append(declared[typ.Name], strings.Trim(lit.Value, `"`))
					}
				}
			}
			return true
		})
	}
	for typ, words := range closedLists {
		want := declared[typ.Name()]
		if a, b := slices.Sorted(slices.Values(words)), slices.Sorted(slices.Values(want)); !reflect.DeepEqual(a, b) {
			t.Errorf("%s: the list is %q, the constants are %q", typ.Name(), a, b)
		}
	}
}

func TestIdentitiesFitTheSchemaAsTheyAreChecked(t *testing.T) {
	for _, c := range []struct {
		uid, alias string
		fit        bool
	}{
		{strings.Repeat("a", 26), "a-b", true},
		{"short", "a-b", false},
		{strings.Repeat("a", 26), "A b", false},
	} {
		p := lamp(t)
		p.UID, p.Alias = c.uid, c.alias
		if bad := fits(t, "Procedure", p); (bad == nil) != c.fit {
			t.Errorf("%+v: %v", c, bad)
		}
		if fit := IsSpelt("uid", c.uid) && IsSpelt("alias", c.alias); fit != c.fit {
			t.Errorf("%+v is checked otherwise", c)
		}
	}
	if IsSpelt("alias", strings.Repeat("a", 81)) {
		t.Error("an alias of 81 letters goes")
	}
}
