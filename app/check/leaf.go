package check

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"selfhelp/app/procedure"
)

// The lengths that are too long, in characters.
const (
	maxWord = 300
	maxNote = 20000
)

// leaf checks one value by its role.
func (c *checker) leaf(at Place, l *procedure.Leaf) {
	if text := l.Text(); text != nil {
		c.text(at, l, text)
		return
	}
	at.Path = l.Path
	if l.Value.IsZero() {
		c.missing(at, l)
		return
	}
	c.inRange(at, l)
	words := l.Words()
	for i, word := range words {
		if l.Value.Kind() == reflect.Slice {
			at.Path = l.Path + "." + strconv.Itoa(i)
		}
		if l.Property.One != nil {
			if !slices.Contains(l.Property.One, word) {
				c.error(at, "check.closed_list", word, strings.Trim(strings.Join(l.Property.One, ", "), ", "))
			}
			continue
		}
		if check := roles[l.Property.Role]; check != nil {
			check(c, at, l, word)
		}
	}
}

// missing reports a required value that is not there. Edges are for the graph,
// schema numbers for the readers.
func (c *checker) missing(at Place, l *procedure.Leaf) {
	switch {
	case l.Property.Role == "step", l.Property.Name == "schema", l.Path == "steps",
		l.Property.One != nil && slices.Contains(l.Property.One, ""):
	case l.Value.Kind() == reflect.Slice:
		c.error(at, "check.required_list")
	case l.Value.Kind() == reflect.String:
		c.error(at, "check.required")
	}
}

func (c *checker) inRange(at Place, l *procedure.Leaf) {
	p := l.Property
	if p.Min == 0 && p.Max == 0 {
		return
	}
	n := 0.0
	switch {
	case l.Value.CanInt():
		n = float64(l.Value.Int())
	case l.Value.CanFloat():
		n = l.Value.Float()
	}
	if n < p.Min || n > p.Max {
		c.error(at, "check.range", l.Value.Interface(), p.Min, p.Max)
	}
}

// roles maps the roles of words to what checks them.
var roles map[string]func(c *checker, at Place, l *procedure.Leaf, word string)

func init() { // breaks a cycle of initialisation only
	roles = map[string]func(*checker, Place, *procedure.Leaf, string){
		"id": (*checker).id, "uid": (*checker).matching, "alias": (*checker).matching, "hash": (*checker).matching,
		"media": (*checker).matching, "language": (*checker).language, "folder": (*checker).folder, "resource_id": (*checker).matching,
		"word": (*checker).word, "note": (*checker).note, "regex": (*checker).regex,
		"formula": (*checker).formulaLeaf, "template": (*checker).template, "step": (*checker).stepNamed,
		"frame": (*checker).frameNamed, "variable": (*checker).variable, "target": (*checker).target,
		"procedure": (*checker).procedureNamed, "resource": (*checker).resourceNamed,
		"connector": (*checker).connectorNamed, "category": (*checker).category, "group": (*checker).group,
	}
}

// misspelt is what is said of words that are not written as their role wants.
var misspelt = map[string]string{
	"uid": "check.uid", "alias": "check.alias", "hash": "check.hash", "media": "check.media", "resource_id": "check.resource_id",
}

func (c *checker) matching(at Place, l *procedure.Leaf, word string) {
	if role := l.Property.Role; !procedure.IsSpelt(role, word) {
		c.error(at, misspelt[role], word)
	}
}

func (c *checker) id(at Place, _ *procedure.Leaf, word string) {
	if !procedure.IsID(word) {
		c.error(at, "check.id", word)
	}
}

func (c *checker) language(at Place, _ *procedure.Leaf, word string) {
	if !procedure.IsLanguage(word) {
		c.error(at, "check.language", word)
	}
}

func (c *checker) folder(at Place, l *procedure.Leaf, word string) {
	for _, name := range strings.Split(word, "/") {
		if strings.TrimSpace(name) == "" || name == "." || name == ".." {
			c.error(at, "check.folder", word)
			return
		}
	}
	c.word(at, l, word)
}

func (c *checker) word(at Place, _ *procedure.Leaf, word string) {
	if strings.Contains(word, "\n") {
		c.error(at, "check.one_line")
	}
	c.notLonger(at, word, maxWord)
}

func (c *checker) note(at Place, _ *procedure.Leaf, word string) { c.notLonger(at, word, maxNote) }

func (c *checker) notLonger(at Place, word string, most int) {
	if n := utf8.RuneCountInString(word); n > most {
		c.error(at, "check.too_long", n, most)
	}
}

func (c *checker) regex(at Place, _ *procedure.Leaf, word string) {
	if _, err := regexp.Compile(word); err != nil {
		c.error(at, "check.regex", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
}

// stepNamed checks the target of an edge, and what a note is stuck to.
func (c *checker) stepNamed(at Place, l *procedure.Leaf, word string) {
	if c.p == nil {
		return // a scenario's, which knows its own procedure
	}
	s := c.steps[word]
	clear := &procedure.Operation{Do: "set", Step: at.Step, Path: at.Path}
	switch {
	case s == nil:
		c.error(at, "check.unknown_step", word).Fix = clear
	case l.Is("any"):
	case s.Start != nil:
		c.error(at, "check.to_start").Fix = clear
	case s.Family() == procedure.Layout:
		c.error(at, "check.to_layout", word).Fix = clear
	}
}

func (c *checker) frameNamed(at Place, _ *procedure.Leaf, word string) {
	if s := c.steps[word]; s == nil || s.Box == nil {
		c.error(at, "check.unknown_frame", word).Fix = &procedure.Operation{Do: "set", Step: at.Step, Path: at.Path}
	}
}

func (c *checker) procedureNamed(at Place, _ *procedure.Leaf, word string) {
	if c.procedures[word] == nil {
		c.error(at, "check.unknown_procedure", word)
	}
}

func (c *checker) resourceNamed(at Place, l *procedure.Leaf, word string) {
	r := c.resources[word]
	if r == nil {
		c.error(at, "check.unknown_resource", word)
		return
	}
	// Everything inside a field is refined by "form": that kind comes last.
	for _, kind := range []procedure.ResourceKind{procedure.KindTable, procedure.KindImage, procedure.KindForm} {
		if l.Is(string(kind)) {
			if r.Kind != kind {
				c.error(at, "check.resource_kind", word, r.Kind, kind)
			}
			return
		}
	}
}

func (c *checker) connectorNamed(at Place, l *procedure.Leaf, word string) {
	connector := c.connectors[word]
	switch {
	case connector == nil:
		c.error(at, "check.unknown_connector", word)
	case !l.Is(connector.Kind):
		c.error(at, "check.connector_kind", word, connector.Kind)
	case c.o.Connectors != nil && !slices.Contains(c.o.Connectors, word):
		c.warn(at, "check.connector_missing", word)
	}
}

func (c *checker) category(at Place, _ *procedure.Leaf, word string) {
	if !c.categories[word] {
		c.error(at, "check.unknown_category", word)
	}
}

func (c *checker) group(at Place, _ *procedure.Leaf, word string) {
	if c.o.Groups != nil && !slices.Contains(c.o.Groups, word) {
		c.warn(at, "check.unknown_group", word)
	}
}

// pathOf names an entry of a list in paths when ids may be bad.
func pathOf(list, id string, place int) string {
	if procedure.IsID(id) {
		return list + "." + id
	}
	return fmt.Sprintf("%s.%d", list, place)
}
