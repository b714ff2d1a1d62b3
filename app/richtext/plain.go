package richtext

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// plainWriter writes the words of one source as they read without any form,
// with marks.
type plainWriter struct {
	*writer
	source []byte
	err    error
}

// blocks joins the children of a node that stand under one another.
func (p *plainWriter) blocks(n ast.Node, between string) string {
	var parts []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if s := p.block(c); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, between)
}

func (p *plainWriter) block(n ast.Node) string {
	switch n := n.(type) {
	case *ast.ThematicBreak:
		return "———"
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		return strings.TrimRight(string(n.Lines().Value(p.source)), "\n")
	case *ast.Blockquote:
		return p.quote(n)
	case *ast.List:
		return p.list(n)
	case *east.Table:
		return p.blocks(n, "\n")
	case *east.TableHeader, *east.TableRow:
		return p.row(n)
	case *ast.Paragraph, *ast.TextBlock, *ast.Heading:
		return strings.TrimSpace(p.inlines(n))
	}
	return ""
}

func (p *plainWriter) quote(n *ast.Blockquote) string {
	inside := p.blocks(n, "\n\n")
	if kind := calloutOf(n); kind != "" {
		words := calloutKinds[kind]
		return p.mark(piece{kind: labelPiece, words: words2{words.french + "\u202f: ", words.english + ": "}}) + inside
	}
	return indent(inside, "> ", "> ")
}

func (p *plainWriter) list(n *ast.List) string {
	var items []string
	number := n.Start
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		bullet := "- "
		if n.IsOrdered() {
			bullet = strconv.Itoa(number) + ". "
			number++
		}
		items = append(items, indent(p.blocks(c, "\n"), bullet, strings.Repeat(" ", len(bullet))))
	}
	return strings.Join(items, "\n")
}

// indent puts something before the first line of a text, and something else
// before the others.
func indent(s, first, others string) string {
	return first + strings.ReplaceAll(s, "\n", "\n"+others)
}

func (p *plainWriter) row(n ast.Node) string {
	var cells []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		cells = append(cells, strings.TrimSpace(p.inlines(c)))
	}
	return strings.Join(cells, " | ")
}

func (p *plainWriter) inlines(n ast.Node) string {
	var out strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		out.WriteString(p.inline(c))
	}
	return out.String()
}

func (p *plainWriter) inline(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Text:
		s := words(n, p.source)
		switch {
		case n.HardLineBreak():
			s += "\n"
		case n.SoftLineBreak():
			s += " "
		}
		return s
	case *ast.String:
		return string(n.Value)
	case *ast.CodeSpan:
		return codeText(n, p.source)
	case *ast.Link:
		inside := p.inlines(n)
		return inside + p.follow(string(util.URLEscape(n.Destination, true)), inside)
	case *ast.AutoLink:
		return string(n.Label(p.source))
	case *ast.Image:
		return p.image(n)
	}
	return p.inlines(n)
}

// follow is the address of a link in brackets, where it says more than the
// words of the link and leads somewhere from outside the page.
func (p *plainWriter) follow(address, inside string) string {
	fixed, dynamic, ok := p.address(address)
	if dynamic != nil {
		return p.mark(piece{kind: linkPiece, link: dynamic})
	}
	if to, _ := judge(fixed); !ok || to == here || strings.Contains(fixed, inside) {
		return ""
	}
	return " (" + fixed + ")"
}

// image is what a resource is called. A snippet is what it says.
func (p *plainWriter) image(n *ast.Image) string {
	said := inlineText(n, p.source)
	id, r, ok := p.resource(n.Destination)
	switch {
	case ok && r.Kind == "snippet":
		done, err := p.include(id, r.Snippet)
		if err != nil {
			p.err = err
		}
		return done.plain
	case ok && r.Kind == "image":
		return bracketed(either(said, r.Alt))
	case ok:
		return bracketed(either(said, either(r.Name, r.Alt)))
	}
	return either(said, r.Alt)
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return "[" + s + "]"
}
