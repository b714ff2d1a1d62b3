package execution

import (
	"strings"
	"time"

	"selfhelp/app/execution/effect"
	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// Report makes the report of an execution from its log, in the order in which
// it was appended. The library gives the titles of steps that show no page; it
// may be nil.
func Report(lib Library, events []Event) ExecutionReport {
	b := &reporter{lib: lib}
	for _, e := range events {
		b.add(e)
	}
	return b.report
}

// reporter makes a report event by event.
type reporter struct {
	lib    Library
	report ExecutionReport
}

func (b *reporter) add(e Event) {
	rep := &b.report
	e.Private = nil
	rep.Events = append(rep.Events, e)
	if e.Kind == EventBack || e.Kind == EventRestart || e.Kind == EventAnswered {
		rep.Outcome, rep.Ended = "", time.Time{} // it was taken up again
	}
	switch e.Kind {
	case EventFailed:
		rep.Failed = true
	case EventBack, EventRestart, EventAnswered, EventEdge, EventShown, EventEnded:
		rep.Failed = false // the person went on, or a branch for errors did
	}
	switch e.Kind {
	case EventStarted:
		b.started(e)
	case EventBack:
		b.leaveFrom(e.Place, e.At)
	case EventRestart:
		b.leaveFrom(0, e.At)
	case EventEnded:
		b.visit(e).Left = e.At
		rep.Outcome, rep.Ended = procedure.Outcome(e.Status), e.At
	case EventFeedback:
		rep.Feedback = e.Value
	case EventPostit:
		rep.Comments = append(rep.Comments, ReportedComment{At: e.At, Step: e.Step, Words: e.Text})
	case EventSpoken:
		rep.Language = e.Text
	case EventPaused, EventResumed, EventTrimmed:
	default:
		b.inStep(e)
	}
	rep.Millis = e.At.Sub(rep.Started).Milliseconds()
}

func (b *reporter) started(e Event) {
	rep := &b.report
	rep.Execution, rep.Entry, rep.Version, rep.Started = e.Key, e.Procedure, e.Version, e.At
	value, _ := e.Value.(map[string]any)
	rep.Language, _ = value["language"].(string)
	rep.Channel, _ = value["channel"].(string)
	rep.User, _ = value["user"].(string)
	if params, ok := value["params"].(map[string]any); ok && len(params) > 0 {
		rep.Params = params
	}
	if b.lib == nil {
		return
	}
	if prog, err := b.lib.Program(e.Procedure); err == nil {
		rep.Title, _ = prog.Procedure.Title.Pick(e.At, append([]string{rep.Language}, prog.Project.Languages...)...)
	}
}

// inStep tells what happened in a step.
func (b *reporter) inStep(e Event) {
	s := b.visit(e)
	switch e.Kind {
	case EventShown:
		s.Title, s.place = e.Text, e.Place
		if s.Title == "" {
			s.Title = b.titleOf(e)
		}
	case EventAnswered:
		s.Answer, s.Words = e.Value, e.Text
	case EventRefused:
		s.Refusals++
	case EventEdge:
		s.Edge, s.To, s.Left, s.By = e.Edge, e.To, e.At, b.ruleOf(e)
	case EventChanged:
		s.Changed, _ = e.Value.(map[string]any)
	case EventAsked:
		s.Calls = append(s.Calls, ReportedCall{Kind: EffectKind(e.Text), Request: e.Value, Files: effect.FilesOf(e.Value), key: e.Key})
	case EventReplied:
		b.replied(s, e)
	case EventFailed:
		s.Error, s.Note, s.Why = e.Text, e.Note, e.Why
		s.Args, _ = e.Value.([]any)
	case EventLogged:
		b.report.Logs = append(b.report.Logs, ReportedLog{At: e.At, Step: e.Step, Key: e.Text, Value: e.Value})
	}
}

func (b *reporter) replied(s *ReportedStep, e Event) {
	for i := range s.Calls {
		if c := &s.Calls[i]; c.key == e.Key {
			c.Status, c.Millis, c.Reply = e.Status, e.Millis, e.Value
		}
	}
	value, _ := e.Value.(map[string]any)
	if e.Type != procedure.StepTicket || e.Status != string(EffectOK) || value == nil {
		return
	}
	b.report.Tickets = append(b.report.Tickets, TicketLink{Number: entry.MachineText(value["number"]), URL: entry.WebAddress(value["url"])})
}

// visit returns the visit an event belongs to: the last one of its step that
// is not over, else a new one.
func (b *reporter) visit(e Event) *ReportedStep {
	steps := b.report.Steps
	for i := len(steps) - 1; i >= 0; i-- {
		s := &steps[i]
		if s.Left.IsZero() && !s.OffPath && s.Step == e.Step && s.Procedure == e.Procedure && s.Depth == e.Depth {
			return s
		}
	}
	if e.Place > 0 && e.Kind != EventShown && e.Kind != EventEnded {
		b.leaveFrom(e.Place, e.At) // an earlier page was answered again
	}
	b.report.Steps = append(b.report.Steps, ReportedStep{
		Order: len(steps) + 1, Procedure: e.Procedure, Step: e.Step, Type: e.Type, Depth: e.Depth, Entered: e.At, Title: b.titleOf(e), place: e.Place,
	})
	return &b.report.Steps[len(steps)]
}

// leaveFrom marks what came since a place of the trail as off the path; since
// the beginning for place 0.
func (b *reporter) leaveFrom(place int, at time.Time) {
	from := 0
	for i := range b.report.Steps {
		if s := &b.report.Steps[i]; place > 0 && s.place == place && !s.OffPath {
			from = i
		}
	}
	for i := from; i < len(b.report.Steps); i++ {
		s := &b.report.Steps[i]
		s.OffPath = true
		if s.Left.IsZero() {
			s.Left = at
		}
	}
}

// titleOf names a step that the log gives no title.
func (b *reporter) titleOf(e Event) string {
	if b.lib == nil {
		return ""
	}
	prog, err := b.lib.Program(e.Procedure)
	if err != nil || prog.Node(e.Step) == nil {
		return ""
	}
	return b.withoutValues(prog, titleOf(prog.Node(e.Step).Step, e.At, append([]string{b.report.Language}, prog.Project.Languages...)))
}

// withoutValues is a text of a page that nobody was shown, or that tells more
// than a report may: what it would have said stands masked.
func (b *reporter) withoutValues(prog *program.Program, words string) string {
	if !program.HasPlaceholders(words) {
		return words
	}
	t, err := prog.Template(words)
	if err != nil {
		return words
	}
	var said strings.Builder
	for _, part := range t.Parts() {
		if part.Formula != nil {
			said.WriteString(Mask)
		} else {
			said.WriteString(part.Text)
		}
	}
	return said.String()
}

// ruleOf is the condition of the rule by which a step was left, "" for other
// edges.
func (b *reporter) ruleOf(e Event) string {
	kind, _, _ := strings.Cut(e.Edge, ".")
	if b.lib == nil || kind != "rule" {
		return ""
	}
	prog, err := b.lib.Program(e.Procedure)
	if err != nil || prog.Node(e.Step) == nil {
		return ""
	}
	for _, edge := range prog.Node(e.Step).Step.AllEdges() {
		if edge.ID == e.Edge {
			return edge.Note
		}
	}
	return ""
}
