package editor_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"selfhelp/app/procedure"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// translations is the page of translation that an address shows.
func (w *workshop) translations(t *testing.T, query string) string {
	t.Helper()
	r := webtest.Ask(w.Site, "GET", w.url("/translate"+query), w.me, webtest.Header("Accept-Language", "en"))
	if r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d", query, r.StatusCode)
	}
	return html.UnescapeString(webtest.Text(t, r))
}

// translate posts words by the names of their fields.
func (w *workshop) translate(t *testing.T, revision int64, words ...string) *http.Response {
	t.Helper()
	form := url.Values{"to": {"en"}, "revision": {fmt.Sprint(revision)}}
	for i := 0; i < len(words); i += 2 {
		form.Set(words[i], words[i+1])
	}
	return webtest.Ask(w.Site, "POST", w.url("/translate"), w.me, webtest.Header("Accept-Language", "en"), webtest.Form(form.Encode()))
}

// say writes a text of the procedure.
func (w *workshop) say(t *testing.T, step, path, lang, words string) {
	t.Helper()
	p := w.now(t)
	next, err := procedure.Apply(p.Data, procedure.Operation{Do: "set_text", Step: step, Path: path, Language: lang, Words: words})
	if err == nil {
		_, err = w.Content.SaveRevision(t.Context(), store.Edit{Project: p.Project, UID: p.UID, Version: p.Version, Data: next, By: "test"})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func shows(t *testing.T, page string, words ...string) {
	t.Helper()
	for _, w := range words {
		if without, not := strings.CutPrefix(w, "!"); strings.Contains(page, without) == not {
			t.Errorf("shows %q: %v", without, not)
		}
	}
}

// TestTranslation shows each text beside its original, finds what is missing
// and what was changed since, and saves what is written.
func TestTranslation(t *testing.T) {
	w := newWorkshop(t)
	w.say(t, "done", "text", "fr", "Tout **va bien** :\n\n- fini")
	shows(t, w.translations(t, ""), "6 texts", "1 to translate", "Nothing to review", "Est-elle allumée ?", ">Is it on?</textarea>", "Tout **va bien** :\n\n- fini")
	shows(t, w.translations(t, "?show=missing"), "va bien", "!Is it on?")
	if r := w.translate(t, w.now(t).Revision, "w:done:text", "All **is well**:\r\n\r\n- done", "w::title", "The\r\nlamp ", "w:ask:title", "Is it on?"); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("saving: %d", r.StatusCode)
	}
	if p := w.now(t).Data; p.Step("done").Text.In["en"] != "All **is well**:\n\n- done" || p.Title.In["en"] != "The lamp" {
		t.Errorf("kept %q, %q", p.Step("done").Text.In["en"], p.Title.In["en"])
	}
	shows(t, w.translations(t, ""), "Nothing to translate", "Nothing to review")
	w.say(t, "ask", "title", "fr", "Est-elle vraiment allumée ?")
	shows(t, w.translations(t, "?show=changed"), "1 to review", "<ins>vraiment </ins>", ">Is it on?</textarea>", "!The lamp</textarea>")
	w.translate(t, w.now(t).Revision, "w:ask:title", "Is it really on?")
	shows(t, w.translations(t, ""), "Nothing to review", "!<ins>")
}

// TestTranslationBesideOthers: what somebody else translated meanwhile is not
// overwritten, and what was typed is kept.
func TestTranslationBesideOthers(t *testing.T) {
	w := newWorkshop(t)
	opened := w.now(t).Revision
	w.say(t, "ask", "title", "en", "Does it shine?")
	r := w.translate(t, opened, "w:ask:title", "Is it lit?", "w:done:title", "Finished")
	page := html.UnescapeString(webtest.Text(t, r))
	if r.StatusCode != http.StatusConflict {
		t.Fatalf("overwriting: %d", r.StatusCode)
	}
	shows(t, page, "Does it shine?", ">Is it lit?</textarea>", "Somebody else changed the same thing")
	if p := w.now(t).Data; p.Step("ask").Title.In["en"] != "Does it shine?" || p.Step("done").Title.In["en"] != "Finished" {
		t.Errorf("kept %v, %v", p.Step("ask").Title.In, p.Step("done").Title.In)
	}
	if r := w.translate(t, w.now(t).Revision, "w:ask:title", "Is it lit?"); r.StatusCode != http.StatusSeeOther || w.now(t).Data.Step("ask").Title.In["en"] != "Is it lit?" {
		t.Errorf("insisting: %d", r.StatusCode)
	}
}

// TestOriginalsBesideTheInspector shows the words of the first language where
// another is written.
func TestOriginalsBesideTheInspector(t *testing.T) {
	w := newWorkshop(t)
	for lang, shown := range map[string]bool{"en": true, "fr": false} {
		page := html.UnescapeString(webtest.Text(t, webtest.Ask(w.Site, "GET", w.url("?step=ask&lang="+lang), w.me)))
		if strings.Contains(page, `<div class="source" lang="fr" dir="auto">Est-elle allumée ?</div>`) != shown {
			t.Errorf("in %s the original shows: %v", lang, !shown)
		}
	}
}
