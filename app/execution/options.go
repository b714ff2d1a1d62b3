package execution

import (
	"selfhelp/app/execution/extract"
	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// The names of the lists that questions and tables fetch; a field's list has
// the field's id.
const (
	slotAnswers = "answers"
	slotRows    = "rows"
)

// listCall returns the call that fetches a list of a step, nil when there is
// none.
func (r *run) listCall(n *program.Node, list string) *procedure.REST {
	for name, call := range r.listCalls(n) {
		if name == list {
			return call
		}
	}
	return nil
}

// listCalls visits the lists of a step that are fetched from elsewhere.
func (r *run) listCalls(n *program.Node) func(yield func(string, *procedure.REST) bool) {
	return func(yield func(string, *procedure.REST) bool) {
		s := n.Step
		visit := func(name string, o *procedure.Options) bool {
			return o == nil || o.REST == nil || yield(name, o.REST)
		}
		switch {
		case s.Question != nil:
			visit(slotAnswers, s.Question.From)
		case s.Choices != nil:
			visit(slotAnswers, s.Choices.From)
		case s.Table != nil:
			visit(slotRows, &s.Table.From)
		case s.Form != nil:
			for _, f := range r.fields(n) {
				if !visit(f.ID, f.From) {
					return
				}
			}
		}
	}
}

// missingList returns a list of the step that must be fetched before its page
// can be shown, "" when none is.
func (r *run) missingList(n *program.Node) string {
	if n.Kind == procedure.StepPage || n.Kind == procedure.StepStart {
		return ""
	}
	for name := range r.listCalls(n) {
		if _, there := r.s.Lists[name]; !there {
			return name
		}
	}
	return ""
}

// takeList keeps a list that was fetched and shows its page.
func (r *run) takeList(n *program.Node, list string, res *EffectResult, body any) string {
	if res.Status != EffectOK {
		return r.fail(n, message.Fails("effect.list", list).Because(string(res.Status)+" "+res.Error))
	}
	call := r.listCall(n, list)
	if call != nil && len(call.Extract) > 0 {
		found, err := extract.Read(body, call.Extract[0].Path)
		if err != nil {
			return r.fail(n, message.Fails("effect.path", list).Because(err.Error()))
		}
		body = found
	}
	items, ok := body.([]any)
	if !ok {
		return r.fail(n, message.Fails("effect.list", list).Because("the reply is no list"))
	}
	if journey.SizeOf(items) > maxReply {
		return r.fail(n, message.Fails("effect.too_large"))
	}
	lists := journey.Cloned(r.s.Lists)
	lists[list] = items
	r.s.Lists = lists
	return r.present(n)
}
