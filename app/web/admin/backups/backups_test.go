package backups_test

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/watch"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
	"selfhelp/store/backup"
	"selfhelp/store/clocktest"
	"selfhelp/store/storetest"
	"selfhelp/views/ui"
)

// office is a site with a chief.
func office(t *testing.T) (*frame.Site, *webtest.Browser) {
	t.Helper()
	s := webtest.NewSite(t, func(c *frame.Config) {
		c.Now = func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	})
	u := webtest.AddUser(t, s, "chief", access.Administrator)
	u.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), u, "test"); err != nil {
		t.Fatal(err)
	}
	return s, webtest.SignedInAs(t, s, "chief")
}

var english = webtest.Header("Accept-Language", "en")

// folder is one of backups: a full one at two in the morning, increments in the three
// hours after it, of which the last is damaged, and a full one the day after.
func folder(t *testing.T) backup.Folder {
	t.Helper()
	clock := clocktest.At(time.Date(2026, 11, 20, 1, 0, 0, 0, time.UTC))
	data := storetest.Folder(t, func(dir string) (*store.Store, error) {
		return store.Open(t.Context(), dir, store.Options{Log: slog.New(slog.DiscardHandler), Now: clock.Now})
	})
	f := backup.Folder{Root: t.TempDir()}
	check(t, backup.Prepare(f.Root))
	k := backup.Maker{
		Folder: f, Data: data, Databases: store.Databases(), Keep: backup.Usual, Now: clock.Now, Log: slog.New(slog.DiscardHandler),
		Copy: func(ctx context.Context, name, to string) error { return store.CopyDatabase(ctx, data, name, to) },
		Look: func(context.Context, string) (any, []string, error) { return nil, nil, nil },
	}
	for _, kind := range []backup.Kind{backup.Full, backup.Increment, backup.Increment, backup.Increment, backup.Full} {
		if kind == backup.Full {
			clock.Set(clock.Now().Truncate(24 * time.Hour).Add(26 * time.Hour))
		}
		_, err := k.Make(t.Context(), kind)
		check(t, err)
		clock.Pass(time.Hour)
	}
	all, err := f.List()
	check(t, err)
	check(t, os.WriteFile(filepath.Join(f.Root, all[3].Name, "backup.json"), []byte("{}"), 0o600))
	_, err = f.Deliver(func() (backup.Delivered, error) {
		return backup.Delivered{Name: all[0].Name, Began: all[0].Began, To: "sftp://copies@files.example.org:22/x", At: all[0].At.Add(time.Hour)}, nil
	})
	check(t, err)
	return f
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheCalendar(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	check(t, err)
	ui.ReadIn(paris)
	t.Cleanup(func() { ui.ReadIn(time.UTC) })
	s, b := office(t)
	b.Open("/admin/backups", english).Sees("Nothing can be brought back yet", "selfhelp backup init")
	f := folder(t)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC) }
	from := watch.Restorable{Restore: "selfhelp restore --data /var/lib/selfhelp", Backups: &f}
	past := &watch.Past{
		Target: "sftp://metz/replica", Fine: 5 * time.Minute, Coarse: 30 * time.Second,
		Periods: func(context.Context) ([]watch.Period, error) {
			return []watch.Period{{Epoch: "e0001-lyon", From: at(21, 10, 0), Until: at(22, 9, 0)}}, nil
		},
		Reach: func(_ context.Context, to time.Time) (time.Time, error) {
			if to.Before(at(21, 10, 0)) {
				return time.Time{}, errors.New("nothing so old")
			}
			return to.Add(-10 * time.Second), nil
		},
	}
	watched := func(r watch.Restorable) { s.Watch = watch.New(watch.Sources{Store: s.Store, Restorable: r}) }
	watched(from)
	const november = "/admin/backups?month=2026-11"
	b.Open(november, english).Sees("November 2026", `>21 November 2026: 1 full backup, 2 hourly backups, 1 that cannot be used, 1 copied elsewhere</span>`, `>22 November 2026: 1 full backup</span>`).SeesNot(`, replica</span>`)
	// The day, in the zone of the people: two in universal time is three there.
	b.Open(november+"&day=2026-11-21", english).Sees("03:00", "restored on trial", "not encrypted", "Cannot be used", "selfhelp restore --data /var/lib/selfhelp --from backup --at 2026-11-21T03:00:00+01:00", "Copied on")
	b.Open(november+"&day=2026-11-21", webtest.Header("Accept-Language", "fr")).Sees("21 novembre 2026", "3\u00a0h\u00a000", "Inutilisable")
	ask := func(moment string) *webtest.Browser {
		return b.Open(november+"&at="+url.QueryEscape(moment), english)
	}
	ask("2026-11-21T04:30").Sees("30\u00a0min older", "--from backup --at 2026-11-21T04:30:00+01:00")
	ask("2026-11-20T04:30").Sees("Nothing reaches so far back")
	ask("yesterday").Sees("Choose a day and an hour", `aria-invalid="true"`)
	from.Replica = past
	watched(from)
	b.Open(november, english).Sees(`1 copied elsewhere, replica</span>`, "any moment from 21 November 2026 at 11:00")
	ask("2026-11-21T12:00").Sees("10\u00a0s older", "The replica comes nearest", "selfhelp restore --data /var/lib/selfhelp --at 2026-11-21T12:00:00+01:00")
	ask("2026-11-21T04:30").Sees("comes nearest: the command takes it", "The replica holds nothing so old")
	// What hangs, and what is away.
	past.Periods = func(ctx context.Context) ([]watch.Period, error) { select {} }
	check(t, os.Rename(f.Root, f.Root+".away"))
	began := time.Now()
	b.Open(november, english).Sees("The backups cannot be read now", "is not there, or not one of backups", "The replica at sftp://metz/replica does not answer")
	if took := time.Since(began); took > 6*time.Second {
		t.Errorf("it took %v", took)
	}
	b.Open("/admin", english).Sees(`href="/admin/backups"`)
}
