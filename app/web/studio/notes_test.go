package studio_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// withNotes is a project whose lamp was asked about: a post-it and an opinion.
func withNotes(t *testing.T) (*frame.Site, string) {
	t.Helper()
	s := webtest.NewSite(t)
	webtest.AddUser(t, s, "writer", access.Writer, "production")
	reader := webtest.AddUser(t, s, "reader", access.Writer, "production")
	writer, err := s.Content.UserByLogin(t.Context(), "writer")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Content.CreateProject(t.Context(), "production", webtest.Desk(t), writer.ID)
	if err == nil {
		err = s.Content.SetGrants(t.Context(), p.ID, []access.Grant{{User: writer.ID, Right: access.Administration}, {User: writer.ID, Right: access.Modification}, {User: reader.ID, Right: access.Execution}}, "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	lamp := webtest.Desk(t).Procedures[0]
	now := time.Now()
	err = s.Activity.StartExecution(t.Context(), store.Execution{ID: "x1", Project: p.ID, Procedure: lamp.UID, Alias: lamp.Alias, Version: "1.0", Started: now},
		store.Turn{Execution: "x1", Input: "start", Step: "colour", At: now, Events: json.RawMessage(`[]`), State: []byte("s")})
	if err == nil {
		_, err = s.Activity.AddPostit(t.Context(), store.Postit{Execution: "x1", Within: lamp.UID, Step: lamp.Steps[1].ID, Text: "<b>the button is gone</b>", At: now})
	}
	if err == nil {
		err = s.Activity.SetFeedback(t.Context(), store.Feedback{Execution: "x1", Within: lamp.UID, Step: "gone", Scale: procedure.ScaleFive, Score: 2, Comment: "=too long", At: now.Add(time.Second)})
	}
	if err != nil {
		t.Fatal(err)
	}
	return s, p.ID
}

// TestNotesAreReadAnsweredAndClosed goes through the inbox as a writer does,
// without script.
func TestNotesAreReadAnsweredAndClosed(t *testing.T) {
	s, project := withNotes(t)
	b := webtest.SignedInAs(t, s, "writer")
	notes := "/studio/p/" + project + "/notes"
	english := webtest.Header("Accept-Language", "en")
	b.Open(notes, english).Sees("&lt;b&gt;the button is gone&lt;/b&gt;", "=too long", "2 out of 5", "2 not closed", "?step=", "version 1.0", "gone")
	b.SeesNot("<b>the button")
	b.Open(notes+"?kind=opinion", english).Sees("=too long").SeesNot("the button is gone")
	b.Open(notes+"?q=BUTTON", english).Sees("the button is gone").SeesNot("=too long")
	b.Open(notes+"?procedure=none", english).Sees("Nothing to read")
	b.Follow(b.Send("POST", notes, webtest.Form(url.Values{"note": {"postit-1"}, "do": {"done"}, "filter": {"state=open"}}.Encode()), english), notes)
	b.Open(notes, english).SeesNot("the button is gone").Sees("1 not closed")
	b.Open(notes+"?state=done", english).Sees("the button is gone", "Closed")
	empty := b.Send("POST", notes+"/answer", webtest.Form(url.Values{"note": {"opinion-x1-gone"}, "answer": {"  "}}.Encode()), english)
	if empty.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("an empty answer: %d", empty.StatusCode)
	}
	b.Follow(b.Send("POST", notes+"/answer", webtest.Form(url.Values{"note": {"opinion-x1-gone"}, "answer": {"it has three steps now"}, "filter": {"state=all"}}.Encode()), english), notes)
	b.Open(notes+"?state=all", english).Sees("it has three steps now", "writer, ")
	second := b.Send("POST", notes+"/answer", webtest.Form(url.Values{"note": {"opinion-x1-gone"}, "seen": {"0"}, "answer": {"two, I think"}, "filter": {"state=open"}}.Encode()), english)
	if shown := webtest.Text(t, second); second.StatusCode != http.StatusConflict || !strings.Contains(shown, "it has three steps now") || !strings.Contains(shown, ">two, I think</textarea>") {
		t.Errorf("a second answer beside the first: %d", second.StatusCode)
	}
	seen := regexp.MustCompile(`name="seen" value="(\d{6,})"`).FindStringSubmatch(b.Open(notes+"?state=done", english).Page)
	if seen == nil {
		t.Fatal("the answer shown has no moment")
	}
	b.Follow(b.Send("POST", notes+"/answer", webtest.Form(url.Values{"note": {"opinion-x1-gone"}, "seen": {seen[1]}, "answer": {"it has three steps now"}}.Encode()), english), notes)
	table := webtest.Text(t, b.Send("GET", notes+".csv?state=all", english))
	if !strings.Contains(table, "'=too long,2 out of 5,Closed,it has three steps now") {
		t.Error(table)
	}
	if r := b.Send("GET", notes+".xlsx?state=all"); r.StatusCode != http.StatusOK || !strings.HasPrefix(webtest.Text(t, r), "PK") {
		t.Errorf("no workbook: %d", r.StatusCode)
	}
}

// TestNotesOfOthers: who may not change the project changes no note, and keys
// of other projects close nothing.
func TestNotesOfOthers(t *testing.T) {
	s, project := withNotes(t)
	b := webtest.SignedInAs(t, s, "reader")
	for _, path := range []string{"/notes", "/notes/answer"} {
		if r := b.Send("POST", "/studio/p/"+project+path, webtest.Form("note=postit-1&do=done&answer=x")); r.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	if n, err := s.Activity.CountOpenNotes(t.Context(), project); err != nil || n != 2 {
		t.Errorf("%d open, %v", n, err)
	}
}
