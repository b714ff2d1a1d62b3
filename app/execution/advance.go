package execution

import (
	"slices"
	"strings"
	"time"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/program"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// Advance gives an input to an execution and makes the next turn. It never
// changes the state it is given: the same state and the same input make the
// same turn. It fails only for what the caller did wrong: an input that does
// not fit the state is a fault.Conflict, one that is none a fault.Invalid, a
// library without the procedure what the library says. What goes wrong in the
// procedure becomes a page.
func Advance(lib Library, s State, in Input, now time.Time) (Turn, error) {
	r := begin(lib, s, now)
	if r.err == nil && len(r.s.Frames) == 0 {
		return Turn{}, fault.New(fault.Invalid, "execution.token")
	}
	if r.err != nil {
		return Turn{}, r.err
	}
	if in.Step != "" && in.Step != r.top().Step && in.Kind != DoResult {
		return Turn{}, fault.New(fault.Conflict, "execution.stale")
	}
	r.replayed = in.replayed
	if err := r.take(in); err != nil {
		return Turn{}, err
	}
	if len(r.events) == 0 && r.err == nil && len(r.problems) == 0 {
		return r.unchanged(s)
	}
	return r.turn(keyOf(&s, in))
}

// take does what an input asks.
func (r *run) take(in Input) error {
	if r.s.Aside && (in.Kind == DoAnswer || in.Kind == DoBack || in.Kind == DoRestart || in.Kind == DoResume) {
		r.s.Aside = false
		r.log(Event{Kind: EventResumed})
		if in.Kind == DoResume {
			return nil
		}
	}
	switch in.Kind {
	case DoAnswer:
		return r.takeAnswer(in)
	case DoBack:
		return r.takeBack(in)
	case DoRestart:
		return r.takeRestart()
	case DoResume:
		return r.takeResume()
	case DoResult:
		next, err := r.reply(in.Result)
		if err != nil {
			return err
		}
		r.walk(next)
		return nil
	case DoBrowse:
		return r.takeBrowse(in)
	case DoSpeak:
		return r.takeSpeak(in)
	case DoPause:
		if r.s.Stand == journey.AtEnd {
			return fault.New(fault.Conflict, "execution.over")
		}
		if !r.s.Aside {
			r.draft(in)
			r.s.Aside = true
			r.log(Event{Kind: EventPaused})
		}
		return nil
	case DoPostit:
		r.takePostit(in)
		return nil
	case DoFeedback:
		return r.takeFeedback(in)
	}
	return fault.New(fault.Invalid, "execution.input")
}

// takeAnswer answers the page that shows.
func (r *run) takeAnswer(in Input) error {
	n := r.here()
	switch {
	case r.s.Stand == journey.AtWait || r.s.Stand == journey.AtBreak:
		return r.takeResume()
	case r.s.Stand == journey.AtEnd:
		return fault.New(fault.Conflict, "execution.over")
	case r.s.Stand != journey.AtPage || n == nil || len(r.s.Trail) == 0:
		return fault.New(fault.Conflict, "execution.stale")
	}
	r.changed = nil
	p := r.postedOf(n, in)
	edge, to, err := r.answer(n, p)
	switch {
	case len(r.problems) > 0:
		r.refused(p)
		return nil
	case err != nil:
		r.s.Lists = nil
		r.walk(r.fail(n, err))
	case edge == "":
		r.s.Lists = nil
		r.walk(to)
	default:
		r.s.Lists = nil
		r.walk(r.leave(n, edge, to))
	}
	return nil
}

// answer hands an answer to the step that asked. No edge means that it was
// refused, or that the step has gone on by itself.
func (r *run) answer(n *program.Node, p *entry.Posted) (edge, to string, err error) {
	switch n.Kind {
	case procedure.StepPage:
		edge, to = r.answerText(n, p)
	case procedure.StepQuestion:
		return r.answerQuestion(n, p)
	case procedure.StepChoices:
		return r.answerChoices(n, p)
	case procedure.StepForm, procedure.StepStart:
		return r.answerForm(n, p)
	case procedure.StepTable:
		return r.answerTable(n, p)
	case procedure.StepUpload:
		return r.answerUpload(n, p)
	case procedure.StepLink:
		edge, to = r.answerLink(n, p)
	case procedure.StepConfirm:
		edge, to = r.answerConfirm(n, p)
	case procedure.StepFeedback:
		edge, to = r.answerFeedback(n, p)
	case procedure.StepHandover:
		edge, to = r.answerHandover(n, p)
	}
	return edge, to, nil
}

// refused logs what was wrong, by name and never by value, and shows the page
// again.
func (r *run) refused(p *entry.Posted) {
	if r.given == nil && !p.TooMuch() {
		r.given = p
	}
	what := make(map[string]any, len(r.problems))
	for input, m := range r.problems {
		what[input] = m.Key
	}
	r.log(Event{Kind: EventRefused, Value: what, Place: len(r.s.Trail)})
	r.changed = nil
}

// takeBrowse shows another part of the page; nothing is answered.
func (r *run) takeBrowse(in Input) error {
	n := r.here()
	if r.s.Stand != journey.AtPage || n == nil || len(r.s.Trail) == 0 {
		return fault.New(fault.Conflict, "execution.stale")
	}
	p := r.postedOf(n, in)
	if p.TooMuch() {
		return fault.New(fault.TooLarge, "form.too_much")
	}
	r.view = sheet{words: entry.Short(entry.CleanLine(p.First(NameFilter)), 200), place: sheetOf(p.First(NameSheet))}
	r.given = p
	if n.Kind == procedure.StepForm || n.Kind == procedure.StepStart {
		if given, err := r.form(n).Refill(p); err == nil { // else the page meets the same error, and says so
			r.given = given
		}
	}
	return nil
}

// takeSpeak goes on in another language. Whoever chose the one before, a step
// or the person, the person's last word holds: Back and Restart keep it.
func (r *run) takeSpeak(in Input) error {
	lang := ""
	if v := in.Values[NameSpeak]; len(v) > 0 {
		lang = v[0]
	}
	if !slices.Contains(r.Project.Languages, lang) {
		return fault.New(fault.Invalid, "execution.language")
	}
	if r.s.Stand == journey.AtPage {
		if err := r.takeBrowse(in); err != nil {
			return err
		}
	}
	if lang != r.Language() {
		r.s.Speak(lang)
		r.speak()
		r.log(Event{Kind: EventSpoken, Text: lang, Place: len(r.s.Trail)})
	}
	return nil
}

// sheetOf reads the number of a sheet; the first for anything else.
func sheetOf(s string) int {
	n, ok := entry.ReadNumber(s)
	if !ok || n < 1 || n > 1e6 {
		return 1
	}
	return int(n)
}

// takeResume goes on from a pause, a wait that is over, or a breakpoint.
func (r *run) takeResume() error {
	n := r.here()
	switch {
	case n == nil:
	case r.s.Stand == journey.AtWait && !r.Now.Before(time.UnixMilli(r.s.Until)):
		r.s.Stand, r.s.Until = journey.AtPage, 0
		r.log(Event{Kind: EventResumed})
		r.walk(r.leave(n, "next", n.Step.Next))
	case r.s.Stand == journey.AtBreak:
		r.s.Stand = journey.AtPage
		r.log(Event{Kind: EventResumed})
		r.walk(r.leave(n, "next", n.Step.Next))
	}
	return nil
}

// takeRestart begins again: the same context, and nothing of the journey.
func (r *run) takeRestart() error {
	r.log(Event{Kind: EventRestart})
	r.s.Clear()
	r.was = State{}
	r.s.Restarts++
	if err := r.enter(); err != nil {
		return err
	}
	r.walk(r.first())
	return nil
}

// keyOf names the turn an input makes of a state: what led to the state, and
// what the input says. Of a reply only its effect counts, so that a call that
// was made twice is told once.
func keyOf(s *State, in Input) string {
	b := &journey.Bytes{}
	b.Text(s.Chain)
	b.Text(string(in.Kind))
	b.Text(in.Step)
	if in.Result != nil {
		b.Text(in.Result.Key)
		return b.Digest()
	}
	b.Posted(in.Values, in.Files)
	if in.Data != nil {
		b.Text(entry.MachineText(in.Data))
	}
	return b.Digest()
}

// keyFrom names a turn that no input of a person makes.
func keyFrom(parts ...string) string {
	b := &journey.Bytes{}
	for _, part := range parts {
		b.Text(part)
	}
	return b.Digest()
}

// unchanged shows where the execution stands, in the state it was in.
func (r *run) unchanged(s State) (Turn, error) {
	r.standing()
	if r.err != nil {
		return Turn{}, r.err
	}
	if len(r.events) > 0 { // the page could not be made
		return r.turn(keyFrom(s.Chain, "problem"))
	}
	return Turn{Key: s.Chain, State: s, Page: r.page, Effect: r.effect, Ended: endedOf(r.page)}, nil
}

func endedOf(p *Page) *Ending {
	if p == nil {
		return nil
	}
	return p.Ending
}

// splitLines returns the lines of a text that hold something.
func splitLines(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool { return strings.TrimSpace(line) == "" })
}
