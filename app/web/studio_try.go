package web

import (
	"fmt"
	"net/http"

	"selfhelp/app/edition"
	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// A test run plays the procedure as it is written, with the player's own page.
// Nothing of it is kept: its state travels with the page, and whatever it would
// ask of the outside is answered by what the step says for tests.

// tryProcedure begins a test run, at the step of ?from or at the start.
func (s *Site) tryProcedure(w http.ResponseWriter, v *visit) error {
	b, draft, err := s.tried(v)
	if err != nil {
		return err
	}
	u, err := s.content.User(v.Context(), v.who.ID)
	if err != nil {
		return err
	}
	from := v.URL.Query().Get("from")
	if step := b.proc.Data.Step(from); step == nil || step.Start != nil {
		from = ""
	}
	c := execution.Context{
		ID: store.NewID(), Entry: b.proc.UID, Version: "0.0", Language: b.look.lang, Languages: []string{v.words.Lang()}, Channel: "studio",
		User: userRoot(u, v.who.Groups), Groups: v.who.Groups, Test: true, From: from,
		Env: map[string]any{"domain": b.project.Domain, "project": b.project.Data.Alias, "version": "0.0", "server": v.Host},
	}
	turn, err := execution.Start(draft, c, s.now())
	if err != nil {
		return err
	}
	return s.showTried(w, v, b, draft, c.ID, turn)
}

// tryAgain is the address of a page of a test run: its state has gone, so the
// run begins again there.
func (s *Site) tryAgain(w http.ResponseWriter, v *visit) error {
	return goTo(w, v, procedureURL(v.PathValue("project"), v.PathValue("procedure"))+"/test?from="+v.PathValue("step"))
}

// tryAnswer takes what was done on a page of a test run.
func (s *Site) tryAnswer(w http.ResponseWriter, v *visit) error {
	if err := v.ParseMultipartForm(1 << 20); err != nil && err != http.ErrNotMultipart {
		return unreadable(err)
	}
	b, draft, err := s.tried(v)
	if err != nil {
		return err
	}
	posted, err := inputOf(v.PostForm, v.PathValue("step"))
	if err != nil {
		return err
	}
	id := v.PostFormValue("pass")
	state, err := s.sealer.Open(posted.token, id)
	if err != nil {
		return err
	}
	if !state.Context.Test || state.Context.Entry != b.proc.UID {
		return fault.New(fault.Invalid, "fault.form.unreadable")
	}
	turn, err := execution.Advance(draft, state, posted.input, s.now())
	if err != nil {
		return err
	}
	return s.showTried(w, v, b, draft, id, turn)
}

// tried reads what a test run plays: everything as it is written now.
func (s *Site) tried(v *visit) (bench, *edition.Draft, error) {
	b, err := s.benchOf(v)
	if err != nil {
		return b, nil, err
	}
	b.look = lookOf(v.URL.Query(), b.proc.Data, b.project.Data.Languages)
	written, err := s.content.WholeProject(v.Context(), b.project.ID)
	if err != nil {
		return b, nil, err
	}
	return b, edition.NewDraft(written), nil
}

// showTried answers what a turn asks of the outside, then shows its page.
func (s *Site) showTried(w http.ResponseWriter, v *visit, b bench, draft *edition.Draft, id string, turn execution.Turn) error {
	for range maxEffects {
		if turn.Effect == nil {
			break
		}
		reply := execution.MockResult(turn.Effect)
		next, err := execution.Advance(draft, turn.State, execution.Input{Kind: execution.DoResult, Result: &reply}, s.now())
		if err != nil {
			return fmt.Errorf("go on after step %s: %w", turn.Effect.Step, err)
		}
		turn = next
	}
	if turn.Page == nil {
		return fault.New(fault.Internal, "fault.internal")
	}
	token, err := s.sealer.Seal(turn.State)
	if err != nil {
		return err
	}
	turn.Page.Toolbar.NoReport, turn.Page.Toolbar.NoPostit, turn.Page.Toolbar.NoPause = true, true, true // nothing is kept
	v.words = ui.In(turn.Page.Language, v.words.Lang())
	here := place{domain: b.project.Domain, project: b.project.Data}
	edited := b
	edited.look = look{step: turn.Page.Step, lang: b.look.lang, layout: "map"}
	page := views.Player{
		Chrome: s.portalChrome(v, here, turn.Page.Title), Page: turn.Page, Token: token, Pass: id, Turn: 1, Address: b.url() + "/test",
		Portal: ui.Place{Name: v.words.T("editor.open_step"), URL: editorURL(edited)},
	}
	page.Chrome.Scripts, page.Chrome.Here, page.Chrome.Quiet = playerScripts, b.url()+"/test", true
	page.Chrome.Look = s.lookOf(here.project, turn.Page.Theme, turn.Page.Language)
	allowOwnFrame(w.Header())
	status := http.StatusOK
	if len(turn.Problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return showStatus(w, v, status, page.View())
}

func (b bench) url() string { return procedureURL(b.project.ID, b.proc.UID) }
