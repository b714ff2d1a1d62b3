package execution

import (
	"slices"
	"time"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// meet comes to a step that shows a page.
func (r *run) meet(n *program.Node) string {
	if n.Step.Handover != nil && n.Step.Handover.Available != "" {
		available, err := r.Truth(n.Step.Handover.Available)
		if err != nil {
			return r.fail(n, err)
		}
		if !available {
			r.setResult(n.Step.ID, false, program.Open)
			return r.leave(n, "refused", n.Step.Handover.Refused)
		}
	}
	return r.present(n)
}

// present shows the page of a step, once what it needs has been fetched.
func (r *run) present(n *program.Node) string {
	if list := r.missingList(n); list != "" {
		if err := r.ask(n, list); err != nil {
			return r.fail(n, err)
		}
		return ""
	}
	r.arrive(n)
	if err := r.show(n); err != nil {
		r.unarrive()
		return r.fail(n, err)
	}
	e := Event{Kind: EventShown, Text: r.page.Title, Place: len(r.s.Trail)}
	if words, _ := program.PickText(n.Step.Title, r.Now, r.Langs); program.HasPlaceholders(words) {
		last := len(r.s.Trail) - 1
		r.s.Trail[last].Title = entry.Short(r.page.Title, 120)
		r.page.Trail[last].Title = r.s.Trail[last].Title
		if r.SecretOfText(n.Step.Title) != program.Open {
			e.Text = Mask
		}
	}
	r.log(e)
	return ""
}

// arrive puts the page of a step at the end of the trail.
func (r *run) arrive(n *program.Node) {
	m := journey.Mark{Procedure: r.top().Procedure, Step: n.Step.ID, Nth: r.visits(n.Step.ID)}
	m.SetUndo(r.s.Undo)
	if len(r.s.Trail) == maxTrail {
		r.s.Trail = slices.Clone(r.s.Trail[1:])
		r.s.Trail[0].NoWayBack()
	}
	r.s.Trail = append(slices.Clip(r.s.Trail), m)
	r.s.Undo = journey.Undo{Keep: len(r.s.Frames)}
	r.s.Stand = journey.AtPage
	r.s.Tries = 0
}

// visits counts how often a page of the present procedure is on the trail.
func (r *run) visits(step string) (n int) {
	for i := range r.s.Trail {
		if m := &r.s.Trail[i]; m.Step == step && m.Procedure == r.top().Procedure {
			n++
		}
	}
	return n
}

// unarrive takes the last page off the trail: the journey stands as it did
// just before the page was shown.
func (r *run) unarrive() {
	last := len(r.s.Trail) - 1
	r.s.Undo = r.s.Trail[last].Undo()
	r.s.Trail = r.s.Trail[:last:last]
}

// show makes the page of the interactive step where the execution stands.
func (r *run) show(n *program.Node) error {
	p, err := r.blank(n)
	if err != nil {
		return err
	}
	switch n.Kind {
	case procedure.StepPage:
		err = r.showText(p, n.Step.Page)
	case procedure.StepQuestion:
		err = r.showQuestion(p, n.Step)
	case procedure.StepChoices:
		err = r.showChoices(p, n.Step)
	case procedure.StepForm, procedure.StepStart:
		err = r.showForm(p, n)
	case procedure.StepTable:
		err = r.showTable(p, n.Step)
	case procedure.StepUpload:
		r.showUpload(p, n.Step.Upload)
	case procedure.StepLink:
		err = r.showLink(p, n.Step.Link)
	case procedure.StepConfirm:
		err = r.showConfirm(p, n.Step)
	case procedure.StepFeedback:
		r.showFeedback(p, n.Step.Feedback)
	case procedure.StepHandover:
		r.showHandover(p)
	default:
		return message.Fails("step.not_runnable")
	}
	if err != nil {
		return err
	}
	if m, ok := r.problems[p.Name]; ok {
		p.Problem = m.In(p.Language)
	}
	r.page = p
	return nil
}

// blank makes what every page has.
func (r *run) blank(n *program.Node) (*Page, error) {
	s := n.Step
	title, err := r.Text(s.Title)
	if err != nil {
		return nil, err
	}
	html, plain, err := r.Rich(s.Text)
	if err != nil {
		return nil, err
	}
	p := &Page{
		Execution: r.s.Context.ID, Procedure: r.top().Procedure, Step: s.ID, Kind: PageKind(n.Kind), Language: r.Language(),
		Title: title, Body: html, plain: plain, Name: NameAnswer, Icon: s.Icon,
		CanBack: r.canBack(n), CanRestart: true, Paused: r.s.Aside, Test: r.s.Context.Test,
	}
	p.Spoken = r.spoken(s)
	return p, r.frameOf(p, n)
}

// spoken returns the language of a step's words when they are missing in the
// wanted one, "" otherwise.
func (r *run) spoken(s *procedure.Step) string {
	wanted := r.Language()
	for _, t := range []procedure.Text{s.Text, s.Title} {
		if _, lang := program.PickText(t, r.Now, r.Langs); lang != "" && lang != wanted {
			return lang
		}
	}
	return ""
}

// frameOf gives a page what surrounds it: the entry procedure's heading, tools
// and look, the trail, and the variables in a test.
func (r *run) frameOf(p *Page, n *program.Node) error {
	first := r.Program
	if r.depth() > 0 {
		var err error
		if first, err = r.lib.Program(r.s.Context.Entry); err != nil {
			r.err = err
			return err
		}
	}
	p.Heading, _ = program.PickText(first.Procedure.Title, r.Now, r.Langs)
	p.Toolbar = first.Procedure.Toolbar
	p.CanRestart = !p.Toolbar.NoRestart
	p.Theme = themed(themed(first.Project.Theme, first.Procedure.Theme), n.Step.Theme)
	if hue, ok := r.s.Cells[journey.CellHue].(float64); ok {
		p.Theme.Hue = int(hue)
	}
	p.Trail, p.Address = r.crumbs(), r.nameOf(p.Procedure, p.Step)
	if r.depth() == 0 && n.Rest > 0 && r.s.Stand == journey.AtPage {
		if of := len(r.s.Trail) + n.Rest - 1; of > 1 {
			p.Progress = &Progress{Place: len(r.s.Trail), Of: of}
		}
	}
	if p.Test {
		p.Watch = r.watch()
	}
	return nil
}

// themed lays one theme over another.
func themed(under, over procedure.Theme) procedure.Theme {
	if over.Hue != 0 {
		under.Hue = over.Hue
	}
	if over.Logo != "" {
		under.Logo = over.Logo
	}
	if over.Radius != "" {
		under.Radius = over.Radius
	}
	return under
}

// crumbs lists the pages of the trail.
func (r *run) crumbs() []Crumb {
	crumbs := make([]Crumb, len(r.s.Trail))
	prog := r.Program
	for i, m := range r.s.Trail {
		if prog.Procedure.UID != m.Procedure {
			found, err := r.lib.Program(m.Procedure)
			if err != nil {
				continue
			}
			prog = found
		}
		crumbs[i] = Crumb{Procedure: m.Procedure, Step: m.Step, Address: r.nameOf(m.Procedure, m.Step), Title: m.Title, Place: i + 1}
		if n := prog.Node(m.Step); m.Title == "" && n != nil {
			crumbs[i].Title = titleOf(n.Step, r.Now, r.Langs)
		}
	}
	if last := len(crumbs) - 1; last >= 0 && r.s.Stand == journey.AtPage {
		crumbs[last].Current = true
	}
	return crumbs
}

// titleOf names a step for people: its title, else its label, else its id.
func titleOf(s *procedure.Step, now time.Time, langs []string) string {
	if words, _ := program.PickText(s.Title, now, langs); words != "" {
		return words
	}
	if s.Label != "" {
		return s.Label
	}
	return s.ID
}

// canBack reports whether a person may go to the page before.
func (r *run) canBack(n *program.Node) bool {
	if n != nil && n.Step.NoBack {
		return false
	}
	if r.s.Stand == journey.AtPage {
		return len(r.s.Trail) > 1
	}
	return len(r.s.Trail) > 0
}

// standing makes the page for whatever the execution waits for.
func (r *run) standing() {
	if r.page != nil || r.effect != nil || r.err != nil {
		return
	}
	n := r.here()
	switch r.s.Stand {
	case journey.AtPage:
		if n == nil {
			r.stop(message.Fails("step.unknown"))
		} else if err := r.show(n); err != nil {
			r.stop(program.FailureOf(err))
		}
	case journey.AtEffect:
		if err := r.askAgain(); err != nil {
			r.stop(program.FailureOf(err))
		}
	}
	if r.page == nil && r.effect == nil && r.err == nil {
		r.showOther(n)
	}
}
