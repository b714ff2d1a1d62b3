package legend

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Form is what was sent of a form, in the words of its page.
type Form struct {
	Title string // of the page, its main heading
	Of    string // what the form says it is of, "" when it says nothing
	Found bool   // the page has the form
	Lines []Line // in the order of the page
	Left  []Left // what was given and is not to be had
	Does  string // what its first button is called
}

// Left is a field in which something was given that nobody kept.
type Left struct {
	Name    string
	Label   string
	File    bool
	Several bool // of files
}

// Line is one thing that was given.
type Line struct {
	Label string // "" where the value says all, as a button does
	Value string // as it was typed, or what is written beside what was chosen
	same  bool   // as the page gives it already
}

// Read reads a page and says what was sent to a target of one of its forms. What
// nobody sees is not said: hidden fields, passwords, files, and names that the form
// has not. What the page gives already is said only when nothing else was sent. Of
// what was left out, by name, it says what the page calls it.
func Read(page io.Reader, target string, sent url.Values, left []string) (Form, error) {
	root, err := html.Parse(page)
	if err != nil {
		return Form{}, fmt.Errorf("read a page of ours: %w", err)
	}
	s := sheet{labels: map[string]*html.Node{}, ids: map[string]*html.Node{}, left: map[string][]string{}}
	for name, values := range sent {
		s.left[name] = slices.Clone(values)
	}
	f, best := Form{}, (*html.Node)(nil)
	most := -1
	for n := range root.Descendants() {
		s.note(n)
		switch n.DataAtom {
		case atom.H1:
			if f.Title == "" {
				f.Title = words(n)
			}
		case atom.Form:
			if p, _, _ := strings.Cut(attr(n, "action"), "?"); p == target && attr(n, "method") == "post" {
				if like := alike(n, sent); like > most {
					best, most = n, like
				}
			}
		}
	}
	if f.Found = best != nil; !f.Found {
		return f, nil
	}
	if f.Of = attr(best, "data-of"); f.Of == f.Title {
		f.Of = ""
	}
	for n := range best.Descendants() {
		if line, said := s.line(n); said {
			f.Lines = append(f.Lines, line)
		}
		if f.Does == "" && n.DataAtom == atom.Button {
			f.Does = cmp.Or(words(n), attr(n, "aria-label"))
		}
		f.Left = append(f.Left, s.leftOut(n, left)...)
	}
	if slices.ContainsFunc(f.Lines, func(l Line) bool { return !l.same }) {
		f.Lines = slices.DeleteFunc(f.Lines, func(l Line) bool { return l.same })
	}
	return f, nil
}

// alike counts what speaks for a form: forms of one page that go to the same address
// are told apart by the fields they have, and by what they carry along.
func alike(form *html.Node, sent url.Values) (n int) {
	for c := range form.Descendants() {
		name := attr(c, "name")
		switch {
		case name == "" || !sent.Has(name):
		case attr(c, "type") == "hidden" && !slices.Contains(sent[name], attr(c, "value")):
		default:
			n++
		}
	}
	return n
}

// sheet is what is known of a page while its form is read.
type sheet struct {
	labels map[string]*html.Node // by the id of their control
	ids    map[string]*html.Node
	left   map[string][]string // what was sent and is not said yet
}

func (s *sheet) note(n *html.Node) {
	if id := attr(n, "id"); id != "" {
		s.ids[id] = n
	}
	if of := attr(n, "for"); n.DataAtom == atom.Label && of != "" && s.labels[of] == nil {
		s.labels[of] = n
	}
}

// plain are the buttons that do nothing but send their form.
var plain = []string{"", "answer", "save"}

// line is what was given in a control.
func (s *sheet) line(n *html.Node) (Line, bool) {
	name := attr(n, "name")
	if name == "" || len(s.left[name]) == 0 {
		return Line{}, false
	}
	switch n.DataAtom {
	case atom.Textarea:
		return s.typed(n, name, raw(n))
	case atom.Select:
		return s.chosen(n, name)
	case atom.Button:
		if !s.take(name, attr(n, "value")) || slices.Contains(plain, attr(n, "value")) {
			return Line{}, false
		}
		return Line{Value: cmp.Or(words(n), attr(n, "aria-label"))}, true
	case atom.Input:
		switch attr(n, "type") {
		case "hidden", "password", "file", "submit", "image":
			return Line{}, false
		case "radio", "checkbox":
			return s.ticked(n, name)
		}
		return s.typed(n, name, attr(n, "value"))
	}
	return Line{}, false
}

