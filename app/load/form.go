package load

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// form is what a page asks, and what is given so far.
type form struct {
	action   string
	parts    bool // it is sent in parts, with files
	swaps    bool // a script sends it, and puts what comes into the page
	controls []*html.Node
	buttons  []*html.Node
	values   url.Values
	files    []attachment
}

// ways are the names of buttons that are no answer but a tool of the page.
var ways = []string{"do", "sheet"}

// kept are the names of fields that nobody fills in to get on.
var kept = []string{"postit", "filter", "journal", "comment"}

// readForm reads a form with what stands in it.
func readForm(n *html.Node) *form {
	f := &form{
		action: attribute(n, "action"), parts: attribute(n, "enctype") == "multipart/form-data", swaps: has(n, "data-swap"), values: url.Values{},
	}
	for _, c := range within(n) {
		switch {
		case has(c, "disabled"):
		case c.Data == "button" && attribute(c, "type") != "button" && !has(c, "aria-hidden"):
			f.buttons = append(f.buttons, c)
		case (c.Data == "input" || c.Data == "select" || c.Data == "textarea") && attribute(c, "name") != "":
			f.controls = append(f.controls, c)
			f.stand(c)
		}
	}
	return f
}

// stand takes what a control holds by itself, as a browser sends it.
func (f *form) stand(c *html.Node) {
	name, value := attribute(c, "name"), attribute(c, "value")
	switch {
	case slices.Contains(kept, name) || attribute(c, "type") == "file":
	case c.Data == "select":
		for _, o := range within(c) {
			if o.Data == "option" && has(o, "selected") {
				f.values.Set(name, attribute(o, "value"))
			}
		}
	case c.Data == "textarea":
		if c.FirstChild != nil {
			f.values.Set(name, c.FirstChild.Data)
		}
	case ticks(c):
		if has(c, "checked") {
			f.values.Add(name, value)
		}
	default:
		f.values.Set(name, value)
	}
}

// ticks reports whether a control is chosen and not written into.
func ticks(c *html.Node) bool {
	kind := attribute(c, "type")
	return kind == "checkbox" || kind == "radio"
}

// has reports whether the form asks for a value of this name.
func (f *form) has(name string) bool { return len(f.named(name)) > 0 }

// hasRows reports whether the form has a table to be filled in under this name.
func (f *form) hasRows(name string) bool {
	return slices.ContainsFunc(f.controls, func(c *html.Node) bool { return strings.HasPrefix(attribute(c, "name"), name+".0.") })
}

func (f *form) named(name string) (list []*html.Node) {
	for _, c := range f.controls {
		if attribute(c, "name") == name {
			list = append(list, c)
		}
	}
	return list
}

func (f *form) takesFile(name string) bool {
	return slices.ContainsFunc(f.named(name), func(c *html.Node) bool { return attribute(c, "type") == "file" })
}

// answer gives what the page offers under the name of its answer. What comes from a
// list stands there behind a sign.
func (f *form) answer(texts []string) {
	offered := f.named("answer")
	for i, text := range texts {
		if slices.ContainsFunc(offered, func(c *html.Node) bool { return attribute(c, "value") == "="+text }) {
			texts[i] = "=" + text
		}
	}
	f.values["answer"] = texts
}

// press presses a button, if there is one.
func (f *form) press(name, value string) bool {
	is := slices.ContainsFunc(f.buttons, func(b *html.Node) bool {
		return attribute(b, "name") == name && attribute(b, "value") == value
	})
	if is {
		f.values.Set(name, value)
	}
	return is
}

// goOn presses a button by which the page goes on: of its answers another one each
// time. It reports whether there is any.
func (f *form) goOn(time int) bool {
	var answers []*html.Node
	for _, b := range f.buttons {
		if name := attribute(b, "name"); name != "" && !slices.Contains(ways, name) {
			answers = append(answers, b)
		}
	}
	if len(answers) > 0 {
		b := answers[time%len(answers)]
		f.values.Set(attribute(b, "name"), attribute(b, "value"))
		return true
	}
	return f.press("do", "answer") || f.press("do", "resume") || strings.HasPrefix(f.action, "/r/")
}
