package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/fault"
	"selfhelp/store/backup"
	"selfhelp/store/replica"
)

// reaches says of a moment before all that is kept from when on there is something.
func reaches(ctx context.Context, c config.Config, place replica.Place, at time.Time, err error) error {
	if at.IsZero() || !errors.Is(err, replica.ErrNothing) {
		return err
	}
	var from []string
	said := func(at time.Time) string { return at.In(c.Zone()).Format(time.RFC3339) }
	if place.Settings.Databases[0].Target.Name() != "" {
		if all, err := periodsOf(ctx, place.Settings); err == nil && len(all) > 0 {
			from = append(from, "the replica goes back to "+said(all[0].From))
		}
	}
	if c.Backup != "" {
		all, err := backup.Folder{Root: c.Backup}.List()
		for _, e := range all {
			if err == nil && e.Good() {
				from = append(from, "the backups go back to "+said(e.At))
				break
			}
		}
	}
	if len(from) == 0 {
		from = []string{"nothing that can be restored is kept"}
	}
	return &fault.Error{Kind: fault.NotFound, Key: "fault.past.none", Args: []any{said(at)}, Cause: err, Hint: strings.Join(from, "; ")}
}

// orOlder says which backup is damaged, and which one before it would do.
func orOlder(folder backup.Folder, d backup.Damaged) error {
	f := &fault.Error{
		Kind: fault.Unavailable, Key: "fault.backup.damaged", Args: []any{d.Name, len(d.Wrong)}, Cause: d,
		Hint: "no older backup is whole; the replica may have it: --from replica with --config",
	}
	all, err := folder.List()
	if err != nil {
		return errors.Join(f, err)
	}
	older := all[:max(0, slices.IndexFunc(all, func(e backup.Entry) bool { return e.Name == d.Name }))]
	for _, e := range slices.Backward(older) {
		if e.Good() && folder.Whole(e.Name) {
			f.Hint = fmt.Sprintf("%s is whole, with everything up to %s: --at %s takes it", e.Name, e.At.Format(time.RFC3339), e.At.Format(time.RFC3339Nano))
			break
		}
	}
	return f
}

// tellSite says that the name of a site is not taken where the folder has one.
func tellSite(told io.Writer, place replica.Place, c config.Config) {
	if c.NamesSite() && place.Epoch.Site != c.Site {
		fmt.Fprintf(told, "this folder is that of the site %s and stays so: --site %s is not taken\n", place.Epoch.Site, c.Site)
	}
}
