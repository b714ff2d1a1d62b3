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

// Lost tells what the operations of a form wanted to say in what is not there any
// more.
func Lost(ops []procedure.Operation) (lost []Conflict) {
	for _, op := range ops {
		if yours := wanted(op); yours != "" {
			lost = append(lost, Conflict{Operation: op, Yours: yours})
		}
	}
	return lost
}

// Overtaken reports whether an operation takes away what somebody else wrote
// since base, or leads to since: it would be gone before whoever asks has seen
// it.
func Overtaken(base, now *procedure.Procedure, op procedure.Operation) bool {
	var path string
	switch op.Do {
	case "delete_step", "replace_step":
	case "delete_item":
		path = op.Path + "." + op.Item
	case "delete_variable":
		path = "variables." + op.Item
	default:
		return false
	}
	written := slices.ContainsFunc(procedure.Diff(base, now), func(c procedure.Change) bool {
		return c.Step == op.Step && (path == "" || c.Path == path || strings.HasPrefix(c.Path, path+"."))
	})
	return written || op.Do == "delete_step" && !sameWays(waysTo(base, op.Step), waysTo(now, op.Step))
}

// waysTo are the edges that lead to a step.
func waysTo(p *procedure.Procedure, step string) map[[2]string]bool {
	ways := map[[2]string]bool{}
	for i := range p.Steps {
		for _, e := range p.Steps[i].AllEdges() {
			if e.To == step {
				ways[[2]string{p.Steps[i].ID, e.ID}] = true
			}
		}
	}
	return ways
}

// sameWays reports whether no edge has come to lead there.
func sameWays(was, is map[[2]string]bool) bool {
	for way := range is {
		if !was[way] {
			return false
		}
	}
	return true
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
