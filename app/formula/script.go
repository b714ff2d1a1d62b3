package formula

import (
	"strings"
)

// Script is a compiled small program over formulas, safe for concurrent use.
type Script struct{ lines []scriptLine }

type scriptLine struct {
	name    string // "" for return
	formula *Formula
}

// CompileScript reads a script. The error is an *Error with its line.
func CompileScript(source string) (*Script, error) {
	s := &Script{}
	for i, line := range strings.Split(source, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, text, ok := strings.Cut(line, "=")
		if after, isReturn := strings.CutPrefix(line, "return "); isReturn {
			name, text = "", after
		} else if !ok {
			return nil, &Error{Line: i + 1, Column: 1, Key: "formula.script.line"}
		}
		f, err := Compile(text)
		if err != nil {
			return nil, err
		}
		s.lines = append(s.lines, scriptLine{strings.TrimSpace(name), f})
	}
	return s, nil
}

// Run runs the script over its inputs. It returns what the script returned and
// the values it gave to the outputs.
func (s *Script) Run(inputs map[string]any, outputs []string, b *Budget) (returned any, values map[string]any, err error) {
	names := Vars{}
	for k, v := range inputs {
		names[k] = v
	}
	values = map[string]any{}
	for _, l := range s.lines {
		v, err := l.formula.Eval(names, b)
		if err != nil {
			return nil, nil, err
		}
		if l.name == "" {
			returned = v
			break
		}
		names[l.name] = v
	}
	for _, o := range outputs {
		if v, ok := names[o]; ok {
			values[o] = v
		}
	}
	return returned, values, nil
}
