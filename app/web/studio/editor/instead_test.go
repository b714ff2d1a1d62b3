package editor_test

import (
	"strings"
	"testing"

	"selfhelp/app/web/webtest"
)

// TestFieldsShowWhatCountsInstead: an answer without a value of its own says
// which one formulas will see.
func TestFieldsShowWhatCountsInstead(t *testing.T) {
	w := newWorkshop(t)
	page := webtest.Text(t, webtest.Ask(w.Site, "GET", w.url("?lang=fr&step=ask"), w.me))
	for _, want := range []string{`name="p:answers.yes.value" value="" lang placeholder="yes"`, `placeholder="no"`} {
		if !strings.Contains(strings.ReplaceAll(page, `lang=""`, "lang"), want) {
			t.Errorf("the form does not say %s", want)
		}
	}
}
