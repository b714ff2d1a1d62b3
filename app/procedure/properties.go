package procedure

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// property is one field of a type of the language, as its tags describe it.
type property struct {
	name  string // in JSON and YAML
	index []int  // of reflect's FieldByIndex
	role  string // what the value is: formula, template, step, …
	more  []string
	one   []string // closed list of its words, besides none
	min   float64
	max   float64 // no range when min = max = 0
	omit  bool    // not written when it says nothing
}

// has reports whether the property's role is refined by a word.
func (p *property) has(word string) bool { return slices.Contains(p.more, word) }

var knownProperties sync.Map // reflect.Type → []property

// properties lists the properties of a struct type in the order they are
// written; those of an embedded struct stand in its place.
func properties(t reflect.Type) []property {
	if known, ok := knownProperties.Load(t); ok {
		return known.([]property)
	}
	var list []property
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

func newProperty(f reflect.StructField, i int) property {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	p := property{name: name, index: []int{i}, omit: options != ""}
	words := strings.Split(f.Tag.Get("is"), ",")
	p.role, p.more = words[0], words[1:]
	if one := f.Tag.Get("one"); one != "" {
		p.one = strings.Fields(one)
	}
	if closed, ok := closedLists[f.Type]; ok {
		p.one = closed
	}
	if low, high, ok := strings.Cut(f.Tag.Get("range"), " "); ok {
		p.min, _ = strconv.ParseFloat(low, 64)
		p.max, _ = strconv.ParseFloat(high, 64)
	}
	return p
}

// apart reports whether the property stands in files of its own in an archive.
func (p *property) apart() bool { return p.role == "apart" }

// propertyOf returns the property of a struct type with a name.
func propertyOf(t reflect.Type, name string) (property, bool) {
	for _, p := range properties(t) {
		if p.name == name {
			return p, true
		}
	}
	return property{}, false
}

// closedLists holds the words of the types that are closed lists; the empty
// word is the default of those that have one (hasDefault).
var closedLists = map[reflect.Type][]string{
	reflect.TypeFor[StepType]():      wordsOf(StepTypes()),
	reflect.TypeFor[Outcome]():       wordsOf([]Outcome{Solved, Unsolved, Escalated, Informed, Abandoned}),
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
