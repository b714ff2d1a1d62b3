package procedure

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// yamlTree parses one YAML document. Anchors, aliases, tags, merges, several
// documents and more than maxDepth levels are refused: a file says what it
// says, once.
func yamlTree(b []byte) (*tree, Flaws) {
	if flaws := readable(b); flaws != nil {
		return nil, flaws
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	var doc, more yaml.Node
	err := d.Decode(&doc)
	if errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0 {
		return nil, Flaws{flawAt(1, "", "read.empty")}
	}
	if err != nil {
		return nil, Flaws{yamlFlaw(err)}
	}
	if err := d.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, Flaws{flawAt(more.Line, "", "read.documents")}
	}
	p := yamlParser{}
	t := p.tree(doc.Content[0], 1)
	return t, p.flaws
}

var (
	yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)
	// What the parser says, unlike the scanner below it, with lines from 0.
	fromZero = regexp.MustCompile(`expected (<document start>|node content|'-' indicator|key|',' or)`)
)

// yamlFlaw makes a flaw of the YAML parser's error, which names the line in
// its words only.
func yamlFlaw(err error) Flaw {
	words := err.Error()
	m := yamlLine.FindStringSubmatch(words)
	if m == nil {
		return flawAt(0, "", "read.yaml", words)
	}
	line, _ := strconv.Atoi(m[1])
	if m[1] != "" && fromZero.MatchString(words) {
		line++
	}
	return flawAt(line, "", "read.yaml", strings.TrimPrefix(words, m[0]))
}

type yamlParser struct{ flaws Flaws }

func (p *yamlParser) flaw(n *yaml.Node, key string, args ...string) {
	if len(p.flaws) < maxFlaws {
		p.flaws = append(p.flaws, flawAt(n.Line, "", key, args...))
	}
}

// tree turns a node into our own; what it refuses becomes null.
func (p *yamlParser) tree(n *yaml.Node, depth int) *tree {
	t := &tree{line: n.Line, words: n.Value}
	switch {
	case depth > maxDepth:
		p.flaw(n, "read.too_deep", strconv.Itoa(maxDepth))
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		p.flaw(n, "read.alias")
	case n.Style&yaml.TaggedStyle != 0:
		p.flaw(n, "read.tag", n.Tag)
	case n.Kind == yaml.ScalarNode:
		p.scalar(t, n)
	case n.Kind == yaml.SequenceNode:
		t.kind = treeList
		for _, item := range n.Content {
			t.items = append(t.items, p.tree(item, depth+1))
		}
	case n.Kind == yaml.MappingNode:
		p.mapping(t, n, depth)
	}
	return t
}

func (p *yamlParser) scalar(t *tree, n *yaml.Node) {
	t.bare = n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
	switch n.ShortTag() {
	case "!!null":
		t.kind = treeNull
	case "!!bool":
		t.kind = treeBool
	case "!!int", "!!float":
		t.kind = treeNumber
	default:
		t.kind = treeWords
	}
}

func (p *yamlParser) mapping(t *tree, n *yaml.Node, depth int) {
	t.kind = treeMap
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind == yaml.AliasNode || key.Anchor != "":
			p.flaw(key, "read.alias")
		case key.Kind != yaml.ScalarNode || key.Style&yaml.TaggedStyle != 0 || key.ShortTag() == "!!null":
			p.flaw(key, "read.key")
		case key.ShortTag() == "!!merge":
			p.flaw(key, "read.alias")
		case seen[key.Value]:
			p.flaw(key, "read.duplicate", key.Value)
		default:
			seen[key.Value] = true
			t.keys = append(t.keys, treeKey{key.Value, key.Line})
			t.items = append(t.items, p.tree(n.Content[i+1], depth+1))
		}
	}
}
