package views

import (
	"maps"
	"slices"

	"selfhelp/views/ui"
)

// problemsOf lists what is wrong with the fields of a form, each with its
// control.
func problemsOf(wrong map[string]string) (list []ui.Problem) {
	for _, field := range slices.Sorted(maps.Keys(wrong)) {
		list = append(list, ui.Problem{Field: field, Text: wrong[field]})
	}
	return list
}
