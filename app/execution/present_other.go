package execution

import (
	"html"
	"strings"
	"time"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/formula"
)

// showOther makes the pages that belong to no interactive step: an outcome, a
// wait, a breakpoint, a problem.
func (r *run) showOther(n *program.Node) {
	if r.s.Stand != journey.AtProblem && n != nil {
		p, err := r.blank(n)
		if err == nil {
			switch r.s.Stand {
			case journey.AtEnd:
				err = r.showEnd(p, n)
			case journey.AtWait:
				r.showWait(p)
			default:
				r.showBreakpoint(p)
			}
		}
		if err == nil {
			r.page = p
			return
		}
		if r.err != nil {
			return
		}
		r.stop(program.FailureOf(err))
	}
	r.showProblem()
}

// showProblem says that the procedure met a problem, and where.
func (r *run) showProblem() {
	lang := r.Language()
	title := r.s.Where
	if n := r.Node(r.s.Where); n != nil {
		title = titleOf(n.Step, r.Now, r.Langs)
		if program.HasPlaceholders(title) {
			title = n.Step.ID
		}
	}
	where := message.Say("problem.where", title).In(lang)
	why := Message{Key: problemOf(r.s.Key)}.In(lang)
	p := &Page{
		Execution: r.s.Context.ID, Procedure: r.top().Procedure, Step: r.s.Where, Kind: PageProblem, Language: lang,
		Title: message.Say("problem.title").In(lang), Problem: where, Paused: r.s.Aside, Test: r.s.Context.Test,
		Body:    "<p>" + html.EscapeString(where) + "</p><p>" + html.EscapeString(why) + "</p>",
		CanBack: len(r.s.Trail) > 0, CanRestart: true,
		plain: func() string { return where + "\n\n" + why },
	}
	if n := r.Program.Start; r.frameOf(p, n) != nil {
		return
	}
	p.CanRestart = true
	p.Progress = nil
	r.page = p
}

// problemOf chooses the sentence a visitor is told about a failure; the exact
// one is for the report.
func problemOf(key string) string {
	switch {
	case key == "step.budget" || key == "step.too_many" || key == "execution.too_large":
		return "problem.limit"
	case strings.HasPrefix(key, "effect."):
		return "problem.outside"
	}
	return "problem.writer"
}

func (r *run) showWait(p *Page) {
	p.Kind = PageWait
	p.Wait = &WaitView{Until: time.UnixMilli(r.s.Until).In(r.Now.Location())}
	if p.Title == "" {
		p.Title = message.Say("wait.title").In(p.Language)
	}
}

func (r *run) showBreakpoint(p *Page) {
	p.Kind = PageBreakpoint
	p.Title = message.Say("breakpoint.title", p.Step).In(p.Language)
	p.Buttons = []Button{{ID: "next", Text: message.Say("button.go_on").In(p.Language)}}
}

// showEnd makes the outcome page.
func (r *run) showEnd(p *Page, n *program.Node) error {
	p.Kind, p.Name = PageEnd, ""
	end := n.Step.End
	p.Ending = r.ending()
	if end.Redirect != "" {
		target, err := r.Target(end.Redirect)
		if err != nil {
			return err
		}
		p.Ending.Redirect = target
	}
	if end.Feedback {
		p.Feedback = &FeedbackView{Lowest: 0, Highest: 1, Comment: true, Given: r.s.Thanked}
	}
	if p.Title == "" {
		p.Title = message.Say("end." + string(r.s.Ended)).In(p.Language)
	}
	return nil
}

func (r *run) ending() *Ending {
	e := &Ending{Outcome: r.s.Ended, Outputs: r.s.Outputs}
	if t, ok := r.s.Cells[journey.CellTicket].(map[string]any); ok {
		e.Ticket = &TicketLink{Number: entry.MachineText(t["number"]), URL: entry.WebAddress(t["url"])}
	}
	return e
}

// watch lists the variables for a test.
func (r *run) watch() []Watched {
	var out []Watched
	add := func(root string, values map[string]any) {
		for _, name := range journey.SortedKeys(values) {
			text := formula.Show(values[name], r.Language())
			if r.secretOf(root+name) == program.Never && values[name] != nil {
				text = Mask
			}
			out = append(out, Watched{Name: root + name, Value: entry.Short(text, 500)})
		}
	}
	top := r.top()
	add("param.", top.Params)
	add("var.", r.s.Frames[top.Owner].Vars)
	add("session.", r.s.Shared)
	return out
}
