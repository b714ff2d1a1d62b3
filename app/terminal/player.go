package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"selfhelp/app/execution"
)

// Errors that end a journey before its End.
var (
	ErrQuit       = errors.New("left by the person")
	ErrNoAnswers  = errors.New("no answers left")
	ErrTooManyBad = errors.New("too many refused answers in a row")
)

// maxBad is how many answers in a row may be refused: a file of answers that
// does not fit would go on for ever.
const maxBad = 20

// Player runs procedures for a person who types, or for a file of answers.
type Player struct {
	Library execution.Library
	In      io.Reader
	Out     io.Writer
	Echo    bool // repeat what is read, when it is not typed
	Watch   bool // print the variables with every page
	Clock   func() time.Time
	Keep    func(path string) (execution.File, error) // takes a file the person names

	lines *bufio.Scanner
	words words
	bad   int
	asked map[string]bool // fields of the form that shows
	ahead time.Duration   // by the waits that were jumped
}

// Journey is what became of an execution.
type Journey struct {
	Ending *execution.Ending // nil when it was left before its End
	Events []execution.Event
}

// Play runs an execution to its end.
func (p *Player) Play(ctx context.Context, c execution.Context) (Journey, error) {
	p.lines = bufio.NewScanner(p.In)
	p.lines.Buffer(make([]byte, 4096), 1<<20)
	var j Journey
	turn, err := execution.Start(p.Library, c, p.now())
	for {
		if err != nil {
			return j, err
		}
		j.Events = append(j.Events, turn.Events...)
		if err := ctx.Err(); err != nil {
			return j, err
		}
		if turn.Ended != nil {
			p.words = wordsIn(turn.Page.Language)
			p.showEnding(turn.Page)
			j.Ending = turn.Ended
			return j, nil
		}
		var in execution.Input
		if in, err = p.next(turn); err != nil {
			return j, err
		}
		turn, err = execution.Advance(p.Library, turn.State, in, p.now())
	}
}

// now is the instant of the journey: the clock's, later by the waits that were
// jumped.
func (p *Player) now() time.Time { return p.Clock().Add(p.ahead) }

// next is what follows a turn: the mock reply to an effect, or what the person
// does with the page.
func (p *Player) next(turn execution.Turn) (execution.Input, error) {
	if turn.Effect != nil {
		result := execution.MockResult(turn.Effect)
		return execution.Input{Kind: execution.DoResult, Result: &result}, nil
	}
	if len(turn.Problems) == 0 {
		p.bad = 0
	} else if p.bad++; p.bad > maxBad {
		return execution.Input{}, ErrTooManyBad
	}
	p.words = wordsIn(turn.Page.Language)
	p.show(turn.Page, turn.Problems)
	p.explain(turn)
	return p.ask(turn.Page, turn.Problems)
}

// explain says to the writer, who is the one to run a procedure here, why it met
// a problem.
func (p *Player) explain(turn execution.Turn) {
	if turn.Page.Kind != execution.PageProblem {
		return
	}
	for _, e := range turn.Events {
		if e.Kind == execution.EventFailed {
			p.say(strings.Trim(e.Step+": "+execution.Message{Key: e.Text}.In(turn.Page.Language)+" "+e.Note, " "))
		}
	}
}

// read reads one line; what begins with a colon is an order instead.
func (p *Player) read(prompt string) (string, error) {
	fmt.Fprintf(p.Out, "%s > ", prompt)
	if !p.lines.Scan() {
		fmt.Fprintln(p.Out)
		if err := p.lines.Err(); err != nil {
			return "", fmt.Errorf("read an answer: %w", err)
		}
		fmt.Fprintln(p.Out, p.words.outOfAnswers)
		return "", ErrNoAnswers
	}
	line := strings.TrimSpace(p.lines.Text())
	if p.Echo {
		fmt.Fprintln(p.Out, plain(line))
	}
	if do, known := orders[line]; known {
		return "", do
	}
	return line, nil
}

// order is something else than an answer that a person may type anywhere.
type order struct{ kind execution.InputKind }

func (o order) Error() string { return "order " + string(o.kind) }

var orders = map[string]error{
	":back": order{execution.DoBack}, ":retour": order{execution.DoBack},
	":restart": order{execution.DoRestart}, ":recommencer": order{execution.DoRestart},
	":quit": ErrQuit, ":quitter": ErrQuit,
}

// ask lets the person answer a page, or do something else with it.
func (p *Player) ask(page *execution.Page, problems map[string]execution.Message) (execution.Input, error) {
	in, err := p.answer(page, problems)
	if o, is := errors.AsType[order](err); is {
		return execution.Input{Kind: o.kind, Step: page.Step}, nil
	}
	in.Step = page.Step
	if in.Kind == "" {
		in.Kind = execution.DoAnswer
	}
	return in, err
}
