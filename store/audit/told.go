package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Program is what acted in the name of a person: the token it came in with.
type Program struct {
	Token string `json:"token"` // id
	Name  string `json:"name"`  // as its owner called it then: the token may be gone when this is read
}

type programKey struct{}

// ByProgram returns a context in which everything that is written into the audit
// was done by a program. It travels with the request, as its id does: the doors
// of programs call what the doors of people call, and one place that forgot to
// pass it on would show what a program did as its person's own deed.
func ByProgram(ctx context.Context, p Program) context.Context {
	return context.WithValue(ctx, programKey{}, p)
}

// byProgram is a detail beside the program that did it.
type byProgram struct {
	Program *Program        `json:"program"`
	Told    json.RawMessage `json:"told,omitempty"`
}

// told writes a detail, and the program that did it where there was one.
func told(ctx context.Context, detail any) ([]byte, error) {
	d, err := json.Marshal(detail)
	p, is := ctx.Value(programKey{}).(Program)
	if err != nil || !is {
		return d, err
	}
	by := byProgram{Program: &p}
	if string(d) != "null" {
		by.Told = d
	}
	return json.Marshal(by)
}

// Told returns the detail of an entry, and the program that did it; nil when a
// person or the server did it.
func (a Entry) Told() (json.RawMessage, *Program) {
	var by byProgram
	if err := json.Unmarshal(a.Detail, &by); err != nil || by.Program == nil {
		return a.Detail, nil
	}
	return by.Told, by.Program
}

// Change is what a value was and is.
type Change struct {
	Was any `json:"was"`
	Now any `json:"now"`
}

// Changes are what differs between two states of something.
type Changes struct {
	Fields []string          `json:"fields,omitempty"` // whose values are not kept: they may be secret, or somebody's own
	Values map[string]Change `json:"values,omitempty"` // of fields that anybody may know
}

// None reports whether nothing differs.
func (c Changes) None() bool { return len(c.Fields)+len(c.Values) == 0 }

// Differences compares two states of something by the names of its fields in
// JSON; those of a part are told behind the name of the part and a point. What is
// counted, and what is so or not, is told with its values, and so are the fields
// that are open.
func Differences(was, now any, open ...string) (Changes, error) {
	before, err := flat(was)
	if err != nil {
		return Changes{}, err
	}
	after, err := flat(now)
	if err != nil {
		return Changes{}, err
	}
	all := maps.Clone(before)
	maps.Copy(all, after)
	var c Changes
	for _, field := range slices.Sorted(maps.Keys(all)) {
		switch a, b := before[field], after[field]; {
		case fmt.Sprint(a) == fmt.Sprint(b):
		case tellable(a) && tellable(b) || slices.Contains(open, field):
			if c.Values == nil {
				c.Values = map[string]Change{}
			}
			c.Values[field] = Change{a, b}
		default:
			c.Fields = append(c.Fields, field)
		}
	}
	return c, nil
}

func tellable(v any) bool {
	switch v.(type) {
	case nil, bool, float64:
		return true
	}
	return false
}

// flat reads an object as JSON writes it, its parts by their whole names.
func flat(of any) (map[string]any, error) {
	content, err := json.Marshal(of)
	if err != nil {
		return nil, err
	}
	var object map[string]any
	if err := json.Unmarshal(content, &object); err != nil {
		return nil, err
	}
	all := map[string]any{}
	for name, value := range object {
		part, is := value.(map[string]any)
		if !is {
			all[name] = value
			continue
		}
		for inner, value := range part {
			all[name+"."+inner] = value
		}
	}
	return all, nil
}
