package formula

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// listFunctions work on lists and objects.
var listFunctions = []function{
	{Function{"len", "len(value)", "Le nombre de signes d’un texte, de valeurs d’une liste ou d’un objet.", "How many characters a text has, values a list or an object.", `len("été")`, `3`}, 1, 1, length},
	{Function{"join", "join(list, separator)", "Les valeurs de la liste en un seul texte, séparées.", "The values of the list in one text, separated.", `join(["a", "b"], ", ")`, `"a, b"`}, 1, 2, join},
	{Function{"first", "first(list)", "La première valeur, rien si la liste est vide.", "The first value, nothing when the list is empty.", `first([3, 1, 2])`, `3`}, 1, 1, first},
	{Function{"last", "last(list)", "La dernière valeur, rien si la liste est vide.", "The last value, nothing when the list is empty.", `last([3, 1, 2])`, `2`}, 1, 1, last},
	{Function{"sort", `sort(list, "desc")`, "La liste dans l’ordre, comme dans un dictionnaire ; à l’envers avec \"desc\".", "The list in order, as in a dictionary; turned around with \"desc\".", `sort(["zoé", "Élise", "eric"])`, `["Élise","eric","zoé"]`}, 1, 2, sortList},
	{Function{"reverse", "reverse(list)", "La liste à l’envers.", "The list turned around.", `reverse([1, 2, 3])`, `[3,2,1]`}, 1, 1, reverse},
	{Function{"unique", "unique(list)", "La liste sans ses doublons.", "The list without what comes twice.", `unique(["a", "b", "a"])`, `["a","b"]`}, 1, 1, unique},
	{Function{"flatten", "flatten(list)", "La liste où chaque liste est remplacée par ses valeurs.", "The list in which each list is replaced by its values.", `flatten([[1, 2], 3])`, `[1,2,3]`}, 1, 1, flatten},
	{Function{"indexOf", "indexOf(list, value)", "La place, à partir de 0, de la valeur dans la liste ou du texte dans le texte ; rien si elle n’y est pas.", "The place, from 0, of the value in the list or of the text in the text; nothing when it is not there.", `indexOf(["a", "b"], "b")`, `1`}, 2, 2, indexOf},
	{Function{"keys", "keys(object)", "Les noms des valeurs de l’objet, dans l’ordre.", "The names of the object's values, in order.", `keys({b: 1, a: 2})`, `["a","b"]`}, 1, 1, keys},
	{Function{"values", "values(object)", "Les valeurs de l’objet, dans l’ordre de leurs noms.", "The object's values, in the order of their names.", `values({b: 1, a: 2})`, `[2,1]`}, 1, 1, values},
	{Function{"get", "get(object, key, default)", "La valeur de ce nom ou à cette place, sinon la valeur par défaut.", "The value of that name or at that place, else the default.", `get({fr: "oui"}, "en", "yes")`, `"yes"`}, 2, 3, get},
	{Function{"merge", "merge(object, object)", "Un objet avec les valeurs de tous ; les derniers l’emportent.", "One object with the values of all; later ones win.", `merge({a: 1, b: 1}, {b: 2})`, `{"a":1,"b":2}`}, 1, -1, merge},
	{Function{"isEmpty", "isEmpty(value)", "Oui s’il n’y a rien : pas de valeur, un texte blanc, une liste ou un objet vide.", "Yes when there is nothing: no value, a blank text, an empty list or object.", `isEmpty("  ")`, `true`}, 1, 1, isEmpty},
	{Function{"coalesce", "coalesce(value, …)", "La première valeur qui n’est pas vide.", "The first value that is not empty.", `coalesce(nil, "", "sans nom")`, `"sans nom"`}, 1, -1, coalesce},
	{Function{"type", "type(value)", "Ce qu’est la valeur : nothing, boolean, number, text, list ou object.", "What the value is: nothing, boolean, number, text, list or object.", `type([1])`, `"list"`}, 1, 1, typeOf},
}

func length(c *call) any {
	switch v := c.args[0].(type) {
	case nil:
		return 0.0
	case string:
		c.pays(len(v)/16, 0)
		return float64(utf8.RuneCountInString(v))
	case []any:
		return float64(len(v))
	case map[string]any:
		return float64(len(v))
	}
	c.wrong(0, KindList)
	return nil
}

func join(c *call) any {
	list, separator := c.list(0), c.text(1)
	if !c.pays(2*len(list), 3*priceItem*len(list)) {
		return nil
	}
	parts := make([]string, len(list))
	size := len(separator) * len(list)
	for i, v := range list {
		part, ok := piece(v)
		if !ok {
			c.fail(fail("formula.operand", c.name, KindOf(v)))
		}
		parts[i] = part
		size += len(part)
	}
	if !c.builds(size) {
		return nil
	}
	return strings.Join(parts, separator)
}

