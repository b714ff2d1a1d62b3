package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/fault"
	"selfhelp/app/past"
	"selfhelp/store"
	"selfhelp/store/backup"
	"selfhelp/store/replica"
	"selfhelp/views/ui"
)

// partWish is which part of a state is to come back, and how.
type partWish struct {
	domain, project, procedure string
	as                         string
}

// How a procedure may come back.
const (
	asCopy  = "copy"
	asDraft = "draft"
)

// partReport says what came back of a state, or would.
type partReport struct {
	DryRun     bool          `json:"dry_run"`
	From       string        `json:"from"`    // the epoch of the replica, or the backup
	Reached    time.Time     `json:"reached"` // of the last change in it
	Project    string        `json:"project"` // alias then
	Owner      string        `json:"owner"`   // login then; "" for nobody
	Procedures []partLine    `json:"procedures"`
	Brought    *past.Brought `json:"brought,omitempty"`
}

// partLine is a procedure that there was.
type partLine struct {
	Alias string        `json:"alias"`
	UID   string        `json:"uid"`
	Now   past.Standing `json:"now"`
}

// part brings a project or a procedure back beside what is there.
func (w restoreWish) part(ctx context.Context, t Terminal, c config.Config, log *slog.Logger) error {
	switch {
	case w.only.project == "":
		return Misused("--procedure takes --project, the alias of the one it was in")
	case w.at == "":
		return Misused("--project takes --at, the moment it is to come from")
	case w.epoch != "" || w.anyway:
		return Misused("--project goes with neither --epoch nor --anyway")
	case w.only.as != asCopy && w.only.as != asDraft:
		return Misused("--as takes copy or draft, not %q", w.only.as)
	}
	at, err := moment(w.at, c.Zone())
	if err != nil {
		return err
	}
	from, err := w.sources(c, log)
	if err != nil {
		return err
	}
	ui.ReadIn(c.Zone()) // what is named by the moment is named by the hours people read
	if w.dry {
		live, err := store.Glance(ctx, c.Data)
		if err != nil {
			return fmt.Errorf("look into %s: %w", c.Data, err)
		}
		return errors.Join(w.bringPart(ctx, t, from, at, live.Content, nil), live.Close())
	}
	live, err := store.Open(ctx, c.Data, store.Options{Existing: true, Log: log})
	if err != nil {
		return fmt.Errorf("open the data folder %s: %w", c.Data, besideServer(err))
	}
	return errors.Join(w.bringPart(ctx, t, from, at, live.Content, live), live.Close())
}

// besideServer says where the same is done while the server runs.
func besideServer(err error) error {
	locked, is := errors.AsType[*fault.Error](err)
	if !is || locked.Key != "fault.store.locked" {
		return err
	}
	told := *locked
	told.Hint = "the server runs: bring it back on its page /admin/past, which stops nobody; --dry-run works here meanwhile"
	return &told
}

// sources are where the states of the folder are kept, as far as the line wants them.
func (w restoreWish) sources(c config.Config, log *slog.Logger) (s past.Sources, err error) {
	place, err := w.placeToRestore(c)
	if err != nil {
		return s, err
	}
	s = past.Sources{Place: place, Backups: c.Backup, Now: time.Now, Log: log}
	s.Copied = len(place.Settings.Databases) > 0 && place.Settings.Databases[0].Target.Name() != "" && w.from != fromBackup
	if w.from == fromReplica {
		s.Backups = ""
	}
	if w.identity != "" {
		s.By, err = backup.ReadIdentities(w.identity)
	}
	return s, err
}

func (w restoreWish) bringPart(ctx context.Context, t Terminal, from past.Sources, at time.Time, content *store.Content, live *store.Store) (err error) {
	if _, err := (replica.Place{Dir: from.Place.Dir}).Sweep(); err != nil {
		return err
	}
	m, err := from.Open(ctx, at, func(step string) { fmt.Fprintf(t.Err, "restoring: %s\n", step) })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	p, err := m.ProjectByAlias(ctx, content, w.only.domain, w.only.project)
	if err != nil {
		return err
	}
	r := partReport{DryRun: w.dry, From: m.From, Reached: m.Reached, Project: p.Alias, Owner: p.Owned}
	all, err := m.Procedures(ctx, content, p)
	if err != nil {
		return err
	}
	wish := past.Wish{Project: p.ID, Draft: w.only.as == asDraft, By: "restore", Called: past.CalledOf(at)}
	for _, one := range all {
		if w.only.procedure == "" || one.Alias == w.only.procedure {
			r.Procedures = append(r.Procedures, partLine{one.Alias, one.UID, one.Standing})
		}
	}
	if w.only.procedure != "" {
		if len(r.Procedures) == 0 {
			return fault.New(fault.NotFound, "fault.past.procedure", w.only.procedure, at)
		}
		wish.Procedure = r.Procedures[0].UID
	}
	if !w.dry {
		b, err := m.Bring(ctx, live, wish)
		if err != nil {
			return err
		}
		r.Brought = &b
	}
	return w.printPart(t.Out, r)
}

func (w restoreWish) printPart(out io.Writer, r partReport) error {
	if w.json {
		return PrintJSON(out, r)
	}
	fmt.Fprintf(out, "from %s, up to %s:\n", r.From, r.Reached.Format(time.RFC3339))
	for _, p := range r.Procedures {
		fmt.Fprintf(out, "  %-8s %s\n", p.Now, p.Alias)
	}
	if r.Brought == nil {
		_, err := fmt.Fprintln(out, "nothing was changed")
		return err
	}
	what, owned := "procedure "+r.Brought.Alias, ""
	if r.Brought.Procedure == "" {
		what = "project " + r.Brought.Alias
	}
	if r.Brought.Created {
		owned = "; nobody owns it, and no rights came with it: give it in its settings"
	}
	fmt.Fprintf(out, "brought back as %s%s\n", what, owned)
	for _, g := range r.Brought.Groups {
		fmt.Fprintf(out, "it names the group %s, which is no longer there\n", g)
	}
	return nil
}
