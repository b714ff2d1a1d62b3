package ui

import (
	"strings"
	"testing"

	"github.com/a-h/templ"
)

// TestRefusedFormsListProblemsInTheirOrder has fields in no order of the alphabet, one
// whose name begins as another's, and a problem of none.
func TestRefusedFormsListProblemsInTheirOrder(t *testing.T) {
	wrong := map[string]string{"login": "L", "mail": "M", "mail_copy": "C", "a": "A", "gone": "G"}
	form := templ.Raw(`<input id="mail_copy"><input id="mail"><p id="login-help"></p><input id="login"><input id="a">`)
	var page strings.Builder
	if err := Refused("Mend", wrong).Render(templ.WithChildren(t.Context(), form), &page); err != nil {
		t.Fatal(err)
	}
	var order []int
	for _, words := range []string{">C<", ">M<", ">L<", ">A<", ">G<", `<input id="mail_copy">`} {
		order = append(order, strings.Index(page.String(), words))
	}
	for i, at := range order {
		if at < 0 || i > 0 && at < order[i-1] {
			t.Fatalf("%v in %s", order, page.String())
		}
	}
	page.Reset()
	if err := Refused("Mend", nil).Render(templ.WithChildren(t.Context(), form), &page); err != nil || strings.Contains(page.String(), "Mend") || !strings.Contains(page.String(), "login") {
		t.Errorf("without problems: %v, %s", err, page.String())
	}
}
