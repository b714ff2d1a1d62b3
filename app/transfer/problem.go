package transfer

import (
	"fmt"
	"strings"
)

// Problem is one reason why an archive is refused.
type Problem struct {
	File string // path in the archive, "" when it is the archive itself
	Line int    // in a YAML file, 0 when it has none
	Key  string // message key of the interface catalogue
	Args []any  // its values
}

// Where returns "procedures/lamp.yaml:12", as editors understand it.
func (p Problem) Where() string {
	switch {
	case p.File == "":
		return ""
	case p.Line == 0:
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Error is for logs.
func (p Problem) Error() string {
	text := p.Key
	if len(p.Args) > 0 {
		text += " " + fmt.Sprint(p.Args...)
	}
	if p.File == "" {
		return text
	}
	return p.Where() + ": " + text
}

// Refusal is why an archive was refused as a whole. Nothing of it was kept.
type Refusal struct {
	Problems []Problem
}

// Error is for logs.
func (r *Refusal) Error() string {
	lines := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		lines[i] = p.Error()
	}
	return "archive refused: " + strings.Join(lines, "; ")
}

// findings collects problems up to a limit.
type findings struct {
	list []Problem
	most int
}

func (f *findings) add(file string, line int, key string, args ...any) {
	if !f.full() {
		f.list = append(f.list, Problem{file, line, key, args})
	}
}

func (f *findings) full() bool { return len(f.list) >= f.most }

// refusal returns nil when nothing was found.
func (f *findings) refusal() error {
	if len(f.list) == 0 {
		return nil
	}
	return &Refusal{Problems: f.list}
}
