package procedure

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
)

// jsonTree parses one JSON value by the same rules as yamlTree: no key twice,
// no second value, at most maxDepth levels.
func jsonTree(b []byte) (*tree, Flaws) {
	if flaws := readable(b); flaws != nil {
		return nil, flaws
	}
	p := jsonParser{source: b, line: 1, d: json.NewDecoder(bytes.NewReader(b))}
	p.d.UseNumber()
	t, err := p.value(1)
	if err == nil {
		if _, more := p.d.Token(); !errors.Is(more, io.EOF) {
			p.flaw("read.documents")
		}
	}
	switch {
	case errors.Is(err, io.EOF) && len(bytes.TrimSpace(b)) == 0:
		p.flaw("read.empty")
	case err != nil && !errors.Is(err, errTooDeep):
		p.flaw("read.json", err.Error())
	}
	return t, p.flaws
}

var errTooDeep = errors.New("too deep")

type jsonParser struct {
	d      *json.Decoder
	source []byte
	read   int // offset up to which lines are counted
	line   int
	flaws  Flaws
}

func (p *jsonParser) flaw(key string, args ...string) {
	if len(p.flaws) < maxFlaws {
		p.flaws = append(p.flaws, flawAt(p.line, "", key, args...))
	}
}

// token reads the next token and counts the lines up to it.
func (p *jsonParser) token() (json.Token, error) {
	token, err := p.d.Token()
	at := min(int(p.d.InputOffset()), len(p.source))
	p.line += bytes.Count(p.source[p.read:at], []byte("\n"))
	p.read = at
	return token, err
}

func (p *jsonParser) value(depth int) (*tree, error) {
	token, err := p.token()
	if err != nil {
		return nil, err
	}
	if depth > maxDepth {
		p.flaw("read.too_deep", strconv.Itoa(maxDepth))
		return nil, errTooDeep
	}
	t := &tree{line: p.line}
	switch v := token.(type) {
	case bool:
		t.kind, t.words = treeBool, strconv.FormatBool(v)
	case json.Number:
		t.kind, t.words = treeNumber, v.String()
	case string:
		t.kind, t.words = treeWords, v
	case json.Delim:
		if v == '[' {
			return t, p.list(t, depth)
		}
		return t, p.object(t, depth)
	}
	return t, nil
}

func (p *jsonParser) list(t *tree, depth int) error {
	t.kind = treeList
	for p.d.More() {
		item, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		t.items = append(t.items, item)
	}
	_, err := p.token()
	return err
}

func (p *jsonParser) object(t *tree, depth int) error {
	t.kind = treeMap
	seen := map[string]bool{}
	for p.d.More() {
		token, err := p.token()
		if err != nil {
			return err
		}
		key, line := token.(string), p.line
		item, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		if seen[key] {
			p.flaw("read.duplicate", key)
			continue
		}
		seen[key] = true
		t.keys = append(t.keys, treeKey{key, line})
		t.items = append(t.items, item)
	}
	_, err := p.token()
	return err
}
