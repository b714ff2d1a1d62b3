package scenario_test

import (
	"bytes"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
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
	t       *testing.T
	project store.Project
	uid     string
	b       *webtest.Browser
}

const lampSteps = `
schema: 1
uid: lampaaaaaaaaaaaaaaaaaaaaaa
alias: lamp
title: {fr: La lampe, en: The lamp}
entry: true
variables: [{name: site, type: text, default: user.attributes.site}, {name: mail, type: text, personal: true}, {name: rooms, type: number}, {name: spare, type: text, default: '"x"'}]
steps:
- {id: start, start: {}, next: ask}
- id: ask
  title: {fr: "Est-elle allumée ?", en: "Is it on?"}
  question: {answers: [{id: "yes", text: {fr: Oui, en: "Yes"}, to: form}, {id: "no", text: {fr: Non, en: "No"}, to: press}, {id: maybe, text: {fr: Un peu, en: A little}, to: press}]}
- {id: press, title: {fr: Appuyez, en: Press}, page: {}, next: sure}
- {id: sure, title: {fr: "Mieux ?", en: "Better?"}, confirm: {yes: done, no: call}}
- {id: call, title: {fr: Appeler, en: Call}, rest: {url: "https://example.org/lamps", mock: '{"n": 1}'}, next: sent, on_error: sent}
- {id: form, title: {fr: Vous, en: You}, form: {fields: [{id: rooms, type: number, label: {en: Rooms, fr: Pièces}}, {id: mail, type: mail, personal: true, label: {en: Mail, fr: Adresse}}, {id: pin, type: secret, label: {en: Pin, fr: Code}}]}, next: done}
- {id: done, title: {fr: C’est réglé, en: Done}, end: {outcome: solved}}
- {id: sent, title: {fr: Transmis, en: Sent}, end: {outcome: escalated}}
`

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	s := webtest.NewSite(t, func(c *frame.Config) {
		e, err := edition.Open(t.Context(), c.Store, t.TempDir(), c.Log)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Close() })
		c.Edition, c.Shelf = e, e.Shelf()
		c.Now = func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("CET", 3600)) }
	})
	writer := webtest.AddUser(t, s, "writer", access.Writer, "production")
	writer.Attributes = map[string]string{"site": "Lyon", "salary": "much"}
	if _, err := s.Content.SaveUser(t.Context(), writer, "test"); err != nil {
		t.Fatal(err)
	}
	p, err := s.Content.CreateProject(t.Context(), "production", &procedure.Project{
		Schema: procedure.Schema, UID: store.NewID(), Alias: "desk", Name: procedure.T("Bureau", "Desk"), Languages: []string{"en", "fr"},
	}, writer.ID)
	if err != nil {
		t.Fatal(err)
	}
	grants := []access.Grant{{User: writer.ID, Right: access.Administration}, {User: writer.ID, Right: access.Duplication}, {User: writer.ID, Right: access.Modification}}
	for name, right := range map[string]access.Right{"reader": access.Execution, "colleague": access.Modification} {
		grants = append(grants, access.Grant{User: webtest.AddUser(t, s, name, access.Writer, "production").ID, Right: right})
	}
	webtest.AddUser(t, s, "other", access.Writer, "production")
	webtest.AddUser(t, s, "visitor", access.User, "production")
	if err := s.Content.SetGrants(t.Context(), p.ID, grants, writer.ID); err != nil {
		t.Fatal(err)
	}
	lamp, err := procedure.ReadProcedure([]byte(lampSteps))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Content.CreateProcedure(t.Context(), p.ID, lamp, writer.ID); err != nil {
		t.Fatal(err)
	}
	return &workshop{Site: s, t: t, project: p, uid: lamp.UID, b: webtest.SignedInAs(t, s, "writer")}
}

func (w *workshop) procedureURL(rest string) string {
	return studio.ProcedureURL(w.project.ID, w.uid) + rest
}

func (w *workshop) list(rest string) string { return studio.ScenariosURL(w.project.ID, "") + rest }

var inEnglish = webtest.Header("Accept-Language", "en")

