package edit

import (
	"slices"
	"strings"

	"selfhelp/app/procedure"
)

// Conflict is an operation on something that somebody else changed since.
type Conflict struct {
	Operation procedure.Operation
	Before    string // what it said when the form was made
	Theirs    string // what it says now
	Yours     string // what the operation would make it say
}

// Conflicts parts the operations of a form made from base: those that can be
// done now, and those about what now says something else. An operation that
// would change nothing any more is neither.
func Conflicts(base, now *procedure.Procedure, ops []procedure.Operation) (clear []procedure.Operation, conflicts []Conflict) {
	for _, op := range ops {
		was, known := valueOf(base, op)
		is, still := valueOf(now, op)
		yours := wanted(op)
		switch {
		case !known || !still:
			clear = append(clear, op) // the operation itself says what is gone
		case is == yours && was != is:
		case was != is:
			conflicts = append(conflicts, Conflict{op, was, is, yours})
		default:
			clear = append(clear, op)
		}
	}
	return clear, conflicts
}

// valueOf is what a procedure says where an operation sets something.
func valueOf(p *procedure.Procedure, op procedure.Operation) (string, bool) {
	switch op.Do {
	case "connect":
		s := p.Step(op.Step)
		if s == nil {
			return "", false
		}
		edges := s.AllEdges()
		i := slices.IndexFunc(edges, func(e procedure.Edge) bool { return e.ID == op.Edge })
		if i < 0 {
			return "", false
		}
		return edges[i].To, true
	case "set_text":
		return Words(Index(p, op.Step)[op.Path], op.Language)
	case "set", "set_procedure":
		index := Index(p, op.Step)
		if d, ok := index[op.Path]; ok {
			return Said(d), true
		}
		path, lang := splitLast(op.Path)
		byLang, ok := index[path].Value.(map[string][]string)
		return strings.Join(byLang[lang], "\n"), ok
	}
	return "", false
}

func splitLast(path string) (before, last string) {
	i := strings.LastIndexByte(path, '.')
	return path[:max(i, 0)], path[i+1:]
}

// wanted is what an operation makes it say.
func wanted(op procedure.Operation) string {
	switch op.Do {
	case "connect":
		return op.To
	case "set_text":
		return op.Words
	}
	return Said(procedure.Described{Value: op.Value})
}
