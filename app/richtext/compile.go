package richtext

import (
	"fmt"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"selfhelp/app/fault"
	"selfhelp/app/formula"
)

// What a text may be.
const (
	MaxSource   = 32 << 10  // bytes of one text
	maxTotal    = 128 << 10 // bytes of a text with its snippets
	maxSnippets = 5         // snippets in snippets
)

// Resource is what a text may show, as the page needs it.
type Resource struct {
	Kind    string // image, audio, video, pdf, download or snippet
	URL     string // address of its content, local or https
	Alt     string // what a person who cannot see or hear it is told
	Name    string // what people call it
	Type    string // media type, may be empty
	Size    int64  // bytes, 0 when unknown
	Width   int    // pixels of an image or video, 0 when unknown
	Height  int
	Snippet string // CommonMark, when Kind is snippet
}

// Resolver finds the resource with an id. A nil Resolver knows none; texts
// show the alternative words of those it does not know.
type Resolver func(id string) (Resource, bool)

// Doc is a compiled text, safe for concurrent use.
type Doc struct {
	html     []piece
	plain    []piece
	static   bool
	french   string // the whole HTML of a static text
	english  string
	formulas []*formula.Formula
}

// Compile reads a CommonMark text, sanitizes it once and keeps its
// placeholders as slots. An error in a placeholder is a *formula.Error.
func Compile(source string, r Resolver) (*Doc, error) {
	w := &writer{resolve: r, snippets: map[string]included{}}
	html, plain, err := w.compile(source)
	if err != nil {
		return nil, err
	}
	d := &Doc{formulas: w.formulas}
	if d.html, err = cut(policy.Sanitize(html), w.marks); err != nil {
		return nil, err
	}
	if d.plain, err = cutPlain(plain, w.marks); err != nil {
		return nil, err
	}
	d.settle()
	return d, nil
}

// settle writes out once and for all what is the same for everyone.
func (d *Doc) settle() {
	for _, p := range d.html {
		if p.kind == slotPiece || p.kind == linkPiece {
			return
		}
	}
	d.static = true
	for _, p := range d.html {
		d.french += p.in("fr")
		d.english += p.in("en")
	}
}

// writer compiles one text and the snippets it includes.
type writer struct {
	resolve  Resolver
	marks    []piece // what the marks stand for
	formulas []*formula.Formula
	open     []string // snippets being included, outermost first
	snippets map[string]included
	total    int // bytes so far
}

// compile gives the unsanitized HTML and the plain words of one source, with
// marks for what comes later.
func (w *writer) compile(source string) (html, plain string, err error) {
	if w.total += len(source); len(source) > MaxSource || w.total > maxTotal {
		return "", "", fault.New(fault.TooLarge, "richtext.too_long")
	}
	marked, err := w.takeOut(source)
	if err != nil {
		return "", "", err
	}
	if nested(marked) > maxNesting {
		return "", "", fault.New(fault.TooLarge, "richtext.too_deep")
	}
	tree := markdown.Parse(text.NewReader(marked))
	h := htmlWriter{writer: w, source: marked}
	h.children(tree)
	p := plainWriter{writer: w, source: marked}
	plain = p.blocks(tree, "\n\n")
	if h.err != nil {
		return "", "", h.err
	}
	return h.out.String(), plain, p.err
}

// takeOut replaces the placeholders of a source by marks.
func (w *writer) takeOut(source string) ([]byte, error) {
	source = strings.ToValidUTF8(source, "\uFFFD")
	t, err := formula.ParseTemplate(source)
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	for _, part := range t.Parts() {
		if part.Formula == nil {
			out.WriteString(unmarked(part.Text))
			continue
		}
		w.formulas = append(w.formulas, part.Formula)
		out.WriteString(w.mark(piece{kind: slotPiece, slot: part.Formula}))
	}
	return []byte(out.String()), nil
}

// included is a snippet that has been compiled.
type included struct{ html, plain string }

// include compiles a snippet in the place of a mention of it, once however
// often it is mentioned. A snippet that includes itself, or is too deep, says
// nothing.
func (w *writer) include(id, source string) (included, error) {
	done, ok := w.snippets[id]
	if !ok && !slices.Contains(w.open, id) && len(w.open) < maxSnippets {
		w.open = append(w.open, id)
		html, plain, err := w.compile(source)
		w.open = w.open[:len(w.open)-1]
		if err != nil {
			return included{}, fmt.Errorf("include snippet %s: %w", id, err)
		}
		done = included{html, plain}
		w.snippets[id] = done
	}
	if w.total += len(done.html); w.total > maxTotal {
		return included{}, fault.New(fault.TooLarge, "richtext.too_long")
	}
	return done, nil
}

// resource finds the resource that an address names: "resource:ID".
func (w *writer) resource(address []byte) (id string, r Resource, ok bool) {
	id, named := strings.CutPrefix(string(address), "resource:")
	if !named || w.resolve == nil {
		return id, r, false
	}
	if r, ok = w.resolve(id); !ok {
		return id, r, false
	}
	r.Alt, r.Name = unmarked(r.Alt), unmarked(r.Name)
	if r.Kind == "snippet" {
		return id, r, true
	}
	_, safe := judge(r.URL)
	return id, r, safe && !strings.Contains(r.URL, markBegin)
}

// inlineText is the words of a node, without their form.
func inlineText(n ast.Node, source []byte) string {
	var out strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			out.WriteString(words(c, source))
			if c.SoftLineBreak() || c.HardLineBreak() {
				out.WriteByte(' ')
			}
		case *ast.String:
			out.Write(c.Value)
		case *ast.AutoLink:
			out.Write(c.Label(source))
		default:
			out.WriteString(inlineText(c, source))
		}
	}
	return out.String()
}
