package execution

import (
	"slices"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/form"
	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// postedOf returns the answer of an input to a step.
func (r *run) postedOf(n *program.Node, in Input) *entry.Posted {
	if in.Data == nil {
		return &entry.Posted{Values: in.Values, Files: in.Files}
	}
	p := &entry.Posted{Values: map[string][]string{}, Files: in.Files, Whole: true}
	switch n.Kind {
	case procedure.StepForm, procedure.StepStart:
		form.Post(p, r.fields(n), in.Data)
	case procedure.StepFeedback:
		postFeedback(p, in.Data)
	case procedure.StepUpload:
		p.Files = map[string][]File{NameFiles: entry.FilesOf(in.Data)}
	case procedure.StepLink:
		p.Values[NameAnswer] = []string{"next"}
		if in.Data != false {
			p.Values[NameVisited] = []string{"true"}
		}
	case procedure.StepTable:
		p.Values[NameAnswer] = r.rowKeys(n, in.Data)
	default:
		p.Values[NameAnswer] = entry.TextsOf(in.Data)
	}
	return p
}

func postFeedback(p *entry.Posted, data any) {
	m, ok := data.(map[string]any)
	if !ok {
		p.Values[NameScore] = []string{entry.MachineText(data)}
		return
	}
	if score, ok := m["score"]; ok && score != nil {
		p.Values[NameScore] = []string{entry.MachineText(score)}
	}
	if comment, ok := m["comment"].(string); ok {
		p.Values[NameComment] = []string{comment}
	}
}

// keep remembers what was given on the page that shows, so that it stands
// there again when the person comes back.
func (r *run) keep(p *entry.Posted) {
	m := &r.s.Trail[len(r.s.Trail)-1]
	a := journey.Answer{Procedure: m.Procedure, Step: m.Step, Nth: m.Nth}
	a.SetPosted(p.Values, p.Files)
	i := r.s.AnswerOf(m)
	if i < 0 {
		r.s.Kept = append(r.s.Kept, a)
		return
	}
	r.s.Kept = slices.Clone(r.s.Kept)
	r.s.Kept[i] = a
}

// draft keeps what is filled in on a form that is left without being answered,
// so that it stands there again. Nothing of it is checked, and secrets are not
// kept.
func (r *run) draft(in Input) {
	n := r.here()
	if r.s.Stand != journey.AtPage || n == nil || len(r.s.Trail) == 0 || len(in.Values) == 0 && len(in.Files) == 0 {
		return
	}
	in.Data = nil
	p := r.postedOf(n, in)
	if p.TooMuch() || n.Kind != procedure.StepForm && n.Kind != procedure.StepStart {
		return
	}
	if given, err := r.form(n).Refill(p); err == nil { // else the page meets the same error, and says so
		r.keep(given)
	}
}

// before returns what stands on the page that shows: what was just refused, or
// what was given on an earlier visit; nil when there is neither.
func (r *run) before() *entry.Posted {
	if r.given != nil {
		return r.given
	}
	if len(r.s.Trail) == 0 {
		return nil
	}
	i := r.s.AnswerOf(&r.s.Trail[len(r.s.Trail)-1])
	if i < 0 {
		return nil
	}
	return r.s.Kept[i].Posted()
}
