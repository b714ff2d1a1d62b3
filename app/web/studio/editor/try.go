package editor

import (
	"fmt"
	"net/http"

	"selfhelp/app/access"
	"selfhelp/app/edition"
	"selfhelp/app/execution"
	"selfhelp/app/execution/rehearsal"
	"selfhelp/app/fault"
	"selfhelp/app/web/drive"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/studio"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// A test run plays the procedure as it is written, with the player's own page.
// Nothing of it is kept: its state travels with the page, and so does the journal
// of what was done, of which a scenario can be made. Whatever it would ask of the
// outside is answered by what the step says for tests.

// tryProcedure begins a test run, at the step of ?from or at the start.
func (s *Editor) tryProcedure(w http.ResponseWriter, v *frame.Visit) error {
	b, draft, err := s.tried(v)
	if err != nil {
		return err
	}
	u, err := s.Content.User(v.Context(), v.Who.ID)
	if err != nil {
		return err
	}
	from := v.URL.Query().Get("from")
	if step := b.proc.Data.Step(from); step == nil || step.Start != nil {
		from = ""
	}
	c := execution.Context{
		ID: store.NewID(), Entry: b.proc.UID, Version: "0.0", Language: b.look.lang, Languages: []string{v.Words.Lang()}, Channel: "studio",
		User: drive.UserRoot(u, v.Who.Groups.Names()), Groups: v.Who.Groups.Names(), Test: true, From: from,
		Env: map[string]any{"domain": b.project.Domain, "project": b.project.Data.Alias, "version": "0.0", "server": v.Host},
	}
	now := s.Now()
	turn, err := execution.Start(draft, c, now)
	if err != nil {
		return err
	}
	return s.showTried(w, v, b, trial{draft: draft, id: c.ID, turn: turn, journal: rehearsal.Begin(c, now), kept: from == "" && b.mayKeep})
}

// tryAgain is the address of a page of a test run: its state has gone, so the
// run begins again there.
func (s *Editor) tryAgain(w http.ResponseWriter, v *frame.Visit) error {
	return frame.GoTo(w, v, studio.ProcedureURL(v.PathValue("project"), v.PathValue("procedure"))+"/test?from="+v.PathValue("step"))
}

// tryAnswer takes what was done on a page of a test run.
func (s *Editor) tryAnswer(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseMultipartForm(1 << 20); err != nil && err != http.ErrNotMultipart {
		return frame.Unreadable(err)
	}
	b, draft, err := s.tried(v)
	if err != nil {
		return err
	}
	posted, err := drive.InputOf(v.PostForm, drive.StepOf(v))
	if err != nil {
		return err
	}
	id := v.PostFormValue("pass")
	state, err := s.Sealer.Open(posted.Token, id)
	if err != nil {
		return err
	}
	if !state.Context.Test || state.Context.Entry != b.proc.UID {
		return fault.New(fault.Invalid, "fault.form.unreadable")
	}
	done := trial{draft: draft, id: id}
	if token := v.PostFormValue("journal"); token != "" {
		if done.journal, err = s.Journal(token, id); err != nil {
			return err
		}
		done.kept = b.mayKeep
	}
	if done.turn, err = execution.Advance(draft, state, posted.Input, s.Now()); err != nil {
		return err
	}
	return s.showTried(w, v, b, done)
}

// trial is a turn of a test run, with the journal of those before when a
// scenario can be made of it.
type trial struct {
	draft   *edition.Draft
	id      string
	turn    execution.Turn
	journal rehearsal.Journal
	kept    bool
}

// take makes a turn the present one.
func (t *trial) take(turn execution.Turn) { t.turn, t.journal = turn, t.journal.With(turn) }

// tried reads what a test run plays: everything as it is written now.
func (s *Editor) tried(v *frame.Visit) (bench, *edition.Draft, error) {
	b, err := s.benchOf(v)
	if err != nil {
		return b, nil, err
	}
	b.look = lookOf(v.URL.Query(), b.proc.Data, b.project.Data.Languages)
	thing, err := s.WrittenThing(v, b.project)
	if err != nil {
		return b, nil, err
	}
	b.mayKeep = v.May(access.ModifyProject, thing)
	written, err := s.Content.WholeProject(v.Context(), b.project.ID)
	if err != nil {
		return b, nil, err
	}
	draft, err := s.Draft(v, b.project, written)
	return b, draft, err
}

// showTried answers what a turn asks of the outside, then shows its page.
func (s *Editor) showTried(w http.ResponseWriter, v *frame.Visit, b bench, t trial) error {
	t.take(t.turn)
	for range drive.MaxEffects {
		if t.turn.Effect == nil {
			break
		}
		reply := execution.MockResult(t.turn.Effect)
		next, err := execution.Advance(t.draft, t.turn.State, execution.Input{Kind: execution.DoResult, Result: &reply}, s.Now())
		if err != nil {
			return fmt.Errorf("go on after step %s: %w", t.turn.Effect.Step, err)
		}
		t.take(next)
	}
	turn := t.turn
	if turn.Page == nil {
		return fault.New(fault.Internal, "fault.internal")
	}
	journal := ""
	if t.kept {
		var err error
		if journal, err = s.SealJournal(t.journal, t.id); err != nil {
			return err
		}
	}
	token, err := s.Sealer.Seal(turn.State)
	if err != nil {
		return err
	}
	turn.Page.Toolbar.NoReport, turn.Page.Toolbar.NoPostit, turn.Page.Toolbar.NoPause = true, true, true // nothing is kept
	v.Words = ui.In(turn.Page.Language, v.Words.Lang())
	here := frame.Place{Domain: b.project.Domain, Project: b.project.Data}
	edited := b
	edited.look = look{step: turn.Page.Step, lang: b.look.lang, layout: "map"}
	page := views.Player{
		Chrome: s.PortalChrome(v, here, turn.Page.Title), Page: turn.Page, Token: token, Pass: t.id, Turn: 1, Address: b.url() + "/test",
		Portal: ui.Place{Name: v.Words.T("editor.open_step"), URL: editorURL(edited)}, Journal: journal, Keep: b.url() + "/keep",
	}
	page.Chrome.Scripts, page.Chrome.Here, page.Chrome.Quiet = drive.PlayerScripts, b.url()+"/test", true
	page.Chrome.Look = s.LookOf(here.Project, turn.Page.Theme, turn.Page.Language)
	frame.AllowOwnFrame(w.Header())
	status := http.StatusOK
	if len(turn.Problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return frame.ShowStatus(w, v, status, page.View())
}

func (b bench) url() string { return studio.ProcedureURL(b.project.ID, b.proc.UID) }