// try plays a test run: what each page is answered, as name and value.
func (w *workshop) try(answers ...[]string) {
	w.t.Helper()
	w.b.Open(w.procedureURL("/test"), inEnglish)
	for _, a := range answers {
		form := url.Values{}
		for _, name := range []string{"state", "pass", "turn", "journal"} {
			form.Set(name, field(w.b.Page, name))
		}
		for i := 0; i < len(a); i += 2 {
			form.Add(a[i], a[i+1])
		}
		action := regexp.MustCompile(`action="([^"]+/test/[^"]+)"`).FindStringSubmatch(w.b.Page)
		if action == nil {
			w.t.Fatalf("no page to answer %v: %s", a, webtest.MainOf(w.b.Page))
		}
		w.send(w.b, action[1], form)
		if w.b.Status != http.StatusOK && w.b.Status != http.StatusUnprocessableEntity {
			w.t.Fatalf("%v: %d %s", a, w.b.Status, webtest.MainOf(w.b.Page))
		}
	}
}

// field is the value of a hidden field of the page.
func field(page, name string) string {
	found := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

// send posts a form and shows where it leads.
func (w *workshop) send(b *webtest.Browser, path string, form url.Values) int {
	w.t.Helper()
	r := b.Send("POST", path, webtest.Form(form.Encode()), inEnglish)
	status := r.StatusCode
	b.Follow(r, path)
	return status
}

// keep asks for the page that makes a scenario of the run, or saves it.
func (w *workshop) keep(form url.Values) int {
	w.t.Helper()
	form.Set("journal", field(w.b.Page, "journal"))
	form.Set("pass", field(w.b.Page, "pass"))
	return w.send(w.b, w.procedureURL("/keep"), form)
}

// kept is the only scenario of the project, or the one of an id.
func (w *workshop) kept(id string) store.Scenario {
	w.t.Helper()
	all, err := w.Content.Scenarios(w.t.Context(), w.project.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range all {
		if id == "" && len(all) == 1 || s.Data.ID == id {
			return s
		}
	}
	w.t.Fatalf("there are %d scenarios, and none is %q", len(all), id)
	return store.Scenario{}
}

// makeOne keeps a scenario that goes by No, back, A little, No, to a call.
func (w *workshop) makeOne() store.Scenario {
	w.t.Helper()
	w.try([]string{"answer", "no"}, []string{"do", "back"}, []string{"answer", "maybe"}, []string{"answer", "next"}, []string{"answer", "no"})
	w.b.Sees("Sent", "Keep as a scenario", `formaction="`+w.procedureURL("/keep")+`"`)
	if got := w.keep(url.Values{"do": {"keep"}}); got != 200 {
		w.t.Fatalf("the page that keeps: %d", got)
	}
	w.b.Sees("The lamp – Passed to support", "Is it on?", "A little", "Back to the page before", "It ends with: Passed to support", "<code>site</code> = Lyon")
	if got := w.keep(url.Values{"do": {"save"}, "name": {"Lamp, to the desk"}, "expect": {"end", "steps", "effects"}, "variable": {"site"}}); got != 303 {
		w.t.Fatalf("keeping: %d %s", got, webtest.MainOf(w.b.Page))
	}
	return w.kept("")
}

func TestTestRunBecomesAScenario(t *testing.T) {
	w := newWorkshop(t)
	w.b.Open(w.list(""), inEnglish).Sees("No scenario yet", "Keep as a scenario", "Choose a procedure")
	w.b.Open(w.list("?procedure="+w.uid), inEnglish).Sees("No scenario for “The lamp” yet", w.procedureURL("/test"))
	sc := w.makeOne()
	w.b.Sees("It holds on what is written now", "The scenario holds", `value="Lamp, to the desk"`)
	d := sc.Data
	if d.ID != "lamp_to_the_desk" || d.At != "2026-11-23T09:00:00+01:00" || d.Language != "en" || len(d.Moves) != 5 || d.Moves[1].Do != "back" || d.Moves[2].Answer != "maybe" {
		t.Errorf("it is %+v", d)
	}
	if e := d.Expect; e.Outcome != procedure.Escalated || strings.Join(e.Steps, " ") == "" || len(e.Effects) != 1 || e.Effects[0].Step != "call" || len(e.Variables) != 1 || e.Variables["site"] != "Lyon" {
		t.Errorf("it expects %+v", e)
	}
	attributes, _ := d.User["attributes"].(map[string]any)
	if len(d.User) != 1 || len(attributes) != 1 || attributes["site"] != "Lyon" {
		t.Errorf("of the writer it keeps %v", d.User)
	}
	w.b.Open(w.list("?run=all"), inEnglish).Sees("Lamp, to the desk", "1 scenario holds", "Holds")
	w.b.Open(w.procedureURL(""), inEnglish).Sees("1 scenario of this procedure", w.list("?procedure="+w.uid))
}

// TestKeepingStopsShort keeps a run that has not ended, without a name first.
func TestKeepingStopsShort(t *testing.T) {
	w := newWorkshop(t)
	w.try([]string{"answer", "no"})
	page := w.b.Page
	if got := w.keep(url.Values{"do": {"save"}, "name": {"  "}, "expect": {"end"}}); got != 422 {
		t.Errorf("without a name: %d", got)
	}
	w.b.Sees("Give the scenario a name", "The page that shows at the end: “Press”")
	w.b.Page = page
	if got := w.keep(url.Values{"do": {"save"}, "name": {"Short"}, "expect": {"end"}}); got != 303 {
		t.Errorf("keeping: %d", got)
	}
	if e := w.kept("").Data.Expect; e.Showing != "press" || e.Outcome != "" || e.Steps != nil || e.Effects != nil || e.Variables != nil {
		t.Errorf("it expects %+v", e)
	}
}

// TestSecretsStayOut types a secret and something personal in a test run.
func TestSecretsStayOut(t *testing.T) {
	w := newWorkshop(t)
	w.try([]string{"answer", "yes"}, []string{"f.rooms", "3", "f.mail", "ada@example.org", "f.pin", "hush-7391"})
	w.b.Sees("Done")
	run := w.b.Page
	w.keep(url.Values{"do": {"keep"}})
	w.b.Sees("A secret was typed", "Invented value in place of the secret “pin”", "mail = ada@example.org", "Personal", "<code>rooms</code> = 3").SeesNot("hush-7391", "<code>mail</code>", "<code>pin</code>")
	w.b.Page = run
	if got := w.keep(url.Values{"do": {"save"}, "name": {"Secret"}, "expect": {"end"}}); got != 422 {
		t.Errorf("without a stand-in: %d", got)
	}
	w.b.Sees("Give an invented value").SeesNot("hush-7391")
	w.b.Page = run
	if got := w.keep(url.Values{"do": {"save"}, "name": {"Secret"}, "expect": {"end"}, "stand.1.pin": {"0000"}, "variable": {"rooms", "mail", "pin"}}); got != 303 {
		t.Errorf("with a stand-in: %d %s", got, webtest.MainOf(w.b.Page))
	}
	sc := w.kept("").Data
	answer, _ := sc.Moves[1].Answer.(map[string]any)
	if answer["pin"] != "0000" || answer["mail"] != "ada@example.org" || len(sc.Expect.Variables) != 1 {
		t.Errorf("it is %+v", sc)
	}
}

// TestJournalsAreSealed offers journals that are none, or another's.
func TestJournalsAreSealed(t *testing.T) {
	w := newWorkshop(t)
	w.try([]string{"answer", "no"})
	journal, pass, state := field(w.b.Page, "journal"), field(w.b.Page, "pass"), field(w.b.Page, "state")
	other := w.project.ID
	for what, form := range map[string]url.Values{
		"nothing": {}, "a state": {"journal": {state}, "pass": {pass}}, "another run's": {"journal": {journal}, "pass": {other}},
		"a changed one": {"journal": {journal[:len(journal)-2] + "AA"}, "pass": {pass}},
	} {
		form.Set("do", "save")
		form.Set("name", "X")
		if got := w.send(w.b, w.procedureURL("/keep"), form); got != http.StatusUnprocessableEntity && got != http.StatusBadRequest {
			t.Errorf("%s: %d", what, got)
		}
	}
	if all, err := w.Content.Scenarios(t.Context(), w.project.ID); err != nil || len(all) != 0 {
		t.Errorf("%d scenarios, %v", len(all), err)
	}
	w.b.Open(w.procedureURL("/test?from=press"), inEnglish).Sees("Press").SeesNot("Keep as a scenario")
	w.b.Open(w.procedureURL("/keep"), inEnglish).Sees("Is it on?")
}

// TestScenariosByRight asks for each address as each kind of person.
func TestScenariosByRight(t *testing.T) {
	w := newWorkshop(t)
	one := studio.ScenariosURL(w.project.ID, w.makeOne().Data.ID)
	for who, want := range map[string]struct{ read, change int }{
		"colleague": {200, 422}, "reader": {200, 403}, "other": {404, 403}, "visitor": {404, 403}, "": {303, 303},
	} {
		b := webtest.NewBrowser(t, w.Site)
		if who != "" {
			b = webtest.SignedInAs(t, w.Site, who)
		}
		for _, path := range []string{w.list(""), w.list("?run=all"), one} {
			r := b.Send("GET", path, inEnglish)
			if r.StatusCode != want.read {
				t.Errorf("%s reads %s: %d, want %d", who, path, r.StatusCode, want.read)
			}
			if page := webtest.Text(t, r); who == "reader" && (strings.Contains(page, "Save the scenario") || strings.Contains(page, "/delete\"")) {
				t.Errorf("%s is offered to change %s", who, path)
			}
		}
		for _, path := range []string{one, one + "/update", one + "/delete", w.procedureURL("/keep")} {
			got := b.Send("POST", path, webtest.Form("name=x")).StatusCode
			if refused := got == 401 || got == 403 || got == 404; refused != (want.change != 422) {
				t.Errorf("%s posts %s: %d", who, path, got)
			}
		}
		if got := b.Send("GET", one+"/update").StatusCode; (got == 200) != (want.change == 422) {
			t.Errorf("%s opens the update: %d", who, got)
		}
	}
	reader := webtest.SignedInAs(t, w.Site, "reader")
	reader.Open(w.procedureURL("/test"), inEnglish).SeesNot("Keep as a scenario")
}

// form is the form of the scenario's page as it stands.
func (w *workshop) form(sc store.Scenario) url.Values {
	e := sc.Data.Expect
	f := url.Values{"version": {strconv.FormatInt(sc.Version, 10)}, "name": {sc.Data.Name}, "outcome": {string(e.Outcome)}, "showing": {e.Showing}, "texts": {strings.Join(e.Texts, "\r\n")}, "check_steps": {"true"}, "check_effects": {"true"}, "step": e.Steps}
	for _, wanted := range e.Effects {
		f.Add("effect", wanted.Step)
	}
	for name, value := range e.Variables {
		f.Add("variable", name)
		f.Add("variable_name", name)
		f.Add("variable_value", studio.Value(value))
	}
	return f
}

func TestScenarioIsChanged(t *testing.T) {
	w := newWorkshop(t)
	sc := w.makeOne()
	one := studio.ScenariosURL(w.project.ID, sc.Data.ID)
	w.b.Open(one, inEnglish).Sees("Is it on?", `<option value="maybe" selected>`, `name="move.5"`, "Cut here", "Visit exactly these steps")
	unchanged := sc.Data
	if got := w.send(w.b, one, w.form(sc)); got != 303 {
		t.Fatalf("saved as it is: %d", got)
	}
	sc = w.kept("")
	if !slices.Equal(sc.Data.Expect.Steps, unchanged.Expect.Steps) || len(sc.Data.Moves) != 5 || sc.Data.Moves[4].Answer != false || sc.Version != 2 {
		t.Errorf("saving it as it is made %+v", sc.Data)
	}

	f := w.form(sc)
	f.Set("name", "Lamp mended")
	f.Set("move.5", "yes")
	f.Set("outcome", "solved")
	f.Set("texts", "Better?\n\n Done ")
	f.Del("check_steps")
	f.Del("effect")
	f.Add("variable_name", "spare")
	f.Add("variable_value", "x")
	f.Add("variable", "spare")
	if got := w.send(w.b, one, f); got != 303 {
		t.Fatalf("changed: %d", got)
	}
	w.b.Sees("The scenario holds", "Lamp mended")
	sc = w.kept("")
	if e := sc.Data.Expect; e.Outcome != procedure.Solved || e.Steps != nil || e.Effects == nil || len(e.Effects) != 0 || len(e.Texts) != 2 || len(e.Variables) != 2 || sc.Data.Moves[4].Answer != true {
		t.Errorf("it is %+v %+v", sc.Data.Moves, e)
	}

	f = w.form(sc)
	f.Del("check_steps")
	f.Set("do", "cut|4")
	f.Set("outcome", "")
	f.Set("showing", "press")
	f.Set("texts", "")
	if got := w.send(w.b, one, f); got != 303 || len(w.kept("").Data.Moves) != 3 {
		t.Errorf("cut: %d %+v", got, w.kept("").Data)
	}
	w.b.Sees("The scenario holds")
	for what, change := range map[string]func(url.Values){
		"no name": func(f url.Values) { f.Set("name", "") }, "a long text": func(f url.Values) { f.Set("texts", strings.Repeat("x", 2001)) },
		"an outcome of none": func(f url.Values) { f.Set("outcome", "happy") }, "a page of none": func(f url.Values) { f.Set("showing", "gone") },
		"a step of none": func(f url.Values) { f["step"] = []string{"gone"} }, "a cut of none": func(f url.Values) { f.Set("do", "cut|9") },
	} {
		sc = w.kept("")
		f := w.form(sc)
		change(f)
		if got := w.send(w.b, one, f); got != 422 || w.kept("").Version != sc.Version {
			t.Errorf("%s: %d", what, got)
		}
	}
}

// TestTwoWritersOfAScenario saves from an older version.
func TestTwoWritersOfAScenario(t *testing.T) {
	w := newWorkshop(t)
	sc := w.makeOne()
	one := studio.ScenariosURL(w.project.ID, sc.Data.ID)
	mine, theirs := w.form(sc), w.form(sc)
	theirs.Set("name", "Theirs")
	colleague := webtest.SignedInAs(t, w.Site, "colleague")
	if got := w.send(colleague, one, theirs); got != 303 {
		t.Fatal(got)
	}
	mine.Set("name", "Mine")
	mine.Set("outcome", "solved")
	if got := w.send(w.b, one, mine); got != http.StatusConflict || w.kept("").Data.Name != "Theirs" {
		t.Fatalf("%d, %s", got, w.kept("").Data.Name)
	}
	w.b.Sees(`value="Mine"`, `<option value="solved" selected>`, "“Mine” becomes “Theirs”", `name="version" value="2"`)
	mine.Set("version", field(w.b.Page, "version"))
	if got := w.send(w.b, one, mine); got != 303 || w.kept("").Data.Name != "Mine" {
		t.Errorf("saved again: %d", got)
	}
	if got := w.send(w.b, one+"/delete", url.Values{"version": {"1"}}); got != http.StatusConflict {
		t.Errorf("deleted from an old page: %d", got)
	}
	if got := w.send(w.b, one+"/copy", url.Values{}); got != 303 || w.kept("mine_copy").Data.Name != "Mine (copy)" {
		t.Errorf("copied: %d", got)
	}
	if got := w.send(w.b, one+"/delete", url.Values{"version": {"3"}}); got != 303 {
		t.Errorf("deleted: %d", got)
	}
	w.b.Sees("“Mine” was deleted", "Mine (copy)")
	w.kept("mine_copy")
}

// change writes the procedure anew.
func (w *workshop) change(with func(*procedure.Procedure)) {
	w.t.Helper()
	p, err := w.Content.Procedure(w.t.Context(), w.project.ID, w.uid)
	if err != nil {
		w.t.Fatal(err)
	}
	with(p.Data)
	if _, err := w.Content.SaveRevision(w.t.Context(), store.Edit{Project: w.project.ID, UID: w.uid, Version: p.Version, Data: p.Data, Operation: []byte(`[]`), By: p.ChangedBy}); err != nil {
		w.t.Fatal(err)
	}
}

// TestChangedProcedureMakesItRed changes an end, removes a step, and removes
// the procedure: the scenario says what differs, and is brought up to date.
func TestChangedProcedureMakesItRed(t *testing.T) {
	w := newWorkshop(t)
	sc := w.makeOne()
	one := studio.ScenariosURL(w.project.ID, sc.Data.ID)
	w.change(func(p *procedure.Procedure) { p.Step("sent").End.Outcome = procedure.Unsolved })
	w.b.Open(w.list("?run=all"), inEnglish).Sees("1 scenario no longer holds", "Outcome: expected “Passed to support”; got “Not solved”")
	w.b.Open(w.list("?run=all"), webtest.Header("Accept-Language", "fr")).Sees(webtest.WordsIn("fr").T("differs.line", "Issue", "«\u202fTransmis à l’assistance\u202f»", "«\u202fNon résolu\u202f»"))
	w.b.Open(one, inEnglish).Sees("1 difference", "Update to what happens now")
	w.b.Open(one+"/update", inEnglish).Sees("Outcome: “Passed to support” becomes “Not solved”")
	seen, version := field(w.b.Page, "seen"), field(w.b.Page, "version")
	w.change(func(p *procedure.Procedure) { p.Step("sent").End.Outcome = procedure.Informed })
	if got := w.send(w.b, one+"/update", url.Values{"seen": {seen}, "version": {version}}); got != http.StatusConflict || w.kept("").Data.Expect.Outcome != procedure.Escalated {
		t.Errorf("an update that was not shown: %d", got)
	}
	w.b.Sees("has changed since this page was shown")
	if got := w.send(w.b, one+"/update", url.Values{"seen": {field(w.b.Page, "seen")}, "version": {version}}); got != 303 || w.kept("").Data.Expect.Outcome != procedure.Informed {
		t.Errorf("an update: %d", got)
	}
	w.b.Sees("The scenario holds")

	w.change(func(p *procedure.Procedure) { // the step "press" goes
		p.Steps = slices.DeleteFunc(p.Steps, func(s procedure.Step) bool { return s.ID == "press" })
		for i := range p.Step("ask").Question.Answers[1:] {
			p.Step("ask").Question.Answers[i+1].To = "sure"
		}
	})
	w.b.Open(one, inEnglish).Sees("press (deleted step)", "Move 2, “press (deleted step)”: expected the page “press (deleted step)”; got the page “Better?”", "Stuck here", "Not reached")
	w.b.Open(one+"/update", inEnglish).Sees("moves can no longer be made")
	if got := w.send(w.b, one+"/update", url.Values{"seen": {field(w.b.Page, "seen")}, "version": {field(w.b.Page, "version")}}); got != 303 {
		t.Errorf("the update that cuts: %d", got)
	}
	w.b.Sees("The scenario holds")
	w.b.Open(one+"/update", inEnglish).Sees("already expects what happens now")

	p, err := w.Content.Procedure(t.Context(), w.project.ID, w.uid)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Content.DeleteProcedure(t.Context(), w.project.ID, w.uid, p.Version, p.ChangedBy); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{w.list("?run=all"), one, one + "/update"} {
		if w.b.Open(path, inEnglish); w.b.Status != 200 {
			t.Errorf("%s: %d", path, w.b.Status)
		}
	}
	w.b.Open(one, inEnglish).Sees("Deleted procedure", "At the start: expected the beginning of the procedure")
}

// TestArchiveKeepsScenarios exports twice and compares.
func TestArchiveKeepsScenarios(t *testing.T) {
	w := newWorkshop(t)
	w.makeOne()
	export := func() string {
		r := w.b.Send("GET", "/studio/p/"+w.project.ID+"/archive.zip")
		if r.StatusCode != 200 {
			t.Fatal(r.StatusCode)
		}
		return webtest.Text(t, r)
	}
	first := export()
	if !bytes.Equal([]byte(first), []byte(export())) {
		t.Error("two archives of the same project differ")
	}
	if !strings.Contains(first, "scenarios/lamp_to_the_desk.yaml") {
		t.Error("the archive has no scenario")
	}
}
