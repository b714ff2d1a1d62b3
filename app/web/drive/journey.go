package drive

import (
	"encoding/json"
	"fmt"
	"time"

	"selfhelp/app/connect"
	"selfhelp/app/execution"
	"selfhelp/app/execution/entry"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
	"selfhelp/store"
)

// Journey drives one execution during one visit: it hands what happened to the
// engine, carries out what the engine asks, and keeps what came of it.
type Journey struct {
	site   *Driver
	v      *frame.Visit
	bundle *publication.Bundle // it runs on
	from   connect.Sources
}

// Project is the one the execution is of, as its publication has it.
func (j *Journey) Project() *procedure.Project { return j.bundle.Project() }

// MaxEffects bounds the effects of one turn; the engine bounds the steps
// between two of them.
const MaxEffects = 100

// Settled is a turn with everything it asked for done.
type Settled struct {
	execution.Turn
	key    string            // of the turn that began it
	events []execution.Event // of all of them
}

// settle carries out the effects a turn asks for, one after the other, until
// there is a page to show.
func (j *Journey) settle(turn execution.Turn) (Settled, error) {
	done := Settled{Turn: turn, key: turn.Key, events: turn.Events}
	for range MaxEffects {
		if done.Effect == nil {
			return done, nil
		}
		reply, err := j.perform(done.Effect)
		if err != nil {
			return done, err
		}
		next, err := execution.Advance(j.bundle, done.State, execution.Input{Kind: execution.DoResult, Result: &reply}, j.site.Now())
		if err != nil {
			return done, fmt.Errorf("give the reply of step %s: %w", done.Effect.Step, err)
		}
		done.Turn, done.events = next, append(done.events, next.Events...)
	}
	return done, fault.New(fault.Internal, "fault.internal")
}

// record is a settled turn as the store keeps it.
func (j *Journey) record(t Settled, parent int64) (store.Turn, error) {
	token, err := j.site.Sealer.Seal(t.State)
	if err != nil {
		return store.Turn{}, fmt.Errorf("seal the state: %w", err)
	}
	events, err := json.Marshal(t.events)
	if err != nil {
		return store.Turn{}, fmt.Errorf("write the events: %w", err)
	}
	kept := store.Turn{
		Execution: t.State.ID(), Parent: parent, Input: t.key, Step: t.Page.Step, At: j.site.Now(), Events: events, State: []byte(token),
	}
	if t.Page.Procedure != t.State.Entry() {
		kept.Within = t.Page.Procedure
	}
	for _, e := range t.events {
		if e.Kind == execution.EventEdge {
			kept.Edges = append(kept.Edges, store.Passage{Procedure: e.Procedure, Step: e.Step, Edge: e.Edge})
		}
	}
	kept.Failed = t.Page.Kind == execution.PageProblem
	if t.Ended != nil {
		kept.Ended, kept.Outcome = true, t.Ended.Outcome
	}
	return kept, nil
}

// Stand is where an execution stands after a turn was kept: its page, its
// sealed state and the number of the turn.
type Stand struct {
	Page     *execution.Page
	Problems map[string]execution.Message
	Token    string
	Turn     int64
	At       time.Time // of the turn; zero where nobody looked
	Input    string    // what it was an answer to, by its hash
}

// keep appends a settled turn to the log, durably, and returns where the
// execution stands. The same answer to the same page, sent again, stands where
// the first one led.
func (j *Journey) keep(t Settled, parent int64) (Stand, error) {
	record, err := j.record(t, parent)
	if err != nil {
		return Stand{}, err
	}
	if len(t.events) == 0 { // nothing happened: another part of the page was looked at
		return Stand{Page: t.Page, Problems: t.Problems, Token: string(record.State), Turn: parent}, nil
	}

	if err := j.keepFiles(t); err != nil {
		return Stand{}, err
	}
	kept, again, err := j.site.Activity.AppendTurn(j.v.Context(), record)
	if fault.Is(err, fault.NotFound) && j.isBrought(parent) {
		if record.Brought, err = j.brought(t.State); err == nil {
			kept, again, err = j.site.Activity.AppendTurn(j.v.Context(), record)
		}
	}
	if err != nil {
		return Stand{}, err
	}
	if again && len(t.Problems) > 0 { // refused as before, with the same words
		return standOf(t, kept), nil
	}
	if again {
		return j.standAfter(kept)
	}
	if err := j.site.tellWriters(j.v, t); err != nil {
		return Stand{}, err
	}
	return standOf(t, kept), nil
}

