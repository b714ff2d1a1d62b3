package procedure

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"selfhelp/app/fault"
)

// The bounds of what is read.
const (
	MaxBytes = 4 << 20 // of one file or request
	maxDepth = 64      // of lists and objects within each other
	maxFlaws = 100     // reported at once
)

// treeKind says what a part of a document is.
type treeKind int

const (
	treeNull treeKind = iota
	treeBool
	treeNumber
	treeWords
	treeList
	treeMap
)

// tree is a YAML or JSON document before it is known to be one of ours: both
// are read by the same strict rules from here on.
type tree struct {
	kind  treeKind
	line  int    // from 1; 0 when the document is not a text
	words string // as written, of a boolean, number or text
	bare  bool   // written in YAML without quotes: words may stand for a text
	keys  []treeKey
	items []*tree // of a list, or of a map in the order of its keys
}

type treeKey struct {
	name string
	line int
}

// Flaw is one thing wrong with a file: where, and the key of the sentence that
// says what.
type Flaw struct {
	Line int    `json:"line,omitempty"`
	Path string `json:"path,omitempty"`
	Key  string `json:"key"`
	Args []any  `json:"args,omitempty"`
}

// Flaws is everything wrong with a file that could not be read.
type Flaws []Flaw

// Error lists the flaws in English, one a line.
func (f Flaws) Error() string {
	lines := make([]string, len(f))
	for i, flaw := range f {
		lines[i] = flaw.Sentence("en")
	}
	return strings.Join(lines, "\n")
}

// Sentence says in a language what is wrong and where.
func (f Flaw) Sentence(lang string) string {
	said := Sentence(f.Key, f.Args, lang)
	if f.Path != "" {
		said = f.Path + ": " + said
	}
	if f.Line > 0 {
		said = Sentence("read.line", []any{fmt.Sprint(f.Line)}, lang) + said
	}
	return said
}

// refuse wraps flaws as the failure of a reader.
func refuse(flaws Flaws) error {
	kind := fault.Invalid
	if flaws[0].Key == "read.too_large" {
		kind = fault.TooLarge
	}
	return fault.Because(kind, flaws, "read.flaws", flaws[0].Sentence("en"))
}

func flawAt(line int, path, key string, args ...string) Flaw {
	f := Flaw{Line: line, Path: path, Key: key}
	for _, a := range args {
		f.Args = append(f.Args, a)
	}
	return f
}

// readable reports what is wrong with the bytes of a document before they are
// parsed, nil if nothing.
func readable(b []byte) Flaws {
	if len(b) > MaxBytes {
		return Flaws{flawAt(0, "", "read.too_large", fmt.Sprint(MaxBytes>>20))}
	}
	if !utf8.Valid(b) {
		return Flaws{flawAt(badLine(b), "", "read.not_utf8")}
	}
	return nil
}

// badLine returns the line of the first byte that is not UTF-8.
func badLine(b []byte) int {
	line := 1
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		b = b[n:]
	}
	return line
}
