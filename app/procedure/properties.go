package procedure

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Property is one field of a type of the language, as its tags describe it.
type Property struct {
	Name     string   // in JSON and YAML
	Role     string   // what the value is: formula, template, step, …
	One      []string // closed list of its words, besides none
	Min, Max float64  // no range when both are 0
	more     []string // refines the role
	index    []int    // of reflect's FieldByIndex
	omit     bool     // may be left out
	empty    bool     // an empty list says something: only none at all may be left out
}

// Is reports whether the property's role is refined by a word.
func (p *Property) Is(word string) bool { return slices.Contains(p.more, word) }

// More returns the words that refine the property's role.
func (p *Property) More() []string { return p.more }

var knownProperties sync.Map // reflect.Type → []Property

// properties lists the properties of a struct type in the order they are
// written; those of an embedded struct stand in its place.
func properties(t reflect.Type) []Property {
	if known, ok := knownProperties.Load(t); ok {
		return known.([]Property)
	}
	var list []Property
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			for _, p := range properties(f.Type) {
				p.index = append([]int{i}, p.index...)
				list = append(list, p)
			}
			continue
		}
		list = append(list, newProperty(f, i))
	}
	knownProperties.Store(t, list)
	return list
}

func newProperty(f reflect.StructField, i int) Property {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	p := Property{Name: name, index: []int{i}, omit: options != "", empty: options == "omitzero"}
	words := strings.Split(f.Tag.Get("is"), ",")
	p.Role, p.more = words[0], words[1:]
	if one := f.Tag.Get("one"); one != "" {
		p.One = strings.Fields(one)
	}
	if closed, ok := closedLists[f.Type]; ok {
		p.One = closed
	}
	if low, high, ok := strings.Cut(f.Tag.Get("range"), " "); ok {
		p.Min, _ = strconv.ParseFloat(low, 64)
		p.Max, _ = strconv.ParseFloat(high, 64)
	}
	return p
}

// apart reports whether the property stands in files of its own in an archive.
func (p *Property) apart() bool { return p.Role == "apart" }

// propertyOf returns the property of a struct type with a name.
func propertyOf(t reflect.Type, name string) (Property, bool) {
	for _, p := range properties(t) {
		if p.Name == name {
			return p, true
		}
	}
	return Property{}, false
}

// closedLists holds the words of the types that are closed lists; the empty
// word is the default of those that have one (hasDefault).
var closedLists = map[reflect.Type][]string{
	reflect.TypeFor[StepType]():      wordsOf(StepTypes()),
	reflect.TypeFor[Outcome]():       wordsOf([]Outcome{Solved, Unsolved, Escalated, Informed, Abandoned}),
	reflect.TypeFor[PageLayout]():    wordsOf([]PageLayout{LayoutText, LayoutMediaFirst, LayoutBeside, LayoutWide}),
	reflect.TypeFor[Presentation]():  wordsOf([]Presentation{AsButtons, AsList, AsTiles, AsRadio}),
	reflect.TypeFor[FeedbackScale](): wordsOf([]FeedbackScale{ScaleThumbs, ScaleFive, ScaleTen}),
	reflect.TypeFor[FieldType](): wordsOf([]FieldType{
		FieldText, FieldLongText, FieldRichText, FieldNumber, FieldSlider, FieldDate, FieldTime, FieldDateTime,
		FieldMail, FieldPhone, FieldURL, FieldSecret, FieldCheck, FieldRadio, FieldSelect, FieldMulti, FieldLookup,
		FieldPerson, FieldFile, FieldPhoto, FieldSignature, FieldRows, FieldRating, FieldHidden, FieldLabel,
		FieldHeading, FieldSeparator, FieldCaptcha}),
	reflect.TypeFor[VariableType](): wordsOf([]VariableType{
		TypeText, TypeNumber, TypeBoolean, TypeDate, TypeDateTime, TypeList, TypeObject, TypeFile, TypeSecret}),
	reflect.TypeFor[ResourceKind](): wordsOf([]ResourceKind{
		KindImage, KindAudio, KindVideo, KindPDF, KindDownload, KindForm, KindSnippet, KindTable}),
}

func wordsOf[S ~string](list []S) []string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = string(w)
	}
	return words
}
