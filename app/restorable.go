package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"selfhelp/app/watch"
	"selfhelp/store/backup"
	"selfhelp/store/replica"
)

// restorable says where the past of this server can be asked for.
func (s *Server) restorable() (r watch.Restorable) {
	r.Restore = s.restoreLine()
	if s.backups != nil {
		r.Backups = &backup.Folder{Root: s.config.Backup}
	}
	if s.replicator == nil {
		return r
	}
	settings := s.place.Settings
	r.Replica = &watch.Past{
		Target: s.replicator.Status().Target, Fine: settings.L0.Retention, Coarse: settings.Levels[0],
		Periods: func(ctx context.Context) ([]watch.Period, error) {
			held, err := settings.Held(ctx)
			if errors.Is(err, replica.ErrNothing) {
				return nil, nil
			}
			return periodsOf(held, settings.Snapshot.Retention, time.Now()), err
		},
		Reach: func(ctx context.Context, at time.Time) (time.Time, error) {
			return settings.Reach(ctx, replica.Wanted{At: at}, s.log)
		},
	}
	return r
}

// periodsOf are the times to which a replica goes back: of each epoch as long as its
// snapshots are kept before its end, and of the last one before now.
func periodsOf(held []replica.Held, kept time.Duration, now time.Time) (all []watch.Period) {
	for i, h := range held {
		if !h.Some {
			continue
		}
		p := watch.Period{Epoch: h.Epoch.Name(), From: h.Epoch.Since, Until: h.Manifest.At, Goes: i == len(held)-1 && !h.Manifest.Ended}
		if p.Goes {
			p.Until = now
		}
		if first := p.Until.Add(-kept); first.After(p.From) {
			p.From = first
		}
		all = append(all, p)
	}
	return all
}

// restoreLine is the command that restores this server, as one types it.
func (s *Server) restoreLine() string {
	line := "selfhelp restore"
	for _, f := range []struct{ flag, value string }{{"config", s.config.File}, {"data", s.config.Data}, {"backup", s.config.Backup}} {
		if f.value != "" {
			line += " --" + f.flag + " " + quoted(f.value)
		}
	}
	return line
}

// quoted is a word as a shell takes it.
func quoted(word string) string {
	if strings.ContainsFunc(word, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-:@", r)
	}) {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return word
}
