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
	r.Restore, r.Flags = restoreLine(c), flagsLine([2]string{"config", c.File}, [2]string{"data", c.Data})
	r.Serve = flagsLine([2]string{"data", c.Data}, [2]string{"role", c.Role})
	if c.Receive != "" {
		r.Receive = word(c.Receive)
	}
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
			return periodsOf(ctx, settings)
		},
		Reach: func(ctx context.Context, at time.Time) (time.Time, error) {
			return settings.Reach(ctx, replica.Wanted{At: at}, log)
		},
	}
	return r
}

// periodsOf are the times to which a replica goes back, by what its target holds now.
func periodsOf(ctx context.Context, settings replica.Settings) (all []watch.Period, err error) {
	held, err := settings.Held(ctx)
	if errors.Is(err, replica.ErrNothing) {
		return nil, nil
	}
	for i, h := range held {
		if !h.Some {
			continue
		}
		spans, err := settings.Spans(ctx, h.Epoch)
		if err != nil {
			return nil, err
		}
		for _, s := range spans {
			p := watch.Period{Epoch: h.Epoch.Name(), From: s.From, Until: s.Until, Goes: s.Until.IsZero() && i == len(held)-1 && !h.Manifest.Ended}
			if p.Goes {
				p.Until = time.Now()
			} else if p.Until.IsZero() {
				p.Until = later(h.Manifest.At, s.From)
			}
			all = append(all, p)
		}
	}
	return all, err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// restoreLine is the command that restores this server, as one types it.
func restoreLine(c config.Config) string {
	return "selfhelp restore" + flagsLine([2]string{"config", c.File}, [2]string{"data", c.Data}, [2]string{"backup", c.Backup})
}

// flagsLine are flags with their values as one types them, but for those without.
func flagsLine(flags ...[2]string) (line string) {
	for _, f := range flags {
		if f[1] != "" {
			line += " --" + f[0] + " " + word(f[1])
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
