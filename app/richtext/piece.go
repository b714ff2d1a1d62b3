package richtext

import (
	"strconv"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/app/formula"
)

// piece is a part of a compiled text.
type piece struct {
	kind  pieceKind
	text  string           // of a fixed piece
	words words2           // of a label
	slot  *formula.Formula // of a slot
	link  *link            // of a link
	place place            // where a slot or link stands
}

type pieceKind int

const (
	fixedPiece pieceKind = iota
	labelPiece           // words of ours, by language
	slotPiece            // a placeholder
	linkPiece            // the address of a link that holds placeholders
)

// words2 are words of ours in French and English.
type words2 struct{ french, english string }

func (w words2) in(lang string) string {
	if lang == "fr" || strings.HasPrefix(lang, "fr-") {
		return w.french
	}
	return w.english
}

// in is what a piece that is the same for everyone says in a language.
func (p piece) in(lang string) string {
	if p.kind == labelPiece {
		return p.words.in(lang)
	}
	return p.text
}

// place is where in the HTML, or out of it, a mark came out.
type place int

const (
	inText place = iota
	inPre        // where line breaks count
	inAttribute
	inPlain
)

// Marks are made of letters and digits only, so that nothing on the way
// through CommonMark, addresses and HTML has a reason to touch them. Sources
// are cleared of them first.
const (
	markBegin = "zq7slot"
	markEnd   = "z"
)

// mark keeps a piece for later and returns what stands for it meanwhile.
func (w *writer) mark(p piece) string {
	w.marks = append(w.marks, p)
	return markBegin + strconv.Itoa(len(w.marks)-1) + markEnd
}

// unmarked takes away what looks like a mark from what people wrote.
func unmarked(s string) string {
	for strings.Contains(s, markBegin) {
		s = strings.ReplaceAll(s, markBegin, "")
	}
	return s
}

// nextMark finds the first mark: the text before it, its number, the text
// after it. The number is -1 when what looks like a mark is none.
func nextMark(s string) (before string, number int, after string, found bool) {
	before, rest, found := strings.Cut(s, markBegin)
	if !found {
		return s, 0, "", false
	}
	digits, after, _ := strings.Cut(rest, markEnd)
	number, err := strconv.Atoi(digits)
	if err != nil {
		number = -1
	}
	return before, number, after, true
}

// errMisplaced says that a mark came out where none may, or that someone wrote
// what looks like one in a roundabout way. The text is refused whole.
var errMisplaced = fault.New(fault.Invalid, "richtext.misplaced")

// cut splits sanitized HTML at its marks and tells each where it stands.
func cut(s string, marks []piece) ([]piece, error) {
	var c cutter
	for {
		before, number, after, found := nextMark(s)
		if !found {
			c.fixed(s)
			return c.pieces, nil
		}
		if number < 0 || number >= len(marks) {
			return nil, errMisplaced
		}
		p := marks[number]
		c.follow(before)
		switch {
		case p.kind == linkPiece:
			var isAddress, isWhole bool
			before, isAddress = strings.CutSuffix(before, ` href="`)
			after, isWhole = strings.CutPrefix(after, `"`)
			if !isAddress || !isWhole || !c.inTag {
				return nil, errMisplaced
			}
		case c.inTag && !worded[c.attribute]:
			return nil, errMisplaced
		case c.inTag:
			p.place = inAttribute
		case c.inPre:
			p.place = inPre
		}
		c.fixed(before)
		c.pieces = append(c.pieces, p)
		s = after
	}
}

// cutPlain splits plain words at their marks.
func cutPlain(s string, marks []piece) ([]piece, error) {
	var c cutter
	for {
		before, number, after, found := nextMark(s)
		if !found {
			c.fixed(s)
			return c.pieces, nil
		}
		if number < 0 || number >= len(marks) {
			return nil, errMisplaced
		}
		p := marks[number]
		p.place = inPlain
		c.fixed(before)
		c.pieces = append(c.pieces, p)
		s = after
	}
}

// worded are the attributes whose values are words for people.
var worded = map[string]bool{"alt": true, "title": true, "aria-label": true}

// cutter follows where in the HTML the marks stand.
type cutter struct {
	pieces    []piece
	inTag     bool
	attribute string // whose value we are in
	inPre     bool
}

func (c *cutter) fixed(s string) {
	if s != "" {
		c.pieces = append(c.pieces, piece{text: s})
	}
}

// follow keeps track of tags over a stretch of sanitized HTML, in which < and >
// stand for nothing else.
func (c *cutter) follow(s string) {
	if opens, closes := strings.LastIndexByte(s, '<'), strings.LastIndexByte(s, '>'); opens != closes {
		c.inTag = opens > closes
	}
	if begins, ends := strings.LastIndex(s, "<pre"), strings.LastIndex(s, "</pre"); begins != ends {
		c.inPre = begins > ends
	}
	if value := strings.LastIndex(s, `="`); value >= 0 {
		c.attribute = s[strings.LastIndexByte(s[:value], ' ')+1 : value]
	}
}
