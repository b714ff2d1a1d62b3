package studio_test

import (
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/studio"
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

// TestPlacesNameTheirEntry goes to places inside steps: an entry is named by its
// words, or by its number while it has none.
func TestPlacesNameTheirEntry(t *testing.T) {
	yes := procedure.Answer{ID: "yes", Text: procedure.T("Oui", "Yes")}
	p := &procedure.Procedure{
		Variables: []procedure.Variable{{Name: "days"}},
		Steps: []procedure.Step{
			{ID: "ask", Question: &procedure.Question{Answers: []procedure.Answer{yes, {ID: "no"}}}},
			{ID: "form", Form: &procedure.FormStep{Form: procedure.Form{Fields: []procedure.Field{{ID: "name", Label: procedure.T("Votre nom", "Your name")}}}}},
			{ID: "test", Test: &procedure.Test{Rules: []procedure.Rule{{If: "var.days > 3"}}}},
		},
	}
	v := &frame.Visit{Words: webtest.WordsIn("fr")}
	french := func(t procedure.Text) string { return t.In["fr"] }
	for _, c := range []struct{ step, path, want string }{
		{"ask", "answers.yes.text", "Réponse « Oui » · Texte"}, {"ask", "answers.no.text", "Réponse 2 · Texte"}, {"ask", "answers.no", "Réponse 2"},
		{"ask", "answers", "Réponses"}, {"ask", "title", "Titre"}, {"ask", "answers.gone.text", "Réponses · Texte"},
		{"form", "fields.name.label", "Champ « Votre nom » · Libellé"}, {"test", "rules.0.if", "Règle « var.days > 3 » · Si"},
		{"", "variables.days.default", "Variable « days » · Valeur par défaut"}, {"", "title", "Titre"},
	} {
		if got := studio.PlaceWords(v, p, c.step, c.path, french); got != c.want {
			t.Errorf("%s of %q is called %q, want %q", c.path, c.step, got, c.want)
		}
	}
}
