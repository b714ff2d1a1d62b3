package past

import (
	"maps"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/views/ui"
)

// CalledOf names what stands beside what it was by its moment, in each language: two
// of one name are not told apart.
func CalledOf(at time.Time) func(procedure.Text) procedure.Text {
	return func(t procedure.Text) procedure.Text {
		t.In = maps.Clone(t.In)
		for lang, words := range t.In {
			t.In[lang] = ui.In(lang).T("past.called", words, at)
		}
		return t
	}
}
