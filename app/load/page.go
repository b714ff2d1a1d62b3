package load

import (
	"bytes"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// page is what somebody has before their eyes.
type page struct {
	address *url.URL // where the browser then is
	status  int
	root    *html.Node
}

// readPage reads a page. Whatever it is given is a page to the parser: what is none has
// nothing on it.
func readPage(at *url.URL, status int, body []byte) (page, error) {
	root, err := html.Parse(bytes.NewReader(body))
	return page{at, status, root}, err
}

// step is the step that an address of a journey names, "" elsewhere.
func (p page) step() string {
	parts := strings.Split(p.address.Path, "/")
	if len(parts) != 4 || parts[1] != "x" {
		return ""
	}
	step, _, _ := strings.Cut(strings.TrimPrefix(parts[3], "step-"), "~")
	return step
}

// ended reports whether the page shows how a journey ended.
func (p page) ended() bool {
	return p.find(func(n *html.Node) bool { return n.Data == "p" && hasClass(n, "outcome") }) != nil
}

// waits is the moment until which a page holds somebody back, zero for one that does
// not.
func (p page) waits() time.Time {
	n := p.find(func(n *html.Node) bool { return n.Data == "wait-until" })
	if n == nil {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, attribute(n, "at"))
	if err != nil {
		return time.Time{}
	}
	return at
}

// links are where a page leads within the portal: to procedures, and to other pages.
func (p page) links() (entries, others []string) {
	for _, n := range within(p.root) {
		to := attribute(n, "href")
		switch {
		case n.Data != "a":
		case strings.HasPrefix(to, "/r/"):
			entries = append(entries, to)
		case strings.HasPrefix(to, "/p/"):
			others = append(others, to)
		}
	}
	return entries, others
}

// turn is the form by which a journey goes on or begins, nil where there is none.
func (p page) turn() *form {
	n := p.find(func(n *html.Node) bool {
		return n.Data == "form" && (attribute(n, "id") == "turn" || strings.HasPrefix(attribute(n, "action"), "/r/"))
	})
	if n == nil {
		return nil
	}
	return readForm(n)
}

func (p page) find(is func(*html.Node) bool) *html.Node {
	for _, n := range within(p.root) {
		if is(n) {
			return n
		}
	}
	return nil
}

// within lists the elements below a node, in order.
func within(n *html.Node) (list []*html.Node) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode {
			list = append(list, d)
		}
	}
	return list
}

func attribute(n *html.Node, name string) string {
	value, _ := lookUp(n, name)
	return value
}

func has(n *html.Node, name string) bool {
	_, is := lookUp(n, name)
	return is
}

func lookUp(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func hasClass(n *html.Node, class string) bool {
	for c := range strings.FieldsSeq(attribute(n, "class")) {
		if c == class {
			return true
		}
	}
	return false
}
