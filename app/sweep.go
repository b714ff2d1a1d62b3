package app

import (
	"context"
	"log/slog"
	"time"

	"selfhelp/app/job"
	"selfhelp/store/replica"
)

// sweepRestored removes what restores that were killed left beside the data: it may
// be as large as that.
func sweepRestored(data string, log *slog.Logger) {
	n, err := replica.Place{Dir: data}.Sweep()
	if err != nil {
		log.Warn("what a restore that broke off left behind was not removed", "err", err)
	}
	if n > 0 {
		log.Info("what a restore that broke off left behind removed", "count", n)
	}
}

// What visitors send and never answer with goes after a week: as long as a page
// may well stay open. Each round takes so many at most, and the next one goes on.
const (
	strayAge   = 7 * 24 * time.Hour
	sweepEvery = time.Hour
	sweepMost  = 1000
)

// sweepStrays removes files that nothing names, until ctx is done.
func (s *Server) sweepStrays(ctx context.Context) {
	round := time.NewTicker(sweepEvery)
	defer round.Stop()
	for {
		n, err := s.store.Files.Sweep(s.now().Add(-strayAge), sweepMost)
		if err != nil {
			s.log.Error("files sent and never answered with were not removed", "err", err)
		} else if n > 0 {
			s.log.Info("files sent and never answered with removed", "files", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-round.C:
		}
	}
}

// empty does what the outbox holds, until ctx is done.
func (s *Server) empty(ctx context.Context) {
	job.Outbox{Activity: s.store.Activity, Deeds: s.post.Deeds(), Now: s.now, Log: s.log, Failed: s.measures.MailFailed, Secure: s.store.SecureHandedOut}.Run(ctx, s.post.Wake())
}

// remind writes once a day to those whose tokens expire soon.
func (s *Server) remind(ctx context.Context) {
	round := time.NewTicker(sweepEvery)
	defer round.Stop()
	job.Daily(ctx, round.C, func(time.Time) error {
		err := s.post.RemindOfTokens(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.Error("owners of tokens that expire soon were not all written to", "err", err)
		}
		return err
	})
}

// retain takes out every day what is older than the rules say, first an hour
// after the start.
func (s *Server) retain(ctx context.Context) {
	round := time.NewTicker(sweepEvery)
	defer round.Stop()
	job.Daily(ctx, round.C, func(now time.Time) error {
		done, err := job.Retain(ctx, s.store, now)
		if err != nil && ctx.Err() == nil {
			s.log.Error("what is older than the rules say was not all removed", "err", err)
		} else if done != (job.Done{}) {
			s.log.Info("what is older than the rules say removed", "executions", done.Executions, "pseudonymised", done.Pseudonymised)
		}
		return err
	})
}

// movedEvery is how often it is looked for addresses that accounts had before and that
// are to be written to.
const movedEvery = 10 * time.Second

// tellMoved writes to the addresses that accounts had before, until ctx is done.
func (s *Server) tellMoved(ctx context.Context) {
	round := time.NewTicker(movedEvery)
	defer round.Stop()
	for {
		if err := s.post.TellMoved(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("addresses that accounts had before were not all written to", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-round.C:
		}
	}
}
