package studio_test

import (
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// TestProblemsNameTheirPlace reads what is wrong in a project as a writer does:
// by the titles of procedures and steps, and with a way to where it is mended.
func TestProblemsNameTheirPlace(t *testing.T) {
	s := webtest.NewSite(t)
	writer := webtest.AddUser(t, s, "writer", access.Writer, "production")
	p, err := s.Content.CreateProject(t.Context(), "production", &procedure.Project{
		Schema: procedure.Schema, UID: store.NewID(), Alias: "desk", Name: procedure.Text{In: map[string]string{"en": "Desk"}}, Languages: []string{"en", "fr"},
		Categories: []procedure.Category{{ID: "c1", Name: procedure.Text{In: map[string]string{"en": "Lights"}}}},
		Procedures: []*procedure.Procedure{{
			Schema: procedure.Schema, UID: store.NewID(), Alias: "lamp", Title: procedure.T("La lampe", "The lamp"), Entry: true,
			Steps: []procedure.Step{
				{ID: "start", Start: &procedure.Start{}, Next: "s0"},
				{ID: "s0", Title: procedure.Text{In: map[string]string{"en": "Look"}}, Next: "s1", Page: &procedure.Page{}},
				{ID: "s1", Title: procedure.Text{In: map[string]string{"en": "Is it on?"}}, End: &procedure.End{Outcome: procedure.Solved}},
			},
		}},
	}, writer.ID)
	if err == nil {
		err = s.Content.SetGrants(t.Context(), p.ID, []access.Grant{{User: writer.ID, Right: access.Administration}, {User: writer.ID, Right: access.Publication}}, writer.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	b := webtest.SignedInAs(t, s, "writer")
	b.Open("/studio/p/"+p.ID, webtest.Header("Accept-Language", "en"))
	b.Sees("This text is missing in French.", "Settings · Name", "Categories · Lights", "2 texts are not translated (Français).", ">The lamp<", "/translate?show=missing&amp;to=fr")
	b.SeesNot("The lamp · Is it on? · Title")
	if !strings.Contains(b.Page, "/studio/p/"+p.ID+"/settings\">This text is missing") {
		t.Error("nothing leads to the settings")
	}
}
