package frame_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// TestEveryFormSaysWhomItIsFor looks through every page: each form that is posted, and
// no other, says it once, and first. Nothing else of the page changes.
func TestEveryFormSaysWhomItIsFor(t *testing.T) {
	posted := 0
	for _, sample := range views.Samples(ui.Chrome{Words: ui.In("fr")}) {
		var page bytes.Buffer
		if err := sample.Page.View().Render(t.Context(), &page); err != nil {
			t.Fatal(err)
		}
		out := frame.Addressed(page.Bytes(), "mark")
		if back := strings.ReplaceAll(out, `<input type="hidden" name="page-person" value="mark"/>`, ""); back != page.String() {
			t.Errorf("%s: the page is another", sample.Name)
		}
		root, err := html.Parse(strings.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.DataAtom != atom.Form && n.DataAtom != atom.Button {
				continue
			}
			is := func(name, value string) bool { return slices.Contains(n.Attr, html.Attribute{Key: name, Val: value}) }
			if is("formmethod", "post") {
				t.Errorf("%s: a button posts a form that does not say whom it is for", sample.Name)
			}
			if n.DataAtom == atom.Button {
				continue
			}
			first := n.FirstChild
			says := first != nil && slices.Contains(first.Attr, html.Attribute{Key: "name", Val: frame.PageField})
			if says != is("method", "post") {
				t.Errorf("%s: a form says whom it is for: %v; %v", sample.Name, says, n.Attr)
			}
			if says {
				posted++
			}
		}
	}
	if posted < 200 {
		t.Errorf("only %d forms were looked at", posted)
	}
}
