package web

import (
	"encoding/json"
	"fmt"
	"slices"

	"selfhelp/app/connect"
	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/store"
)

// journey drives one execution during one visit: it hands what happened to the
// engine, carries out what the engine asks, and keeps what came of it.
type journey struct {
	site   *Site
	v      *visit
	bundle *publication.Bundle // it runs on
	from   connect.Sources
}

// project is the one the execution is of, as its publication has it.
func (j *journey) project() *procedure.Project { return j.bundle.Project() }

// maxEffects bounds the effects of one turn; the engine bounds the steps
// between two of them.
const maxEffects = 100

// settled is a turn with everything it asked for done.
type settled struct {
	execution.Turn
	key    string            // of the turn that began it
	events []execution.Event // of all of them
}

// settle carries out the effects a turn asks for, one after the other, until
// there is a page to show.
func (j *journey) settle(turn execution.Turn) (settled, error) {
	done := settled{Turn: turn, key: turn.Key, events: turn.Events}
	for range maxEffects {
		if done.Effect == nil {
			return done, nil
		}
		reply, err := j.perform(done.Effect)
		if err != nil {
			return done, err
		}
		next, err := execution.Advance(j.bundle, done.State, execution.Input{Kind: execution.DoResult, Result: &reply}, j.site.now())
		if err != nil {
			return done, fmt.Errorf("give the reply of step %s: %w", done.Effect.Step, err)
		}
		done.Turn, done.events = next, append(done.events, next.Events...)
	}
	return done, fault.New(fault.Internal, "fault.internal")
}

// record is a settled turn as the store keeps it.
func (j *journey) record(t settled, parent int64) (store.Turn, error) {
	token, err := j.site.sealer.Seal(t.State)
	if err != nil {
		return store.Turn{}, fmt.Errorf("seal the state: %w", err)
	}
	events, err := json.Marshal(t.events)
	if err != nil {
		return store.Turn{}, fmt.Errorf("write the events: %w", err)
	}
	kept := store.Turn{
		Execution: t.State.ID(), Parent: parent, Input: t.key, Step: t.Page.Step, At: j.site.now(), Events: events, State: []byte(token),
	}
	for _, e := range t.events {
		if e.Kind == execution.EventEdge {
			kept.Edges = append(kept.Edges, store.Passage{Procedure: e.Procedure, Step: e.Step, Edge: e.Edge})
		}
	}
	if t.Ended != nil {
		kept.Ended, kept.Outcome = true, t.Ended.Outcome
	}
	return kept, nil
}

// stand is where an execution stands after a turn was kept: its page, its
// sealed state and the number of the turn.
type stand struct {
	page     *execution.Page
	problems map[string]execution.Message
	token    string
	turn     int64
}

// keep appends a settled turn to the log, durably, and returns where the
// execution stands. The same answer to the same page, sent again, stands where
// the first one led.
func (j *journey) keep(t settled, parent int64) (stand, error) {
	record, err := j.record(t, parent)
	if err != nil {
		return stand{}, err
	}
	if len(t.events) == 0 { // nothing happened: another part of the page was looked at
		return stand{t.Page, t.Problems, string(record.State), parent}, nil
	}
	if err := j.keepFiles(t); err != nil {
		return stand{}, err
	}
	kept, again, err := j.site.activity.AppendTurn(j.v.Context(), record)
	if err != nil {
		return stand{}, err
	}
	if again && len(t.Problems) > 0 { // refused as before, with the same words
		return stand{t.Page, t.Problems, string(kept.State), kept.Seq}, nil
	}
	if again {
		return j.standAt(string(kept.State), kept.Seq, "")
	}
	if err := j.site.tellWriters(j.v, t); err != nil {
		return stand{}, err
	}
	return stand{t.Page, t.Problems, string(record.State), kept.Seq}, nil
}

// keepFiles says that the files of an answer are named by one, before it is
// kept: until then they are nobody's, and swept after a while.
func (j *journey) keepFiles(t settled) error {
	if !slices.ContainsFunc(t.events, func(e execution.Event) bool { return e.Kind == execution.EventAnswered }) {
		return nil
	}
	for _, a := range t.State.Kept {
		for _, files := range a.Files {
			for _, f := range files {
				if err := j.site.files.Keep(f.Hash); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// standAt shows a page of the trail of a sealed state; an empty step is where
// it stands.
func (j *journey) standAt(token string, seq int64, step string) (stand, error) {
	state, err := j.site.sealer.Open(token, j.v.pass.execution)
	if err != nil {
		return stand{}, err
	}
	turn, err := execution.Show(j.bundle, state, step, j.site.now())
	if err != nil {
		return stand{}, err
	}
	done, err := j.settle(turn)
	if err != nil {
		return stand{}, err
	}
	if len(done.events) > 0 {
		return j.keep(done, seq)
	}
	if token, err = j.site.sealer.Seal(done.State); err != nil {
		return stand{}, err
	}
	return stand{done.Page, done.Problems, token, seq}, nil
}

// tellWriters keeps what a turn says to those who write: post-its and opinions.
func (s *Site) tellWriters(v *visit, t settled) error {
	for _, e := range t.events {
		var err error
		switch e.Kind {
		case execution.EventPostit:
			_, err = s.activity.AddPostit(v.Context(), store.Postit{Execution: t.State.ID(), Step: e.Step, Text: e.Text, At: e.At})
		case execution.EventFeedback:
			err = s.keepFeedback(v, t, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Site) keepFeedback(v *visit, t settled, e execution.Event) error {
	given, _ := e.Value.(map[string]any)
	score, scored := given["score"].(float64)
	if !scored {
		return nil
	}
	comment, _ := given["comment"].(string)
	f := store.Feedback{Execution: t.State.ID(), Step: e.Step, Score: int(score), Comment: comment, At: e.At}
	if t.Page.Feedback != nil {
		f.Scale = t.Page.Feedback.Scale
	}
	return s.activity.SetFeedback(v.Context(), f)
}
