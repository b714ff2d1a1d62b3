package studio_test

import (
	"archive/zip"
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

// archiveOf is a zip of a project named desk with one procedure of a title.
func archiveOf(t *testing.T, title string, more ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range map[string]string{
		"project.yaml":         "schema: 1\nuid: broughtaaaaaaaaaaaaaaaaaaa\nalias: brought\nname: {en: Brought}\nlanguages: [en]\n",
		"procedures/lamp.yaml": "schema: 1\nuid: broughtaaaaaaaaaaaaaaaaaab\nalias: lamp\ntitle: {en: " + title + "}\nsteps:\n  - {id: start, start: {}, next: end}\n  - {id: end, title: {en: End}, end: {outcome: solved}}\n" + strings.Join(more, ""),
	} {
		f, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(f, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bring posts a file to the import.
func bring(t *testing.T, s *frame.Site, who func(*http.Request), content []byte, fields ...string) *http.Response {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("domain", "production")
	for _, name := range fields {
		form.WriteField(name, "1")
	}
	part, err := form.CreateFormFile("archive", "brought.zip")
	if err != nil {
		t.Fatal(err)
	}
	part.Write(content)
	form.Close()
	return webtest.Ask(s, "POST", "/studio/import", who, func(r *http.Request) {
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.Header.Set("Accept-Language", "en")
		r.Body, r.ContentLength = io.NopCloser(&body), int64(body.Len())
	})
}

// agree posts what the page of a plan would.
func agree(s *frame.Site, who func(*http.Request), page string) *http.Response {
	return webtest.Ask(s, "POST", "/studio/import", who, webtest.Header("Accept-Language", "en"), webtest.Form("seen="+seenIn(page)))
}

func seenIn(page string) string {
	_, after, _ := strings.Cut(page, `name="seen" value="`)
	seen, _, _ := strings.Cut(after, `"`)
	return strings.NewReplacer("&#34;", "%22", "+", "%2B", "&amp;", "%26").Replace(seen)
}

// TestImportIsShownFirst brings an archive: nothing changes before its plan was
// agreed to, and then all of it does.
func TestImportIsShownFirst(t *testing.T) {
	s := webtest.DeskSite(t)
	webtest.AddUser(t, s, "writer", access.Writer, "production")
	me := webtest.SignedIn(t, s, "writer")
	title := func() string {
		p, err := s.Content.ProjectByAlias(t.Context(), "production", "brought")
		if err != nil {
			return ""
		}
		whole, err := s.Content.WholeProject(t.Context(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		return whole.Procedures[0].Title.In["en"]
	}
	r := bring(t, s, me, archiveOf(t, "First"))
	page := webtest.Text(t, r)
	if r.StatusCode != 200 || !strings.Contains(page, "A new project, “Brought”") || title() != "" {
		t.Fatalf("the plan of a new project: %d %q %s", r.StatusCode, title(), page)
	}
	if r := agree(s, me, page); r.StatusCode != 303 || title() != "First" {
		t.Fatalf("agreed: %d %q", r.StatusCode, title())
	}
	if page := webtest.Text(t, bring(t, s, me, archiveOf(t, "First"))); !strings.Contains(page, "nothing to import") || seenIn(page) != "" {
		t.Error("the same again is not told to be the same")
	}
	page = webtest.Text(t, bring(t, s, me, archiveOf(t, "Second")))
	if !strings.Contains(page, "would be brought to the state") || !strings.Contains(page, "Second") || title() != "First" {
		t.Errorf("the plan of a change: %q", title())
	}
	if page := webtest.Text(t, bring(t, s, me, archiveOf(t, "Second"), "copy")); !strings.Contains(page, "brought-2") && !strings.Contains(page, "lamp-") {
		t.Error("a copy has no names of its own")
	}
	// Someone else changes what would be replaced.
	other := webtest.Text(t, bring(t, s, me, archiveOf(t, "Third")))
	if r := agree(s, me, other); r.StatusCode != 303 || title() != "Third" {
		t.Fatalf("%d %q", r.StatusCode, title())
	}
	r = agree(s, me, page)
	again := webtest.Text(t, r)
	if r.StatusCode != 409 || title() != "Third" || !strings.Contains(again, "Someone changed the domain") {
		t.Fatalf("overtaken: %d %q", r.StatusCode, title())
	}
	if r := agree(s, me, again); r.StatusCode != 303 || title() != "Second" {
		t.Errorf("agreed once more: %d %q", r.StatusCode, title())
	}
}

// TestImportHidesNotes of the old product's authors, where that is asked for.
func TestImportHidesNotes(t *testing.T) {
	s := webtest.DeskSite(t)
	webtest.AddUser(t, s, "writer", access.Writer, "production")
	me := webtest.SignedIn(t, s, "writer")
	archive := archiveOf(t, "'Look [ask Ann first]'")
	if page := webtest.Text(t, bring(t, s, me, archive)); !strings.Contains(page, "Look [ask Ann first]") || strings.Contains(page, "between square brackets go") {
		t.Error("notes are hidden unasked")
	}
	page := webtest.Text(t, bring(t, s, me, archive, "hide_notes"))
	if !strings.Contains(page, "1 note between square brackets goes") || strings.Contains(page, "ask Ann first") {
		t.Errorf("the plan does not say what is hidden: %s", webtest.MainOf(page))
	}
	if r := agree(s, me, page); r.StatusCode != 303 {
		t.Fatalf("agreed: %d", r.StatusCode)
	}
	p, err := s.Content.ProjectByAlias(t.Context(), "production", "brought")
	if err != nil {
		t.Fatal(err)
	}
	whole, err := s.Content.WholeProject(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if one := whole.Procedures[0]; strings.Contains(one.Title.In["en"], "Ann") || !strings.Contains(one.Note, "ask Ann first") {
		t.Errorf("brought as %q, note %q", one.Title.In["en"], one.Note)
	}
}

// TestImportRefuses brings what is no archive, what is a wrong one, and plans
// that nobody, or someone else, was shown.
func TestImportRefuses(t *testing.T) {
	s := webtest.DeskSite(t)
	webtest.AddUser(t, s, "writer", access.Writer, "production")
	webtest.AddUser(t, s, "other", access.Writer, "production")
	webtest.AddUser(t, s, "reader", access.User, "production")
	me := webtest.SignedIn(t, s, "writer")
	for what, c := range map[string]struct {
		content []byte
		said    string
	}{
		"no zip":       {[]byte("Bonjour"), "not a whole zip file"},
		"a wrong step": {archiveOf(t, "First", "  - {id: more, dance: {}}\n"), "procedures/lamp.yaml"},
	} {
		r := bring(t, s, me, c.content)
		if page := webtest.Text(t, r); r.StatusCode != 422 || !strings.Contains(page, c.said) || !strings.Contains(page, `name="archive"`) {
			t.Errorf("%s: %d %s", what, r.StatusCode, page)
		}
	}
	if r := webtest.Ask(s, "POST", "/studio/import", me, webtest.Form("domain=production")); r.StatusCode != 422 {
		t.Errorf("no file: %d", r.StatusCode)
	}
	page := webtest.Text(t, bring(t, s, me, archiveOf(t, "First")))
	for who, status := range map[string]int{"other": 403, "reader": 403} {
		if r := agree(s, webtest.SignedIn(t, s, who), page); r.StatusCode != status {
			t.Errorf("%s agrees to another's plan: %d", who, r.StatusCode)
		}
	}
	if r := agree(s, me, `name="seen" value="{}.AAAA"`); r.StatusCode != 403 {
		t.Errorf("a plan made up: %d", r.StatusCode)
	}
	if _, err := s.Files.Sweep(s.Now().AddDate(1, 0, 0), 100); err != nil {
		t.Fatal(err)
	}
	if r := agree(s, me, page); r.StatusCode != 422 || !strings.Contains(webtest.Text(t, r), "no longer kept") {
		t.Errorf("a plan whose archive is gone: %d", r.StatusCode)
	}
}
