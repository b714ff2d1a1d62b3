package procedure

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/formula"
)

// binder fills values of the language from a tree and notes all that does not
// fit: unknown properties, wrong types, closed lists when asked.
type binder struct {
	files  bool // YAML: bare words may be texts, procedures stand in other files
	closed bool // words outside a closed list are flaws too (Check says it for files)
	flaws  Flaws
}

func (b *binder) flaw(t *tree, path, key string, args ...string) {
	if len(b.flaws) < maxFlaws {
		b.flaws = append(b.flaws, flawAt(t.line, path, key, args...))
	}
}

// bind fills v from t.
func (b *binder) bind(t *tree, v reflect.Value, path string) {
	switch into := v.Addr().Interface().(type) {
	case *Text:
		b.text(t, into, path)
		return
	case *Date:
		if t.kind != treeWords || into.UnmarshalText([]byte(t.words)) != nil {
			b.flaw(t, path, "read.want_date")
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		b.bind(t, v.Elem(), path)
	case reflect.Struct:
		b.object(t, v, path)
	case reflect.Slice:
		b.list(t, v, path)
	case reflect.Map:
		b.table(t, v, path)
	case reflect.Interface:
		v.Set(b.anything(t, path))
	default:
		b.scalar(t, v, path)
	}
}

// object fills a struct.
func (b *binder) object(t *tree, v reflect.Value, path string) {
	if t.kind != treeMap {
		b.flaw(t, path, "read.want_object")
		return
	}
	if !b.schema(t, v.Type(), path) {
		return
	}
	for i, key := range t.keys {
		p, known := propertyOf(v.Type(), key.name)
		if !known || p.apart() && b.files {
			b.unknown(v.Type(), key, path)
			continue
		}
		if t.items[i].kind == treeNull && v.FieldByIndex(p.index).Kind() != reflect.Interface {
			continue // a name with nothing behind it says nothing
		}
		at := join(path, key.name)
		b.bind(t.items[i], v.FieldByIndex(p.index), at)
		if list := v.FieldByIndex(p.index); p.empty && list.Kind() == reflect.Slice && list.IsNil() && t.items[i].kind == treeList {
			list.Set(reflect.MakeSlice(list.Type(), 0, 0))
		}
		if b.closed {
			b.inList(t.items[i], v.FieldByIndex(p.index), &p, at)
		}
	}
}

// unknown says that a type has no such property, and which was likely meant.
func (b *binder) unknown(of reflect.Type, key treeKey, path string) {
	var names []string
	for _, p := range properties(of) {
		if !p.apart() || !b.files {
			names = append(names, p.Name)
		}
	}
	t := &tree{line: key.line}
	if like := formula.Closest(key.name, names); like != "" {
		b.flaw(t, path, "read.unknown_property_like", key.name, like)
		return
	}
	b.flaw(t, path, "read.unknown_property", key.name)
}

// inList checks a word against the closed list of its property.
func (b *binder) inList(t *tree, v reflect.Value, p *Property, path string) {
	if p.One != nil && v.Kind() == reflect.String && v.Len() > 0 && !slices.Contains(p.One, v.String()) {
		b.flaw(t, path, "read.closed_list", v.String(), strings.Join(p.One, ", "))
	}
}

// schema checks the schema number of the types that carry one; of a newer
// document nothing more can be said.
func (b *binder) schema(t *tree, of reflect.Type, path string) bool {
	if _, carries := propertyOf(of, "schema"); !carries {
		return true
	}
	for i, key := range t.keys {
		if key.name != "schema" {
			continue
		}
		n, err := strconv.Atoi(t.items[i].words)
		if t.items[i].kind == treeNumber && err == nil && n > Schema {
			b.flaw(t.items[i], path, "read.schema_newer", t.items[i].words, strconv.Itoa(Schema))
			return false
		}
		if n != Schema {
			b.flaw(t.items[i], path, "read.schema", strconv.Itoa(Schema))
		}
		return true
	}
	b.flaw(t, path, "read.schema", strconv.Itoa(Schema))
	return true
}

func (b *binder) list(t *tree, v reflect.Value, path string) {
	if t.kind != treeList {
		b.flaw(t, path, "read.want_list")
		return
	}
	if len(t.items) == 0 {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(t.items), len(t.items)))
	for i, item := range t.items {
		at := join(path, item.name(i))
		if item.kind == treeNull {
			b.flaw(item, at, "read.null")
			continue
		}
		b.bind(item, v.Index(i), at)
	}
}

// name is how a path calls an entry of a list: its id when it has a usable
// one, else its place.
func (t *tree) name(place int) string {
	for i, key := range t.keys {
		if (key.name == "id" || key.name == "name") && entryPattern.MatchString(t.items[i].words) {
			return t.items[i].words
		}
	}
	return strconv.Itoa(place)
}

// table fills a map.
func (b *binder) table(t *tree, v reflect.Value, path string) {
	if t.kind != treeMap {
		b.flaw(t, path, "read.want_object")
		return
	}
	if len(t.keys) == 0 {
		return
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(t.keys)))
	for i, key := range t.keys {
		at := join(path, key.name)
		value := reflect.New(v.Type().Elem()).Elem()
		if value.Kind() == reflect.Slice && !IsLanguage(key.name) { // lists of words stand by language
			b.flaw(&tree{line: key.line}, path, "read.language", key.name)
			continue
		}
		if t.items[i].kind == treeNull && value.Kind() != reflect.Interface {
			b.flaw(t.items[i], at, "read.null")
			continue
		}
		b.bind(t.items[i], value, at)
		v.SetMapIndex(reflect.ValueOf(b.words(&tree{line: key.line, words: key.name}, at)), value)
	}
}

var (
	idPattern       = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	languagePattern = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	numberPattern   = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)
)

// text fills a text from its short form {fr: …} or its long one {in, dated}.
func (b *binder) text(t *tree, into *Text, path string) {
	if t.kind != treeMap {
		b.flaw(t, path, "read.want_text_by_language")
		return
	}
	for _, key := range t.keys {
		if key.name == "in" || key.name == "dated" {
			b.object(t, reflect.ValueOf((*longText)(into)).Elem(), path)
			b.languages(t, into.In, path)
			for _, d := range into.Dated {
				b.languages(t, d.In, path)
			}
			return
		}
	}
	b.table(t, reflect.ValueOf(&into.In).Elem(), path)
	b.languages(t, into.In, path)
}

// languages checks that words stand under language tags.
func (b *binder) languages(t *tree, in map[string]string, path string) {
	for _, lang := range sorted(in) {
		if !IsLanguage(lang) {
			b.flaw(t, path, "read.language", lang)
		}
	}
}

// IsLanguage reports whether a word is a language tag that texts may use: "in"
// has been replaced by "id" for thirty years, and would hide the long form.
func IsLanguage(tag string) bool { return tag != "in" && languagePattern.MatchString(tag) }

// IsID reports whether a word may be the id of a step, an answer or a field, or
// the name of a variable.
func IsID(word string) bool { return idPattern.MatchString(word) }

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
