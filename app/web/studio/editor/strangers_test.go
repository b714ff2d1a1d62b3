package editor_test

import (
	"strings"
	"testing"

	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// TestTheHistoryNamesGroupsThatAreGone deletes a group that only the history of a
// procedure names, gives its name to another one, and goes back: the page says that it
// is another, and nothing where it is the same.
func TestTheHistoryNamesGroupsThatAreGone(t *testing.T) {
	w := newWorkshop(t)
	ctx, by := t.Context(), "test"
	group := func(name string) store.Group {
		t.Helper()
		g, err := w.Content.CreateGroup(ctx, store.Group{Domain: "production", Name: name}, by)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	save := func(audience ...string) {
		t.Helper()
		now := w.now(t)
		now.Data.Audience = audience
		if _, err := w.Content.SaveRevision(ctx, store.Edit{Project: now.Project, UID: now.UID, Version: now.Version, Data: now.Data, By: by}); err != nil {
			t.Fatal(err)
		}
	}
	said := "Night. Make sure that it is meant" // in words of a person who reads English
	goBack := func(do string, want bool) {
		t.Helper()
		page := webtest.Text(t, w.post(t, w.me, map[string]string{"do": do}, webtest.Header("Accept-Language", "en")))
		if strings.Contains(page, said) != want {
			t.Errorf("%s: said is %t: %s", do, !want, webtest.MainOf(page))
		}
	}
	night := group("Night")
	group("Day")
	save("Night", "Day") // 2
	save()               // 3
	goBack("restore|2", false)
	save() // 5
	if err := w.Content.DeleteGroup(ctx, night.ID, night.Version, by); err != nil {
		t.Fatal(err)
	}
	goBack("restore|2", false) // nobody has the name
	save()
	group("Night")
	goBack("restore|2", true)
	goBack("undo", false)
	goBack("redo", true)
	goBack("restore|2", false) // it is named already
}
