package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/store/backup"
	"selfhelp/store/disk"
	"selfhelp/store/replica"
)

var restoreCommand = Command{
	Name:    "restore",
	Summary: "bring the data folder back from its replica or a backup, as it was at any moment",
	Text: `Restores both databases and the files from the target that --config names, or from
the backups in --backup, whichever comes nearest before the moment; looks through the
whole of it, and only then puts it in the place of what is in --data; that is kept in
its folder recovery. The server has to be stopped. It goes on in a new epoch: what
another server wrote stays where it is.

--at takes a moment like "2026-11-20 14:05" or "2026-11-20 14:05:30", in
--time-zone, or 2026-11-20T14:05:30Z. Without it the last state comes back. The
folder keys is in no replica and no backup: bring it from where you keep it.

--project, and --procedure in it, bring only these back, beside what is there: nothing
else is changed, and nothing that is there is lost. A procedure that is there may get
its state of then as a new revision instead, with --as draft. While the server runs,
the page /admin/past does the same.`,
	Facts: []any{restoredReport{}, partReport{}},
	Prepare: func(set *flag.FlagSet) Deed {
		settings := config.Flags(set, "data", "replication", "site", "time-zone", "backup")
		w := restoreWish{}
		set.StringVar(&w.at, "at", "", "`MOMENT` to go back to (default the last one there is)")
		set.StringVar(&w.epoch, "epoch", "", "`EPOCH` to restore from, like e0003-lyon (default the one in force at that moment)")
		set.StringVar(&w.from, "from", "", "`ORIGIN`, replica or backup, to insist on one (default what comes nearest before the moment)")
		set.StringVar(&w.identity, "identity", "", "`FILE` of the private key that opens encrypted backups")
		set.StringVar(&w.only.project, "project", "", "`ALIAS` of the one project to bring back, in --domain")
		set.StringVar(&w.only.procedure, "procedure", "", "`ALIAS` of the one procedure of --project to bring back")
		set.StringVar(&w.only.domain, "domain", "", "`DOMAIN` that --project was in (default the one that had it, where only one did)")
		set.StringVar(&w.only.as, "as", asCopy, "copy or draft: a --procedure comes beside the one that is there, or as its next revision")
		set.BoolVar(&w.dry, "dry-run", false, "say what would come back and what would be lost, change nothing")
		set.BoolVar(&w.anyway, "anyway", false, "put it in place though something of it is wrong, when nothing better is to be had")
		set.BoolVar(&w.takeOver, "take-over", false, "go on here though another server has taken over, which is stopped and stays so")
		set.BoolVar(&w.json, "json", false, "print JSON")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) > 0 {
				return Misused("it takes no operand, but got %q", operands[0])
			}
			c, log, err := folderOf(t, settings)
			if err != nil {
				return err
			}
			if w.only.project != "" || w.only.procedure != "" {
				return w.part(ctx, t, c, log)
			}
			return w.restore(ctx, t, c, log)
		}
	},
}

// restoreWish is what the line of a restore asks for.
type restoreWish struct {
	at, epoch      string
	from, identity string
	dry, json      bool
	anyway         bool // though something is wrong
	takeOver       bool // though another server has taken over
	only           partWish
}

// restoredReport says what came back, or would.
type restoredReport struct {
	DryRun    bool                 `json:"dry_run"`
	Origin    string               `json:"origin"` // replica or backup
	From      string               `json:"from"`
	Signed    string               `json:"signed,omitempty"` // the backup is: own, unknown, none or wrong
	Databases map[string]time.Time `json:"databases"`        // moment of the last change that came back
	Files     int                  `json:"files"`
	Seconds   float64              `json:"seconds"`
	Before    *store.Extent        `json:"before,omitempty"` // what is in the folder now
	After     store.Extent         `json:"after"`
	Lost      *store.Lost          `json:"lost,omitempty"` // that the folder has now and what came back has not
	Wrong     []string             `json:"wrong"`
	Missing   []string             `json:"missing"`         // files that people sent and that did not come
	Epoch     string               `json:"epoch,omitempty"` // that the folder goes on in
	Kept      string               `json:"kept,omitempty"`  // where what was there went
}

