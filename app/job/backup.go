package job

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/store/backup"
)

// quiet is the hour of the night after which a full backup is made.
const quiet = 2

// Backups makes backups on the clock: a full one each night, an increment each hour,
// and what was missed while the server was down.
type Backups struct {
	Maker backup.Maker
	Zone  *time.Location // in which it is night
	Audit func(ctx context.Context, actor, action, object string, detail any) error
	Log   *slog.Logger

	mu     sync.Mutex
	state  store.BackedUp
	failed error // why the last try brought nothing
}

// State says how the backups are, without asking the disk.
func (b *Backups) State() store.BackedUp {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state
}

// Run makes what is due on each tick, until the ticks end or ctx is done. What fails is
// tried again in the next hour.
func (b *Backups) Run(ctx context.Context, ticks <-chan time.Time) {
	err := b.Maker.Sweep()
	b.learn(err)
	if err != nil {
		b.tell(ctx, err)
	}
	var tried time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case now, more := <-ticks:
			if !more {
				return
			}
			if hour := hourOf(now, b.Zone); !hour.Equal(tried) {
				tried = hour
				b.round(ctx, now)
			} else {
				b.look()
			}
		}
	}
}

// round makes what is due. Where a full one fails, an increment on the one before is
// better than nothing.
func (b *Backups) round(ctx context.Context, now time.Time) {
	all, err := b.Maker.Folder.List()
	if err != nil {
		b.learn(nil) // it says so itself, for as long as it is so
		b.tell(ctx, err)
		return
	}
	kind, due := Due(all, now, b.Zone)
	if !due {
		b.learn(nil)
		return
	}
	_, err = b.Maker.Make(ctx, kind)
	if _, found := backup.Newest(all, backup.Full); err != nil && kind == backup.Full && found && ctx.Err() == nil {
		_, instead := b.Maker.Make(ctx, backup.Increment)
		err = errors.Join(err, instead)
	}
	b.learn(err)
	if err != nil {
		b.tell(ctx, err)
	}
}

// Due says which backup is to be made at a moment, when one is.
func Due(all []backup.Entry, now time.Time, zone *time.Location) (backup.Kind, bool) {
	year, month, day := now.In(zone).Date()
	night := time.Date(year, month, day, quiet, 0, 0, 0, zone)
	if night.After(now) {
		night = time.Date(year, month, day-1, quiet, 0, 0, 0, zone)
	}
	if full, found := backup.Newest(all, backup.Full); !found || full.Began.Before(night) {
		return backup.Full, true
	}
	last, _ := backup.Newest(all, "")
	return backup.Increment, last.Began.Before(hourOf(now, zone))
}

// hourOf is the full hour before a moment, as clocks of a zone show it.
func hourOf(now time.Time, zone *time.Location) time.Time {
	_, seconds := now.In(zone).Zone()
	offset := time.Duration(seconds) * time.Second
	return now.UTC().Add(offset).Truncate(time.Hour).Add(-offset)
}

// learn keeps how the last try went, and reads how the backups are.
func (b *Backups) learn(failed error) {
	b.mu.Lock()
	b.failed = failed
	b.mu.Unlock()
	b.look()
}

// look reads how the backups are: a command may have made one beside, and their volume may
// be away, or back.
func (b *Backups) look() {
	all, err := b.Maker.Folder.List()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state.Folder, b.state.Failed = b.Maker.Folder.Root, cmp.Or(b.failed, err)
	if last, found := backup.Newest(all, ""); err == nil && found {
		b.state.Last, b.state.Verified, b.state.Restored = last.At, last.Verdict.At, last.Verdict.How == backup.Restored
	}
}

// tell tells of a backup that was not made, or is not whole, in the log and in the audit.
func (b *Backups) tell(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return // the server stops
	}
	b.Log.Error("the backup was not made, or is not whole", "err", err)
	key, _ := fault.TextOf(err)
	if err := b.Audit(ctx, "backup", "backup.failed", "", map[string]string{"why": key, "folder": b.Maker.Folder.Root}); err != nil {
		b.Log.Error("the audit does not tell of a backup that failed", "err", err)
	}
}
