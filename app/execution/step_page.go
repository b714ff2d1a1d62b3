package execution

import (
	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// showText offers the buttons of a page, "Next" when it has none.
func (r *run) showText(p *Page, page *procedure.Page) error {
	p.SidePane, p.Layout = page.SidePane, page.Layout
	for i := range page.Buttons {
		words, err := r.Text(page.Buttons[i].Text)
		if err != nil {
			return err
		}
		p.Buttons = append(p.Buttons, Button{ID: page.Buttons[i].ID, Text: words})
	}
	if len(p.Buttons) == 0 {
		p.Buttons = []Button{r.button("next", "button.next")}
	}
	return nil
}

// button is one of the engine's own.
func (r *run) button(id, key string) Button {
	return Button{ID: id, Text: message.Say(key).In(r.Language())}
}

// answerText takes the button that was pressed.
func (r *run) answerText(n *program.Node, p *entry.Posted) (edge, to string) {
	given, ok := r.single(p)
	if !ok {
		return "", ""
	}
	page := n.Step.Page
	if len(page.Buttons) == 0 && given == "next" {
		r.accept(n, taken{value: "next", posted: keys("next")})
		return "next", n.Step.Next
	}
	for i := range page.Buttons {
		if b := &page.Buttons[i]; b.ID == given {
			words := r.said(b.Text)
			r.accept(n, taken{value: b.ID, words: words, posted: keys(b.ID)})
			return "button." + b.ID, b.To
		}
	}
	r.refuse(NameAnswer, "answer.not_offered")
	return "", ""
}

// single returns the one answer that was given.
func (r *run) single(p *entry.Posted) (string, bool) {
	given := p.Values[NameAnswer]
	switch {
	case len(given) == 0 || len(given) == 1 && given[0] == "":
		r.refuse(NameAnswer, "answer.missing")
	case len(given) > 1:
		r.refuse(NameAnswer, "answer.one")
	default:
		return given[0], true
	}
	return "", false
}

// taken is an answer that is accepted.
type taken struct {
	value   any            // result of the step
	given   any            // what would give the same answer again; nil: value
	words   string         // what a person reads of it
	shown   any            // given, as logs show it, when parts of it are personal
	private any            // given, without secrets, when they are
	is      program.Secret // of the answer as a whole
	posted  *entry.Posted
}

// accept keeps an answer: its result, its event, and what was posted.
func (r *run) accept(n *program.Node, t taken) {
	is := max(t.is, r.Secrecy["step."+n.Step.ID])
	r.setResult(n.Step.ID, t.value, t.is)
	e := Event{Kind: EventAnswered, Value: t.given, Text: t.words, Place: len(r.s.Trail)}
	if e.Value == nil {
		e.Value = t.value
	}
	switch {
	case t.shown != nil:
		e.Value, e.Masked, e.Private = t.shown, true, t.private
		if n.Step.Unlogged {
			e.Value, e.Text = Mask, Mask
		}
	case is != program.Open:
		e = masked(e, is)
		e.Text = Mask
	}
	r.log(e)
	if t.posted != nil && is != program.Never {
		r.keep(t.posted)
	}
}

// said is what a person reads of an answer, as a log may tell it.
func (r *run) said(t procedure.Text) string {
	if r.SecretOfText(t) != program.Open {
		return Mask
	}
	words, _ := r.Text(t)
	return words
}

// showConfirm asks yes or no.
func (r *run) showConfirm(p *Page, s *procedure.Step) error {
	yes, no := r.button("yes", "button.yes"), r.button("no", "button.no")
	var err error
	if !s.Confirm.YesText.IsZero() {
		if yes.Text, err = r.Text(s.Confirm.YesText); err != nil {
			return err
		}
	}
	if !s.Confirm.NoText.IsZero() {
		if no.Text, err = r.Text(s.Confirm.NoText); err != nil {
			return err
		}
	}
	p.Buttons = []Button{yes, no}
	return nil
}

func (r *run) answerConfirm(n *program.Node, p *entry.Posted) (edge, to string) {
	given, ok := r.single(p)
	if !ok {
		return "", ""
	}
	yes, ok := entry.ReadBoolean(given)
	if !ok {
		r.refuse(NameAnswer, "answer.not_offered")
		return "", ""
	}
	words := n.Step.Confirm.NoText
	edge, to = "no", n.Step.Confirm.No
	key := "button.no"
	if yes {
		edge, to, words, key = "yes", n.Step.Confirm.Yes, n.Step.Confirm.YesText, "button.yes"
	}
	said := r.said(words)
	if said == "" {
		said = message.Say(key).In(r.Language())
	}
	r.accept(n, taken{value: yes, words: said, posted: keys(edge)})
	return edge, to
}

// showLink leads elsewhere.
func (r *run) showLink(p *Page, link *procedure.Link) error {
	address, err := r.Target(link.URL)
	if err != nil {
		return err
	}
	words, err := r.Text(link.Text)
	if err != nil {
		return err
	}
	if words == "" {
		words = message.Say("button.open").In(r.Language())
	}
	p.Link = &LinkView{URL: address, Text: words, Frame: link.Frame, Visit: link.Visit}
	p.Buttons = []Button{r.button("next", "button.continue")}
	return nil
}

func (r *run) answerLink(n *program.Node, p *entry.Posted) (edge, to string) {
	visited := p.First(NameVisited) == "true"
	if n.Step.Link.Visit && !visited {
		r.refuse(NameAnswer, "link.visit")
		return "", ""
	}
	r.accept(n, taken{value: visited, posted: p.Only(NameVisited)})
	return "next", n.Step.Next
}

// showHandover offers to pass the person to a colleague.
func (r *run) showHandover(p *Page) {
	p.Buttons = []Button{r.button("accept", "button.accept"), r.button("refuse", "button.refuse")}
}

func (r *run) answerHandover(n *program.Node, p *entry.Posted) (edge, to string) {
	given, ok := r.single(p)
	if !ok {
		return "", ""
	}
	accepted := given == "accept"
	if yes, isBool := entry.ReadBoolean(given); isBool {
		accepted = yes
	} else if given != "accept" && given != "refuse" {
		r.refuse(NameAnswer, "answer.not_offered")
		return "", ""
	}
	key, edge, to := "button.refuse", "refused", n.Step.Handover.Refused
	if accepted {
		key, edge, to = "button.accept", "next", n.Step.Next
	}
	said := message.Say(key).In(r.Language())
	r.accept(n, taken{value: accepted, words: said, posted: p.Only(NameAnswer)})
	if accepted {
		e := Event{Kind: EventHandover, Text: n.Step.Handover.Queue}
		if n.Step.Handover.Transcript {
			e.Status = "transcript"
		}
		r.log(e)
	}
	return edge, to
}
