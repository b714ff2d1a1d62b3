// Package check knows every rule that a project must obey: it finds all that
// is wrong at once, each problem with its place, how bad it is and, where one
// is evident, the operation that mends it. It refuses to know how procedures
// are run or published: it only reads them.
//
// Its main names are Project and Procedure, which find Problems.
package check

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// Severity says how bad a problem is.
type Severity string

// The severities. A project with an error cannot be published.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Place is where a problem stands.
type Place struct {
	Procedure string `json:"procedure,omitempty"` // UID; "" when it is the project itself
	Scenario  string `json:"scenario,omitempty"`  // id
	Step      string `json:"step,omitempty"`      // id; "" when it is the procedure itself
	Path      string `json:"path,omitempty"`      // of the property, see package procedure
	Language  string `json:"language,omitempty"`  // of a text
	Line      int    `json:"line,omitempty"`      // in a formula, script or text, from 1
	Column    int    `json:"column,omitempty"`
}

// Problem is one thing wrong.
type Problem struct {
	Severity Severity             `json:"severity"`
	Key      string               `json:"key"` // of its sentence
	Args     []any                `json:"args,omitempty"`
	Like     string               `json:"like,omitempty"` // what was likely meant, of a name that is unknown
	Place    Place                `json:"place"`
	Fix      *procedure.Operation `json:"fix,omitempty"` // on the procedure of Place
}

// unfinished are the keys of what is not filled in yet, rather than wrong.
var unfinished = []string{
	"check.required", "check.required_list", "check.no_words", "check.way_missing", "check.answer_leads_nowhere",
	"check.no_answers", "check.no_fields", "check.no_label", "check.no_options", "check.one_source", "check.one_wait", "check.no_locale",
}

// Unfinished reports whether something is not filled in yet, rather than wrong:
// who has just begun to write it need not be warned.
func (p Problem) Unfinished() bool { return slices.Contains(unfinished, p.Key) }

//go:embed messages.yaml
var messagesFile []byte

// Messages returns the sentences of this package's keys.
var Messages = sync.OnceValue(func() procedure.Catalogue { return procedure.ReadCatalogue(messagesFile) })

// Sentence says in a language what is wrong, without its place. What is wrong
// inside a formula is said by package formula.
func (p Problem) Sentence(lang string) string {
	if strings.HasPrefix(p.Key, "formula.") {
		return (&formula.Error{Key: p.Key, Args: p.Args}).In(lang)
	}
	args := slices.Clone(p.Args)
	for i, a := range args {
		if word, ok := a.(string); ok && strings.HasPrefix(word, "@") && Messages()[word[1:]] != nil {
			args[i] = Messages().Sentence(word[1:], nil, lang)
		}
	}
	sentence := Messages().Sentence(p.Key, args, lang)
	if p.Like != "" {
		sentence += Messages().Sentence("word.like", []any{p.Like}, lang)
	}
	return sentence
}

// Options is what a check may know beyond the project. What is nil or zero is
// not looked at.
type Options struct {
	Connectors []string                        // ids configured on the platform
	Groups     []string                        // names of the groups of the domain
	Shared     map[string]*procedure.Procedure // those that other projects of the domain share, by UID
	Today      procedure.Date
}

// Project finds every problem of a project, its procedures and scenarios: the
// project's own first, then by procedure and step as they are written.
func Project(p *procedure.Project, o Options) []Problem {
	c := newChecker(p, o)
	c.project()
	for _, proc := range p.Procedures {
		c.procedure(proc)
	}
	c.p = nil
	c.recursion(p.Procedures)
	for _, s := range p.Scenarios {
		c.scenario(s)
	}
	return c.sorted()
}

// Procedure finds every problem of one procedure within its project. The
// procedure may be newer than the one of its UID in the project.
func Procedure(proj *procedure.Project, p *procedure.Procedure, o Options) []Problem {
	with := *proj
	with.Procedures = nil
	found := false
	for _, other := range proj.Procedures {
		if other.UID == p.UID && !found {
			other, found = p, true
		}
		with.Procedures = append(with.Procedures, other)
	}
	if !found {
		with.Procedures = append(with.Procedures, p)
	}
	c := newChecker(&with, o)
	c.procedure(p)
	c.p = nil
	c.recursion([]*procedure.Procedure{p})
	return c.sorted()
}

// add notes a problem. The values of its sentence become texts.
func (c *checker) add(s Severity, at Place, key string, args ...any) *Problem {
	if c.p != nil {
		at.Procedure = c.p.UID
	}
	like := c.like(key, args)
	for i, a := range args {
		args[i] = say(a)
	}
	c.problems = append(c.problems, Problem{Severity: s, Key: key, Args: args, Like: like, Place: at})
	return &c.problems[len(c.problems)-1]
}

func (c *checker) error(at Place, key string, args ...any) *Problem {
	return c.add(Error, at, key, args...)
}

func (c *checker) warn(at Place, key string, args ...any) *Problem {
	return c.add(Warning, at, key, args...)
}

// say writes a value of a sentence as a text; the words of closed lists become
// "@" and the key of the word, which Sentence resolves.
func say(a any) any {
	switch v := a.(type) {
	case formula.Kind:
		return v
	case procedure.VariableType, procedure.ResourceKind, procedure.Outcome:
		return fmt.Sprint("@word.", v)
	}
	return short(fmt.Sprint(a))
}

// short cuts what a sentence quotes.
func short(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
