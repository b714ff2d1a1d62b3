package richtext

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// calloutKinds are the kinds of callout and what they are called.
var calloutKinds = map[string]words2{
	"note":    {"Note", "Note"},
	"tip":     {"Astuce", "Tip"},
	"warning": {"Attention", "Warning"},
	"danger":  {"Danger", "Danger"},
}

var calloutLine = regexp.MustCompile(`^ {0,3}\[!(?i:(note|tip|warning|danger))\][ \t]*\r?\n?$`)

// calloutAttribute holds the kind of callout that a block quote is.
var calloutAttribute = []byte("callout")

// calloutReader makes a callout of a block quote that begins with a line like
// [!NOTE].
type calloutReader struct{}

// Transform takes the line away and remembers its kind. It is called by the
// parser, before the words of the paragraph are read.
func (calloutReader) Transform(p *ast.Paragraph, reader text.Reader, _ parser.Context) {
	quote, ok := p.Parent().(*ast.Blockquote)
	if !ok || quote.FirstChild() != ast.Node(p) || p.Lines().Len() == 0 {
		return
	}
	first := p.Lines().At(0)
	found := calloutLine.FindSubmatch(first.Value(reader.Source()))
	if found == nil {
		return
	}
	quote.SetAttribute(calloutAttribute, strings.ToLower(string(found[1])))
	if p.Lines().Len() == 1 {
		quote.RemoveChild(quote, p)
		return
	}
	p.Lines().SetSliced(1, p.Lines().Len())
}

// calloutOf is the kind of callout that a block quote is, "" when it is a mere
// quote.
func calloutOf(n ast.Node) string {
	kind, _ := n.Attribute(calloutAttribute)
	s, _ := kind.(string)
	return s
}
