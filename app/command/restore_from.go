package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"selfhelp/app/config"
	"selfhelp/store"
	"selfhelp/store/backup"
	"selfhelp/store/disk"
	"selfhelp/store/replica"
)

// Where a restore may come from.
const (
	fromReplica = "replica"
	fromBackup  = "backup"
)

// origin is what a state comes back from.
type origin struct {
	name  string
	bring func(ctx context.Context, dir string, told disk.Progress) (came, error)
}

// came is what came back from an origin.
type came struct {
	name      string
	databases map[string]time.Time
	files     int
	latest    replica.Epoch // the last one that is known there
	keys      string        // the mark of those that belong to it
	signed    string        // who signed it; "" for a replica, which nobody signs
	lacking   []string      // what should have come and did not, one sentence each
}

// placeToRestore is the data folder, with what copies it where something does.
func (w restoreWish) placeToRestore(c config.Config) (replica.Place, error) {
	switch w.from {
	case "", fromReplica, fromBackup:
	default:
		return replica.Place{}, Misused("--from takes replica or backup, not %q", w.from)
	}
	switch {
	case c.File != "" && (c.Replication != config.Off || w.from == fromReplica || c.Backup == ""):
		return placeOf(c)
	case c.Backup != "" && w.from != fromReplica:
		return replica.Alone(c.Data, c.Site, store.Databases()...)
	}
	return replica.Place{}, Misused("it takes --config, the file in Litestream's format that says where the replica is, or --backup, the folder of backups")
}

// origin is what comes nearest before the moment, of the replica and the backups.
func (w restoreWish) origin(ctx context.Context, t Terminal, c config.Config, place replica.Place, at time.Time, log *slog.Logger) (origin, error) {
	copied := len(place.Settings.Databases) > 0 && place.Settings.Databases[0].Target.Name() != ""
	switch {
	case w.epoch != "" || c.Backup == "" || w.from == fromReplica:
		return replicaOrigin(place, replica.Wanted{At: at, Epoch: w.epoch}, log), nil
	case w.from == fromBackup || !copied:
		e, err := backupAt(c, at)
		if err != nil {
			return origin{}, err
		}
		return w.backupOrigin(ctx, c, place, e, log)
	}
	reach, errReplica := place.Settings.Reach(ctx, replica.Wanted{At: at}, log)
	e, errBackup := backupAt(c, at)
	switch {
	case errReplica != nil && errBackup != nil:
		return origin{}, errors.Join(errReplica, errBackup)
	case errReplica != nil:
		fmt.Fprintf(t.Err, "the replica cannot be used: %v\n", errReplica)
		return w.backupOrigin(ctx, c, place, e, log)
	case errBackup == nil && e.At.After(reach):
		return w.backupOrigin(ctx, c, place, e, log)
	}
	return replicaOrigin(place, replica.Wanted{At: at}, log), nil
}

func replicaOrigin(place replica.Place, w replica.Wanted, log *slog.Logger) origin {
	return origin{fromReplica, func(ctx context.Context, dir string, told disk.Progress) (came, error) {
		w.Have, w.Looked = place.FilesFolder(), true
		back, err := place.Settings.Restore(ctx, dir, w, log, told)
		return came{back.Epoch.Name(), back.Databases, back.Files, back.Latest, back.Manifest.Keys, "", back.Lacking}, err
	}}
}

// backupAt is the last backup in which nothing later than a moment is.
func backupAt(c config.Config, at time.Time) (backup.Entry, error) {
	all, err := backup.Folder{Root: c.Backup}.List()
	if err != nil {
		return backup.Entry{}, err
	}
	e, found := backup.Before(all, at)
	if !found {
		return e, fmt.Errorf("%s holds no backup that reaches so far back and is whole: %w", c.Backup, replica.ErrNothing)
	}
	return e, nil
}

func (w restoreWish) backupOrigin(ctx context.Context, c config.Config, place replica.Place, e backup.Entry, log *slog.Logger) (o origin, err error) {
	wanted := backup.Wanted{Name: e.Name, Have: place.FilesFolder(), Anyway: w.anyway}
	if w.identity != "" {
		if wanted.By, err = backup.ReadIdentities(w.identity); err != nil {
			return o, err
		}
	}
	return origin{fromBackup, func(ctx context.Context, dir string, told disk.Progress) (came, error) {
		wanted.Told = told
		folder := backup.Folder{Root: c.Backup}
		back, err := folder.Restore(ctx, dir, wanted)
		if damaged, is := errors.AsType[backup.Damaged](err); is {
			err = orOlder(folder, damaged)
		}
		got := came{name: "the backup " + e.Name, databases: map[string]time.Time{}, files: back.Files, latest: latest(ctx, place, log), keys: e.Keys, lacking: back.Lacking}
		if signer, failed := folder.Signer(e.Name, ownKey(place.Dir)); failed == nil {
			if got.signed = string(signer); signer == backup.Forged {
				got.lacking = append(got.lacking, signedBy[signer])
			}
		}
		for _, d := range back.Databases {
			got.databases[d.Name] = e.At
		}
		return got, err
	}}, nil
}

// latest is the last epoch that the target knows, so that the next one is after it.
// Where nobody can be asked, that of the folder counts; a target that knows a later
// one refuses the server when it starts.
func latest(ctx context.Context, place replica.Place, log *slog.Logger) replica.Epoch {
	if place.Settings.Databases[0].Target.Name() == "" {
		return place.Epoch
	}
	held, err := place.Settings.Held(ctx)
	if err != nil {
		log.Warn("the target of replicas could not be asked for the last epoch", "err", err)
	}
	if len(held) == 0 {
		return place.Epoch
	}
	return held[len(held)-1].Epoch
}

// inScratch has something brought back into a scratch folder of the data folder, and
// looks through the whole of it. The folder is removed where that fails.
func inScratch(ctx context.Context, place replica.Place, log *slog.Logger, told disk.Progress, bring func(dir string) (mark string, err error)) (r InScratch, err error) {
	if _, err := keysOf(place.Dir); err != nil {
		return r, err
	}
	if r.Scratch, err = place.Scratch(); err != nil {
		return r, err
	}
	mark, err := bring(r.Scratch.Dir)
	if err == nil {
		err = keysFit(place.Dir, mark)
	}
	if err == nil {
		told("the check of all of it", 0, 0)
		var v store.Verified
		v, err = lookThrough(ctx, r.Scratch.Dir, place.Dir, log)
		r.Extent, r.Wrong, r.Missing = v.Extent, v.Wrong, v.Missing
	}
	if err != nil {
		return r, errors.Join(err, r.Scratch.Remove())
	}
	return r, nil
}
