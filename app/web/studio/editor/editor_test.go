package editor_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/edition"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/studio"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// workshop is a site with a project that one person writes.
type workshop struct {
	*frame.Site
	me      func(*http.Request)
	project store.Project
	uid     string
}

func newWorkshop(t testing.TB) *workshop {
	t.Helper()
	s := webtest.NewSite(t, func(c *frame.Config) {
		e, err := edition.Open(t.Context(), c.Store, t.TempDir(), c.Log)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Close() })
		c.Edition, c.Shelf = e, e.Shelf()
	})
	writer := webtest.AddUser(t, s, "writer", access.Writer, "production")
	p, err := s.Content.CreateProject(t.Context(), "production", &procedure.Project{
		Schema: procedure.Schema, UID: store.NewID(), Alias: "desk", Name: procedure.T("Bureau", "Desk"), Languages: []string{"fr", "en"},
	}, writer.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Content.SetGrants(t.Context(), p.ID, []access.Grant{{User: writer.ID, Right: access.Administration}}, writer.ID); err != nil {
		t.Fatal(err)
	}
	w := &workshop{Site: s, me: webtest.SignedIn(t, s, "writer"), project: p}
	made, err := s.Content.CreateProcedure(t.Context(), p.ID, lamp(), writer.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.uid = made.UID
	return w
}

// lamp is a procedure of four steps.
func lamp() *procedure.Procedure {
	return &procedure.Procedure{
		Schema: procedure.Schema, UID: store.NewID(), Alias: "lamp", Title: procedure.T("La lampe", "The lamp"), Entry: true,
		Steps: []procedure.Step{
			{ID: "start", Start: &procedure.Start{}, Next: "ask"},
			{ID: "ask", Title: procedure.T("Est-elle allumée ?", "Is it on?"), Question: &procedure.Question{Answers: []procedure.Answer{
				{ID: "yes", Text: procedure.T("Oui", "Yes"), To: "done"}, {ID: "no", Text: procedure.T("Non", "No")},
			}}},
			{ID: "done", Title: procedure.T("C’est réglé", "Done"), End: &procedure.End{Outcome: procedure.Solved}},
		},
	}
}

func (w *workshop) url(rest string) string { return studio.ProcedureURL(w.project.ID, w.uid) + rest }

func (w *workshop) now(t testing.TB) store.Procedure {
	t.Helper()
	p, err := w.Content.Procedure(t.Context(), w.project.ID, w.uid)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// post sends what a form of the page would.
func (w *workshop) post(t testing.TB, who func(*http.Request), fields map[string]string, change ...func(*http.Request)) *http.Response {
	t.Helper()
	values := url.Values{"lang": {"fr"}, "do": {"save"}, "revision": {fmt.Sprint(w.now(t).Revision)}}
	for name, value := range fields {
		values.Set(name, value)
	}
	return webtest.Ask(w.Site, "POST", w.url("/operations"), append(change, who, webtest.Form(values.Encode()))...)
}

func TestEditorIsForWriters(t *testing.T) {
	w := newWorkshop(t)
	webtest.AddUser(t, w.Site, "visitor", access.User, "production")
	webtest.AddUser(t, w.Site, "other", access.Writer, "production")
	for who, want := range map[string][2]int{"writer": {200, 303}, "visitor": {404, 404}, "other": {404, 404}} {
		me := webtest.SignedIn(t, w.Site, who)
		if got := webtest.Ask(w.Site, "GET", w.url(""), me).StatusCode; got != want[0] {
			t.Errorf("%s: %d, want %d", who, got, want[0])
		}
		if got := w.post(t, me, map[string]string{"step": "ask", "t:title:fr": "Changée par " + who}).StatusCode; got != want[1] {
			t.Errorf("%s posts: %d, want %d", who, got, want[1])
		}
	}
	if got := w.now(t).Data.Step("ask").Title.In["fr"]; got != "Changée par writer" {
		t.Errorf("the title is %q", got)
	}
}

// TestEditorOperations sends what each control of the page sends.
func TestEditorOperations(t *testing.T) {
	w := newWorkshop(t)
	step := func(id string) *procedure.Step { return w.now(t).Data.Step(id) }
	for _, c := range []struct {
		what   string
		fields map[string]string
		holds  func() bool
	}{
		{"a text", map[string]string{"step": "ask", "t:text:fr": "Regardez.\r\n\r\nBien."}, func() bool { return step("ask").Text.In["fr"] == "Regardez.\n\nBien." }},
		{"an answer's text", map[string]string{"step": "ask", "t:answers.no.text:en": "Not at all"}, func() bool { return step("ask").Question.Answers[1].Text.In["en"] == "Not at all" }},
		{"a flag", map[string]string{"step": "ask", "b:no_back": "1", "p:no_back": "true"}, func() bool { return step("ask").NoBack }},
		{"a flag cleared", map[string]string{"step": "ask", "b:no_back": "1"}, func() bool { return !step("ask").NoBack }},
		{"a way out", map[string]string{"step": "ask", "e:answer.no": "done"}, func() bool { return step("ask").Question.Answers[1].To == "done" }},
		{"a step on an edge", map[string]string{"do": "add|page", "after": "ask", "edge": "answer.no", "words": "Allumez-la"}, func() bool {
			s := step("allumez_la")
			return s != nil && s.Next == "done" && step("ask").Question.Answers[1].To == s.ID && s.Title.In["fr"] == "Allumez-la"
		}},
		{"an entry", map[string]string{"step": "ask", "do": "append|answers"}, func() bool { return len(step("ask").Question.Answers) == 3 }},
		{"an order", map[string]string{"step": "ask", "do": "up|answers|no"}, func() bool { return step("ask").Question.Answers[0].ID == "no" }},
		{"an entry less", map[string]string{"step": "ask", "do": "remove|answers|yes", "t:title:fr": "Et là ?"}, func() bool {
			return len(step("ask").Question.Answers) == 2 && step("ask").Title.In["fr"] == "Et là ?"
		}},
		{"a copy", map[string]string{"step": "allumez_la", "do": "duplicate"}, func() bool { return len(w.now(t).Data.Steps) == 5 }},
		{"a step less", map[string]string{"step": "allumez_la", "do": "delete"}, func() bool { return step("allumez_la") == nil && step("ask").Question.Answers[0].To == "done" }},
		{"undo", map[string]string{"do": "undo"}, func() bool { return step("allumez_la") != nil }},
		{"redo", map[string]string{"do": "redo"}, func() bool { return step("allumez_la") == nil }},
		{"restore", map[string]string{"do": "restore|1"}, func() bool { return step("ask").Title.In["fr"] == "Est-elle allumée ?" }},
		{"the procedure", map[string]string{"t:title:en": "My lamp", "l:keywords:fr": "ampoule\nlumière", "p:minutes": "4"}, func() bool {
			p := w.now(t).Data
			return p.Title.In["en"] == "My lamp" && len(p.Keywords["fr"]) == 2 && p.Minutes == 4
		}},
		{"a variable", map[string]string{"do": "append|variables"}, func() bool { return len(w.now(t).Data.Variables) == 1 }},
	} {
		r := w.post(t, w.me, c.fields)
		if r.StatusCode != 303 {
			t.Fatalf("%s: %d %s", c.what, r.StatusCode, refusedIn(webtest.Text(t, r)))
		}
		if !c.holds() {
			t.Errorf("%s: the procedure does not say it", c.what)
		}
		if got := webtest.Ask(w.Site, "GET", r.Header.Get("Location"), w.me).StatusCode; got != 200 {
			t.Errorf("%s leads to a page that answers %d", c.what, got)
		}
	}
}

func refusedIn(html string) string {
	if i := strings.Index(html, `class="note wrong`); i >= 0 {
		return html[i:min(len(html), i+400)]
	}
	return ""
}

// TestSavedSaysTheDay opens a procedure on the day it was saved, and later.
func TestSavedSaysTheDay(t *testing.T) {
	w := newWorkshop(t)
	today := webtest.Text(t, webtest.Ask(w.Site, "GET", w.url("?lang=fr"), w.me, webtest.Header("Accept-Language", "en")))
	now := w.Site.Now
	w.Site.Now = func() time.Time { return now().AddDate(0, 0, 2) }
	later := webtest.Text(t, webtest.Ask(w.Site, "GET", w.url("?lang=fr"), webtest.SignedIn(t, w.Site, "writer"), webtest.Header("Accept-Language", "en")))
	if !strings.Contains(today, "Saved at ") || !strings.Contains(later, "Saved on ") {
		t.Error("it does not say the hour today, and the day later")
	}
}

// TestEditorKeepsWhatOthersWrote sends forms made from a revision that somebody
// else has gone past.
func TestEditorKeepsWhatOthersWrote(t *testing.T) {
	w := newWorkshop(t)
	old := fmt.Sprint(w.now(t).Revision)
	w.post(t, w.me, map[string]string{"step": "ask", "t:title:fr": "La leur"})
	r := w.post(t, w.me, map[string]string{"step": "ask", "revision": old, "t:title:fr": "La mienne", "t:text:fr": "Un texte"}, webtest.Header("Swap", "1"))
	html := webtest.Text(t, r)
	now := w.now(t).Data.Step("ask")
	if r.StatusCode != http.StatusConflict || now.Title.In["fr"] != "La leur" || now.Text.In["fr"] != "Un texte" {
		t.Errorf("%d %q %q", r.StatusCode, now.Title.In["fr"], now.Text.In["fr"])
	}
	for _, words := range []string{"La leur", "La mienne", "Rien n’a été écrasé"} {
		if !strings.Contains(html, words) && !strings.Contains(html, "Nothing was overwritten") {
			t.Errorf("the page does not say %q", words)
		}
	}
	r = w.post(t, w.me, map[string]string{"step": "ask", "revision": old, "t:answers.yes.text:fr": "Mais oui", "quiet": "1"}, webtest.Header("Swap", "1"))
	if html := webtest.Text(t, r); r.StatusCode != 200 || !strings.Contains(html, `id="editor-inspector"`) {
		t.Errorf("%d: what others wrote meanwhile is not shown", r.StatusCode)
	}
	r = w.post(t, w.me, map[string]string{"step": "ask", "t:answers.yes.text:fr": "Oui !", "quiet": "1"}, webtest.Header("Swap", "1"))
	if html := webtest.Text(t, r); r.StatusCode != 200 || strings.Contains(html, `id="editor-inspector"`) || !strings.Contains(html, `id="editor-canvas"`) {
		t.Errorf("%d: a quiet edit touches the form that is typed in", r.StatusCode)
	}
}

// TestEditorTakesNothingAwayUnseen: undoing, restoring and deleting from a page
// made before somebody else wrote does nothing, and shows what they wrote.
func TestEditorTakesNothingAwayUnseen(t *testing.T) {
	w := newWorkshop(t)
	w.post(t, w.me, map[string]string{"step": "ask", "t:text:fr": "La mienne"})
	old := fmt.Sprint(w.now(t).Revision)
	theirs := map[string]string{"step": "ask", "t:title:fr": "La leur", "t:answers.no.text:fr": "Leur réponse"}
	if got := w.post(t, w.me, theirs).StatusCode; got != http.StatusSeeOther {
		t.Fatal(got)
	}
	stands := w.now(t)
	for _, fields := range []map[string]string{
		{"do": "undo"}, {"do": "redo"}, {"do": "restore|1"}, {"do": "delete", "step": "ask"}, {"do": "remove|answers|no", "step": "ask"},
		{"do": "apply", "operation": `{"do":"delete_step","step":"ask"}`},
	} {
		fields["revision"] = old
		r := w.post(t, w.me, fields)
		html := webtest.Text(t, r)
		if r.StatusCode != http.StatusConflict || refusedIn(html) == "" {
			t.Errorf("%v: %d", fields, r.StatusCode)
		}
		if w.now(t).Revision != stands.Revision {
			t.Fatalf("%v: something was done", fields)
		}
		if now := fmt.Sprintf(`name="revision" value="%d"`, stands.Revision); !strings.Contains(html, now) {
			t.Errorf("%v: the page is not about what stands now", fields)
		}
	}
	for _, fields := range []map[string]string{{"do": "delete", "step": "done", "revision": old}, {"do": "undo"}} {
		if got := w.post(t, w.me, fields).StatusCode; got != http.StatusSeeOther {
			t.Errorf("%v: %d", fields, got)
		}
	}
}

// TestEditorRefusals keeps what was typed when it cannot be saved.
func TestEditorRefusals(t *testing.T) {
	w := newWorkshop(t)
	for what, fields := range map[string]map[string]string{
		"no number":       {"p:minutes": "<b>many"},
		"out of range":    {"p:minutes": "5000"},
		"a bad alias":     {"p:alias": "No Good"},
		"no such entry":   {"step": "ask", "do": "remove|answers|gone"},
		"no such kind":    {"do": "add|nonsense", "after": "ask"},
		"no such step":    {"step": "ask", "e:answer.yes": "gone"},
		"no such fix":     {"do": "apply", "operation": "{"},
		"a fix with more": {"do": "apply", "operation": `{"do":"delete_step","step":"ask","force":true}`},
		"nothing to undo": {"do": "undo"},
		"no such verb":    {"do": "nosuch"},
		"no such field":   {"step": "ask", "p:nosuch": "x"},
		"not to be set":   {"step": "ask", "p:uid": "x"},
		"no revision":     {"step": "ask", "revision": "", "t:title:fr": "Perdue"},
		"revision 0":      {"step": "ask", "revision": "0", "t:title:fr": "Perdue"},
		"revision -5":     {"step": "ask", "revision": "-5", "t:title:fr": "Perdue"},
		"no number of it": {"step": "ask", "revision": "x", "do": "delete"},
	} {
		r := w.post(t, w.me, fields)
		html := webtest.Text(t, r)
		if r.StatusCode != 422 || refusedIn(html) == "" {
			t.Errorf("%s: %d", what, r.StatusCode)
		}
		if typed := fields["p:minutes"]; typed != "" && !strings.Contains(html, "value=\""+strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(typed)) {
			t.Errorf("%s: what was typed is lost", what)
		}
	}
}

// TestEditorEscapes shows a procedure full of marks.
func TestEditorEscapes(t *testing.T) {
	w := newWorkshop(t)
	evil := `"><script>alert(1)</script>{{ 1+1 }}`
	w.post(t, w.me, map[string]string{"step": "ask", "t:title:fr": evil, "t:text:fr": evil, "t:answers.yes.text:fr": evil, "p:note": evil, "p:answers.yes.when": evil})
	for _, query := range []string{"?step=ask&lang=fr", "?view=outline&lang=fr", "?step=ask&edge=answer.yes&add=1&lang=fr", "?history=1", "?step=done&tab=logic&lang=fr"} {
		html := webtest.Text(t, webtest.Ask(w.Site, "GET", w.url(query), w.me))
		if strings.Contains(html, "<script>alert") || !strings.Contains(html, "&lt;script&gt;") && query != "?history=1" {
			t.Errorf("%s: marks are not escaped", query)
		}
	}
}

// TestEveryTypeHasItsForm shows the form of every type of step: each property
// of the type stands in one of its tabs, is called something, and keeps what
// is posted.
func TestEveryTypeHasItsForm(t *testing.T) {
	w := newWorkshop(t)
	for _, kind := range procedure.StepTypes() {
		if kind == procedure.StepStart {
			continue
		}
		r := w.post(t, w.me, map[string]string{"do": "add|" + string(kind), "after": "ask", "edge": "answer.no", "words": "un " + string(kind)})
		if r.StatusCode != 303 {
			t.Fatalf("%s: %d %s", kind, r.StatusCode, refusedIn(webtest.Text(t, r)))
		}
		steps := w.now(t).Data.Steps
		var step *procedure.Step
		for i := range steps {
			if steps[i].Kind() == kind && strings.HasPrefix(steps[i].ID, "un_") {
				step = &steps[i]
			}
		}
		if step == nil {
			t.Fatalf("%s was not added", kind)
		}
		content, logic := webtest.Text(t, webtest.Ask(w.Site, "GET", w.url("?lang=fr&step="+step.ID), w.me)), webtest.Text(t, webtest.Ask(w.Site, "GET", w.url("?lang=fr&tab=logic&step="+step.ID), w.me))
		common, part := procedure.DescribeStep(step)
		for _, d := range append(common, part...) {
			if d.Path == "next" || d.Path == "on_error" || d.Path == "text" {
				continue // chosen among the ways out; the text of what nobody reads
			}
			if !strings.Contains(content, ":"+d.Path) && !strings.Contains(logic, ":"+d.Path) && !strings.Contains(content, "append|"+d.Path) && d.Shape != procedure.ShapeObject {
				t.Errorf("%s: no control for %s", kind, d.Path)
			}
			if !webtest.WordsIn("fr").Has("prop." + d.Property.Name) {
				t.Errorf("%s: %s is called nothing", kind, d.Property.Name)
			}
		}
		w.post(t, w.me, map[string]string{"do": "restore|1"})
	}
}

// TestFieldsShowWhatCounts gives a form's field several types: each shows the
// properties that say something of it, and none that do not.
func TestFieldsShowWhatCounts(t *testing.T) {
	w := newWorkshop(t)
	w.post(t, w.me, map[string]string{"do": "add|form", "after": "ask", "edge": "answer.no", "words": "vous"})
	form := w.now(t).Data.Step("vous")
	field := "fields." + form.Form.Fields[0].ID
	for kind, shows := range map[string][]string{"text": nil, "select": {"options"}, "rows": {"columns"}, "file": {"types"}} {
		w.post(t, w.me, map[string]string{"step": "vous", "p:" + field + ".type": kind})
		html := webtest.Text(t, webtest.Ask(w.Site, "GET", w.url("?lang=fr&step=vous"), w.me))
		for _, property := range []string{"options", "columns", "types"} {
			at := "|" + field + "." + property + `"`
			if property == "types" {
				at = `name="p:` + field + `.types"`
			}
			if strings.Contains(html, at) != slices.Contains(shows, property) {
				t.Errorf("a field of type %s: %s shown %v", kind, property, !slices.Contains(shows, property))
			}
		}
	}
}

// TestTryingAProcedure plays it from the start and from a step; the run of one
// is none of another's, nor a real execution's.
func TestTryingAProcedure(t *testing.T) {
	w := newWorkshop(t)
	w.post(t, w.me, map[string]string{"step": "ask", "e:answer.no": "done"})
	b := webtest.SignedInAs(t, w.Site, "writer").Open(w.url("/test?lang=fr"))
	if b.Status != 200 || !strings.Contains(b.Page, "Est-elle allumée") {
		t.Fatalf("%d %.300s", b.Status, b.Page)
	}
	for _, c := range []struct {
		path   string
		fields url.Values
		status int
		says   string
	}{
		{w.url("/test/ask"), url.Values{"do": {"answer"}, "answer": {"yes"}}, 200, "C’est réglé"},
		{w.url("/test/ask"), url.Values{"do": {"answer"}, "answer": {"nonsense"}}, 422, "Est-elle allumée"},
		{w.url("/test/ask"), url.Values{"do": {"answer"}, "answer": {"yes"}, "pass": {"another"}}, 422, ""},
		{w.url("/test/ask"), url.Values{"do": {"answer"}, "answer": {"yes"}, "state": {"forged"}}, 422, ""},
	} {
		fields := url.Values{"state": {fieldOf(b.Page, "state")}, "pass": {fieldOf(b.Page, "pass")}, "turn": {"1"}}
		for name, values := range c.fields {
			fields[name] = values
		}
		r := webtest.Ask(w.Site, "POST", c.path, w.me, webtest.Form(fields.Encode()))
		if html := webtest.Text(t, r); r.StatusCode != c.status || !strings.Contains(html, c.says) {
			t.Errorf("%v: %d", c.fields, r.StatusCode)
		}
	}
	if html := webtest.Text(t, webtest.Ask(w.Site, "GET", w.url("/test?from=done&lang=fr"), w.me)); !strings.Contains(html, "C’est réglé") {
		t.Error("it does not begin at the step asked for")
	}
}

// TestPicturesBeforePublishing asks for a picture that no version has yet: those
// who may read the project see it, nobody else does.
func TestPicturesBeforePublishing(t *testing.T) {
	w := newWorkshop(t)
	stored, err := w.Files.Put(t.Context(), strings.NewReader("a picture"), 1<<10)
	if err != nil {
		t.Fatal(err)
	}
	data := *w.project.Data
	data.Resources = []procedure.Resource{{ID: "bulb", Kind: procedure.KindImage, Files: map[string]procedure.File{"": {Name: "bulb.png", Type: "image/png", Size: stored.Size, Hash: stored.Hash}}}}
	if _, err := w.Content.SaveProject(t.Context(), w.project.ID, w.project.Version, &data, "test"); err != nil {
		t.Fatal(err)
	}
	webtest.AddUser(t, w.Site, "visitor", access.User, "production")
	webtest.AddUser(t, w.Site, "other", access.Writer, "production")
	for who, want := range map[string]int{"writer": 200, "other": 404, "visitor": 404} {
		if r := webtest.Ask(w.Site, "GET", "/files/"+stored.Hash+"/bulb.png", webtest.SignedIn(t, w.Site, who)); r.StatusCode != want {
			t.Errorf("%s: %d, want %d", who, r.StatusCode, want)
		}
	}
	if r := webtest.Ask(w.Site, "GET", "/files/"+stored.Hash+"/bulb.png"); r.StatusCode != 404 {
		t.Errorf("a stranger: %d", r.StatusCode)
	}
}

// BenchmarkEdit measures one edit of a procedure of 500 steps, the parts of the
// page that it changes included.
func BenchmarkEdit(b *testing.B) {
	w := newWorkshop(b)
	p := lamp()
	p.Alias, p.Steps = "long", p.Steps[:1]
	p.Steps[0].Next = "s1"
	for i := 1; i < 500; i++ {
		s := procedure.Step{ID: fmt.Sprintf("s%d", i), Title: procedure.T(fmt.Sprint("Étape ", i), fmt.Sprint("Step ", i))}
		to := func(n int) string { return fmt.Sprintf("s%d", min(i+n, 499)) }
		switch {
		case i == 499 || i%11 == 0:
			s.End = &procedure.End{Outcome: procedure.Solved}
		case i%4 == 1:
			s.Question = &procedure.Question{Answers: []procedure.Answer{{ID: "yes", Text: procedure.T("Oui", "Yes"), To: to(1)}, {ID: "no", Text: procedure.T("Non", "No"), To: to(2)}}}
		default:
			s.Page, s.Next = &procedure.Page{}, to(3)
		}
		p.Steps = append(p.Steps, s)
	}
	made, err := w.Content.CreateProcedure(b.Context(), w.project.ID, p, "test")
	if err != nil {
		b.Fatal(err)
	}
	w.uid = made.UID
	n, revision := 0, made.Revision
	var took []time.Duration
	for b.Loop() {
		n++
		fields := url.Values{"do": {"save"}, "lang": {"fr"}, "step": {"s2"}, "quiet": {"1"}, "revision": {fmt.Sprint(revision)}, "t:title:fr": {fmt.Sprint("Essai ", n)}}
		began := time.Now()
		r := webtest.Ask(w.Site, "POST", w.url("/operations"), w.me, webtest.Header("Swap", "1"), webtest.Form(fields.Encode()))
		revision++ // each edit is one
		took = append(took, time.Since(began))
		if r.StatusCode != 200 {
			b.Fatal(r.StatusCode)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Milliseconds()), "p99-ms")
}

// fieldOf is the value of a hidden field of a page.
func fieldOf(page, name string) string {
	_, after, _ := strings.Cut(page, `name="`+name+`" value="`)
	value, _, _ := strings.Cut(after, `"`)
	return html.UnescapeString(value)
}

// TestCallsOfSharedProcedures has another project of the domain publish a
// procedure that it shares and one that it does not: the first is offered and
// accepted, the second is nobody's.
func TestCallsOfSharedProcedures(t *testing.T) {
	w := newWorkshop(t)
	shared, own := lamp(), lamp()
	shared.Alias, shared.Title, shared.Shared, shared.Entry = "badge", procedure.T("Le badge", "The badge"), true, false
	own.Alias, own.Title, own.Entry = "key", procedure.T("La clé", "The key"), true
	for _, p := range []*procedure.Procedure{shared, own} {
		p.Steps[1].Question.Answers[1].To = "done"
	}
	other, err := w.Content.CreateProject(t.Context(), "production", &procedure.Project{
		Schema: procedure.Schema, UID: store.NewID(), Alias: "gate", Name: procedure.T("Accueil", "Gate"), Languages: []string{"fr", "en"},
		Procedures: []*procedure.Procedure{shared, own},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	call := func(uid string) string {
		t.Helper()
		if r := w.post(t, w.me, map[string]string{"do": "add|call", "after": "ask", "edge": "answer.no", "words": "appel"}); r.StatusCode != 303 {
			t.Fatalf("add a call: %d", r.StatusCode)
		}
		if r := w.post(t, w.me, map[string]string{"step": "appel", "p:procedure": uid}); r.StatusCode != 303 {
			t.Fatalf("call %s: %d %s", uid, r.StatusCode, refusedIn(webtest.Text(t, r)))
		}
		page := webtest.Text(t, webtest.Ask(w.Site, "GET", w.url("?lang=fr&step=appel"), w.me))
		w.post(t, w.me, map[string]string{"do": "restore|1"})
		return page
	}
	const unknown = "in this project, or it is not shared"
	if page := call(shared.UID); !strings.Contains(page, unknown) {
		t.Error("a procedure that is not published yet is accepted")
	}
	if _, err := w.Edition.Publish(t.Context(), edition.Order{Project: other.ID}); err != nil {
		t.Fatal(err)
	}
	page := call(shared.UID)
	if strings.Contains(page, unknown) {
		t.Error("a shared procedure is refused")
	}
	if !strings.Contains(page, `<option value="`+shared.UID+`" selected>The badge · Gate</option>`) {
		t.Error("the shared procedure is not offered by its name")
	}
	if strings.Contains(page, own.UID) {
		t.Error("a procedure that is not shared is offered")
	}
	if page := call(own.UID); !strings.Contains(page, unknown) {
		t.Error("a procedure that is not shared is accepted")
	}
}
