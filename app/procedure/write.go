package procedure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// WriteProject writes project.yaml: without its procedures and scenarios.
func WriteProject(p *Project) ([]byte, error) { return writeYAML(p, "project "+p.UID) }

// WriteProcedure writes the file of a procedure. The same procedure always
// gives the same bytes, and reading them gives the same procedure.
func WriteProcedure(p *Procedure) ([]byte, error) { return writeYAML(p, "procedure "+p.UID) }

// WriteScenario writes the file of a scenario.
func WriteScenario(s *Scenario) ([]byte, error) { return writeYAML(s, "scenario "+s.ID) }

func writeYAML(v any, what string) ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(yamlNode(reflect.ValueOf(v))); err != nil {
		return nil, fmt.Errorf("write %s: %w", what, err)
	}
	if err := e.Close(); err != nil {
		return nil, fmt.Errorf("write %s: %w", what, err)
	}
	return b.Bytes(), nil
}

// yamlNode turns a value of the language, or a free one, into YAML.
func yamlNode(v reflect.Value) *yaml.Node {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return &yaml.Node{Kind: yaml.ScalarNode, Value: "null"}
		}
		return yamlNode(v.Elem())
	case reflect.Struct:
		return yamlStruct(v)
	case reflect.Slice:
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for i := range v.Len() {
			list.Content = append(list.Content, yamlNode(v.Index(i)))
		}
		return flowIfEmpty(list)
	case reflect.Map:
		return yamlMap(v)
	case reflect.String:
		return yamlText(v.String(), false)
	}
	number, _ := json.Marshal(v.Interface()) // of a boolean or finite number: never fails
	return &yaml.Node{Kind: yaml.ScalarNode, Value: string(number)}
}

func yamlStruct(v reflect.Value) *yaml.Node {
	switch special := v.Interface().(type) {
	case Date:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!timestamp", Value: special.String()}
	case Text:
		if len(special.Dated) == 0 {
			return yamlMap(reflect.ValueOf(special.In))
		}
	}
	node := &yaml.Node{Kind: yaml.MappingNode}
	for _, p := range properties(v.Type()) {
		value := v.FieldByIndex(p.index)
		if p.apart() || p.omit && saysNothing(value, p.empty) {
			continue
		}
		node.Content = append(node.Content, yamlText(p.Name, true), yamlNode(value))
	}
	return flowIfEmpty(node)
}

// saysNothing reports whether a property may be left out. An empty list may,
// unless it says something itself.
func saysNothing(v reflect.Value, empty bool) bool {
	switch special := v.Interface().(type) {
	case Text:
		return special.IsZero()
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0 && !(empty && !v.IsNil())
	}
	return v.IsZero()
}

func yamlMap(v reflect.Value) *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode}
	for _, key := range sortedKeys(v) {
		node.Content = append(node.Content, yamlText(key, true), yamlNode(v.MapIndex(reflect.ValueOf(key))))
	}
	return flowIfEmpty(node)
}

// flowIfEmpty writes nothing as {} or [], which a block cannot say.
func flowIfEmpty(n *yaml.Node) *yaml.Node {
	if len(n.Content) == 0 {
		n.Style = yaml.FlowStyle
	}
	return n
}

var (
	// What blocks keep badly: white space at the beginning, tabs at the
	// beginning of a line, spaces at the end of one.
	riskyBlock = regexp.MustCompile(`^\s|\n\t|[ \t](\n|$)`)
	// What other readers of YAML take for booleans.
	oldBoolean = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off)$`)
)

// yamlText chooses how a text is written: several lines as a block, which
// reads and compares well, when the block surely reads back as it was.
func yamlText(words string, key bool) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: words}
	lines := strings.Contains(words, "\n")
	switch {
	case oldBoolean.MatchString(words), strings.ContainsFunc(words, odd), lines && (key || riskyBlock.MatchString(words)):
		n.Style = yaml.DoubleQuotedStyle
	case lines:
		n.Style = yaml.LiteralStyle
	}
	return n
}

// odd reports a character that is better written as an escape. No-break spaces
// are part of good French.
func odd(r rune) bool {
	return r != '\n' && r != '\u00A0' && r != '\u202F' && !unicode.IsPrint(r)
}