func first(c *call) any { return c.at(c.list(0), 0) }

func last(c *call) any {
	list := c.list(0)
	return c.at(list, len(list)-1)
}

func (c *call) at(list []any, i int) any {
	if i < 0 || i >= len(list) {
		return nil
	}
	v, err := known(list[i])
	c.fail(err)
	return v
}

func sortList(c *call) any {
	list := c.list(0)
	var word any
	if len(c.args) > 1 {
		word = c.args[1]
	}
	down, err := descending(word)
	if c.fail(err); c.err != nil {
		return nil
	}
	out, err := sorted(c.run, list, list, down)
	c.fail(err)
	return out
}

func reverse(c *call) any {
	list := c.list(0)
	if !c.pays(len(list)/4, priceItem*len(list)) {
		return nil
	}
	out := slices.Clone(list)
	slices.Reverse(out)
	return out
}

// unique compares scalars by what they are written as, and lists and objects
// with one another.
func unique(c *call) any {
	list := c.list(0)
	if !c.pays(8*len(list), (priceEntry+priceItem)*len(list)) {
		return nil
	}
	seen, out := make(map[any]bool, len(list)), []any{}
	var larger []any
	for _, v := range list {
		var key any = v
		switch v := v.(type) {
		case float64:
			key = Plain(v)
			if !seen[[1]any{key}] {
				seen[[1]any{key}] = true
				out = append(out, v)
			}
			continue
		case []any, map[string]any:
			found, err := listContains(c.run, larger, v)
			if c.fail(err); c.err != nil {
				return nil
			}
			if !found {
				larger, out = append(larger, v), append(out, v)
			}
			continue
		}
		if !seen[key] {
			seen[key] = true
			out = append(out, v)
		}
	}
	return out
}

func flatten(c *call) any {
	list, n := c.list(0), 0
	if !c.pays(len(list), 0) {
		return nil
	}
	for _, v := range list {
		if inner, ok := v.([]any); ok {
			n += len(inner)
		} else {
			n++
		}
	}
	if !c.pays(n/4, priceItem*n) {
		return nil
	}
	out := make([]any, 0, n)
	for _, v := range list {
		if inner, ok := v.([]any); ok {
			out = append(out, inner...)
		} else {
			out = append(out, v)
		}
	}
	return out
}

func indexOf(c *call) any {
	if s, ok := c.args[0].(string); ok {
		part := c.text(1)
		if !c.pays(len(s)/8, 0) {
			return nil
		}
		if i := strings.Index(s, part); i >= 0 {
			return float64(utf8.RuneCountInString(s[:i]))
		}
		return nil
	}
	for i, v := range c.list(0) {
		if !c.pays(1, 0) {
			return nil
		}
		same, err := equal(c.run, v, c.args[1], 0)
		if c.fail(err); same {
			return float64(i)
		}
	}
	return nil
}

// names returns the names of an object in order, paid for.
func (c *call) names() []string {
	object := c.object(0)
	size := 0
	for name := range object {
		size += len(name)
	}
	if !c.pays(8*len(object)+size/8, 3*priceItem*len(object)) {
		return nil
	}
	return slices.Sorted(maps.Keys(object))
}

func keys(c *call) any {
	names := c.names()
	out := make([]any, len(names))
	for i, name := range names {
		out[i] = name
	}
	return out
}

func values(c *call) any {
	names, object := c.names(), c.object(0)
	out := make([]any, len(names))
	for i, name := range names {
		out[i] = object[name]
	}
	return out
}

func get(c *call) any {
	v, err := pick(c.run, c.args[0], c.args[1])
	c.fail(err)
	if v == nil && len(c.args) > 2 {
		return c.args[2]
	}
	return v
}

func merge(c *call) any {
	size := 0
	for i := range c.args {
		size += len(c.object(i))
	}
	if !c.pays(4*size, 2*priceEntry*size) {
		return nil
	}
	out := map[string]any{}
	for i := range c.args {
		maps.Copy(out, c.object(i))
	}
	return out
}

func isEmpty(c *call) any { return c.empty(c.args[0]) }

func (c *call) empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		c.pays(len(v)/16, 0)
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

func coalesce(c *call) any {
	for _, v := range c.args {
		if !c.empty(v) {
			return v
		}
	}
	return nil
}

var typeNames = map[Kind]string{
	KindNothing: "nothing", KindTruth: "boolean", KindNumber: "number",
	KindText: "text", KindList: "list", KindObject: "object",
}

func typeOf(c *call) any { return typeNames[KindOf(c.args[0])] }
