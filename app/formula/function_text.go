package formula

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// textFunctions work on texts.
var textFunctions = []function{
	{Function{"upper", "upper(text)", "Le texte en majuscules.", "The text in capitals.", `upper("été")`, `"ÉTÉ"`}, 1, 1, upper},
	{Function{"lower", "lower(text)", "Le texte en minuscules.", "The text in small letters.", `lower("VPN")`, `"vpn"`}, 1, 1, lower},
	{Function{"capitalize", "capitalize(text)", "Le texte avec une majuscule au début.", "The text with a capital at its beginning.", `capitalize("bonjour")`, `"Bonjour"`}, 1, 1, capitalize},
	{Function{"fold", "fold(text)", "Le texte sans accents ni majuscules, pour comparer ce que des personnes ont tapé.", "The text without accents and capitals, to compare what people typed.", `fold("Élodie")`, `"elodie"`}, 1, 1, folded},
	{Function{"trim", "trim(text)", "Le texte sans les espaces du début et de la fin.", "The text without the spaces at both ends.", `trim("  imprimante ")`, `"imprimante"`}, 1, 1, trim},
	{Function{"split", "split(text, separator)", "La liste des morceaux du texte entre les séparateurs.", "The list of the parts of the text between separators.", `split("a;b;c", ";")`, `["a","b","c"]`}, 2, 2, split},
	{Function{"replace", "replace(text, old, new)", "Le texte où chaque « old » est devenu « new ».", "The text in which each old has become new.", `replace("02 54 11", " ", "")`, `"025411"`}, 3, 3, replace},
	{Function{"pad", "pad(text, length, fill)", "Le texte complété devant, par « fill » (0 si absent), jusqu’à la longueur voulue.", "The text filled up in front, with fill (0 when left out), to a length.", `pad(42, 6)`, `"000042"`}, 2, 3, pad},
	{Function{"text", "text(value)", "La valeur écrite en texte ; les listes et objets en JSON.", "The value written as a text; lists and objects as JSON.", `text(12.5)`, `"12.5"`}, 1, 1, asText},
	{Function{"number", "number(text)", "Le nombre écrit dans le texte, rien si ce n’en est pas un.", "The number written in the text, nothing when it is none.", `number("1 234,5")`, `1234.5`}, 1, 1, asNumber},
	{Function{"json", "json(value)", "La valeur écrite en JSON.", "The value written as JSON.", `json({a: [1, true]})`, `"{\"a\":[1,true]}"`}, 1, 1, asJSON},
}

func upper(c *call) any { return changed(c, strings.ToUpper) }
func lower(c *call) any { return changed(c, strings.ToLower) }

// changed applies a change that may make a text half as long again.
func changed(c *call, change func(string) string) any {
	s := c.text(0)
	if !c.builds(2*len(s)) || !c.pays(len(s)/2, 0) {
		return nil
	}
	return change(s)
}

func capitalize(c *call) any {
	s := c.text(0)
	if !c.builds(len(s) + utf8.UTFMax) {
		return nil
	}
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

func folded(c *call) any {
	s := c.text(0)
	if c.err != nil {
		return nil
	}
	out, err := foldIn(c.run, s)
	c.fail(err)
	return out
}

func trim(c *call) any {
	s := c.text(0)
	if !c.pays(len(s)/4, 0) {
		return nil
	}
	return strings.TrimSpace(s)
}

func split(c *call) any {
	s, separator := c.text(0), c.text(1)
	if !c.pays(len(s)/8, 0) {
		return nil
	}
	n := strings.Count(s, separator) + 1
	if !c.pays(n, 2*priceItem*n) {
		return nil
	}
	parts := strings.Split(s, separator)
	out := make([]any, len(parts))
	for i, p := range parts {
		out[i] = p
	}
	return out
}

func replace(c *call) any {
	s, old, by := c.text(0), c.text(1), c.text(2)
	if !c.pays(len(s)/8, 0) || old == "" {
		return s
	}
	n := strings.Count(s, old)
	if !c.builds(len(s)+n*(len(by)-len(old))) || !c.pays(n, 0) {
		return nil
	}
	return strings.ReplaceAll(s, old, by)
}

func pad(c *call) any {
	s, length, fill := c.text(0), c.count(1, 0, 1000), "0"
	if c.has(2) {
		fill = c.text(2)
	}
	if utf8.RuneCountInString(fill) != 1 {
		c.fail(fail("formula.limit", c.name, fill))
	}
	if !c.builds(len(s)+length*utf8.UTFMax) || !c.pays(len(s)/8, 0) {
		return nil
	}
	return strings.Repeat(fill, max(0, length-utf8.RuneCountInString(s))) + s
}

func asText(c *call) any {
	switch c.args[0].(type) {
	case []any, map[string]any:
		return asJSON(c)
	}
	return c.text(0)
}

func asJSON(c *call) any {
	c.fail(c.budget.weigh(c.args[0]))
	if c.err != nil {
		return nil
	}
	size := jsonSize(c.args[0])
	if !c.builds(size) || !c.pays(size/4, 2*size) {
		return nil
	}
	return jsonOf(c.args[0])
}

func asNumber(c *call) any {
	switch v := c.args[0].(type) {
	case nil, float64:
		return v
	}
	s := c.text(0)
	if !c.pays(len(s)/4, len(s)) {
		return nil
	}
	if f, ok := readNumber(s); ok {
		return f
	}
	return nil
}
