package ui

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"maps"
	"math"
	"slices"

	"github.com/a-h/templ"
)

// Refused is what stands in it, headed by what is wrong with its fields, in the order
// in which they stand: people mend from the top down. It is written first, so that
// no form has to keep a second list of its fields.
func Refused(title string, wrong map[string]string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		inner := templ.GetChildren(ctx)
		ctx = templ.ClearChildren(ctx)
		if len(wrong) == 0 {
			return inner.Render(ctx, w)
		}
		var form bytes.Buffer
		if err := inner.Render(ctx, &form); err != nil {
			return err
		}
		if err := Problems(title, inOrder(wrong, form.Bytes())).Render(ctx, w); err != nil {
			return err
		}
		_, err := form.WriteTo(w)
		return err
	})
}

// inOrder lists problems by the place of their fields in a form, and after those
// the ones of fields that it does not show.
func inOrder(wrong map[string]string, form []byte) (list []Problem) {
	place := func(field string) int {
		if at := bytes.Index(form, []byte(` id="`+templ.EscapeString(field)+`"`)); at >= 0 {
			return at
		}
		return math.MaxInt
	}
	for _, field := range slices.SortedFunc(maps.Keys(wrong), func(a, b string) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
	}) {
		list = append(list, Problem{Field: field, Text: wrong[field]})
	}
	return list
}
