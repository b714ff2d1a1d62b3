package procedure

import (
	"regexp"
	"slices"
	"strings"
)

// HideNotes moves what authors of the old product wrote between square
// brackets, which it never showed, out of the texts of a procedure into the
// notes of their steps. It returns how many notes it found.
func HideNotes(p *Procedure) int {
	found := hideIn(p, &p.Note)
	for i := range p.Steps {
		found += hideIn(&p.Steps[i], &p.Steps[i].Note)
	}
	return found
}

// HideProjectNotes does the same for the procedures of a project and for its
// resources, whose forms and snippets people read too.
func HideProjectNotes(p *Project) (found int) {
	for _, proc := range p.Procedures {
		found += HideNotes(proc)
	}
	for i := range p.Resources {
		found += hideIn(&p.Resources[i], &p.Resources[i].Note)
	}
	return found
}

func hideIn(v any, note *string) (found int) {
	Walk(v, Visitor{Leaf: func(l Leaf) {
		t := l.Text()
		if t == nil {
			return
		}
		for _, in := range t.Everything() {
			for _, lang := range sorted(in) {
				kept, notes := HiddenNotes(in[lang], l.Is("markdown"))
				if len(notes) > 0 {
					in[lang] = kept
				}
				for _, words := range notes {
					found++
					addNote(note, lang+": "+words)
				}
			}
		}
	}})
	return found
}

// addNote adds a line to a note unless it says so already.
func addNote(note *string, line string) {
	switch {
	case *note == "":
		*note = line
	case !slices.Contains(strings.Split(*note, "\n"), line):
		*note += "\n" + line
	}
}

// HiddenNotes takes the notes between square brackets out of a text. Formulas
// keep their brackets; so do, in CommonMark, code, links, images, footnotes,
// callouts and check boxes.
func HiddenNotes(words string, markdown bool) (kept string, notes []string) {
	if !strings.Contains(words, "[") {
		return words, nil
	}
	t := scan(words, markdown)
	var out strings.Builder
	for i := 0; i < len(words); {
		n := max(t.whole[i], t.keeps(i), 1)
		if end := t.ends[i]; end > 0 && n == 1 && strings.TrimSpace(words[i+1:end-1]) != "" {
			notes = append(notes, strings.Join(strings.Fields(words[i+1:end-1]), " "))
			i = end + joint(out.String(), words[end:])
			continue
		}
		out.WriteString(words[i : i+n])
		i += n
	}
	if notes == nil {
		return words, nil
	}
	return tidy(out.String()), notes
}

// scanned is a text of which one knows what its brackets are.
type scanned struct {
	words    string
	markdown bool
	whole    map[int]int // placeholders, escapes and code by where they begin: their lengths
	ends     map[int]int // brackets by where they begin: where they end
	defines  bool        // maybe names links for later
}

// scan goes through a text once.
func scan(words string, markdown bool) *scanned {
	t := &scanned{words, markdown, map[int]int{}, map[int]int{}, strings.Contains(words, "]: ")}
	lastBrace := strings.LastIndex(words, "}}")
	var open []int
	for i := 0; i < len(words); i++ {
		n := 0
		switch {
		case i < lastBrace && strings.HasPrefix(words[i:], "{{"):
			n = strings.Index(words[i:], "}}") + len("}}")
		case markdown:
			n = codeLength(words[i:], i == 0 || words[i-1] == '\n')
		}
		switch {
		case n > 0:
			t.whole[i] = n
			i += n - 1
		case words[i] == '[':
			open = append(open, i)
		case words[i] == ']' && len(open) > 0:
			t.ends[open[len(open)-1]] = i + 1
			open = open[:len(open)-1]
		}
	}
	return t
}

// codeLength returns how much at the beginning of s is an escape or code.
func codeLength(s string, lineStart bool) int {
	switch {
	case s[0] == '\\' && len(s) > 1:
		return 2
	case s[0] != '`' && !(lineStart && strings.HasPrefix(s, "~~~")):
		return 0
	}
	run := len(s) - len(strings.TrimLeft(s, s[:1]))
	for from := run; ; {
		end := strings.Index(s[from:], s[:run])
		if end < 0 {
			return run
		}
		end += from
		length := len(s[end:]) - len(strings.TrimLeft(s[end:], s[:1]))
		if length == run || run >= 3 {
			return end + length
		}
		from = end + length
	}
}

var (
	callout  = regexp.MustCompile(`^!(NOTE|TIP|IMPORTANT|WARNING|CAUTION|DANGER)$`)
	listItem = regexp.MustCompile(`^\s*([-*+]|\d{1,9}[.)])\s+$`)
)

// How far one looks for the target of a link, and back for the item of a list.
const (
	maxTarget = 2000
	maxIndent = 40
)

// keeps returns the length of what CommonMark makes of the brackets at a
// place: a link, image, reference, footnote, callout or check box; 0 when it
// makes nothing of them.
func (t *scanned) keeps(at int) int {
	end := t.ends[at]
	if end == 0 || !t.markdown {
		return 0
	}
	inside, after := t.words[at+1:end-1], t.words[end:]
	before := t.words[max(0, at-maxIndent):at]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	switch {
	case strings.HasPrefix(after, "("):
		if close := strings.IndexAny(after[:min(len(after), maxTarget)], ")\n"); close > 0 && after[close] == ')' {
			return end - at + close + 1
		}
	case strings.HasPrefix(after, "[") && t.ends[end] > 0:
		return t.ends[end] - at
	case strings.HasPrefix(after, ":") && strings.TrimSpace(line) == "":
		return end - at + 1
	case strings.HasPrefix(inside, "^"), callout.MatchString(inside),
		listItem.MatchString(line) && slices.Contains([]string{" ", "x", "X"}, inside),
		t.defines && strings.Contains(t.words, "["+inside+"]: "):
		return end - at
	}
	return 0
}

// joint returns 1 when the space after a note goes with it: another stands
// before it, or nothing.
func joint(before, after string) int {
	if strings.HasPrefix(after, " ") && (before == "" || strings.HasSuffix(before, " ") || strings.HasSuffix(before, "\n")) {
		return 1
	}
	return 0
}

var (
	spaceAtEnd = regexp.MustCompile(`([^ \t\n])[ \t](\n|$)`) // one: two are a line break

	manyLines = regexp.MustCompile(`\n{3,}`)
)

// tidy removes the room that notes have left.
func tidy(s string) string {
	return strings.TrimSpace(manyLines.ReplaceAllString(spaceAtEnd.ReplaceAllString(s, "$1$2"), "\n\n"))
}
