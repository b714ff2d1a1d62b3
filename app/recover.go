package app

import (
	"context"
	"slices"
	"strconv"

	"selfhelp/app/post"
	"selfhelp/app/recovery"
)

// takeNotes brings what was noted of the recovery plan while no server ran into its
// log. When this site has just taken over, whoever is to know is told: nothing of it
// keeps the server from serving.
func (s *Server) takeNotes(ctx context.Context) {
	taken, err := s.store.TakeRecoveryNotes(ctx)
	if err == nil && slices.ContainsFunc(taken, func(e recovery.Event) bool { return e.Kind == recovery.Done && e.Phase == recovery.Takeover }) {
		err = s.tellTakeover(ctx)
	}
	if err != nil {
		s.log.Error("the notes of the recovery stay where they are, or nobody was told", "err", err)
	}
}

func (s *Server) tellTakeover(ctx context.Context) error {
	events, err := s.store.Content.Recovery(ctx)
	if err != nil {
		return err
	}
	runs := recovery.Runs(events)
	n, err := s.post.TellRecovery(ctx, post.Notice{Phase: recovery.Available, Drill: runs[len(runs)-1].Drill}, "")
	if err != nil || n == 0 {
		return err
	}
	return s.store.Content.NoteRecovery(ctx, recovery.Event{By: "selfhelp", Kind: recovery.Done, Phase: recovery.Available, Text: "✉ " + strconv.Itoa(n)})
}
