package load

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// fill puts something plausible wherever a form must be filled in and nothing stands
// yet. Of boxes as many are ticked as somebody has tried already, and one more.
func (f *form) fill(tried int, now time.Time) {
	for _, c := range f.controls {
		name := attribute(c, "name")
		switch {
		case slices.Contains(kept, name):
		case attribute(c, "type") == "file":
			if has(c, "required") {
				f.attach(name)
			}
		case ticks(c):
			f.tick(c, name, tried)
		case !has(c, "required") || f.values.Get(name) != "":
		case c.Data == "select":
			f.values.Set(name, firstOption(c))
		default:
			f.values.Set(name, written(c, now))
		}
	}
	f.sign()
}

// tick chooses a radio or a box where one must be chosen.
func (f *form) tick(c *html.Node, name string, tried int) {
	one := attribute(c, "type") == "radio"
	chosen := len(f.values[name])
	switch {
	case !has(c, "required") && name != "answer" && name != "visited" && !isAsked(c):
	case one && chosen == 0, !one && !has(c, "checked") && chosen <= tried:
		f.values.Add(name, attribute(c, "value"))
	}
}

// isAsked reports whether a box belongs to a field that must be filled in.
func isAsked(c *html.Node) bool {
	for n := c.Parent; n != nil; n = n.Parent {
		if has(n, "data-required") {
			return true
		}
	}
	return false
}

// sign types a name where a signature is asked for.
func (f *form) sign() {
	for _, c := range f.controls {
		if name := attribute(c, "name"); strings.HasPrefix(name, "sign.") && isAsked(c) {
			f.values.Set(name, "Ada Lovelace")
		}
	}
}

func firstOption(n *html.Node) string {
	for _, o := range within(n) {
		if value := attribute(o, "value"); o.Data == "option" && value != "" {
			return value
		}
	}
	return ""
}

// words are what somebody writes where anything will do.
const words = "Something plausible, as a load test writes it."

// written is what somebody writes into a field: what it gives as an example, where it
// does.
func written(c *html.Node, now time.Time) string {
	lowest := cmp.Or(attribute(c, "min"), attribute(c, "max"))
	switch attribute(c, "type") {
	case "number", "range":
		return cmp.Or(lowest, "1")
	case "date":
		return cmp.Or(lowest, now.Format(time.DateOnly))
	case "time":
		return cmp.Or(lowest, "09:30")
	case "datetime-local":
		return cmp.Or(lowest, now.Format("2006-01-02T15:04"))
	case "email":
		return "ada@example.org"
	case "tel":
		return "+33 4 72 00 00 00"
	case "url":
		return "https://example.org/"
	}
	return fitting(cmp.Or(attribute(c, "placeholder"), words), attribute(c, "minlength"), attribute(c, "maxlength"))
}

// fitting makes a text as long as a field wants it.
func fitting(text, least, most string) string {
	if n, err := strconv.Atoi(least); err == nil && n <= mostWritten {
		for len(text) < n {
			text += " " + words
		}
	}
	if n, err := strconv.Atoi(most); err == nil && n > 0 {
		letters := []rune(text)
		text = string(letters[:min(n, len(letters))])
	}
	return text
}

// mostWritten bounds what is written into one field.
const mostWritten = 10_000
