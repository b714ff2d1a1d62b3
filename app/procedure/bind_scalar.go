package procedure

import (
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// scalar fills a text, number or boolean.
func (b *binder) scalar(t *tree, v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.String:
		if t.kind != treeWords && !(b.files && t.bare && t.kind != treeNull) || t.kind >= treeList {
			b.flaw(t, path, "read.want_text")
			return
		}
		v.SetString(b.words(t, path))
	case reflect.Bool:
		if t.kind != treeBool {
			b.flaw(t, path, "read.want_boolean")
			return
		}
		v.SetBool(strings.EqualFold(t.words, "true"))
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(t.words, 10, 64)
		if t.kind != treeNumber || !numberPattern.MatchString(t.words) || err != nil {
			b.flaw(t, path, "read.want_integer")
			return
		}
		v.SetInt(n)
	case reflect.Float64:
		v.SetFloat(b.number(t, path))
	}
}

// number reads a finite decimal number.
func (b *binder) number(t *tree, path string) float64 {
	n, err := strconv.ParseFloat(t.words, 64)
	if t.kind != treeNumber || !numberPattern.MatchString(t.words) || err != nil || math.IsInf(n, 0) {
		b.flaw(t, path, "read.want_number")
		return 0
	}
	return n
}

// words returns a text with line breaks made alike; characters that no person
// types are flaws.
func (b *binder) words(t *tree, path string) string {
	words := strings.ReplaceAll(strings.ReplaceAll(t.words, "\r\n", "\n"), "\r", "\n")
	for _, r := range words {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == '\uFEFF' || r == '\uFFFE' || r == '\uFFFF' {
			b.flaw(t, path, "read.control", strconv.QuoteRuneToASCII(r))
			break
		}
	}
	return words
}

// anything reads a free value: nothing, boolean, number, text, list or object.
func (b *binder) anything(t *tree, path string) reflect.Value {
	var value any
	switch t.kind {
	case treeNull:
		return reflect.Zero(reflect.TypeFor[any]())
	case treeBool:
		value = strings.EqualFold(t.words, "true")
	case treeNumber:
		value = b.number(t, path)
	case treeWords:
		value = b.words(t, path)
	case treeList:
		list := make([]any, len(t.items))
		for i, item := range t.items {
			b.bind(item, reflect.ValueOf(&list[i]).Elem(), join(path, strconv.Itoa(i)))
		}
		value = list
	case treeMap:
		object := map[string]any{}
		b.table(t, reflect.ValueOf(&object).Elem(), path)
		value = object
	}
	return reflect.ValueOf(value)
}

// sorted returns the keys of a map in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func sortedKeys(m reflect.Value) []string {
	keys := make([]string, 0, m.Len())
	for _, key := range m.MapKeys() {
		keys = append(keys, key.String())
	}
	slices.Sort(keys)
	return keys
}
