package formula

import (
	"errors"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"
)

// parsing tells the parser that none of its own functions exist, so that every
// call but the loops (filter, map, …), which are grammar, reads as a call.
var parsing = func() *conf.Config {
	c := &conf.Config{MaxNodes: maxNodes, Disabled: map[string]bool{}}
	for name := range builtin.Index {
		c.Disabled[name] = true
	}
	return c
}()

// parse reads a source into a tree. The words are looked at first: most slips
// can be named there, and what is nested too deeply never reaches the parser,
// which recurses.
func parse(source string) (ast.Node, error) {
	if len(source) > MaxSource {
		return nil, failAt(0, "formula.too_long", strconv.Itoa(len(source)), strconv.Itoa(MaxSource))
	}
	if strings.TrimSpace(source) == "" {
		return nil, failAt(0, "formula.empty")
	}
	words, err := lexer.Lex(file.NewSource(source))
	if err != nil {
		return nil, unreadable(err, source)
	}
	if err := checkWords(words); err != nil {
		return nil, err
	}
	tree, err := parser.ParseWithConfig(source, parsing)
	if err != nil {
		return nil, misplaced(err, words)
	}
	return tree.Node, nil
}

// unreadable explains an error of the lexer, which says only where it stopped.
func unreadable(err error, source string) error {
	at := 0
	if e, ok := errors.AsType[*file.Error](err); ok {
		at = e.From
	}
	begin := byteOffset(source, at)
	rest := source[begin:]
	switch r := firstRune(rest); {
	case rest == "" || r == "\n":
		return failAt(at, "formula.unclosed_text")
	case strings.Contains("“”„«»‘’", r):
		return failAt(at, "formula.quotes")
	case '0' <= r[0] && r[0] <= '9':
		return failAt(at, "formula.bad_number", r)
	default:
		return failAt(at, "formula.sign", r)
	}
}

func firstRune(s string) string {
	for i := range s {
		if i > 0 {
			return s[:i]
		}
	}
	return s
}

// checkWords finds what can be told word by word: brackets that do not match
// or go too deep, numbers that lose digits, a lone equals sign.
func checkWords(words []lexer.Token) error {
	var open []lexer.Token
	operators := 0
	for i, w := range words {
		at := w.From
		switch {
		case w.Kind == lexer.Number:
			if err := checkNumber(w); err != nil {
				return err
			}
		case w.Kind == lexer.Bytes:
			return failAt(at, "formula.bytes")
		case w.Is(lexer.Operator, "=") && !declares(words, i):
			return failAt(at, "formula.equals")
		case w.Kind == lexer.Bracket && strings.Contains("([{", w.Value):
			open = append(open, w)
		case w.Kind == lexer.Bracket:
			if len(open) == 0 || !closes(open[len(open)-1].Value, w.Value) {
				return failAt(at, "formula.close", w.Value)
			}
			open = open[:len(open)-1]
		}
		if w.Kind == lexer.Operator {
			operators++ // the right side of some nests without brackets
		}
		if len(open) > maxDepth || operators > maxNodes {
			return failAt(at, "formula.too_complex")
		}
	}
	if len(open) > 0 {
		last := open[len(open)-1]
		return failAt(last.From, "formula.open", last.Value)
	}
	return nil
}

func closes(open, close string) bool {
	return open == "(" && close == ")" || open == "[" && close == "]" || open == "{" && close == "}"
}

// declares reports whether the equals sign at i belongs to "let name =".
func declares(words []lexer.Token, i int) bool {
	return i >= 2 && words[i-2].Is(lexer.Operator, "let")
}

// checkNumber refuses what a float64 would silently change or cannot hold.
func checkNumber(w lexer.Token) error {
	digits := strings.ReplaceAll(w.Value, "_", "")
	var err error
	switch {
	case isPrefixed(digits):
		err = checkWhole(digits, 0)
	case strings.ContainsAny(digits, ".eE"):
		_, err = strconv.ParseFloat(digits, 64)
	default:
		err = checkWhole(digits, 10)
	}
	switch {
	case errors.Is(err, strconv.ErrRange):
		return failAt(w.From, "formula.large_number", w.Value)
	case err != nil:
		return failAt(w.From, "formula.bad_number", w.Value)
	}
	return nil
}

func checkWhole(digits string, base int) error {
	n, err := strconv.ParseInt(digits, base, 64)
	if err == nil && n > exact {
		return strconv.ErrRange
	}
	return err
}

func isPrefixed(digits string) bool {
	return len(digits) > 1 && digits[0] == '0' && strings.ContainsAny(digits[1:2], "xXbBoO")
}

// betweenValues are the operators that people take for functions.
var betweenValues = map[string]bool{"contains": true, "startsWith": true, "endsWith": true, "matches": true, "in": true}

// misplaced explains an error of the parser by the word it stopped at.
func misplaced(err error, words []lexer.Token) error {
	e, ok := errors.AsType[*file.Error](err)
	if !ok {
		return failAt(0, "formula.end")
	}
	if strings.Contains(e.Message, "maximum allowed nodes") {
		return failAt(e.From, "formula.too_complex")
	}
	if strings.Contains(e.Message, "token EOF") { // which has the place of the word before
		return failAt(e.From, "formula.end")
	}
	for _, w := range words {
		switch {
		case w.From != e.From:
			continue
		case betweenValues[w.Value]:
			return failAt(e.From, "formula.between", w.Value, w.Value)
		}
		return failAt(e.From, "formula.unexpected", w.Value)
	}
	return failAt(e.From, "formula.end")
}
