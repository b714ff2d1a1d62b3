package formula

import (
	"strings"
	"unicode/utf8"
)

// scriptLine is one line of a script with something on it; lines that leave a
// bracket open go on in the next.
type scriptLine struct {
	word   string // its first word
	rest   string // what follows the word
	text   string // the whole line
	at     origin // of the line's first sign
	atRest origin
}

func (l scriptLine) fail(key string, args ...any) error {
	return l.at.locate(failAt(0, key, args...), l.text)
}

// assigns reports whether the line is "name = …".
func (l scriptLine) assigns() bool {
	return strings.HasPrefix(l.rest, "=") && !strings.HasPrefix(l.rest, "==")
}

// scriptLines cuts a script into lines.
func scriptLines(source string) []scriptLine {
	var lines []scriptLine
	at := origin{1, 1}
	for source != "" {
		length := lineLength(source)
		text := source[:length]
		indent := len(text) - len(strings.TrimLeft(text, " \t\r\n"))
		begin := at.after(text[:indent])
		if words := strings.TrimRight(text[indent:], " \t\r\n"); words != "" && words[0] != '#' {
			lines = append(lines, newLine(words, begin))
		}
		at, source = at.after(text), source[length:]
	}
	return lines
}

func newLine(text string, at origin) scriptLine {
	n := 0
	for n < len(text) && isWordByte(text[n]) {
		n++
	}
	rest := strings.TrimLeft(text[n:], " \t\r\n")
	return scriptLine{text[:n], rest, text, at, at.after(text[:len(text)-len(rest)])}
}

func isWordByte(b byte) bool { return isLetter(b) || '0' <= b && b <= '9' || b == '_' }

// lineLength is how long the line is that s begins with, its end included. A
// comment is never more than one line.
func lineLength(s string) int {
	comment := strings.HasPrefix(strings.TrimLeft(s, " \t\r"), "#")
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\n' && (depth <= 0 || comment):
			return i + 1
		case comment:
		case c == '"' || c == '\'' || c == '`':
			i += quotedInLine(s[i:]) - 1
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		}
	}
	return len(s)
}

// quotedInLine is quoted, but a quote that is not closed ends with its line
// for the parser to complain about.
func quotedInLine(s string) int {
	n := quoted(s)
	if i := strings.IndexByte(s[:n], '\n'); i >= 0 && s[0] != '`' {
		return i
	}
	return n
}

// scriptParser compiles lines into statements.
type scriptParser struct {
	lines    []scriptLine
	next     int
	compiler compiler
	names    []scriptName // by slot
}

// block compiles lines until one that ends or continues a block.
func (p *scriptParser) block(depth int) ([]statement, error) {
	var body []statement
	for p.next < len(p.lines) {
		l := p.lines[p.next]
		if !l.assigns() && (l.word == "end" || l.word == "elif" || l.word == "else") {
			return body, nil
		}
		if depth > maxBlockDeep {
			return nil, l.fail("formula.script.deep")
		}
		p.next++
		s, err := p.statement(l, depth)
		if err != nil {
			return nil, err
		}
		body = append(body, s)
	}
	return body, nil
}

func (p *scriptParser) statement(l scriptLine, depth int) (statement, error) {
	if l.assigns() {
		return p.assignment(l)
	}
	switch l.word {
	case "if":
		return p.branches(l, depth)
	case "for":
		return p.forEach(l, depth)
	case "while":
		cond, err := p.formula(l.rest, l.atRest)
		if err != nil {
			return nil, err
		}
		body, err := p.closed(l, depth)
		return repeatWhile(cond, body), err
	case "return":
		f, err := p.formula(l.rest, l.atRest)
		return giveBack(f), err
	}
	return nil, l.fail("formula.script.line")
}

func (p *scriptParser) assignment(l scriptLine) (statement, error) {
	slot, err := p.setName(l.word, l.at)
	if err != nil {
		return nil, err
	}
	f, err := p.formula(l.rest[1:], l.atRest.after("="))
	return assign(slot, f), err
}

