package past_test

import (
	"context"
	"log/slog"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/past"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
	"selfhelp/store/backup"
	"selfhelp/store/replica"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// office is a site with a chief, and with backups where it is to have them.
func office(t *testing.T, root string) (*frame.Site, *webtest.Browser) {
	t.Helper()
	s := webtest.NewSite(t, func(c *frame.Config) {
		dir := filepath.Dir(c.Store.Content.Path())
		c.Past = past.New(past.Sources{Place: replica.Place{Dir: dir}, Backups: root, Now: time.Now, Log: slog.New(slog.DiscardHandler)}, c.Store)
	})
	t.Cleanup(func() { check(t, s.Past.Close()) })
	u := webtest.AddUser(t, s, "chief", access.Administrator)
	u.Everywhere, u.Language = true, "en"
	_, err := s.Content.SaveUser(t.Context(), u, "test")
	check(t, err)
	return s, webtest.SignedInAs(t, s, "chief")
}

func backUp(t *testing.T, s *frame.Site, root string) {
	t.Helper()
	dir := filepath.Dir(s.Content.Path())
	k := backup.Maker{
		Folder: backup.Folder{Root: root}, Data: dir, Databases: store.Databases(), Keep: backup.Usual, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Copy: func(ctx context.Context, name, to string) error { return store.CopyDatabase(ctx, dir, name, to) },
		Look: func(context.Context, string) (any, []string, error) { return nil, nil, nil },
	}
	_, err := k.Make(t.Context(), backup.Full)
	check(t, err)
}

func do(b *webtest.Browser, path string, pairs ...string) *webtest.Browser {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return b.Follow(b.Send("POST", "/admin/past"+path, webtest.Form(values.Encode())), "/admin/past"+path)
}

// until opens the page until what goes on is over, as a browser does by itself.
func until(t *testing.T, s *frame.Site, b *webtest.Browser) *webtest.Browser {
	t.Helper()
	s.Past.Wait(t.Context(), 30*time.Second)
	return b.Open("/admin/past")
}

var lookPattern = regexp.MustCompile(`name="look" value="([^"]+)"`)

func TestBringingBack(t *testing.T) {
	root := t.TempDir()
	check(t, backup.Prepare(root))
	s, b := office(t, root)
	data := &procedure.Project{
		Schema: procedure.Schema, UID: "cccccccccccccccccccccccccc", Alias: "office", Name: procedure.T("Bureau", "<b>Office</b>"), Languages: []string{"en", "fr"},
		Procedures: []*procedure.Procedure{{Schema: procedure.Schema, UID: "aaaaaaaaaaaaaaaaaaaaaaaaaa", Alias: "lamp", Title: procedure.T("La lampe", "The lamp"), Audience: []string{"night"}, Steps: []procedure.Step{
			{ID: "start", Start: &procedure.Start{}, Next: "end"}, {ID: "end", Title: procedure.T("Fin", "End"), End: &procedure.End{Outcome: procedure.Solved}},
		}}},
	}
	project, err := s.Content.CreateProject(t.Context(), "sandbox", data, "ann")
	check(t, err)
	backUp(t, s, root)
	b.Open("/admin/past").Sees("Which moment?", "In the time zone of the server, UTC")
	do(b, "", "day", "soon", "hour", "").Sees("Give a day and a time")
	do(b, "", "day", "2126-01-01", "hour", "10:00").Sees("is still to come", `value="2126-01-01"`)
	if b.Status != 422 {
		t.Errorf("a moment to come: %d", b.Status)
	}
	do(b, "", "day", "2020-01-01", "hour", "10:00")
	until(t, s, b).Sees("Nothing that is kept reaches back to", `value="2020-01-01"`)

	// A minute may pass until the moment after the backup can be typed.
	check(t, s.Past.Look(time.Now(), "chief"))
	until(t, s, b).Sees("&lt;b&gt;Office&lt;/b&gt;", "Still here", "It is from the backup")
	look := lookPattern.FindStringSubmatch(b.Page)[1]
	base := "/admin/past/" + project.ID
	b.Open(base+"?look="+look).Sees("The lamp", "Unchanged", "Bring back the whole project")
	is, err := s.Content.Procedure(t.Context(), project.ID, "aaaaaaaaaaaaaaaaaaaaaaaaaa")
	check(t, err)
	changed := *is.Data
	changed.Title = procedure.T("La nouvelle", "The new one")
	_, err = s.Content.SaveRevision(t.Context(), store.Edit{Project: project.ID, UID: is.UID, Version: is.Version, Data: &changed, By: "ann"})
	check(t, err)
	b.Open(base + "?look=" + look).Sees("Changed since")
	b.Open(base+"/bring?look="+look+"&procedure="+is.UID).Sees("Bring back “The lamp”", `value="copy" checked`, `value="draft"`)
	do(b, "/bring", "look", look, "project", project.ID, "procedure", is.UID, "as", "draft")
	until(t, s, b).Sees("Brought back: The lamp", "/studio/p/"+project.ID+"/d/"+is.UID, "no longer there: night")
	do(b, "/bring", "look", look, "project", project.ID)
	until(t, s, b).Sees("Brought back: &lt;b&gt;Office&lt;/b&gt; (as on ")
	b.Open("/admin/audit").Sees("Project brought back from the past", "Procedure brought back from the past")

	// What is no longer open, or never was.
	for _, path := range []string{base + "?look=other", base + "/bring?look=other"} {
		if b.Open(path).Sees("Choose the moment again"); b.Status != 409 {
			t.Errorf("%s: %d", path, b.Status)
		}
	}
	if b.Open("/admin/past/nobody?look=" + look).Sees("There was no project nobody"); b.Status != 404 {
		t.Errorf("no such project: %d", b.Status)
	}
	do(b, "/close", "look", look)
	if strings.Contains(b.Open("/admin/past").Page, "Still here") {
		t.Error("it is closed and shown")
	}
	if do(b, "/bring", "look", look, "project", project.ID).Sees("Choose the moment again"); b.Status != 409 {
		t.Errorf("brought of what is closed: %d", b.Status)
	}
}

func TestNothingKeepsThePast(t *testing.T) {
	_, b := office(t, "")
	b.Open("/admin/past").Sees("Nothing keeps earlier states of this server")
	if strings.Contains(b.Page, `name="day"`) {
		t.Error("a moment is asked for")
	}
}
