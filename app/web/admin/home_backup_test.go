package admin_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

func TestTheOverviewTellsOfBackups(t *testing.T) {
	s := withStaff(t)
	home := func() string { return webtest.Text(t, webtest.Ask(s.Site, "GET", "/admin", s.as["chief"])) }
	says(t, home(), "None by this server")

	var state store.BackedUp
	s.Store.TellBackups(func() store.BackedUp { return state })
	full := &fault.Error{Kind: fault.Unavailable, Key: "fault.backup.full", Args: []any{"/mnt/backups"}, Cause: errors.New("no room at /dev/sdz")}
	ago := func(d time.Duration) time.Time { return time.Now().Add(-d) }
	for want, now := range map[string]store.BackedUp{
		"No backup has been made yet": {Folder: "/mnt/backups"},
		"The last one 10 minutes ago, verified by a restore 9 minutes ago, in /mnt/backups":              {Folder: "/mnt/backups", Last: ago(10*time.Minute + time.Second), Verified: ago(9*time.Minute + time.Second), Restored: true},
		"The last one 10 minutes ago, verified 9 minutes ago before it was encrypted, in /mnt/backups":   {Folder: "/mnt/backups", Last: ago(10*time.Minute + time.Second), Verified: ago(9*time.Minute + time.Second)},
		"The last good backup was made 5 hours ago":                                                      {Folder: "/mnt/backups", Last: ago(5*time.Hour + time.Second), Verified: ago(5 * time.Hour), Restored: true},
		"is not whole. There is no room left for backups in /mnt/backups. The older ones are all there.": {Folder: "/mnt/backups", Last: ago(time.Hour), Verified: ago(time.Hour), Failed: fmt.Errorf("make a backup: %w", full)},
	} {
		state = now
		says(t, home(), want)
	}
}
