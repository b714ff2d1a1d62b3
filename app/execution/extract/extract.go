// Package extract knows how to read a part of a reply by a path. It refuses to
// know where replies come from and what is done with the part.
//
// Its main name is Read.
package extract

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Read reads a part of a reply. Three ways to write the path:
//
//   - JSONPath (RFC 9535), when it begins with $: .name ['name'] [0] [-1] [*]
//     .* [1:5:2] [0,'name'] and .. before a name, an index or a star; filters
//     and functions are not read;
//   - a simple XPath, when it begins with /: /a/b[2]/@c //d * and text(), over
//     XML parsed into objects (child elements by local name, a list where there
//     are several, attributes as "@name", words beside them as "#text");
//   - dotted names, body.items[0].id, which is JSONPath without its "$.".
//
// A path that can find one thing only gives that thing, nil when it is not
// there; any other gives the list of what it found. In XML an element may be
// repeated: several give their list.
func Read(body any, path string) (any, error) {
	path = strings.TrimSpace(path)
	var steps []pathStep
	var err error
	switch {
	case path == "":
		return nil, errors.New("the path is empty")
	case path[0] == '/':
		steps, err = readXPath(path)
	case path[0] == '$':
		steps, err = readJSONPath(path[1:])
	case path[0] == '[':
		steps, err = readJSONPath(path)
	default:
		steps, err = readJSONPath("." + path)
	}
	if err != nil {
		return nil, err
	}
	return follow(body, steps)
}

// maxFound bounds what a path may find on its way.
const maxFound = 10_000

// pathStep is one step of a path: selectors tried on each value found so far,
// or on all values below them.
type pathStep struct {
	below bool
	xml   bool // a name also looks into each element of a list, a list being repeated elements
	picks []pick
}

// pick selects children of a value.
type pick struct {
	kind           pickKind
	name           string
	from, to, by   int
	hasFrom, hasTo bool
}

type pickKind uint8

const (
	pickName pickKind = iota
	pickIndex
	pickAll
	pickSlice
	pickWords // text() of XPath
)

func follow(body any, steps []pathStep) (any, error) {
	found, one := []any{body}, true
	for _, step := range steps {
		one = one && !step.below && (len(step.picks) == 1 || step.xml) && step.picks[0].single()
		var next []any
		for _, v := range found {
			if step.below {
				walkBelow(v, func(v any) bool {
					next = step.pick(next, v)
					return len(next) <= maxFound
				})
			} else {
				next = step.pick(next, v)
			}
			if len(next) > maxFound {
				return nil, fmt.Errorf("the path finds more than %d values", maxFound)
			}
		}
		found = next
	}
	if !one {
		if found == nil {
			found = []any{}
		}
		return found, nil
	}
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return found[0], nil
	}
	return found, nil
}

func (p *pick) single() bool { return p.kind == pickName || p.kind == pickIndex || p.kind == pickWords }

// walkBelow visits a value and all those inside it, objects in the order of
// their names, until visit says no.
func walkBelow(v any, visit func(any) bool) bool {
	if !visit(v) {
		return false
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			if !walkBelow(item, visit) {
				return false
			}
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if !walkBelow(v[k], visit) {
				return false
			}
		}
	}
	return true
}

// pick adds what the selectors find in one value.
func (s *pathStep) pick(out []any, v any) []any {
	if s.xml {
		return s.pickXML(out, v)
	}
	for i := range s.picks {
		out = s.picks[i].children(out, v)
	}
	return out
}

func (p *pick) children(out []any, v any) []any {
	switch v := v.(type) {
	case map[string]any:
		switch p.kind {
		case pickName:
			if item, ok := v[p.name]; ok {
				out = append(out, item)
			}
		case pickAll:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				out = append(out, v[k])
			}
		}
	case []any:
		switch p.kind {
		case pickIndex:
			i := p.from
			if i < 0 {
				i += len(v)
			}
			if i >= 0 && i < len(v) {
				out = append(out, v[i])
			}
		case pickAll:
			out = append(out, v...)
		case pickSlice:
			out = p.slice(out, v)
		}
	}
	return out
}

// slice is the array slice of RFC 9535, 2.3.4.
func (p *pick) slice(out, v []any) []any {
	n := len(v)
	bound := func(i, low, high int) int {
		if i < 0 {
			i += n
		}
		return min(max(i, low), high)
	}
	if p.by > 0 {
		from, to := 0, n
		if p.hasFrom {
			from = bound(p.from, 0, n)
		}
		if p.hasTo {
			to = bound(p.to, 0, n)
		}
		for i := from; i < to; i += p.by {
			out = append(out, v[i])
		}
		return out
	}
	from, to := n-1, -1
	if p.hasFrom {
		from = bound(p.from, -1, n-1)
	}
	if p.hasTo {
		to = bound(p.to, -1, n-1)
	}
	for i := from; p.by < 0 && i > to; i += p.by {
		out = append(out, v[i])
	}
	return out
}

// pickXML selects child elements by name; an index counts the elements found
// under one parent from 1, as XPath does.
func (s *pathStep) pickXML(out []any, v any) []any {
	if items, ok := v.([]any); ok && !s.below {
		for _, item := range items {
			out = s.pickXML(out, item)
		}
		return out
	}
	name := s.picks[0]
	if name.kind == pickWords {
		return append(out, wordsOf(v))
	}
	var found []any
	for _, item := range name.children(nil, v) {
		if items, ok := item.([]any); ok {
			found = append(found, items...)
		} else {
			found = append(found, item)
		}
	}
	if len(s.picks) > 1 {
		return s.picks[1].children(out, found)
	}
	return append(out, found...)
}

// wordsOf returns the words of an element.
func wordsOf(v any) any {
	if m, ok := v.(map[string]any); ok {
		return m["#text"]
	}
	return v
}

// readIndex reads a whole number without leading zeros.
func readIndex(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || strconv.Itoa(n) != s || n > 1<<30 || n < -1<<30 {
		return 0, fmt.Errorf("%q is not an index", s)
	}
	return n, nil
}
