package app

import (
	"context"
	"time"
)

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
		n, err := s.store.Files.Sweep(time.Now().Add(-strayAge), sweepMost)
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
