package richtext

import (
	"html"

	"selfhelp/app/formula"
)

// Resource is what a text may show, as the page needs it.
type Resource struct {
	Kind    string // image, audio, video, pdf, download or snippet
	URL     string // local address of its content
	Alt     string // what a person who cannot see or hear it is told
	Name    string // what people call it
	Type    string // media type, may be empty
	Size    int64  // bytes, 0 when unknown
	Width   int    // pixels of an image or video, 0 when unknown
	Height  int
	Snippet string // CommonMark, when Kind is snippet
}

// Resolver finds the resource with an id. A nil Resolver knows none.
type Resolver func(id string) (Resource, bool)

// Doc is a compiled text, safe for concurrent use.
type Doc struct{ template *formula.Template }

// Compile reads a CommonMark text, sanitizes it once and keeps its
// placeholders as slots.
func Compile(source string, r Resolver) (*Doc, error) {
	t, err := formula.ParseTemplate(source)
	if err != nil {
		return nil, err
	}
	return &Doc{template: t}, nil
}

// Static reports whether the text is the same for everyone.
func (d *Doc) Static() bool {
	for _, p := range d.template.Parts() {
		if p.Formula != nil {
			return false
		}
	}
	return true
}

// HTML returns safe HTML with the placeholders filled.
func (d *Doc) HTML(v formula.Vars, b *formula.Budget, lang string) (string, error) {
	text, err := d.Plain(v, b, lang)
	return "<p>" + html.EscapeString(text) + "</p>", err
}

// Plain returns the words alone, with the placeholders filled.
func (d *Doc) Plain(v formula.Vars, b *formula.Budget, lang string) (string, error) {
	return d.template.Render(v, b, lang, func(s string) string { return s })
}

// Formulas returns the placeholders in order, for checks.
func (d *Doc) Formulas() []*formula.Formula {
	var list []*formula.Formula
	for _, p := range d.template.Parts() {
		if p.Formula != nil {
			list = append(list, p.Formula)
		}
	}
	return list
}
