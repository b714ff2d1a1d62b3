package procedure

import "reflect"

// Shape is what the value of a property looks like to a form.
type Shape string

// The shapes.
const (
	ShapeWord     Shape = "word"      // a string; of a closed list when the property has one
	ShapeFlag     Shape = "flag"      // a boolean
	ShapeNumber   Shape = "number"    // a whole or decimal number
	ShapeDate     Shape = "date"      // a Date
	ShapeText     Shape = "text"      // a Text
	ShapeWords    Shape = "words"     // a list of strings
	ShapeByLang   Shape = "by_lang"   // lists of strings by language
	ShapeObject   Shape = "object"    // Parts
	ShapeEntries  Shape = "entries"   // Entries
	ShapeFreeform Shape = "free_form" // anything else, as JSON
)

// Described is a property with its present value, said or not, for who draws a
// form of it.
type Described struct {
	Path     string // as operations name it
	Property *Property
	Shape    Shape
	Value    any         // of the Go type; nil for objects and entries
	Parts    []Described // of an object
	Entries  []Entry     // of a list
}

// Entry is one entry of a list of structs.
type Entry struct {
	Name  string // as operations name it
	Parts []Described
}

// DescribeStep lists every property of a step: the common ones, and those of
// its part.
func DescribeStep(s *Step) (common, part []Described) {
	v := reflect.ValueOf(s).Elem()
	list := properties(stepType)
	for i := range list {
		p := &list[i]
		field := v.FieldByIndex(p.index)
		switch {
		case p.Name == "id":
		case field.Kind() != reflect.Pointer:
			common = append(common, describe(field, p, p.Name))
		case !field.IsNil():
			part = append(part, describeAll(field.Elem(), func(name string) string { return partPath(p.Name, name) })...)
		}
	}
	return common, part
}

// DescribeProcedure lists every property of a procedure but its steps.
func DescribeProcedure(p *Procedure) []Described {
	return describeAll(reflect.ValueOf(p).Elem(), func(name string) string { return name })
}

// DescribeWindows lists the windows of dates of a text: its words of that time,
// and both days.
func DescribeWindows(d Described) (all []Described) {
	t, _ := d.Value.(Text)
	names := entryNames(reflect.ValueOf(t.Dated))
	list := properties(reflect.TypeFor[DatedText]())
	for i, window := range t.Dated {
		path := d.Path + ".dated." + names[i]
		all = append(all, Described{Path: path, Property: d.Property, Shape: ShapeText, Value: window})
		for p := range list {
			if list[p].Name == "from" || list[p].Name == "until" {
				all = append(all, describe(reflect.ValueOf(window).FieldByIndex(list[p].index), &list[p], path+"."+list[p].Name))
			}
		}
	}
	return all
}

func describeAll(v reflect.Value, path func(name string) string) (all []Described) {
	list := properties(v.Type())
	for i := range list {
		p := &list[i]
		if p.apart() || p.Name == "steps" || p.Name == "schema" || p.Name == "id" || p.Role == "uid" && v.Type() == reflect.TypeFor[Procedure]() {
			continue
		}
		all = append(all, describe(v.FieldByIndex(p.index), p, path(p.Name)))
	}
	return all
}

func describe(v reflect.Value, p *Property, path string) Described {
	d := Described{Path: path, Property: p, Shape: shapeOf(v.Type())}
	switch d.Shape {
	case ShapeObject:
		for v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v = reflect.New(v.Type().Elem())
			}
			v = v.Elem()
		}
		d.Parts = describeAll(v, func(name string) string { return join(path, name) })
	case ShapeEntries:
		for i, name := range entryNames(v) {
			d.Entries = append(d.Entries, Entry{name, describeAll(v.Index(i), func(part string) string { return path + "." + name + "." + part })})
		}
	default:
		d.Value = v.Interface()
	}
	return d
}

func shapeOf(t reflect.Type) Shape {
	switch {
	case t == textType:
		return ShapeText
	case t == dateType:
		return ShapeDate
	case t == reflect.TypeFor[[]string]():
		return ShapeWords
	case t == reflect.TypeFor[map[string][]string]():
		return ShapeByLang
	}
	switch t.Kind() {
	case reflect.String:
		return ShapeWord
	case reflect.Bool:
		return ShapeFlag
	case reflect.Int, reflect.Int64, reflect.Float64:
		return ShapeNumber
	case reflect.Pointer, reflect.Struct:
		return ShapeObject
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Struct {
			return ShapeEntries
		}
	}
	return ShapeFreeform
}
