package job

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/store/backup"
)

// made is a good backup that began at a moment.
func made(kind backup.Kind, at time.Time) backup.Entry {
	return backup.Entry{Manifest: backup.Manifest{Kind: kind, Began: at, At: at}, Verdict: &backup.Verdict{At: at}}
}

func TestWhatIsDue(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	kolkata, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	at := func(zone *time.Location, month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, zone)
	}
	night := made(backup.Full, at(paris, 11, 20, 2, 0))
	bad := made(backup.Full, at(paris, 11, 21, 2, 0))
	bad.Verdict.Wrong = []string{"a page is damaged"}
	for what, c := range map[string]struct {
		all  []backup.Entry
		now  time.Time
		zone *time.Location
		kind backup.Kind
		due  bool
	}{
		"nothing yet":                      {nil, at(paris, 11, 20, 14, 20), paris, backup.Full, true},
		"just made":                        {[]backup.Entry{night}, at(paris, 11, 20, 2, 30), paris, backup.Increment, false},
		"on the hour":                      {[]backup.Entry{night}, at(paris, 11, 20, 3, 0), paris, backup.Increment, true},
		"within the hour":                  {[]backup.Entry{night, made(backup.Increment, at(paris, 11, 20, 3, 0))}, at(paris, 11, 20, 3, 59), paris, backup.Increment, false},
		"before the next night":            {[]backup.Entry{night}, at(paris, 11, 21, 1, 59), paris, backup.Increment, true},
		"in the next night":                {[]backup.Entry{night}, at(paris, 11, 21, 2, 0), paris, backup.Full, true},
		"down for days":                    {[]backup.Entry{night}, at(paris, 11, 25, 17, 12), paris, backup.Full, true},
		"not whole":                        {[]backup.Entry{night, bad}, at(paris, 11, 21, 3, 0), paris, backup.Full, true},
		"the night without two o'clock":    {[]backup.Entry{made(backup.Full, at(paris, 3, 28, 2, 0))}, at(paris, 3, 29, 3, 0), paris, backup.Full, true},
		"the hour that comes twice, again": {[]backup.Entry{made(backup.Full, time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC))}, time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC), paris, backup.Full, true},
		"half an hour beside":              {[]backup.Entry{made(backup.Full, at(kolkata, 11, 20, 2, 0))}, at(kolkata, 11, 20, 2, 45), kolkata, backup.Increment, false},
		"half an hour beside, on the hour": {[]backup.Entry{made(backup.Full, at(kolkata, 11, 20, 2, 0))}, at(kolkata, 11, 20, 3, 0), kolkata, backup.Increment, true},
	} {
		if kind, due := Due(c.all, c.now, c.zone); due != c.due || due && kind != c.kind {
			t.Errorf("%s: %s %v", what, kind, due)
		}
	}
}

// backupsOf are those of a store, in a folder.
func backupsOf(st *store.Store, root string, now func() time.Time) *Backups {
	data := filepath.Dir(st.Content.Path())
	return &Backups{
		Zone: time.UTC, Audit: st.Content.Audit, Log: slog.New(slog.DiscardHandler),
		Maker: backup.Maker{
			Folder: backup.Folder{Root: root}, Data: data, Databases: store.Databases(), Keep: backup.Usual, Now: now, Log: slog.New(slog.DiscardHandler),
			Copy: func(ctx context.Context, name, to string) error { return store.CopyDatabase(ctx, data, name, to) },
			Look: func(context.Context, string) (any, []string, error) { return nil, nil, nil },
		},
	}
}

// TestWhatHappensToBackupsBeside: the volume goes and comes, and a command makes one,
// within the hour of the last try: that is known at once.
func TestWhatHappensToBackupsBeside(t *testing.T) {
	st, now := openStore(t)
	root := t.TempDir()
	now.Set(time.Date(2026, 11, 20, 14, 20, 0, 0, time.UTC))
	b := backupsOf(st, root, now.Now)
	ticks := make(chan time.Time)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { b.Run(ctx, ticks); close(ended) }()
	after := func() store.BackedUp {
		for range 3 { // once what the first brought is done
			ticks <- now.Now()
		}
		return b.State()
	}
	if s := after(); s.Failed == nil {
		t.Errorf("without the mark: %+v", s)
	}
	if err := backup.Prepare(root); err != nil {
		t.Fatal(err)
	}
	if s := after(); s.Failed != nil {
		t.Errorf("with the volume there: %+v", s)
	}
	made, err := b.Maker.Make(t.Context(), backup.Full)
	if err != nil {
		t.Fatal(err)
	}
	if s := after(); !s.Last.Equal(made.At) {
		t.Errorf("one of %s was made: %+v", made.At, s)
	}
	if err := os.Remove(filepath.Join(root, ".backup-target")); err != nil {
		t.Fatal(err)
	}
	if s := after(); s.Failed == nil || !s.Last.Equal(made.At) {
		t.Errorf("with the volume away: %+v", s)
	}
	stop()
	<-ended
}

// TestBackupsOnTheClock lets a night go by, with the volume away for some hours.
func TestBackupsOnTheClock(t *testing.T) {
	st, now := openStore(t)
	root := t.TempDir()
	now.Set(time.Date(2026, 11, 20, 14, 20, 0, 0, time.UTC))
	b := backupsOf(st, root, now.Now)
	ticks := make(chan time.Time)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { b.Run(ctx, ticks); close(ended) }()
	pass := func(hours int) {
		for range hours {
			ticks <- now.Now()
			ticks <- now.Now() // once what the first brought is done, and brings nothing
			now.Pass(time.Hour)
		}
	}
	pass(1)
	if key, _ := fault.TextOf(b.State().Failed); key != "fault.backup.away" {
		t.Errorf("without the mark: %+v", b.State())
	}
	if err := backup.Prepare(root); err != nil {
		t.Fatal(err)
	}
	pass(13) // up to 3:20
	all, err := b.Maker.Folder.List()
	if err != nil {
		t.Fatal(err)
	}
	var fulls []string
	for _, e := range all {
		if e.Kind == backup.Full {
			fulls = append(fulls, e.Name)
		}
	}
	if len(all) != 13 || !slices.Equal(fulls, []string{"20261120T152000Z-full", "20261121T022000Z-full"}) {
		t.Errorf("%d were made, with the fulls %v", len(all), fulls)
	}
	if s := b.State(); s.Failed != nil || !s.Restored || s.Last.IsZero() || s.Folder != root {
		t.Errorf("the state is %+v", s)
	}
	if err := os.Remove(filepath.Join(root, ".backup-target")); err != nil {
		t.Fatal(err)
	}
	last := b.State().Last
	pass(2)
	if s := b.State(); s.Failed == nil || !s.Last.Equal(last) {
		t.Errorf("with the volume away: %+v", s)
	}
	entries, err := st.Content.AuditLike(t.Context(), store.AuditFilter{Who: []string{"backup"}})
	if err != nil || len(entries) != 2+2 { // at the start, in its hour, and in the last two
		t.Errorf("the audit tells of %d failures: %v", len(entries), err)
	}
	stop()
	<-ended
}
