package richtext

import (
	"html"
	"strings"

	"selfhelp/app/formula"
)

// Static reports whether the text is the same for everyone who reads its
// language.
func (d *Doc) Static() bool { return d.static }

// Formulas returns the placeholders in order, those of snippets in their
// place, for checks. The slice is the text's own.
func (d *Doc) Formulas() []*formula.Formula { return d.formulas }

// HTML returns safe HTML with the placeholders filled. A nil budget is a fresh
// one.
func (d *Doc) HTML(v formula.Vars, b *formula.Budget, lang string) (string, error) {
	if d.static {
		return words2{d.french, d.english}.in(lang), nil
	}
	return fill(d.html, v, b, lang)
}

// Plain returns the words alone, with the placeholders filled, for terminals,
// search and mail. A nil budget is a fresh one.
func (d *Doc) Plain(v formula.Vars, b *formula.Budget, lang string) (string, error) {
	return fill(d.plain, v, b, lang)
}

// Words returns the words that are the same for everyone: Plain without what
// placeholders would say.
func (d *Doc) Words(lang string) string {
	var out strings.Builder
	for _, p := range d.plain {
		out.WriteString(p.in(lang))
	}
	return out.String()
}

func fill(pieces []piece, v formula.Vars, b *formula.Budget, lang string) (string, error) {
	if b == nil {
		b = formula.NewBudget()
	}
	var out strings.Builder
	for _, p := range pieces {
		switch p.kind {
		case slotPiece:
			shown, err := p.slot.Show(v, b, lang)
			if err != nil {
				return "", err
			}
			out.WriteString(p.place.encode(shown))
		case linkPiece:
			address, to, ok, err := p.link.fill(v, b)
			if err != nil {
				return "", err
			}
			if ok {
				out.WriteString(p.place.address(address, to))
			}
		default:
			out.WriteString(p.in(lang))
		}
	}
	return out.String(), nil
}

// encode writes a value for the place it stands in. In running text the lines
// of a value stay lines.
func (p place) encode(s string) string {
	switch p {
	case inPlain:
		return s
	case inText:
		s = html.EscapeString(s)
		if strings.Contains(s, "\n") {
			s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "<br>\n")
		}
		return s
	}
	return html.EscapeString(s)
}

// address writes an address that may be followed.
func (p place) address(address string, to reach) string {
	if p == inPlain {
		return " (" + address + ")"
	}
	return href(address, to)
}
