package check

import (
	"regexp"
	"slices"
	"strings"

	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// The lengths of texts that are too long, in characters.
const (
	maxTitle = 300
	maxPlain = 4000
	maxBody  = 50000
)

// text checks one text: its languages, its windows of dates, its length, its
// placeholders, what it shows and where it links.
func (c *checker) text(at Place, l *procedure.Leaf, t *procedure.Text) {
	at.Path = l.Path
	if t.IsZero() {
		if l.Is("title") {
			c.error(at, "check.no_words")
		}
		return
	}
	if len(t.In) > 0 {
		c.words(at, l, t.In)
	}
	for i, d := range t.Dated {
		in := at
		in.Path = pathOf(l.Path+".dated", d.ID, i)
		c.words(in, l, d.In)
	}
	c.windows(at, t.Dated)
}

// words checks the words of a text in each language.
func (c *checker) words(at Place, l *procedure.Leaf, in map[string]string) {
	for i, lang := range c.languages {
		at.Language = lang
		if strings.TrimSpace(in[lang]) != "" {
			c.said(at, l, in[lang])
		} else if i == 0 && l.Is("title") {
			c.error(at, "check.untranslated", inWords(lang))
		} else {
			c.warn(at, "check.untranslated", inWords(lang))
		}
	}
	for _, lang := range sorted(in) {
		if at.Language = lang; !slices.Contains(c.languages, lang) {
			c.warn(at, "check.other_language", lang)
		}
	}
	c.samePlaceholders(at, l, in)
}

// inWords is a language as a sentence names it; its tag, when it has no name.
func inWords(lang string) string {
	if word := "word.in." + lang; Messages()[word] != nil {
		return "@" + word
	}
	return lang
}

// said checks the words of a text in one language.
func (c *checker) said(at Place, l *procedure.Leaf, words string) {
	switch {
	case l.Is("markdown"):
		c.notLonger(at, words, maxBody)
		c.markdown(at, words)
	case l.Is("title"):
		c.notLonger(at, words, maxTitle)
	default:
		c.notLonger(at, words, maxPlain)
	}
	if l.Is("template") {
		c.placeholders(at, l, words)
	} else if strings.Contains(words, "{{") {
		c.warn(at, "check.no_placeholders")
	}
}

// placeholders checks the formulas inside a text.
func (c *checker) placeholders(at Place, l *procedure.Leaf, words string) {
	if !strings.Contains(words, "{{") {
		return
	}
	t := c.compileTemplate(words)
	if t.err != nil {
		for _, err := range formula.TemplateErrors(words) {
			c.formulaError(at, err)
		}
		return
	}
	c.noteReads(at, l, words, t.reads)
	for _, name := range t.reads {
		c.read(at, l, name)
		c.notSecret(at, name)
	}
	for _, part := range t.template.Parts() {
		c.fitting(at, part.Formula)
		c.noteOperands(at, part.Formula)
	}
}

// samePlaceholders warns when a translation shows other values than the first
// language does.
func (c *checker) samePlaceholders(at Place, l *procedure.Leaf, in map[string]string) {
	if len(c.languages) < 2 || !l.Is("template") {
		return
	}
	first := in[c.languages[0]]
	for _, lang := range c.languages[1:] {
		if first == "" || in[lang] == "" || !strings.Contains(first+in[lang], "{{") {
			continue
		}
		a, b := c.compileTemplate(first), c.compileTemplate(in[lang])
		if a.err == nil && b.err == nil && !slices.Equal(a.reads, b.reads) {
			at.Language = lang
			c.warn(at, "check.other_placeholders", inWords(c.languages[0]))
		}
	}
}

// windows checks the dates between which a text says something else.
func (c *checker) windows(at Place, dated []procedure.DatedText) {
	path := at.Path + ".dated"
	for i, d := range dated {
		at.Path = pathOf(path, d.ID, i)
		if !procedure.IsID(d.ID) {
			c.error(at, "check.id", d.ID)
		}
		switch {
		case !d.From.IsZero() && !d.Until.IsZero() && d.Until.Before(d.From):
			c.error(at, "check.window_inverted", d.From, d.Until)
			continue
		case !c.o.Today.IsZero() && !d.Until.IsZero() && d.Until.Before(c.o.Today):
			c.warn(at, "check.window_over", d.Until).Fix = &procedure.Operation{Do: "delete_item", Step: at.Step, Path: path, Item: d.ID}
		}
		for _, before := range dated[:i] {
			if before.ID == d.ID {
				c.error(at, "check.duplicate", d.ID)
			}
			if overlap(before, d) {
				c.warn(at, "check.window_overlap", before.ID)
			}
		}
	}
}

// overlap reports whether two windows have a day in common.
func overlap(a, b procedure.DatedText) bool {
	startsInTime := func(a, b procedure.DatedText) bool {
		return a.From.IsZero() || b.Until.IsZero() || !b.Until.Before(a.From)
	}
	return startsInTime(a, b) && startsInTime(b, a)
}

// markdownLink finds links and images: ! or nothing, the words, the target.
var markdownLink = regexp.MustCompile(`(!?)\[([^\]\n]*)\]\(\s*<?([^)\s>]+)`)

// resourcePrefix begins the target of what a text shows of its resources.
const resourcePrefix = "resource:"

// markdown checks what a body shows and where it links.
func (c *checker) markdown(at Place, words string) {
	if !strings.Contains(words, "](") {
		return
	}
	for _, m := range markdownLink.FindAllStringSubmatch(words, -1) {
		image, target := m[1] == "!", m[3]
		id, ours := strings.CutPrefix(target, resourcePrefix)
		switch {
		case ours:
			c.shown(at, id, image)
		case image:
			c.warn(at, "check.image_elsewhere", target)
		case !safeLink(target):
			c.error(at, "check.link_scheme", target)
		}
	}
}

// shown checks a resource that a text shows or, with a file, links to.
func (c *checker) shown(at Place, id string, image bool) {
	r := c.resources[id]
	switch {
	case r == nil:
		c.error(at, "check.unknown_resource", id)
	case r.Kind == procedure.KindForm || r.Kind == procedure.KindTable:
		c.error(at, "check.not_shown", id, r.Kind)
	case !image && r.Kind == procedure.KindSnippet:
		c.error(at, "check.resource_link", id)
	}
}

// schemePattern matches the scheme of an address.
var schemePattern = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*):`)

// safeLink reports whether a text may link to an address. What begins with a
// placeholder is looked at when it is shown.
func safeLink(target string) bool {
	if strings.HasPrefix(target, "{{") || strings.HasPrefix(target, "#") {
		return true
	}
	m := schemePattern.FindStringSubmatch(target)
	if m == nil {
		return strings.HasPrefix(target, "/") && !strings.HasPrefix(target, "//") && !strings.Contains(target, `\`)
	}
	return slices.Contains([]string{"http", "https", "mailto", "tel"}, strings.ToLower(m[1]))
}