// standOf is where an execution stands after a turn that was kept.
func standOf(t Settled, kept store.Turn) Stand {
	return Stand{t.Page, t.Problems, string(kept.State), kept.Seq, kept.At, kept.Input}
}

// standAfter shows the page to which a turn that was kept before led.
func (j *Journey) standAfter(kept store.Turn) (Stand, error) {
	at, err := j.StandAt(string(kept.State), kept.Seq, "")
	if at.Turn == kept.Seq {
		at.At, at.Input = kept.At, kept.Input
	}
	return at, err
}

// keepFiles says that the files of a page are named by its answer, before that
// is kept: until then they are nobody's, and swept after a while. What was
// answered on other pages was said then.
func (j *Journey) keepFiles(t Settled) error {
	for _, e := range t.events {
		if e.Kind != execution.EventAnswered {
			continue
		}
		for i := range t.State.Kept {
			given := &t.State.Kept[i]
			if given.Procedure != e.Procedure || given.Step != e.Step {
				continue
			}
			if err := j.site.Files.Keep(hashesOf(given.Files())...); err != nil {
				return err
			}
		}
	}
	return nil
}

func hashesOf(fields map[string][]entry.File) (hashes []string) {
	for _, files := range fields {
		for _, f := range files {
			hashes = append(hashes, f.Hash)
		}
	}
	return hashes
}

// StandAt shows a page of the trail of a sealed state; an empty step is where
// it stands.
func (j *Journey) StandAt(token string, seq int64, step string) (Stand, error) {
	state, err := j.site.Sealer.Open(token, j.v.Pass.Execution)
	if err != nil {
		return Stand{}, err
	}
	turn, err := execution.Show(j.bundle, state, step, j.site.Now())
	if err != nil {
		return Stand{}, err
	}
	done, err := j.settle(turn)
	if err != nil {
		return Stand{}, err
	}
	if len(done.events) > 0 {
		return j.keep(done, seq)
	}
	if done.Key != state.Chain { // not the page on which it stands
		if token, err = j.site.Sealer.Seal(done.State); err != nil {
			return Stand{}, err
		}
	}
	return Stand{Page: done.Page, Problems: done.Problems, Token: token, Turn: seq}, nil
}

// tellWriters keeps what a turn says to those who write: post-its and opinions.
func (s *Driver) tellWriters(v *frame.Visit, t Settled) error {
	for _, e := range t.events {
		var err error
		switch e.Kind {
		case execution.EventPostit:
			_, err = s.Activity.AddPostit(v.Context(), store.Postit{Execution: t.State.ID(), Within: e.Procedure, Step: e.Step, Text: e.Text, At: e.At})
		case execution.EventFeedback:
			err = s.keepFeedback(v, t, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Driver) keepFeedback(v *frame.Visit, t Settled, e execution.Event) error {
	given, _ := e.Value.(map[string]any)
	score, scored := given["score"].(float64)
	if !scored {
		return nil
	}
	comment, _ := given["comment"].(string)
	f := store.Feedback{Execution: t.State.ID(), Within: e.Procedure, Step: e.Step, Score: int(score), Comment: comment, At: e.At}
	if t.Page.Feedback != nil {
		f.Scale = t.Page.Feedback.Scale
	}
	return s.Activity.SetFeedback(v.Context(), f)
}

// Journey prepares the driving of an execution on its publication.
func (s *Driver) Journey(v *frame.Visit, b *publication.Bundle) *Journey {
	return &Journey{site: s, v: v, bundle: b, from: s.sources(v, v.Pass)}
}

// Reopen prepares the driving of an execution from its last turn, which is
// read unless the guards of the visit did.
func (s *Driver) Reopen(v *frame.Visit) (*Journey, store.Turn, error) {
	b, err := s.BundleOf(v, v.Pass)
	if err != nil {
		return nil, store.Turn{}, err
	}
	if v.Last.Seq == 0 {
		v.Last, err = s.Activity.Turn(v.Context(), v.Pass.Execution, 0)
	}
	return s.Journey(v, b), v.Last, err
}

// Move hands an input to the engine and keeps what comes of it.
func (j *Journey) Move(state execution.State, in execution.Input, parent int64) (Stand, error) {
	unlock := j.site.executing.lock(j.v.Pass.Execution)
	defer unlock()
	turn, err := execution.Advance(j.bundle, state, in, j.site.Now())
	if err != nil {
		return Stand{}, err
	}
	if led, known := j.answeredElsewhere(turn); known {
		return j.standAfter(led)
	}
	done, err := j.settle(turn)
	if err != nil {
		return Stand{}, err
	}
	return j.keep(done, parent)
}
