package execution

import (
	"slices"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/form"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// offered returns the answers a person may give now: the written ones whose
// condition holds and whose audience they are of, then those of the list.
func (r *run) offered(answers []procedure.Answer, from *procedure.Options) ([]form.Offer, error) {
	out := make([]form.Offer, 0, len(answers))
	for i := range answers {
		a := &answers[i]
		if !r.isFor(a.Audience) {
			continue
		}
		if a.When != "" {
			holds, err := r.Truth(a.When)
			if err != nil {
				return nil, err
			}
			if !holds {
				continue
			}
		}
		o := form.Offer{Key: a.ID, ID: a.ID, Value: a.Value}
		if a.Value == "" {
			o.Value = a.ID
		}
		out = append(out, o)
	}
	more, err := form.Offers(&r.Scene, from, r.s.Lists[slotAnswers])
	if err != nil {
		return nil, err
	}
	return append(out, more...), nil
}

// isFor reports whether a person is of an audience; no audience is everybody.
func (r *run) isFor(groups []string) bool {
	return len(groups) == 0 || slices.ContainsFunc(groups, func(g string) bool {
		return slices.Contains(r.s.Context.Groups, g)
	})
}

// answersOf makes the answers of a page.
func (r *run) answersOf(p *Page, written []procedure.Answer, from *procedure.Options, byDefault string) error {
	offers, err := r.offered(written, from)
	if err != nil {
		return err
	}
	if len(offers) == 0 {
		return message.Fails("step.no_answer")
	}
	chosen, err := r.chosen(offers, byDefault)
	if err != nil {
		return err
	}
	p.Answers = make([]Answer, len(offers))
	next := 0
	for i, o := range offers {
		out := &p.Answers[i]
		out.Key, out.Text = o.Key, o.Text
		if o.ID != "" {
			for written[next].ID != o.ID {
				next++
			}
			if err := r.describe(out, &written[next]); err != nil {
				return err
			}
		}
		out.Chosen = slices.Contains(chosen, o.Key)
	}
	return nil
}

// describe fills the words and the picture of a written answer.
func (r *run) describe(out *Answer, a *procedure.Answer) (err error) {
	if out.Text, err = r.Text(a.Text); err != nil {
		return err
	}
	if !a.Hint.IsZero() {
		if out.Hint, err = r.Text(a.Hint); err != nil {
			return err
		}
	}
	out.Image = r.image(a.Image)
	return nil
}

// chosen returns the keys that stand chosen: those given before, else the
// default.
func (r *run) chosen(offers []form.Offer, byDefault string) ([]string, error) {
	if before := r.before(); before != nil {
		return before.Values[NameAnswer], nil
	}
	if byDefault == "" {
		return nil, nil
	}
	v, err := r.Eval(byDefault)
	if err != nil || v == nil {
		return nil, err
	}
	var keys []string
	for _, text := range entry.TextsOf(v) {
		if o := form.Pick(offers, text); o != nil {
			keys = append(keys, o.Key)
		}
	}
	return keys, nil
}

func (r *run) showQuestion(p *Page, s *procedure.Step) error {
	p.As, p.Min, p.Max = s.Question.As, 1, 1
	if p.As == procedure.AsRadio {
		p.Buttons = []Button{r.button("", "button.continue")}
	}
	return r.answersOf(p, s.Question.Answers, s.Question.From, s.Question.Default)
}

func (r *run) answerQuestion(n *program.Node, p *entry.Posted) (edge, to string, err error) {
	q := n.Step.Question
	offers, err := r.offered(q.Answers, q.From)
	if err != nil {
		return "", "", err
	}
	given, ok := r.single(p)
	if !ok {
		return "", "", nil
	}
	o := form.Pick(offers, given)
	if o == nil {
		r.refuse(NameAnswer, "answer.not_offered")
		return "", "", nil
	}
	edge, to = "next", n.Step.Next
	words, is := o.Text, program.Open
	if o.ID != "" {
		a := &q.Answers[slices.IndexFunc(q.Answers, func(a procedure.Answer) bool { return a.ID == o.ID })]
		edge, to = "answer."+a.ID, a.To
		words = r.said(a.Text)
	} else {
		is = r.secretOfList(q.From)
	}
	if q.Into != "" {
		if err := r.assign(q.Into, o.Value, is); err != nil {
			return "", "", err
		}
	}
	r.accept(n, taken{value: o.Value, given: o.Key, words: words, is: is, posted: keys(o.Key)})
	return edge, to, nil
}

func keys(list ...string) *entry.Posted {
	return &entry.Posted{Values: map[string][]string{NameAnswer: list}}
}

func (r *run) showChoices(p *Page, s *procedure.Step) error {
	p.As, p.Min, p.Max = s.Choices.As, s.Choices.Min, s.Choices.Max
	p.Buttons = []Button{r.button("", "button.continue")}
	return r.answersOf(p, s.Choices.Answers, s.Choices.From, s.Choices.Default)
}

func (r *run) answerChoices(n *program.Node, p *entry.Posted) (edge, to string, err error) {
	c := n.Step.Choices
	offers, err := r.offered(c.Answers, c.From)
	if err != nil {
		return "", "", err
	}
	t := taken{value: []any{}, given: []any{}, posted: &entry.Posted{Values: map[string][]string{NameAnswer: {}}}}
	var values, given []any
	var words []string
	for _, text := range p.Values[NameAnswer] {
		if text == "" && len(p.Values[NameAnswer]) == 1 {
			break
		}
		o := form.Pick(offers, text)
		if o == nil {
			r.refuse(NameAnswer, "answer.not_offered")
			return "", "", nil
		}
		if slices.Contains(given, any(o.Key)) {
			r.refuse(NameAnswer, "answer.twice")
			return "", "", nil
		}
		given, values = append(given, o.Key), append(values, o.Value)
		words = append(words, r.wordsOf(o, c.Answers))
		if o.ID == "" {
			t.is = r.secretOfList(c.From)
		}
		t.posted.Values[NameAnswer] = append(t.posted.Values[NameAnswer], o.Key)
	}
	if !r.withinCount(len(given), c.Min, c.Max) {
		return "", "", nil
	}
	if len(given) > 0 {
		t.value, t.given = values, given
	}
	t.words = formula.Show(listOf(words), r.Language())
	if c.Into != "" {
		if err := r.assign(c.Into, t.value, t.is); err != nil {
			return "", "", err
		}
	}
	r.accept(n, t)
	return "next", n.Step.Next, nil
}

func (r *run) wordsOf(o *form.Offer, written []procedure.Answer) string {
	if o.ID == "" {
		return o.Text
	}
	i := slices.IndexFunc(written, func(a procedure.Answer) bool { return a.ID == o.ID })
	return r.said(written[i].Text)
}

// secretOfList returns how far what is chosen from a list may be told.
func (r *run) secretOfList(from *procedure.Options) program.Secret {
	if from == nil {
		return program.Open
	}
	return r.SecretOf(from.List)
}

// withinCount holds the limits of how many are given.
func (r *run) withinCount(given, low, high int) bool {
	switch {
	case given < low:
		r.refuse(NameAnswer, "answer.too_few", low)
	case high > 0 && given > high:
		r.refuse(NameAnswer, "answer.too_many", high)
	default:
		return true
	}
	return false
}

// image returns the picture of an image resource, nil when there is none.
func (r *run) image(id string) *Image {
	if id == "" {
		return nil
	}
	res := r.Resource(id)
	if res == nil {
		return nil
	}
	f, ok := program.FileIn(res, r.Langs)
	if !ok {
		return nil
	}
	alt, _ := r.Pick(res.Alt)
	return &Image{URL: FileURL(f.Hash, f.Name), Alt: alt}
}
