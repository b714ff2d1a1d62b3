// Package reference knows where the names of a project are used, and which may
// be used where: what a writer asks before changing or deleting something, and
// while typing a formula. It refuses to know whether the use is right (package
// check).
//
// Its main names are ToResource, ToProcedure, ToName and NamesAt.
package reference

import (
	"maps"
	"slices"
	"strings"

	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// Use is a place where something is used.
type Use struct {
	Procedure string // UID; "" for the project itself
	Step      string
	Path      string
}

// ToResource lists where a resource is used: shown by texts, named by
// steps, by the project or by other resources.
func ToResource(p *procedure.Project, id string) []Use {
	return usesIn(p, func(l *procedure.Leaf) bool {
		if l.Property.Role == "resource" {
			return slices.Contains(l.Words(), id)
		}
		t := l.Text()
		return t != nil && l.Is("markdown") && slices.Contains(t.Shows(), id)
	})
}

// ToProcedure lists where a procedure is called or pointed to.
func ToProcedure(p *procedure.Project, uid string) []Use {
	return usesIn(p, func(l *procedure.Leaf) bool { return l.Property.Role == "procedure" && slices.Contains(l.Words(), uid) })
}

// ToName lists where a procedure reads or writes a name, written as in
// formulas: "var.x", "session.x", "param.x", "step.ask.result".
func ToName(p *procedure.Procedure, name string) []Use {
	target := strings.TrimPrefix(name, "var.")
	return usesInProcedure(p, func(l *procedure.Leaf) bool {
		switch role := l.Property.Role; {
		case role == "target" || role == "variable":
			return strings.HasPrefix(name, "var.") && slices.Contains(l.Words(), target) || slices.Contains(l.Words(), name)
		case role == "formula":
			f, err := formula.Compile(l.Value.String())
			return err == nil && readsName(f.Reads(), name)
		case role == "template" || l.Text() != nil && l.Is("template"):
			return slices.ContainsFunc(allWords(l), func(words string) bool { return readsName(TemplateReads(words), name) })
		}
		return false
	})
}

// readsName reports whether a formula reads a name, or all of its root.
func readsName(reads []string, name string) bool {
	return slices.ContainsFunc(reads, func(read string) bool {
		return read == name || strings.HasPrefix(name, read+".")
	})
}

// TemplateReads returns what the placeholders of a text read, sorted; nothing
// when they cannot be read.
func TemplateReads(words string) (names []string) {
	if !strings.Contains(words, "{{") {
		return nil
	}
	t, err := formula.ParseTemplate(words)
	if err != nil {
		return nil
	}
	for _, part := range t.Parts() {
		if part.Formula != nil {
			names = append(names, part.Formula.Reads()...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// allWords returns the leaf's words in all languages at all dates.
func allWords(l *procedure.Leaf) []string {
	t := l.Text()
	if t == nil {
		return l.Words()
	}
	var all []string
	for _, in := range t.Everything() {
		for _, lang := range slices.Sorted(maps.Keys(in)) {
			all = append(all, in[lang])
		}
	}
	return all
}

func usesIn(p *procedure.Project, is func(*procedure.Leaf) bool) []Use {
	uses := usesOf(p, Use{}, is)
	for _, proc := range p.Procedures {
		uses = append(uses, usesInProcedure(proc, is)...)
	}
	return uses
}

func usesInProcedure(p *procedure.Procedure, is func(*procedure.Leaf) bool) []Use {
	uses := usesOf(p, Use{Procedure: p.UID}, is)
	for i := range p.Steps {
		uses = append(uses, usesOf(&p.Steps[i], Use{Procedure: p.UID, Step: p.Steps[i].ID}, is)...)
	}
	return uses
}

func usesOf(v any, at Use, is func(*procedure.Leaf) bool) (uses []Use) {
	procedure.Walk(v, procedure.Visitor{Leaf: func(l procedure.Leaf) {
		if is(&l) {
			at.Path = l.Path
			uses = append(uses, at)
		}
	}})
	return uses
}
