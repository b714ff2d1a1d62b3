package command

import (
	"slices"
	"testing"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/watch"
	"selfhelp/store/replica"
)

func TestPeriodsOfAReplica(t *testing.T) {
	now := time.Date(2026, 11, 27, 14, 0, 0, 0, time.UTC)
	ago := func(hours int) time.Time { return now.Add(-time.Duration(hours) * time.Hour) }
	held := []replica.Held{
		{Epoch: replica.Epoch{Number: 1, Site: "lyon", Since: ago(500)}, Manifest: replica.Manifest{At: ago(100), Ended: true}, Some: true},
		{Epoch: replica.Epoch{Number: 2, Site: "metz", Since: ago(100)}}, // came to nothing
		{Epoch: replica.Epoch{Number: 3, Site: "lyon", Since: ago(50)}, Manifest: replica.Manifest{At: ago(1)}, Some: true},
	}
	want := []watch.Period{{Epoch: "e0001-lyon", From: ago(244), Until: ago(100)}, {Epoch: "e0003-lyon", From: ago(50), Until: now, Goes: true}}
	if got := periodsOf(held, 144*time.Hour, now); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestTheLineOfARestore(t *testing.T) {
	got := restoreLine(config.Config{Data: "/srv/it's here", Backup: "/mnt/backups"})
	if want := `selfhelp restore --data '/srv/it'\''s here' --backup /mnt/backups`; got != want {
		t.Error(got)
	}
}
