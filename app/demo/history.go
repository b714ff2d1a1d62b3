package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
	"selfhelp/store"
)

// together is how many things are kept at once: the store commits what comes at
// the same time in one go.
const together = 256

// atOnce does something with each of a list, many at a time, and returns all
// that failed.
func atOnce[T any](list []T, do func(T) error) error {
	var all sync.WaitGroup
	failed := make([]error, len(list))
	queue := make(chan int)
	for range min(together, len(list)) {
		all.Go(func() {
			for i := range queue {
				failed[i] = do(list[i])
			}
		})
	}
	for i := range list {
		queue <- i
	}
	close(queue)
	all.Wait()
	return errors.Join(failed...)
}

// keep appends the turns of a journey one after the other, as if they happened
// now.
func (s *seeder) keep(ctx context.Context, project string, j *journey) error {
	for i := range j.turns {
		turn, err := s.record(j, i)
		if err == nil && i == 0 {
			err = s.st.Activity.StartExecution(ctx, begun(project, j), turn)
		} else if err == nil {
			_, _, err = s.st.Activity.AppendTurn(ctx, turn)
		}
		if err == nil {
			err = s.keepWords(ctx, j, i)
		}
		if err != nil {
			return fmt.Errorf("keep journey through %s: %w", j.entry.Alias, err)
		}
	}
	return nil
}

func begun(project string, j *journey) store.Execution {
	e := store.Execution{
		ID: j.id, Project: project, Procedure: j.entry.UID, Alias: j.entry.Alias, Version: firstVersion,
		User: j.who.id, Channel: j.channel, Language: j.language, Started: j.began,
	}
	if e.User == "" {
		e.Owner = store.NewID() // nobody has the key to it
	}
	return e
}

// record is one turn as the store keeps it.
func (s *seeder) record(j *journey, i int) (store.Turn, error) {
	turn := &j.turns[i]
	events, err := json.Marshal(turn.events)
	if err != nil {
		return store.Turn{}, err
	}
	state, err := s.sealer.Seal(turn.State)
	if err != nil {
		return store.Turn{}, err
	}
	kept := store.Turn{
		Execution: j.id, Parent: int64(i), Input: turn.key, Step: turn.Page.Step, At: turn.at,
		Events: events, State: []byte(state), Failed: turn.Page.Kind == execution.PageProblem,
	}
	if turn.Page.Procedure != j.entry.UID {
		kept.Within = turn.Page.Procedure
	}
	for _, e := range turn.events {
		if e.Kind == execution.EventEdge {
			kept.Edges = append(kept.Edges, store.Passage{Procedure: e.Procedure, Step: e.Step, Edge: e.Edge})
		}
	}
	if turn.Ended != nil {
		kept.Ended, kept.Outcome = true, turn.Ended.Outcome
	}
	return kept, nil
}

// keepWords keeps what the person wrote and how they found it.
func (s *seeder) keepWords(ctx context.Context, j *journey, i int) error {
	for _, e := range j.turns[i].events {
		var err error
		switch e.Kind {
		case execution.EventPostit:
			_, err = s.st.Activity.AddPostit(ctx, store.Postit{Execution: j.id, Within: e.Procedure, Step: e.Step, Text: e.Text, At: e.At})
		case execution.EventFeedback:
			err = s.keepFeedback(ctx, j.id, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *seeder) keepFeedback(ctx context.Context, id string, e execution.Event) error {
	value, _ := e.Value.(map[string]any)
	score, given := value["score"].(float64)
	if !given {
		return nil
	}
	comment, _ := value["comment"].(string)
	f := store.Feedback{Execution: id, Within: e.Procedure, Step: e.Step, Score: int(score), Comment: comment, At: e.At}
	if e.Type == procedure.StepEnd {
		f.Step = ""
	} else if p := s.procedures[e.Procedure]; p != nil {
		f.Scale = p.Step(e.Step).Feedback.Scale
	}
	return s.st.Activity.SetFeedback(ctx, f)
}

// settleOld gives up the journeys nobody came back to, and lets the writers
// have read and answered what was left to them long ago.
func (s *seeder) settleOld(ctx context.Context, project string) error {
	if _, err := s.st.Activity.AbandonExecutions(ctx, s.now.Add(-24*time.Hour), outings); err != nil {
		return err
	}
	notes, err := s.st.Activity.Postits(ctx, store.PostitFilter{Project: project, Limit: outings})
	if err != nil {
		return err
	}
	return atOnce(notes, func(p store.Postit) error {
		switch {
		case p.At.After(s.now.AddDate(0, 0, -10)):
			return nil
		case p.ID%3 == 0:
			return s.st.Activity.AnswerPostit(ctx, p.ID, "Merci, c’est corrigé dans la prochaine version.", s.by)
		}
		return s.st.Activity.ReadPostit(ctx, p.ID)
	})
}
