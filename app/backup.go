package app

import (
	"context"
	"log/slog"
	"time"

	"selfhelp/app/command"
	"selfhelp/app/config"
	"selfhelp/app/job"
	"selfhelp/app/past"
	"selfhelp/store"
	"selfhelp/store/replica"
)

// openBackups makes what makes the backups of this server, where it is to make any.
func (s *Server) openBackups() error {
	if s.config.Backup == "" {
		return nil
	}
	maker, err := command.MakerOf(s.config, s.log)
	if err != nil {
		return err
	}
	s.backups = &job.Backups{Maker: maker, Zone: s.config.Zone(), Audit: s.store.Content.Audit, Log: s.log}
	if s.deliveries, err = command.DeliveriesOf(s.config, s.log); err != nil {
		return err
	}
	if s.deliveries != nil {
		s.deliveries.Audit = s.store.Content.Audit
	}
	s.store.TellBackups(s.backedUp)
	return nil
}

// backedUp says how the backups are, and the copies of them elsewhere.
func (s *Server) backedUp() store.BackedUp {
	state := s.backups.State()
	if s.deliveries != nil {
		state.Delivery = s.deliveries.State()
	}
	return state
}

// pastOf is where states of before are kept.
func pastOf(c config.Config, place replica.Place, log *slog.Logger) past.Sources {
	copied := c.Replication == config.Embedded
	if !copied {
		place = replica.Place{Dir: c.Data}
	}
	return past.Sources{Place: place, Copied: copied, Backups: c.Backup, Now: time.Now, Log: log}
}

// backupEvery is how often it is looked whether a backup is due.
const backupEvery = 30 * time.Second

// backUp makes the backups that are due, until ctx is done.
func (s *Server) backUp(ctx context.Context) {
	if s.backups == nil {
		return
	}
	round := time.NewTicker(backupEvery)
	defer round.Stop()
	s.backups.Run(ctx, round.C)
}

// deliver gives the copies elsewhere that are due, until ctx is done. It goes on beside
// the backups: the way may be long.
func (s *Server) deliver(ctx context.Context) {
	if s.deliveries == nil {
		return
	}
	round := time.NewTicker(backupEvery)
	defer round.Stop()
	s.deliveries.Run(ctx, round.C)
}
