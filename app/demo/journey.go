package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
)

// longest bounds a journey: who is still going round after so many answers has
// lost patience.
const longest = 60

// outing is a journey to be made: who goes where, and when.
type outing struct {
	entry    *procedure.Procedure
	who      person
	language string
	channel  string
	began    time.Time
	patience int // pages after which they leave
}

// journey is one walk through a procedure, as the engine made it.
type journey struct {
	outing
	id      string
	turns   []made
	outcome procedure.Outcome // "" when they left
}

// made is a turn with the effects it asked for done: there is a page to show.
type made struct {
	execution.Turn
	key    string            // of the turn that began it
	events []execution.Event // of all of them
	at     time.Time
}

// walker makes journeys with the engine. The same random numbers make the same
// ones.
type walker struct {
	library execution.Library
	random  *rand.Rand
	paper   execution.File // what people attach
	picture execution.File
}

// walk makes one journey. It is a test for the engine, so that every call
// answers with what its step says it would.
func (w *walker) walk(id string, o outing) (*journey, error) {
	j := &journey{outing: o, id: id}
	turn, err := execution.Start(w.library, execution.Context{
		ID: id, Entry: o.entry.UID, Version: firstVersion, Language: o.language, Channel: o.channel,
		User: o.who.roots(), Groups: o.who.groups, Test: true,
	}, o.began)
	now := o.began
	for pages := 0; err == nil; {
		var done made
		if done, err = w.settle(turn, now); err != nil {
			break
		}
		j.turns = append(j.turns, done)
		if done.Ended != nil || w.leaves(done.Turn, pages, o.patience) {
			break
		}
		var in execution.Input
		if in, now = w.next(done.Page, done.at); in.Kind == execution.DoAnswer {
			pages++
		}
		turn, err = execution.Advance(w.library, done.State, in, now)
	}
	if last := len(j.turns) - 1; err == nil && j.turns[last].Ended != nil {
		j.outcome = j.turns[last].Ended.Outcome
		err = w.thank(j, j.turns[last])
	}
	if err != nil {
		return nil, fmt.Errorf("walk through %s: %w", o.entry.Alias, err)
	}
	return j, nil
}

// settle answers the effects of a turn, one after the other.
func (w *walker) settle(turn execution.Turn, now time.Time) (made, error) {
	done := made{turn, turn.Key, turn.Events, now}
	for done.Effect != nil {
		took := w.between(80, 900) * time.Millisecond
		done.at = done.at.Add(took)
		reply := execution.MockResult(done.Effect)
		reply.Millis = took.Milliseconds()
		next, err := execution.Advance(w.library, done.State, execution.Input{Kind: execution.DoResult, Result: &reply}, done.at)
		if err != nil {
			return done, err
		}
		done.Turn, done.events = next, append(done.events, next.Events...)
	}
	return done, nil
}

// leaves says whether the person goes away: out of patience, or stuck.
func (w *walker) leaves(turn execution.Turn, pages, patience int) bool {
	return pages >= min(patience, longest) || turn.Page.Kind == execution.PageProblem || len(turn.Problems) > 0 && w.chance(20)
}

// next is what happens on a page, and when.
func (w *walker) next(page *execution.Page, now time.Time) (execution.Input, time.Time) {
	if page.Kind == execution.PageWait {
		return execution.Input{Kind: execution.DoResume}, page.Wait.Until
	}
	now = now.Add(w.reading(page))
	if w.chance(1) {
		words := pick(w.random, postits[page.Language])
		return execution.Input{Kind: execution.DoPostit, Step: page.Step, Data: words}, now
	}
	return execution.Input{Kind: execution.DoAnswer, Step: page.Step, Data: w.answer(page, now)}, now
}

// thank gives an opinion on the page of the outcome, where it is asked for.
func (w *walker) thank(j *journey, end made) error {
	if end.Page.Feedback == nil || !w.chance(45) {
		return nil
	}
	now := end.at.Add(w.between(5, 40) * time.Second)
	turn, err := execution.Advance(w.library, end.State, execution.Input{
		Kind: execution.DoFeedback, Step: end.Page.Step, Data: w.opinion(end.Page),
	}, now)
	if err == nil {
		j.turns = append(j.turns, made{turn, turn.Key, turn.Events, now})
	}
	return err
}

// reading is how long a person stays on a page.
func (w *walker) reading(page *execution.Page) time.Duration {
	seconds := w.between(4, 40)
	if page.Kind == execution.PageText {
		seconds += w.between(5, 90)
	}
	return (seconds + time.Duration(len(page.Fields))*w.between(4, 15)) * time.Second
}

// between returns a number of some unit of time.
func (w *walker) between(low, high int) time.Duration {
	return time.Duration(low + w.random.IntN(high-low+1))
}

// chance holds so many times in a hundred.
func (w *walker) chance(percent int) bool { return w.random.IntN(100) < percent }

func pick[T any](random *rand.Rand, list []T) T { return list[random.IntN(len(list))] }