// leftOut is a control in which something was given that is not to be had, or none.
func (s *sheet) leftOut(n *html.Node, left []string) []Left {
	kind := attr(n, "type")
	if n.DataAtom != atom.Input || kind != "password" && kind != "file" || !slices.Contains(left, attr(n, "name")) {
		return nil
	}
	_, several := given(n, "multiple")
	return []Left{{attr(n, "name"), s.grouped(n), kind == "file", several}}
}

// take reports whether a value was sent under a name, once.
func (s *sheet) take(name, value string) bool {
	at := slices.Index(s.left[name], value)
	if at < 0 {
		return false
	}
	s.left[name] = slices.Delete(s.left[name], at, at+1)
	return true
}

// typed takes what was sent in order: fields of one name are sent as they stand.
func (s *sheet) typed(n *html.Node, name, was string) (Line, bool) {
	given := s.left[name][0]
	s.left[name] = s.left[name][1:]
	given = strings.ReplaceAll(given, "\r\n", "\n")
	same := given == strings.TrimPrefix(strings.ReplaceAll(was, "\r\n", "\n"), "\n")
	return Line{s.grouped(n), given, same}, strings.TrimSpace(given) != "" || !same
}

func (s *sheet) chosen(n *html.Node, name string) (Line, bool) {
	for o := range n.Descendants() {
		if o.DataAtom != atom.Option {
			continue
		}
		value, has := given(o, "value")
		if !has {
			value = words(o)
		}
		if s.take(name, value) {
			_, was := given(o, "selected")
			return Line{s.grouped(n), words(o), was}, value != "" || !was
		}
	}
	return Line{}, false
}

// ticked is one choice of a group, which its legend names, or a box of its own.
func (s *sheet) ticked(n *html.Node, name string) (Line, bool) {
	value, has := given(n, "value")
	if !has {
		value = "on" // HTML, section 4.10.5.1.15
	}
	if !s.take(name, value) {
		return Line{}, false
	}
	_, was := given(n, "checked")
	text := s.label(n)
	if row := above(n, atom.Tr); text == "" && row != nil {
		text = words(row)
	}
	return Line{group(n), text, was}, true
}

// group is what the page calls the fields that a control stands among, "" when it
// calls them nothing.
func group(n *html.Node) string {
	set := above(n, atom.Fieldset)
	if set == nil {
		return ""
	}
	for l := range set.Descendants() {
		if l.DataAtom == atom.Legend {
			return words(l)
		}
	}
	return ""
}

// grouped is what a page calls a control among others: a street may be that of two
// addresses.
func (s *sheet) grouped(n *html.Node) string {
	of, label := group(n), s.label(n)
	if of == "" || label == "" {
		return of + label
	}
	return of + " · " + label
}

// label is what a page calls a control.
func (s *sheet) label(n *html.Node) string {
	if l := s.labels[attr(n, "id")]; l != nil {
		return words(l)
	}
	if l := above(n, atom.Label); l != nil {
		return words(l)
	}
	if l := s.ids[attr(n, "aria-labelledby")]; l != nil {
		return words(l)
	}
	return attr(n, "aria-label")
}

func above(n *html.Node, a atom.Atom) *html.Node {
	for up := range n.Ancestors() {
		if up.DataAtom == a {
			return up
		}
	}
	return nil
}

func given(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func attr(n *html.Node, name string) string {
	value, _ := given(n, name)
	return value
}

// aside are the classes of what stands beside the words of a label.
var aside = []string{"optional", "help", "badge"}

// words are the text of an element, on one line.
func words(n *html.Node) string {
	var out []string
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			out = append(out, strings.Fields(n.Data)...)
		case n.DataAtom == atom.Svg, n.DataAtom == atom.Select, n.DataAtom == atom.Textarea:
		case slices.ContainsFunc(strings.Fields(attr(n, "class")), func(c string) bool { return slices.Contains(aside, c) }):
		default:
			for c := range n.ChildNodes() {
				walk(c)
			}
		}
	}
	for c := range n.ChildNodes() {
		walk(c)
	}
	return strings.Join(out, " ")
}

// raw is the text of an element as it stands.
func raw(n *html.Node) string {
	var out strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			out.WriteString(c.Data)
		}
	}
	return out.String()
}
