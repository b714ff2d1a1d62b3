package command

import (
	"encoding"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
)

// deepest is how far the shape of a document is told; what stands deeper is "…".
const deepest = 4

var (
	moments  = reflect.TypeFor[time.Time]()
	spelt    = reflect.TypeFor[encoding.TextMarshaler]()
	speltOut = reflect.TypeFor[json.Marshaler]()
)

// printShapes tells what --json prints, from the types that are printed, so that
// the two cannot differ.
func (c Command) printShapes(w io.Writer) {
	for i, facts := range c.Facts {
		head := "\nWith --json, one document; what ends in ? may be absent:"
		if i > 0 {
			head = "or"
		}
		fmt.Fprintf(w, "%s\n  %s\n", head, shapeOf(reflect.TypeOf(facts), "  ", 0))
	}
}

// shapeOf tells a type as encoding/json writes it.
func shapeOf(t reflect.Type, indent string, depth int) string {
	switch {
	case t == moments:
		return "moment"
	case t.Implements(spelt):
		return "text"
	case t.Implements(speltOut):
		return "any"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return shapeOf(t.Elem(), indent, depth)
	case reflect.Slice, reflect.Array:
		return "[" + shapeOf(t.Elem(), indent, depth) + ", …]"
	case reflect.Map:
		return "{text: " + shapeOf(t.Elem(), indent, depth) + ", …}"
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Struct:
		return objectShape(t, indent, depth)
	case reflect.Interface:
		return "any"
	default:
		return "number"
	}
}

func objectShape(t reflect.Type, indent string, depth int) string {
	if depth == deepest {
		return "{…}"
	}
	var b strings.Builder
	b.WriteString("{\n")
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() || f.Anonymous {
			continue
		}
		if name == "" {
			name = f.Name
		}
		if strings.Contains(options, "omit") {
			name += "?"
		}
		fmt.Fprintf(&b, "%s  %s: %s\n", indent, name, shapeOf(f.Type, indent+"  ", depth+1))
	}
	return b.String() + indent + "}"
}