// branches compiles if, elif and else up to their end.
func (p *scriptParser) branches(opening scriptLine, depth int) (statement, error) {
	var list []branch
	for l := opening; ; p.next++ {
		var b branch
		var err error
		if l.word == "else" && l.rest != "" {
			return nil, l.fail("formula.script.line")
		}
		if l.word != "else" {
			if b.cond, err = p.formula(l.rest, l.atRest); err != nil {
				return nil, err
			}
		}
		if b.body, err = p.block(depth + 1); err != nil {
			return nil, err
		}
		list = append(list, b)
		if p.next == len(p.lines) {
			return nil, opening.fail("formula.script.open", opening.word)
		}
		after := p.lines[p.next]
		if after.word == "end" && after.rest == "" {
			p.next++
			return choose(list), nil
		}
		if l.word == "else" || after.word == "end" {
			return nil, after.fail("formula.script.stray", after.word)
		}
		l = after
	}
}

func (p *scriptParser) forEach(l scriptLine, depth int) (statement, error) {
	name := newLine(l.rest, l.atRest)
	list, found := strings.CutPrefix(name.rest, "in")
	if !found || list == "" || isWordByte(list[0]) {
		return nil, l.fail("formula.script.line")
	}
	slot, err := p.setName(name.word, name.at)
	if err != nil {
		return nil, err
	}
	f, err := p.formula(list, name.atRest.after("in"))
	if err != nil {
		return nil, err
	}
	body, err := p.closed(l, depth)
	return repeatFor(slot, f, body), err
}

// closed compiles the lines of a block and the end that closes it.
func (p *scriptParser) closed(opening scriptLine, depth int) ([]statement, error) {
	body, err := p.block(depth + 1)
	if err != nil {
		return nil, err
	}
	if p.next == len(p.lines) {
		return nil, opening.fail("formula.script.open", opening.word)
	}
	l := p.lines[p.next]
	if l.word != "end" || l.rest != "" {
		return nil, l.fail("formula.script.stray", l.word)
	}
	p.next++
	return body, nil
}

// formula compiles a formula whose names are the script's.
func (p *scriptParser) formula(source string, at origin) (*Formula, error) {
	tree, err := parse(source)
	if err != nil {
		return nil, at.locate(err, source)
	}
	c := &p.compiler
	c.nodes, c.patterns = 0, 0
	eval, err := c.node(tree)
	if err != nil {
		return nil, at.locate(err, source)
	}
	p.know(at)
	return &Formula{source: source, origin: at, eval: eval, size: c.nodes}, nil
}

// setName returns the slot of a name that a line gives a value.
func (p *scriptParser) setName(word string, at origin) (int, error) {
	if !isScriptName(word) {
		return 0, at.locate(failAt(0, "formula.script.name", word), word)
	}
	slot := p.compiler.scriptName(word)
	p.know(at)
	p.names[slot].set = true
	return slot, nil
}

// know lists the names that the compiler has met since last time. Slots of let
// have no name.
func (p *scriptParser) know(at origin) {
	for len(p.names) < p.compiler.slots {
		p.names = append(p.names, scriptName{at: at})
	}
	for _, n := range p.compiler.fresh {
		p.names[n.slot].name = n.name
	}
	p.compiler.fresh = nil
}

// reserved are words that mean something in scripts or formulas.
var reserved = map[string]bool{
	"if": true, "elif": true, "else": true, "end": true, "for": true, "in": true, "while": true, "return": true,
	"true": true, "false": true, "nil": true, "let": true, "and": true, "or": true, "not": true,
	"matches": true, "contains": true, "startsWith": true, "endsWith": true,
}

func isScriptName(word string) bool {
	return word != "" && utf8.RuneCountInString(word) <= 63 && !reserved[word] && !('0' <= word[0] && word[0] <= '9')
}
