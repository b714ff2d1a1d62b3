package ui

import (
	"cmp"
	"strings"

	"github.com/a-h/templ"

	"selfhelp/assets"
)

// Room is one of the product's three moods; it decides the style sheet.
type Room string

// The rooms.
const (
	Portal Room = "portal"
	Studio Room = "studio"
	Admin  Room = "admin"
)

// Chrome is what every page has around it.
type Chrome struct {
	Words    *Words
	Title    string // of the page; the product's name is added
	Room     Room
	Sheet    string   // style sheet of the page, when the room's is not enough
	Class    string   // of the page, for its own rules ("player")
	Scripts  []string // modules of assets/js, without folder and extension, besides the room's
	Person   *Person  // nil: nobody signed in
	Here     string   // address of the page, path and query, where the pickers come back to
	Mode     string   // "", "light" or "dark"
	Look     Look
	Flash    *Flash
	Fragment bool     // only the parts that change are wanted
	Content  string   // language of the content when it is not the interface's
	Home     Place    // where the mark leads; zero: the portal's home
	Tongues  []Tongue // languages the page can be read in; none: those of the interface
	Speaks   string   // id of the page's form that goes on in another language; empty: preferences
	Quiet    bool     // no sign-in link, no menus: a page of one purpose
	Plain    bool     // no pickers either: a page that is ready before anybody asks
}

// Tongue is a language to choose.
type Tongue struct {
	Language
	Now bool // it is the one that shows
}

// TongueOf names a language in itself.
func TongueOf(tag, now string) Tongue {
	return Tongue{Language{tag, NameOf(tag)}, tag == now}
}

// ContentLanguages are those a project can be written in, each in itself.
var ContentLanguages = []Language{
	{Tag: "fr", Name: "Français"}, {Tag: "en", Name: "English"}, {Tag: "de", Name: "Deutsch"}, {Tag: "es", Name: "Español"},
	{Tag: "it", Name: "Italiano"}, {Tag: "nl", Name: "Nederlands"}, {Tag: "pt", Name: "Português"}, {Tag: "pl", Name: "Polski"}, {Tag: "ar", Name: "العربية"},
}

// NameOf is what a language calls itself; its tag, when nobody has said.
func NameOf(tag string) string {
	for _, l := range ContentLanguages {
		if l.Tag == tag {
			return l.Name
		}
	}
	return tag
}

// tongues are the languages the page's picker offers.
func (c Chrome) tongues() []Tongue {
	if len(c.Tongues) > 0 {
		return c.Tongues
	}
	var list []Tongue
	for _, l := range Languages() {
		list = append(list, Tongue{l, l.Tag == c.Words.Lang()})
	}
	return list
}

// tongueButton are the attributes of a language to choose: on a page that is
// filled in, its form is sent, so that nothing typed is lost.
func (c Chrome) tongueButton() templ.Attributes {
	if c.Speaks == "" {
		return nil
	}
	return templ.Attributes{"form": c.Speaks, "formnovalidate": true, "formenctype": "application/x-www-form-urlencoded", "data-whole": true}
}

// Person is the one who is signed in, as the chrome shows them.
type Person struct {
	Name    string
	Login   string
	Mark    string // says whom the page is for, for it to be sent back
	Writes  bool   // may enter the Studio
	Manages bool   // may enter the administration
}

// Look is a project's theme.
type Look struct {
	Hue    int    // degrees; 0: the product's own
	Radius string // "", "square" or "round"
	Logo   string // address of an image; empty: the product's mark
}

// Place is a name with an address.
type Place struct {
	Name string
	URL  string
}

// Tone is the meaning of a note, badge or flash.
type Tone string

// The tones.
const (
	OK    Tone = "ok"
	Warn  Tone = "warn"
	Wrong Tone = "wrong"
	Info  Tone = "info"
)

// Flash is a sentence about what was just done.
type Flash struct {
	Tone Tone
	Text string
}

// T is short for the words' own.
func (c Chrome) T(key string, values ...any) string { return c.Words.T(key, values...) }

// N is short for the words' own.
func (c Chrome) N(key string, n int, values ...any) string { return c.Words.N(key, n, values...) }

// Initials are the one or two letters a person is shown by.
func (p Person) Initials() string {
	var initials strings.Builder
	for i, part := range strings.Fields(p.Name) {
		if i < 2 {
			r := []rune(part)
			initials.WriteString(strings.ToUpper(string(r[:1])))
		}
	}
	return initials.String()
}

// FullTitle is what the browser's tab says.
func (c Chrome) FullTitle() string {
	name := c.Home.Name
	if name == "" {
		name = c.T("product")
	}
	if c.Title == "" || c.Title == name {
		return name
	}
	return c.Title + " · " + name
}

// Dir is the direction of a language's script.
func Dir(lang string) string {
	base, _, _ := strings.Cut(lang, "-")
	switch base {
	case "ar", "fa", "he", "ur", "ps", "yi":
		return "rtl"
	}
	return "ltr"
}

func (c Chrome) sheet() string { return assets.URL("css/" + cmp.Or(c.Sheet, string(c.Room)) + ".css") }

// ThemeSheet is the address of the project's theme, "" for the product's own.
func (c Chrome) ThemeSheet() string { return assets.ThemeURL(c.Look.Hue, c.Look.Radius) }

func (c Chrome) homeURL() string {
	if c.Home.URL == "" {
		return "/"
	}
	return c.Home.URL
}

func (c Chrome) homeName() string {
	if c.Home.Name == "" {
		return c.T("product")
	}
	return c.Home.Name
}

func script(name string) string { return assets.URL("js/" + name + ".js") }

// personMark says whom the page is for, as its scripts say it in a header.
func (c Chrome) personMark() string {
	if c.Person == nil {
		return ""
	}
	return c.Person.Mark
}
