package procedure

import (
	"reflect"
	"slices"
	"testing"
)

// paths lists every path of a description, those of objects and entries too.
func paths(all []Described) (list []string) {
	for _, d := range all {
		list = append(list, d.Path)
		list = append(list, paths(d.Parts)...)
		for _, e := range d.Entries {
			list = append(list, paths(e.Parts)...)
		}
	}
	return list
}

// TestEveryPropertyIsDescribed holds the description of a new step of each type
// against its Go type: nothing that can be written is left out of its form.
func TestEveryPropertyIsDescribed(t *testing.T) {
	for _, kind := range StepTypes() {
		s := NewStep(kind, "x", []string{"fr"})
		common, part := DescribeStep(&s)
		described := paths(append(common, part...))
		field, _ := propertyOf(stepType, string(kind))
		for _, p := range properties(reflect.ValueOf(&s).Elem().FieldByIndex(field.index).Elem().Type()) {
			if !slices.Contains(described, partPath(string(kind), p.Name)) {
				t.Errorf("%s: %s is not described", kind, p.Name)
			}
		}
		for _, path := range described {
			if _, err := newDraft(&Procedure{Steps: []Step{s}}).locate("x", path); err != nil {
				t.Errorf("%s: no operation reaches %s: %v", kind, path, err)
			}
		}
	}
}
