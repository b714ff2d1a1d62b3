package app

import (
	"context"
	"time"

	"selfhelp/app/command"
	"selfhelp/app/job"
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
	s.store.TellBackups(s.backups.State)
	return nil
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
