package command

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/watch"
	"selfhelp/store/backup"
	"selfhelp/store/replica"
)

// RestorableOf says where the past of a server can be asked for; copied names the
// target of its replica, "" where nothing inside copies it.
func RestorableOf(c config.Config, place replica.Place, copied string, log *slog.Logger) (r watch.Restorable) {
	r.Restore = restoreLine(c)
	if c.Backup != "" {
		r.Backups = &backup.Folder{Root: c.Backup}
	}
	if copied == "" {
		return r
	}
	settings := place.Settings
	r.Replica = &watch.Past{
		Target: copied, Fine: settings.L0.Retention, Coarse: settings.Levels[0],
		Periods: func(ctx context.Context) ([]watch.Period, error) {
			held, err := settings.Held(ctx)
			if errors.Is(err, replica.ErrNothing) {
				return nil, nil
			}
			return periodsOf(held, settings.Snapshot.Retention, time.Now()), err
		},
		Reach: func(ctx context.Context, at time.Time) (time.Time, error) {
			return settings.Reach(ctx, replica.Wanted{At: at}, log)
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
func restoreLine(c config.Config) string {
	line := "selfhelp restore"
	for _, f := range []struct{ flag, value string }{{"config", c.File}, {"data", c.Data}, {"backup", c.Backup}} {
		if f.value != "" {
			line += " --" + f.flag + " " + word(f.value)
		}
	}
	return line
}

// word is a text as a shell takes it: quoted where it must be.
func word(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-:@", r)
	}) {
		return quoted(text)
	}
	return text
}