func (w restoreWish) restore(ctx context.Context, t Terminal, c config.Config, log *slog.Logger) error {
	at, err := moment(w.at, c.Zone())
	if err == nil {
		err = isPast(at, time.Now())
	}
	if err != nil {
		return err
	}
	place, err := w.placeToRestore(c)
	if err != nil {
		return err
	}
	if err := place.Lasts(); err != nil && !w.dry && !w.takeOver {
		return fmt.Errorf("%w: with this restore two servers would go on; selfhelp failback gives this site its place back, and --take-over does so without the other one, which has to be stopped", err)
	}
	if !w.dry && !place.Fresh { // a server that runs has it
		lock, err := disk.Hold(place.Dir)
		if err != nil {
			return err
		}
		defer lock.Release()
		if err := disk.NoReplicator(place.Dir, store.Databases()...); err != nil {
			return err
		}
	}
	began := time.Now()
	tellSite(t.Err, place, c)
	if c.File == "" {
		fmt.Fprintf(t.Err, "without --config no target is asked which epochs there were: the folder goes on after %s; a target that knows a later one refuses it\n", place.Epoch.Name())
	}
	from, err := w.origin(ctx, t, c, place, at, log)
	if err != nil {
		return reaches(ctx, c, place, at, err)
	}
	told := progressOn(t.Err)
	var back came
	restored, err := inScratch(ctx, place, log, told, func(dir string) (mark string, err error) {
		back, err = from.bring(ctx, dir, told)
		return back.keys, err
	})
	if err != nil {
		return reaches(ctx, c, place, at, err)
	}
	defer restored.Scratch.Remove()
	r := restoredReport{DryRun: w.dry, Origin: from.name, From: back.name, Signed: back.signed, Databases: back.databases, Files: back.files, After: restored.Extent, Wrong: append(restored.Wrong, back.lacking...), Missing: restored.Missing}
	r.Seconds = time.Since(began).Seconds()
	if before, err := extentOf(ctx, place); err == nil {
		r.Before = before
	} else {
		log.Warn("what is in the folder now could not be counted", "err", err)
	}
	r.Lost = lostBy(ctx, place, restored.Scratch.Dir, log)
	if !w.dry && (w.anyway || len(r.Wrong) == 0) {
		if !at.IsZero() || from.name == fromBackup {
			if err := signOut(ctx, restored.Scratch.Dir, log); err != nil {
				return err
			}
		}
		if r.Kept, err = place.Swap(restored.Scratch.Dir, place.Next(back.latest, time.Now()), time.Now()); err != nil {
			return err
		}
		r.Epoch = place.Epoch.Name()
	}
	if err := w.print(t.Out, r); err != nil {
		return err
	}
	if len(r.Wrong) > 0 {
		return ErrBad
	}
	return nil
}

// InScratch is a store that was restored beside a data folder.
type InScratch struct {
	Scratch replica.Scratch // its folder, to be removed
	Back    replica.Restored
	Extent  store.Extent
	Wrong   []string // what is wrong with it, one sentence each
	Missing []string // files that people sent and that did not come, the same way
}

// Restored restores into a scratch folder of the data folder, and looks through
// the whole of it.
func Restored(ctx context.Context, place replica.Place, from replica.Settings, w replica.Wanted, log *slog.Logger, told disk.Progress) (r InScratch, err error) {
	var back replica.Restored
	r, err = inScratch(ctx, place, log, told, func(dir string) (mark string, err error) {
		w.Have, w.Looked = place.FilesFolder(), true
		back, err = from.Restore(ctx, dir, w, log, told)
		return back.Manifest.Keys, err
	})
	r.Back, r.Wrong = back, append(r.Wrong, back.Lacking...)
	return r, err
}

// moment reads one that a person types.
func moment(s string, zone *time.Location) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at, nil
	}
	for _, layout := range []string{time.DateTime, "2006-01-02 15:04"} {
		if at, err := time.ParseInLocation(layout, s, zone); err == nil {
			return at, nil
		}
	}
	return time.Time{}, Misused(`--at takes a moment like "2026-11-20 14:05", not %q`, s)
}

// isPast refuses a moment that is still to come, by more than clocks differ: the last
// state would come back for it.
func isPast(at, now time.Time) error {
	if !at.After(now.Add(time.Minute)) {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Key: "fault.past.future", Args: []any{at.Format(time.RFC3339)}, Hint: "it is " + now.In(at.Location()).Format(time.RFC3339) + " here; without --at the last state comes back"}
}

// placeOf reads what copies the data folder.
func placeOf(c config.Config) (replica.Place, error) {
	if c.File == "" {
		return replica.Place{}, Misused("it takes --config, the file in Litestream's format that says where the replica is")
	}
	return replica.Of(c.File, c.Data, c.Site, c.Environment, store.Databases()...)
}

// lookThrough looks through restored databases, with the keys of the folder they are for.
func lookThrough(ctx context.Context, scratch, data string, log *slog.Logger) (v store.Verified, err error) {
	st, err := opened(ctx, scratch, data, log)
	if err != nil {
		return v, err
	}
	v, err = st.Verify(ctx)
	return v, errors.Join(err, st.Close())
}

// printMissing names the files that people sent and that did not come with their answers.
// They keep nothing from being put in place: where presentation servers have them, they
// come back.
func printMissing(out io.Writer, missing []string) {
	for _, one := range missing {
		fmt.Fprintf(out, "missing: %s\n", one)
	}
	if len(missing) > 0 {
		fmt.Fprintf(out, "missing: %s\n", askedAgain)
	}
}

