package execution

import (
	"strconv"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/program"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// maxComment bounds the words of a comment and of a post-it, in signs.
const maxComment = 2000

// scaleOf returns the lowest and the highest score.
func scaleOf(s procedure.FeedbackScale) (low, high int) {
	switch s {
	case procedure.ScaleFive:
		return 1, 5
	case procedure.ScaleTen:
		return 0, 10
	}
	return 0, 1
}

func (r *run) showFeedback(p *Page, f *procedure.Feedback) {
	low, high := scaleOf(f.Scale)
	p.Name = NameScore
	p.Feedback = &FeedbackView{Scale: f.Scale, Lowest: low, Highest: high, Comment: f.Comment, Required: f.Required}
	if before := r.before(); before != nil {
		p.Feedback.Words = before.First(NameComment)
		if n, err := strconv.Atoi(before.First(NameScore)); err == nil {
			p.Feedback.Score = &n
		}
	}
	p.Buttons = []Button{r.button("", "button.continue")}
}

func (r *run) answerFeedback(n *program.Node, p *entry.Posted) (edge, to string) {
	f := n.Step.Feedback
	value, ok := r.opinion(p, f.Scale, f.Comment, f.Required)
	if !ok {
		return "", ""
	}
	r.accept(n, taken{value: value, posted: p.Only(NameScore, NameComment)})
	r.log(masked(Event{Kind: EventFeedback, Value: value, Place: len(r.s.Trail)}, r.Secrecy["step."+n.Step.ID]))
	return "next", n.Step.Next
}

// opinion reads a score and a comment.
func (r *run) opinion(p *entry.Posted, scale procedure.FeedbackScale, comment, required bool) (map[string]any, bool) {
	value := map[string]any{"score": nil, "comment": ""}
	low, high := scaleOf(scale)
	switch given := p.Values[NameScore]; {
	case len(given) == 0 || given[0] == "":
		if required {
			r.refuse(NameScore, "answer.missing")
			return nil, false
		}
	default:
		score, err := strconv.Atoi(given[0])
		if err != nil || len(given) > 1 || score < low || score > high {
			r.refuse(NameScore, "answer.not_offered")
			return nil, false
		}
		value["score"] = float64(score)
	}
	if comment {
		words := entry.Clean(p.First(NameComment))
		if len([]rune(words)) > maxComment {
			r.refuse(NameComment, "field.too_long", maxComment)
			return nil, false
		}
		value["comment"] = words
	}
	return value, true
}

// takeFeedback keeps what a person thinks on the outcome page.
func (r *run) takeFeedback(in Input) error {
	n := r.here()
	if r.s.Stand != journey.AtEnd || n == nil || n.Step.End == nil || !n.Step.End.Feedback {
		return fault.New(fault.Conflict, "execution.no_feedback")
	}
	p := r.postedOf(&program.Node{Step: n.Step, Kind: procedure.StepFeedback}, in)
	value, ok := r.opinion(p, procedure.ScaleThumbs, true, true)
	if !ok {
		return nil
	}
	r.s.Thanked = true
	r.log(Event{Kind: EventFeedback, Value: value, Place: len(r.s.Trail)})
	return nil
}

// takePostit keeps words for the writer about the page that shows.
func (r *run) takePostit(in Input) {
	words, ok := in.Data.(string)
	if v := in.Values[NameComment]; !ok && len(v) > 0 {
		words = v[0]
	}
	words = entry.Clean(words)
	switch {
	case entry.CleanLine(words) == "":
		r.refuse(NameComment, "answer.missing")
	case len([]rune(words)) > maxComment:
		r.refuse(NameComment, "field.too_long", maxComment)
	default:
		r.draft(in)
		r.log(Event{Kind: EventPostit, Text: words, Place: len(r.s.Trail)})
	}
}
