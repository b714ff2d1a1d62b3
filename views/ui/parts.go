package ui

import (
	"net/url"

	"github.com/a-h/templ"

	"selfhelp/assets"
)

// Input is a line of a form of ours.
type Input struct {
	Name         string
	Label        string
	Help         string
	Type         string // empty: text
	Value        string
	Wrong        string // what is wrong with it, if anything
	Optional     string // the word "optional" when it is
	Autocomplete string
	Required     bool
	Focus        bool
	Max          int    // length; 0: no limit
	List         string // id of a datalist that is offered as one types
}

// Problem is one thing to mend in a form, with the field it is about.
type Problem struct {
	Field string // id of the control
	Text  string
}

func (i Input) kind() string {
	if i.Type == "" {
		return "text"
	}
	return i.Type
}

func (i Input) describedBy() string {
	return describedBy(i.Name, i.Help != "", i.Wrong != "")
}

// describedBy names the texts that explain a control.
func describedBy(name string, help, wrong bool) string {
	switch {
	case help && wrong:
		return name + "-error " + name + "-help"
	case wrong:
		return name + "-error"
	case help:
		return name + "-help"
	}
	return ""
}

// Described leads from a control to its help and to what is wrong with it, whose
// ids are the name of the field followed by -help and -error.
func Described(name string, help, wrong bool) templ.Attributes {
	a := templ.Attributes{}
	if ids := describedBy(name, help, wrong); ids != "" {
		a["aria-describedby"] = ids
	}
	if wrong {
		a["aria-invalid"] = "true"
	}
	return a
}

func current(is bool) string {
	if is {
		return "true"
	}
	return "false"
}

var toneIcons = map[Tone]string{OK: "ok", Warn: "warning", Wrong: "wrong", Info: "info", "": "info"}

// iconHTML is made once per icon: pages show many.
func iconHTML(name string) string {
	if html, known := iconCache[name]; known {
		return html
	}
	return iconCache["help"]
}

var iconCache = func() map[string]string {
	cache := map[string]string{}
	for _, name := range assets.Icons() {
		cache[name] = `<svg class="icon" aria-hidden="true"><use href="` + assets.SpriteURL() + "#" + name + `"></use></svg>`
	}
	return cache
}()

// mark is the browser tab's icon.
var mark = assets.URL("icons/mark.svg")

// A mode is light, dark, or whatever the machine says.
var modes = []struct{ value, key, icon string }{
	{"auto", "picker.auto", "contrast"},
	{"light", "picker.day", "sun"},
	{"dark", "picker.night", "moon"},
}

func mode(m string) string {
	if m == "" {
		return "auto"
	}
	return m
}

// signInURL leads to the sign-in page and back here.
func signInURL(here string) templ.SafeURL {
	if here == "" || here == "/" {
		return "/login"
	}
	return templ.SafeURL("/login?next=" + url.QueryEscape(here))
}
