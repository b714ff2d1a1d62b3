package extract

import (
	"errors"
	"fmt"
	"strings"
)

// maxPath bounds the steps of a path.
const maxPath = 50

// readJSONPath reads what follows the $.
func readJSONPath(path string) ([]pathStep, error) {
	var steps []pathStep
	for path != "" {
		if len(steps) == maxPath {
			return nil, fmt.Errorf("the path has more than %d steps", maxPath)
		}
		step := pathStep{}
		var err error
		switch {
		case strings.HasPrefix(path, "..["):
			step.below = true
			step.picks, path, err = readBrackets(path[2:])
		case strings.HasPrefix(path, ".."):
			step.below = true
			step.picks, path, err = readBare(path[2:])
		case path[0] == '.':
			step.picks, path, err = readBare(path[1:])
		case path[0] == '[':
			step.picks, path, err = readBrackets(path)
		default:
			err = fmt.Errorf("unexpected %q", path)
		}
		if err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	return steps, nil
}

// readBare reads a name or a star after a dot.
func readBare(path string) ([]pick, string, error) {
	end := strings.IndexAny(path, ".[")
	if end < 0 {
		end = len(path)
	}
	name := path[:end]
	if name == "*" {
		return []pick{{kind: pickAll}}, path[end:], nil
	}
	if name == "" || strings.ContainsAny(name, " '\"*]()?@$,:") {
		return nil, "", fmt.Errorf("%q is not a name", name)
	}
	return []pick{{kind: pickName, name: name}}, path[end:], nil
}

// readBrackets reads selectors between brackets, separated by commas.
func readBrackets(path string) (picks []pick, rest string, err error) {
	rest = path[1:]
	for {
		rest = strings.TrimLeft(rest, " ")
		var p pick
		if p, rest, err = readPick(rest); err != nil {
			return nil, "", err
		}
		picks = append(picks, p)
		rest = strings.TrimLeft(rest, " ")
		switch {
		case strings.HasPrefix(rest, "]"):
			return picks, rest[1:], nil
		case !strings.HasPrefix(rest, ",") || len(picks) == maxPath:
			return nil, "", errors.New("a bracket is not closed")
		}
		rest = rest[1:]
	}
}

func readPick(path string) (pick, string, error) {
	if path == "" {
		return pick{}, "", errors.New("a bracket is not closed")
	}
	switch path[0] {
	case '\'', '"':
		name, rest, err := readQuoted(path)
		return pick{kind: pickName, name: name}, rest, err
	case '*':
		return pick{kind: pickAll}, path[1:], nil
	case '?':
		return pick{}, "", errors.New("filters are not read; take the list and filter it with a formula")
	}
	end := strings.IndexAny(path, ",]")
	if end < 0 {
		return pick{}, "", errors.New("a bracket is not closed")
	}
	p, err := readNumbers(strings.TrimSpace(path[:end]))
	return p, path[end:], err
}

// readNumbers reads an index or a slice.
func readNumbers(s string) (pick, error) {
	parts := strings.Split(s, ":")
	if len(parts) == 1 {
		n, err := readIndex(s)
		return pick{kind: pickIndex, from: n}, err
	}
	if len(parts) > 3 {
		return pick{}, fmt.Errorf("%q is not a slice", s)
	}
	p := pick{kind: pickSlice, by: 1}
	var err error
	for i, part := range parts {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		n, e := readIndex(part)
		err = errors.Join(err, e)
		switch i {
		case 0:
			p.from, p.hasFrom = n, true
		case 1:
			p.to, p.hasTo = n, true
		case 2:
			p.by = n
		}
	}
	return p, err
}

// readQuoted reads a name between quotes; a backslash keeps the next sign.
func readQuoted(path string) (name, rest string, err error) {
	quote := path[0]
	var b strings.Builder
	for i := 1; i < len(path); i++ {
		switch {
		case path[i] == quote:
			return b.String(), path[i+1:], nil
		case path[i] == '\\' && i+1 < len(path):
			i++
		}
		b.WriteByte(path[i])
	}
	return "", "", errors.New("a quote is not closed")
}

// readXPath reads /a//b[2]/@c.
func readXPath(path string) ([]pathStep, error) {
	var steps []pathStep
	for path != "" {
		if len(steps) == maxPath {
			return nil, fmt.Errorf("the path has more than %d steps", maxPath)
		}
		step := pathStep{xml: true}
		path = path[1:]
		if strings.HasPrefix(path, "/") {
			step.below, path = true, path[1:]
		}
		end := strings.IndexByte(path, '/')
		if end < 0 {
			end = len(path)
		}
		picks, err := readElement(path[:end])
		if err != nil {
			return nil, err
		}
		step.picks = picks
		steps = append(steps, step)
		path = path[end:]
	}
	return steps, nil
}

// readElement reads one step of an XPath: a name, its prefix left out, perhaps
// with a place; a star; an attribute; text().
func readElement(s string) ([]pick, error) {
	name, place, placed := strings.Cut(s, "[")
	if _, local, ok := strings.Cut(name, ":"); ok {
		name = local
	}
	if name == "" || strings.ContainsAny(name, " '\"]()?$,=|") && name != "text()" {
		return nil, fmt.Errorf("%q is not an element", s)
	}
	picks := []pick{{kind: pickName, name: name}}
	switch name {
	case "*":
		picks[0].kind = pickAll
	case "text()":
		picks[0].kind = pickWords
	}
	if !placed {
		return picks, nil
	}
	n, err := readIndex(strings.TrimSuffix(place, "]"))
	if err != nil || n < 1 || !strings.HasSuffix(place, "]") {
		return nil, fmt.Errorf("%q is not a place", "["+place)
	}
	return append(picks, pick{kind: pickIndex, from: n - 1}), nil
}
