package publication

import (
	"iter"
	"slices"
	"strings"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/app/publication/index"
)

// pick chooses the words of a text in one language.
type pick func(procedure.Text) string

// undated picks what a text says whatever the day: a bundle is searched on days
// that nobody knew when it was built, so words with dates are shown, and not
// looked for.
func undated(langs []string) pick {
	return func(t procedure.Text) string {
		words, _ := procedure.Text{In: t.In}.Pick(time.Time{}, langs...)
		return words
	}
}

// documentOf returns what is searched of a procedure in one language, falling
// back to the others in their order as its pages do.
func documentOf(p *procedure.Procedure, langs []string) index.Document {
	words := undated(langs)
	return index.Document{
		index.Title:       {plain(words(p.Title))},
		index.Keywords:    slices.Concat(p.Keywords[langs[0]], p.Phrasings[langs[0]], p.Tags),
		index.Description: {plain(words(p.Description))},
		index.Body:        slices.Collect(spoken(p, words)),
	}
}

// spoken gives what the pages of a procedure say, one passage a text. What only
// some groups are offered is not in it: a search would tell the others.
func spoken(p *procedure.Procedure, words pick) iter.Seq[string] {
	return func(yield func(string) bool) {
		s := speech{words: words, yield: yield}
		for i := range p.Steps {
			step := &p.Steps[i]
			if step.Family() != procedure.Interactive && step.End == nil {
				continue
			}
			s.say(step.Title)
			s.say(step.Text)
			s.part(step)
			if s.heard {
				return
			}
		}
	}
}

// speech gives passages until enough was heard.
type speech struct {
	words pick
	yield func(string) bool
	heard bool
}

func (s *speech) say(t procedure.Text) {
	if s.heard || t.IsZero() {
		return
	}
	if words := strings.TrimSpace(plain(s.words(t))); words != "" {
		s.heard = !s.yield(words)
	}
}

// part says what stands on the page of an interactive step besides its text.
func (s *speech) part(step *procedure.Step) {
	switch {
	case step.Page != nil:
		for _, b := range step.Page.Buttons {
			s.say(b.Text)
		}
	case step.Question != nil:
		s.answers(step.Question.Answers)
	case step.Choices != nil:
		s.answers(step.Choices.Answers)
	case step.Form != nil:
		for _, f := range step.Form.Fields {
			s.say(f.Label)
			s.say(f.Help)
		}
	case step.Table != nil:
		for _, c := range step.Table.Columns {
			s.say(c.Title)
		}
	case step.Link != nil:
		s.say(step.Link.Text)
	}
}

func (s *speech) answers(answers []procedure.Answer) {
	for _, a := range answers {
		if len(a.Audience) == 0 {
			s.say(a.Text)
			s.say(a.Hint)
		}
	}
}
