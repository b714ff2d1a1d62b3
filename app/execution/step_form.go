package execution

import (
	"strconv"
	"strings"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/form"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// fields returns the fields of the page of a step; on the page of a Start,
// those of the inputs nobody gave.
func (r *run) fields(n *program.Node) []*procedure.Field {
	if n.Kind == procedure.StepStart {
		return r.askedInputs(n)
	}
	return n.Fields
}

// form makes the form of a step with what stood in it.
func (r *run) form(n *program.Node) *form.Form {
	f := form.New(&r.Scene, r.fields(n))
	if n.Step.Form != nil {
		f.Prefill = n.Step.Form.Prefill
	}
	f.Lists, f.Before, f.Test, f.Masked, f.Problems = r.s.Lists, r.before(), r.s.Context.Test, r.replayed, r.problems
	f.Seed = strings.Join([]string{r.s.Context.ID, r.top().Procedure, n.Step.ID, strconv.Itoa(r.s.Restarts), strconv.Itoa(r.s.Tries)}, " ")
	return f
}

// showForm makes the page of a form.
func (r *run) showForm(p *Page, n *program.Node) (err error) {
	p.Kind, p.Name = PageForm, ""
	if p.Fields, p.Refresh, err = r.form(n).Show(); err != nil {
		return err
	}
	p.Buttons = []Button{r.button("", "button.continue")}
	if s := n.Step.Form; s != nil && !s.Submit.IsZero() {
		if p.Buttons[0].Text, err = r.Text(s.Submit); err != nil {
			return err
		}
	}
	if n.Kind == procedure.StepStart {
		p.Title = message.Say("start.title").In(p.Language)
	}
	return nil
}

// answerForm takes a form.
func (r *run) answerForm(n *program.Node, p *entry.Posted) (edge, to string, err error) {
	f := r.form(n)
	a, err := f.Answer(p)
	if err != nil {
		return "", "", err
	}
	if f.Failed {
		r.s.Tries++
	}
	if len(f.Problems) > 0 {
		r.problems = f.Problems
		if a.Posted != nil {
			r.keep(a.Posted)
			r.given = a.Posted
		}
		return "", "", nil
	}
	if n.Kind == procedure.StepStart {
		return r.takeInputs(n, f, a)
	}
	for _, v := range a.Values {
		if err := r.assign(v.Name, v.Value, v.Is); err != nil {
			return "", "", err
		}
	}
	r.acceptForm(n, a)
	return "next", n.Step.Next, nil
}

// acceptForm keeps what a form gave.
func (r *run) acceptForm(n *program.Node, a *form.Answer) {
	t := taken{value: a.Result, given: a.Given, words: a.Words, is: a.Is, posted: a.Posted}
	if a.Shown != nil {
		t.shown, t.private = a.Shown, a.Secret
	}
	r.accept(n, t)
}

// listOf returns texts as a value.
func listOf(texts []string) []any {
	list := make([]any, len(texts))
	for i, s := range texts {
		list[i] = s
	}
	return list
}
