package richtext

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"selfhelp/app/formula"
)

// image writes a resource in the middle of words. What is no resource of ours
// is told, not shown: a picture elsewhere would tell that site who reads.
func (h *htmlWriter) image(n *ast.Image) {
	words := inlineText(n, h.source)
	id, r, ok := h.resource(n.Destination)
	switch {
	case !ok:
		h.say(either(words, r.Alt))
	case r.Kind == "snippet":
		h.snippet(n, id, r.Snippet)
	default:
		h.media(r, either(words, r.Alt), string(n.Title))
	}
}

// alone writes a resource that has a paragraph to itself.
func (h *htmlWriter) alone(n *ast.Image, r Resource) {
	switch {
	case r.Kind == "snippet":
		h.image(n)
	case r.Kind == "image":
		h.write(`<figure class="resource resource-image">`)
		h.media(r, either(inlineText(n, h.source), r.Alt), "")
		if title := string(n.Title); title != "" {
			h.write("<figcaption>")
			h.say(title)
			h.write("</figcaption>")
		}
		h.write("</figure>\n")
	default:
		h.write("<p>")
		h.image(n)
		h.write("</p>\n")
	}
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// media writes one resource by its kind.
func (h *htmlWriter) media(r Resource, alt, title string) {
	src, size := ` src="`+html.EscapeString(r.URL)+`"`, ""
	if r.Width > 0 && r.Height > 0 {
		size = ` width="` + strconv.Itoa(r.Width) + `" height="` + strconv.Itoa(r.Height) + `"`
	}
	said := html.EscapeString(either(alt, r.Name))
	switch r.Kind {
	case "image":
		h.write("<img", src, ` alt="`, html.EscapeString(alt), `"`, size, ` loading="lazy" decoding="async">`)
	case "audio":
		h.write(`<audio class="resource resource-audio" controls="" preload="none"`, src, ` aria-label="`, said, `"></audio>`)
	case "video":
		h.write(`<video class="resource resource-video" controls="" playsinline="" preload="metadata"`, src, size, ` aria-label="`, said, `"></video>`)
	default: // pdf and download
		h.write("<a", resourceLink(r), ` class="resource resource-`, r.Kind, `"><span class="resource-name">`, html.EscapeString(either(title, either(r.Name, alt))), "</span>")
		if about := aboutFile(r); about != (words2{}) {
			h.write(` <span class="resource-meta">`, h.mark(piece{kind: labelPiece, words: about}), "</span>")
		}
		h.write("</a>")
	}
}

// resourceLink is the attributes of a link to a resource.
func resourceLink(r Resource) string {
	if r.Kind == "download" {
		return ` href="` + html.EscapeString(r.URL) + `" download=""`
	}
	return href(r.URL, outside) // beside the page, like other sites
}

// aboutFile says what a file is and how large: "PDF · 1.2 MB".
func aboutFile(r Resource) words2 {
	kind := ""
	if r.Kind == "pdf" {
		kind = "PDF"
	}
	if r.Size <= 0 {
		return words2{kind, kind}
	}
	number, french, english := float64(r.Size)/1000, "Ko", "kB"
	if r.Size >= 1_000_000 {
		number, french, english = number/1000, "Mo", "MB"
	}
	number, _ = strconv.ParseFloat(fmt.Sprintf("%.2g", number), 64)
	between := ""
	if kind != "" {
		between = " · "
	}
	return words2{
		kind + between + formula.Show(number, "fr") + "\u00a0" + french,
		kind + between + formula.Show(number, "en") + "\u00a0" + english,
	}
}

// snippet writes a text that several texts include. Where only words may
// stand, its blocks become words.
func (h *htmlWriter) snippet(n *ast.Image, id, source string) {
	done, err := h.include(id, source)
	if err != nil {
		h.err = err
		return
	}
	inside := done.html
	single, isSingle := onlyParagraph(inside)
	switch parent := n.Parent().(type) {
	case *ast.Paragraph:
		switch {
		case parent.ChildCount() == 1:
			h.write(inside)
		case isSingle:
			h.write(single)
		default:
			h.write("</p>\n", inside, "<p>")
		}
	case *ast.TextBlock:
		if isSingle {
			inside = single
		}
		h.write(inside)
	default:
		if !isSingle {
			single = html.EscapeString(strings.Join(strings.Fields(done.plain), " "))
		}
		h.write(single)
	}
}

// onlyParagraph is what a text holds that is one paragraph, or nothing at all.
func onlyParagraph(s string) (inside string, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", true
	}
	inside, begins := strings.CutPrefix(s, "<p>")
	inside, ends := strings.CutSuffix(inside, "</p>")
	return inside, begins && ends && !strings.Contains(inside, "</p>")
}
