package legend_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/web/legend"
)

const page = `<title>Desk</title><main><h1>Your trip</h1>
<form method="post" action="/notes"><input type="hidden" name="note" value="1"><label for="a">First</label><textarea id="a" name="answer"></textarea></form>
<form method="post" action="/notes" data-of="Late bus"><input type="hidden" name="note" value="2"><input type="hidden" name="state" value="s">
<label for="b">Second <span class="optional">(optional)</span></label><textarea id="b" name="answer">
as it was</textarea>
<fieldset><legend>How</legend><label><input type="radio" name="how" value="b1"> By bus</label><label><input type="radio" name="how" value="t"> By train</label></fieldset>
<label for="m">Month</label><select id="m" name="month"><option value="1" selected>January</option><option value="2">February</option></select>
<fieldset><legend>To</legend><label for="s1">Street</label><input id="s1" name="cell"></fieldset><input name="cell" aria-label="Line 2"><input type="password" name="secret" aria-label="Secret"><input type="file" name="photo" aria-label="Photo" multiple>
<button name="do" value="save">Save</button><button name="do" value="delete">Delete it</button></form></main>`

// TestRead says what was sent as the page calls it: of the right one of two forms,
// what differs only, and nothing that nobody sees.
func TestRead(t *testing.T) {
	for what, c := range map[string]struct {
		sent url.Values
		want []string
	}{
		"all": {
			url.Values{"note": {"2"}, "state": {"s"}, "answer": {"new"}, "how": {"t"}, "month": {"2"}, "cell": {"x", "y"}, "secret": {"z"}, "unknown": {"u"}, "do": {"save"}},
			[]string{"Second=new", "How=By train", "Month=February", "To · Street=x", "Line 2=y"},
		},
		"what differs":      {url.Values{"note": {"2"}, "answer": {"as it was"}, "month": {"1"}, "how": {"b1"}}, []string{"How=By bus"}},
		"what is as it was": {url.Values{"note": {"2"}, "answer": {"as it was"}, "month": {"1"}}, []string{"Second=as it was", "Month=January"}},
		"a button":          {url.Values{"note": {"2"}, "answer": {"as it was"}, "do": {"delete"}}, []string{"=Delete it"}},
		"the other form":    {url.Values{"note": {"1"}, "answer": {"as it was"}}, []string{"First=as it was"}},
	} {
		f, err := legend.Read(strings.NewReader(page), "/notes", c.sent, nil)
		var got []string
		for _, l := range f.Lines {
			got = append(got, l.Label+"="+l.Value)
		}
		if err != nil || !f.Found || f.Title != "Your trip" || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q of %+v, %v", what, got, f, err)
		}
	}
	left := []legend.Left{{Name: "secret", Label: "Secret"}, {Name: "photo", Label: "Photo", File: true, Several: true}}
	if f, err := legend.Read(strings.NewReader(page), "/notes", url.Values{"note": {"2"}}, []string{"photo", "secret", "none"}); err != nil || !slices.Equal(f.Left, left) || f.Does != "Save" {
		t.Errorf("what is left out: %+v, %v", f, err)
	}
	if f, err := legend.Read(strings.NewReader(page), "/elsewhere", url.Values{"answer": {"x"}}, nil); err != nil || f.Found || len(f.Lines) > 0 {
		t.Errorf("a form that is not there: %+v, %v", f, err)
	}
}
