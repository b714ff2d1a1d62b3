package job

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"selfhelp/app/connect/delivery"
	"selfhelp/app/connect/delivery/deliverytest"
	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/store/backup"
)

func TestWhatIsToBeDelivered(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, paris)
	}
	bad := made(backup.Full, at(12, 1, 2))
	bad.Verdict.Wrong = []string{"a page is damaged"}
	before, first, second, hour := made(backup.Full, at(11, 30, 2)), made(backup.Full, at(12, 2, 2)), made(backup.Full, at(12, 3, 2)), made(backup.Increment, at(12, 1, 3))
	for what, c := range map[string]struct {
		all []backup.Entry
		now time.Time
		due time.Time
	}{
		"nothing yet":                    {nil, at(12, 1, 3), time.Time{}},
		"only of the month before":       {[]backup.Entry{before}, at(12, 1, 1), time.Time{}},
		"of a bad one and an increment":  {[]backup.Entry{before, bad, hour}, at(12, 1, 4), time.Time{}},
		"the first good one":             {[]backup.Entry{before, bad, hour, first, second}, at(12, 3, 4), first.Began},
		"months begin where people live": {[]backup.Entry{made(backup.Full, at(12, 1, 0))}, at(12, 1, 1), at(12, 1, 0)},
	} {
		e, due := DueDelivery(c.all, c.now, paris)
		if due == c.due.IsZero() || due && !e.Began.Equal(c.due) {
			t.Errorf("%s: %v %v", what, e.Began, due)
		}
	}
}

// TestDeliveriesOnTheClock lets two months begin, with the server of the copies refusing
// some hours and the program stopping in between.
func TestDeliveriesOnTheClock(t *testing.T) {
	peer := deliverytest.SSHD(t)
	st, now := openStore(t)
	data, root := filepath.Dir(st.Content.Path()), t.TempDir()
	if err := backup.Prepare(root); err != nil {
		t.Fatal(err)
	}
	now.Set(time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC))
	log := slog.New(slog.DiscardHandler)
	maker := backup.Maker{
		Folder: backup.Folder{Root: root}, Data: data, Databases: store.Databases(), Keep: backup.Usual, Now: now.Now, Log: log,
		Copy: func(ctx context.Context, name, to string) error { return store.CopyDatabase(ctx, data, name, to) },
		Look: func(context.Context, string) (any, []string, error) { return nil, nil, nil },
	}
	to := target(t, peer)
	var d *Deliveries
	start := func() (round func(), stop func()) {
		d = &Deliveries{Folder: maker.Folder, To: to, Site: "lyon", Zone: time.UTC, Now: now.Now, Audit: st.Content.Audit, Log: log}
		ticks, ended := make(chan time.Time), make(chan struct{})
		go func() { d.Run(t.Context(), ticks); close(ended) }()
		round = func() { ticks <- now.Now(); ticks <- now.Now() }
		return round, func() { close(ticks); <-ended }
	}
	full := func() {
		t.Helper()
		if _, err := maker.Make(t.Context(), backup.Full); err != nil {
			t.Fatal(err)
		}
	}
	there := func(want ...string) {
		t.Helper()
		in, err := filepath.Glob(filepath.Join(peer.Folder, "*.tar*"))
		if err != nil {
			t.Fatal(err)
		}
		for i := range in {
			in[i] = filepath.Base(in[i])
		}
		if !slices.Equal(in, want) {
			t.Errorf("there is %v instead of %v", in, want)
		}
	}
	november := []string{"selfhelp-lyon-20261130T020000Z-full.tar", "selfhelp-lyon-20261130T020000Z-full.tar.sha256"}
	round, stop := start()
	full()
	round()
	there(november...)
	now.Pass(12 * time.Hour)
	full()
	round()
	stop()
	round, stop = start() // it remembers
	round()
	there(november...)
	if s := d.State(); s.Failed != nil || s.Last.IsZero() || s.Of.Day() != 30 {
		t.Errorf("the state is %+v", s)
	}
	// December, with the folder there gone for an hour.
	now.Set(time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC))
	full()
	if err := os.Rename(peer.Folder, peer.Folder+".away"); err != nil {
		t.Fatal(err)
	}
	round()
	if key, _ := fault.TextOf(d.State().Failed); key != "fault.delivery.refused" {
		t.Errorf("the state is %+v", d.State())
	}
	if err := os.Rename(peer.Folder+".away", peer.Folder); err != nil {
		t.Fatal(err)
	}
	round() // within the hour
	there(november...)
	now.Pass(time.Hour)
	round()
	stop()
	there(append(november, "selfhelp-lyon-20261201T020000Z-full.tar", "selfhelp-lyon-20261201T020000Z-full.tar.sha256")...)
	if s := d.State(); s.Failed != nil || s.Of.Day() != 1 {
		t.Errorf("the state is %+v", s)
	}
	entries, err := st.Content.AuditLike(t.Context(), store.AuditFilter{Who: []string{"backup"}})
	var actions []string
	for _, e := range entries {
		actions = append(actions, e.Action)
	}
	if err != nil || !slices.Equal(actions, []string{"backup.delivered", "backup.undelivered", "backup.delivered"}) {
		t.Errorf("the audit tells of %v: %v", actions, err)
	}
}

func TestInClearOnlyEncrypted(t *testing.T) {
	to, err := delivery.Parse("ftp://copies@files.example.org/folder")
	if err != nil {
		t.Fatal(err)
	}
	d := &Deliveries{Folder: backup.Folder{Root: t.TempDir()}, To: to}
	_, err = d.Deliver(t.Context(), made(backup.Full, time.Now()))
	if key, _ := fault.TextOf(err); key != "fault.delivery.clear" {
		t.Errorf("it was given: %v", err)
	}
}

func target(t *testing.T, p deliverytest.Peer) delivery.Target {
	t.Helper()
	to, err := delivery.Parse(p.Address)
	if err == nil {
		to.HostKey, _, _, _, err = ssh.ParseAuthorizedKey([]byte(p.HostKey))
	}
	var b []byte
	if err == nil {
		b, err = os.ReadFile(p.Key)
	}
	if err == nil {
		to.Signer, err = ssh.ParsePrivateKey(b)
	}
	if err != nil {
		t.Fatal(err)
	}
	return to
}
