package formula

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
)

// maxPattern is how many instructions a pattern may become: a{1000}b{1000}…
// is short to write and long to match.
const maxPattern = 2000

// Pattern is a regular expression of the RE2 kind, whose time grows with the
// text and never with its backtracking, and whose price is known.
type Pattern struct {
	re   *regexp.Regexp
	size int
}

// CompilePattern reads a pattern that must match a whole text, as forms use
// them.
func CompilePattern(source string) (*Pattern, error) {
	if _, err := compilePattern(source); err != nil {
		return nil, origin{1, 1}.locate(err, source)
	}
	return compilePattern(`^(?:` + source + `)$`)
}

func compilePattern(source string) (*Pattern, error) {
	if len(source) > MaxPattern || foldsTooMuch(source) {
		return nil, fail("formula.pattern_size")
	}
	tree, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return nil, fail("formula.pattern", patternFault(err))
	}
	size := instructions(tree)
	if size > maxPattern {
		return nil, fail("formula.pattern_size")
	}
	re, err := regexp.Compile(source)
	if err != nil {
		return nil, fail("formula.pattern", patternFault(err))
	}
	return &Pattern{re, size}, nil
}

// foldsTooMuch reports whether a pattern that ignores capitals has a range with
// an end far into Unicode: reading it would visit every letter between.
func foldsTooMuch(source string) bool {
	ignores := false
	for _, group := range strings.Split(source, "(?")[1:] {
		flags := strings.TrimLeft(group, "-imsU")
		ignores = ignores || strings.Contains(group[:len(group)-len(flags)], "i")
	}
	for _, end := range strings.Split(source, "-")[1:] {
		r, _ := utf8.DecodeRuneInString(end)
		if ignores && (r > unicode.MaxLatin1 || r == '\\') {
			return true
		}
	}
	return false
}

// patternFault is what is wrong with a pattern: the part, which a person finds
// in any language.
func patternFault(err error) string {
	if e, ok := err.(*syntax.Error); ok {
		if e.Expr != "" {
			return e.Expr
		}
		return e.Code.String()
	}
	return err.Error()
}

// instructions is how long the program of a pattern will be, about.
func instructions(re *syntax.Regexp) int {
	if re.Op == syntax.OpLiteral {
		return len(re.Rune)
	}
	size := 1
	for _, sub := range re.Sub {
		size += instructions(sub)
	}
	if re.Op == syntax.OpRepeat {
		size *= max(re.Min, re.Max, 1)
	}
	return min(size, 1<<30)
}

// Match reports whether the text matches. A nil budget is a fresh one.
func (p *Pattern) Match(text string, b *Budget) (bool, error) {
	if b == nil {
		b = NewBudget()
	}
	if len(text) > maxMatching {
		return false, fail("formula.long_text")
	}
	if err := b.spend(10 + len(text)*p.size/priceMatching); err != nil {
		return false, err
	}
	return p.re.MatchString(text), nil
}

// priceMatching is how many steps of a pattern over one byte a tick pays for.
const priceMatching = 4

// matches compiles text matches "pattern". The pattern must be written out, so
// that its price is known before anything runs.
func (c *compiler) matches(n *ast.BinaryNode) (node, error) {
	at := n.Right.Location().From
	source, ok := n.Right.(*ast.StringNode)
	if !ok {
		return nil, failAt(at, "formula.pattern_text")
	}
	if c.patterns += len(source.Value); c.patterns > MaxPattern {
		return nil, failAt(at, "formula.pattern_size")
	}
	pattern, err := compilePattern(source.Value)
	if err != nil {
		return nil, placed(err, at)
	}
	text, err := c.node(n.Left)
	if err != nil {
		return nil, err
	}
	at = n.Location().From
	return func(r *run) (any, error) {
		v, err := text(r)
		if err != nil || v == nil {
			return false, err
		}
		s, ok := piece(v)
		if !ok {
			return nil, failAt(at, "formula.operand", "matches", KindOf(v))
		}
		holds, err := pattern.Match(s, r.budget)
		return holds, placed(err, at)
	}, nil
}
