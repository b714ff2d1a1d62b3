package richtext

import (
	"html"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// htmlWriter writes the HTML of one source, with marks.
type htmlWriter struct {
	*writer
	source []byte
	out    strings.Builder
	err    error
}

// write writes parts of HTML that are known to be safe.
func (h *htmlWriter) write(parts ...string) {
	for _, p := range parts {
		h.out.WriteString(p)
	}
}

// say writes words.
func (h *htmlWriter) say(words string) { h.out.WriteString(html.EscapeString(words)) }

func (h *htmlWriter) children(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		h.node(c)
	}
}

// around writes the children of a node inside an element.
func (h *htmlWriter) around(element string, n ast.Node) {
	h.write("<", element, ">")
	h.children(n)
	h.write("</", element, ">")
}

// block is around, on lines of its own.
func (h *htmlWriter) block(element string, n ast.Node) {
	h.around(element, n)
	h.write("\n")
}

func (h *htmlWriter) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Paragraph:
		h.paragraph(n)
	case *ast.TextBlock:
		h.children(n)
		if n.NextSibling() != nil {
			h.write("\n")
		}
	case *ast.Heading: // the page has the only h1
		h.block("h"+strconv.Itoa(min(n.Level+1, 6)), n)
	case *ast.ThematicBreak:
		h.write("<hr>\n")
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		h.write(`<pre tabindex="0"><code>`)
		h.say(string(n.Lines().Value(h.source)))
		h.write("</code></pre>\n")
	case *ast.Blockquote:
		h.quote(n)
	case *ast.List:
		h.list(n)
	case *ast.ListItem:
		h.block("li", n)
	case *east.Table:
		h.table(n)
	default:
		h.inline(n)
	}
}

func (h *htmlWriter) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		h.say(words(n, h.source))
		if n.HardLineBreak() {
			h.write("<br>")
		}
		if n.HardLineBreak() || n.SoftLineBreak() {
			h.write("\n")
		}
	case *ast.String:
		h.say(string(n.Value))
	case *ast.CodeSpan:
		h.write("<code>")
		h.say(codeText(n, h.source))
		h.write("</code>")
	case *ast.Emphasis:
		h.around([]string{"em", "strong"}[min(n.Level, 2)-1], n)
	case *east.Strikethrough:
		h.around("del", n)
	case *ast.Link:
		h.link(string(util.URLEscape(n.Destination, true)), string(n.Title), func() { h.children(n) })
	case *ast.AutoLink:
		h.autoLink(n)
	case *ast.Image:
		h.image(n)
	}
}

// paragraph writes a paragraph, unless all it holds is a resource that stands
// by itself.
func (h *htmlWriter) paragraph(n *ast.Paragraph) {
	if img, ok := n.FirstChild().(*ast.Image); ok && n.ChildCount() == 1 {
		if _, r, ok := h.resource(img.Destination); ok {
			h.alone(img, r)
			return
		}
	}
	h.block("p", n)
}

func (h *htmlWriter) quote(n *ast.Blockquote) {
	kind := calloutOf(n)
	if kind == "" {
		h.write("<blockquote>\n")
		h.children(n)
		h.write("</blockquote>\n")
		return
	}
	title := h.mark(piece{kind: labelPiece, words: calloutKinds[kind]})
	h.write(`<aside class="callout callout-`, kind, `" role="note">`, "\n", `<p class="callout-title">`, title, "</p>\n")
	h.children(n)
	h.write("</aside>\n")
}

func (h *htmlWriter) list(n *ast.List) {
	open, element := "<ul>", "ul"
	if n.IsOrdered() {
		open, element = "<ol>", "ol"
		if n.Start != 1 {
			open = `<ol start="` + strconv.Itoa(n.Start) + `">`
		}
	}
	h.write(open, "\n")
	h.children(n)
	h.write("</", element, ">\n")
}

// table writes a table inside a box that scrolls where the page is narrow, and
// that keyboards can reach.
func (h *htmlWriter) table(n *east.Table) {
	h.write(`<div class="table" tabindex="0"><table>`, "\n")
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		_, isHead := row.(*east.TableHeader)
		cell := "td"
		if isHead {
			cell = "th"
			h.write("<thead>\n")
		}
		h.row(row, cell)
		if isHead {
			h.write("</thead>\n<tbody>\n")
		}
	}
	h.write("</tbody>\n</table></div>\n")
}

func (h *htmlWriter) row(row ast.Node, element string) {
	h.write("<tr>")
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		h.write("<", element)
		if cell, ok := c.(*east.TableCell); ok && cell.Alignment != east.AlignNone {
			h.write(` class="align-`, cell.Alignment.String(), `"`)
		}
		h.write(">")
		h.children(c)
		h.write("</", element, ">")
	}
	h.write("</tr>\n")
}

// codeText is what a code span says: line ends are spaces there.
func codeText(n ast.Node, source []byte) string {
	var out strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			out.WriteString(strings.ReplaceAll(string(t.Value(source)), "\n", " "))
		}
	}
	return out.String()
}

func (h *htmlWriter) autoLink(n *ast.AutoLink) {
	address := string(util.URLEscape(n.URL(h.source), false))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(address), "mailto:") {
		address = "mailto:" + address
	}
	h.link(address, "", func() { h.say(string(n.Label(h.source))) })
}

// link writes a link, or its words alone where the address may not be
// followed.
func (h *htmlWriter) link(address, title string, inside func()) {
	attributes, ok := h.linkAttributes(address)
	if !ok {
		inside()
		return
	}
	h.write("<a", attributes)
	if title != "" {
		h.write(` title="`)
		h.say(title)
		h.write(`"`)
	}
	h.write(">")
	inside()
	h.write("</a>")
}

func (h *htmlWriter) linkAttributes(address string) (attributes string, ok bool) {
	if _, r, ok := h.resource([]byte(address)); ok && r.URL != "" {
		return resourceLink(r), true
	}
	fixed, dynamic, ok := h.address(address)
	if !ok {
		return "", false
	}
	if dynamic != nil {
		return ` href="` + h.mark(piece{kind: linkPiece, link: dynamic}) + `"`, true
	}
	to, _ := judge(fixed)
	return href(fixed, to), true
}

// href is the attributes of a link whose address has been judged. Other sites
// open beside the page, which people are in the middle of.
func href(address string, to reach) string {
	out := ` href="` + html.EscapeString(address) + `"`
	if to == outside {
		out += ` target="_blank" rel="noopener"`
	}
	return out
}