// signOut ends the sessions of a state that is of before: what was closed since, by
// somebody who lost a telephone, would be open again.
func signOut(ctx context.Context, scratch string, log *slog.Logger) error {
	st, err := store.Open(ctx, scratch, store.Options{Existing: true, Log: log})
	if err != nil {
		return err
	}
	_, err = st.Activity.StopEverySession(ctx)
	return errors.Join(err, st.Close())
}

// extentOf counts what is in a folder now, which a dry run may find in use.
func extentOf(ctx context.Context, p replica.Place) (*store.Extent, error) {
	if p.Fresh {
		return nil, nil
	}
	e, err := store.ExtentOf(ctx, p.Dir)
	return &e, err
}

// lostBy is what the folder has now and what came back has not.
func lostBy(ctx context.Context, p replica.Place, restored string, log *slog.Logger) *store.Lost {
	if p.Fresh {
		return nil
	}
	lost, err := store.LostBetween(ctx, p.Dir, restored)
	if err != nil {
		log.Warn("what would be lost could not be told", "err", err)
		return nil
	}
	return &lost
}

// printLost says what people did since, by what they know it by.
func printLost(out io.Writer, which string, lost *store.Lost) {
	if lost == nil || len(lost.Publications) == 0 && len(lost.Procedures) == 0 && lost.Executions == 0 {
		return
	}
	fmt.Fprintf(out, "%s: %s, %s, %s\n", which, count(len(lost.Publications), "publication"), count(len(lost.Procedures), "changed procedure"), count(int(lost.Executions), "execution"))
	for _, p := range lost.Publications {
		ended := ""
		if !p.Active {
			ended = ", no longer in force"
		}
		fmt.Fprintf(out, "  %s %s in %s, published %s by %s%s\n", p.Project, p.Version, p.Domain, p.At.Format(time.RFC3339), p.By, ended)
	}
	told := min(len(lost.Procedures), proceduresTold)
	for _, p := range lost.Procedures[:told] {
		fmt.Fprintf(out, "  %s of %s in %s, changed %s by %s\n", p.Alias, p.Project, p.Domain, p.At.Format(time.RFC3339), p.By)
	}
	if more := len(lost.Procedures) - told; more > 0 {
		fmt.Fprintf(out, "  and %d more procedures: --json names them\n", more)
	}
}

// proceduresTold bounds the procedures that people are told by name.
const proceduresTold = 20

func (w restoreWish) print(out io.Writer, r restoredReport) error {
	if w.json {
		return PrintJSON(out, r)
	}
	fmt.Fprintf(out, "from %s, in %.1f s:\n", r.From, r.Seconds)
	if said := signedBy[backup.Signed(r.Signed)]; said != "" {
		fmt.Fprintf(out, "  %-12s %s\n", "signature", said)
	}
	for _, name := range store.Databases() {
		fmt.Fprintf(out, "  %-12s up to %s\n", name, r.Databases[name].Format(time.RFC3339))
	}
	fmt.Fprintf(out, "  %-12s %s\n", "files", count(r.Files, "file"))
	printExtents(out, r.Before, r.After)
	printLost(out, "of now and not in it", r.Lost)
	printMissing(out, r.Missing)
	for _, wrong := range r.Wrong {
		fmt.Fprintf(out, "wrong: %s\n", wrong)
	}
	switch {
	case len(r.Wrong) > 0 && r.Epoch != "":
		fmt.Fprintf(out, "what came back is not whole, and was put in place as it was asked; the folder goes on as %s\nwhat was there is in %s\n", r.Epoch, r.Kept)
	case len(r.Wrong) > 0:
		fmt.Fprintln(out, "what came back is not whole: nothing was changed; an earlier moment may be, and --anyway takes it as it is")
	case r.DryRun:
		fmt.Fprintln(out, "all of it was looked through and is whole; nothing was changed")
	default:
		fmt.Fprintf(out, "all of it was looked through and is whole; the folder goes on as %s\n", r.Epoch)
		if r.Kept != "" {
			fmt.Fprintf(out, "what was there is in %s\n", r.Kept)
		}
	}
	return nil
}

// printExtents sets what is there beside what would be.
func printExtents(out io.Writer, before *store.Extent, after store.Extent) {
	was := store.Extent{}
	if before != nil {
		was = *before
	}
	for _, row := range []struct {
		what      string
		now, then int64
	}{
		{"projects", was.Projects, after.Projects}, {"procedures", was.Procedures, after.Procedures}, {"revisions", was.Revisions, after.Revisions},
		{"versions", was.Versions, after.Versions}, {"accounts", was.Users, after.Users}, {"audit entries", was.Audit, after.Audit},
		{"executions", was.Executions, after.Executions}, {"answers", was.Answers, after.Answers},
	} {
		line := fmt.Sprintf("  %-14s %7d", row.what, row.then)
		if before != nil && row.now != row.then {
			line += fmt.Sprintf("  (now %d: %+d)", row.now, row.then-row.now)
		}
		fmt.Fprintln(out, line)
	}
}
