package publication

import (
	"cmp"
	"encoding/binary"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
)

// simpleKind is the kind of strings, numbers and booleans.
func simpleKind(t reflect.Type) kind {
	switch t.Kind() {
	case reflect.String:
		return kind{
			func(b []byte, v reflect.Value) []byte { return appendText(b, v.String()) },
			func(r *record, v reflect.Value) { v.SetString(r.text()) },
		}
	case reflect.Int, reflect.Int64:
		return kind{
			func(b []byte, v reflect.Value) []byte { return binary.AppendUvarint(b, uint64(v.Int())) },
			func(r *record, v reflect.Value) { v.SetInt(int64(r.uint())) },
		}
	case reflect.Float64:
		return kind{
			func(b []byte, v reflect.Value) []byte { return binary.AppendUvarint(b, math.Float64bits(v.Float())) },
			func(r *record, v reflect.Value) { v.SetFloat(math.Float64frombits(r.uint())) },
		}
	case reflect.Bool: // written only when true, inside structs
		return kind{
			func(b []byte, v reflect.Value) []byte { return binary.AppendUvarint(b, 1) },
			func(r *record, v reflect.Value) { v.SetBool(r.uint() != 0) },
		}
	}
	panic("publication: no record of " + t.String())
}

// structKind writes the fields that are set, each after its place in the shape
// counted from 1, then 0.
func (s *records) structKind(t reflect.Type) kind {
	type field struct {
		at   int
		kind *kind
	}
	places := make([]field, 0, t.NumField())
	for _, described := range s.shape[t.Name()] {
		name, _, _ := strings.Cut(described, " ")
		f, _ := t.FieldByName(name)
		places = append(places, field{f.Index[0], s.kindOf(f.Type)})
	}
	return kind{
		func(b []byte, v reflect.Value) []byte {
			for n, f := range places {
				b = f.kind.field(b, n+1, v.Field(f.at))
			}
			return append(b, 0)
		},
		func(r *record, v reflect.Value) {
			for n := r.uint(); n != 0; n = r.uint() {
				if n > uint64(len(places)) {
					r.bad, r.data = true, ""
					return
				}
				places[n-1].kind.read(r, v.Field(places[n-1].at))
			}
		},
	}
}

// field writes a field that is set, after its number. Lists, maps and structs
// with nothing in them are not: what comes back from JSON has none.
func (k *kind) field(b []byte, number int, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		if v.Len() == 0 {
			return b
		}
	default:
		if v.IsZero() {
			return b
		}
	}
	before := len(b)
	b = binary.AppendUvarint(b, uint64(number))
	start := len(b)
	b = k.write(b, v)
	if v.Kind() == reflect.Struct && len(b) == start+1 { // only its end
		return b[:before]
	}
	return b
}

func pointerKind(t reflect.Type, elem *kind) kind {
	return kind{
		func(b []byte, v reflect.Value) []byte { return elem.write(b, v.Elem()) },
		func(r *record, v reflect.Value) {
			v.Set(reflect.New(t.Elem()))
			elem.read(r, v.Elem())
		},
	}
}

func sliceKind(t reflect.Type, elem *kind) kind {
	return kind{
		func(b []byte, v reflect.Value) []byte {
			b = binary.AppendUvarint(b, uint64(v.Len()))
			for i := range v.Len() {
				b = elem.write(b, v.Index(i))
			}
			return b
		},
		func(r *record, v reflect.Value) {
			n := r.length()
			v.Set(reflect.MakeSlice(t, n, n))
			for i := range n {
				elem.read(r, v.Index(i))
			}
		},
	}
}

// mapKind writes the entries in the order of their keys.
func mapKind(t reflect.Type, elem *kind) kind {
	return kind{
		func(b []byte, v reflect.Value) []byte {
			keys := v.MapKeys()
			slices.SortFunc(keys, func(x, y reflect.Value) int { return cmp.Compare(x.String(), y.String()) })
			b = binary.AppendUvarint(b, uint64(len(keys)))
			for _, key := range keys {
				b = elem.write(appendText(b, key.String()), v.MapIndex(key))
			}
			return b
		},
		func(r *record, v reflect.Value) {
			n := r.length()
			v.Set(reflect.MakeMapWithSize(t, n))
			for range n {
				key := reflect.ValueOf(r.text()).Convert(t.Key())
				value := reflect.New(t.Elem()).Elem()
				elem.read(r, value)
				v.SetMapIndex(key, value)
			}
		},
	}
}

// wordsKind is mapKind for words by language, which procedures are full of.
var wordsKind = kind{
	func(b []byte, v reflect.Value) []byte {
		words := v.Interface().(map[string]string)
		b = binary.AppendUvarint(b, uint64(len(words)))
		for _, key := range slices.Sorted(maps.Keys(words)) {
			b = appendText(appendText(b, key), words[key])
		}
		return b
	},
	func(r *record, v reflect.Value) {
		n := r.length()
		words := make(map[string]string, n)
		for range n {
			key := r.text()
			words[key] = r.text()
		}
		*v.Addr().Interface().(*map[string]string) = words
	},
}
