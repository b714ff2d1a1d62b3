package richtext

import (
	"bufio"
	"bytes"
	"html"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// markdown reads CommonMark with tables, strikethrough, bare addresses and
// callouts, and without raw HTML: a < is a <.
var markdown = parser.NewParser(
	parser.WithBlockParsers(
		util.Prioritized(parser.NewSetextHeadingParser(), 100),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
		util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(parser.NewParagraphParser(), 1000),
	),
	parser.WithInlineParsers(
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewEmphasisParser(), 500),
		util.Prioritized(extension.NewStrikethroughParser(), 500),
		util.Prioritized(extension.NewLinkifyParser(), 999),
	),
	parser.WithParagraphTransformers(
		util.Prioritized(calloutReader{}, 50),
		util.Prioritized(parser.LinkReferenceParagraphTransformer, 100),
		util.Prioritized(extension.NewTableParagraphTransformer(), 200),
	),
	parser.WithASTTransformers(
		util.Prioritized(extension.NewTableASTTransformer(), 0),
	),
)

// maxNesting is how many quotes and lists may stand in one another. Writers
// never need ten; parsing is quadratic in it.
const maxNesting = 64

// nested is the most block markers that any line begins with.
func nested(source []byte) int {
	most := 0
	for line := range bytes.Lines(source) {
		n := 0
		for {
			line = bytes.TrimLeft(line, " \t")
			width := blockMarker(line)
			if width == 0 {
				break
			}
			line = line[width:]
			n++
		}
		most = max(most, n)
	}
	return most
}

// blockMarker is the width of the marker of a quote or list item that a line
// begins with, 0 when it begins with none.
func blockMarker(line []byte) int {
	i := 0
	for i < len(line) && '0' <= line[i] && line[i] <= '9' {
		i++
	}
	switch {
	case i == len(line):
		return 0
	case i == 0 && line[0] == '>':
		return 1
	case i == 0 && bytes.IndexByte([]byte("-*+"), line[0]) < 0, i > 0 && line[i] != '.' && line[i] != ')':
		return 0
	case i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\t'):
		return i + 1
	}
	return 0
}

// words is what a stretch of text says once escapes and entities are read.
func words(t *ast.Text, source []byte) string {
	value := t.Value(source)
	if t.IsRaw() || !bytes.ContainsAny(value, "\\&") {
		return string(value)
	}
	var out bytes.Buffer
	w := bufio.NewWriter(&out)
	gmhtml.DefaultWriter.Write(w, value)
	_ = w.Flush() // into memory
	return html.UnescapeString(out.String())
}
