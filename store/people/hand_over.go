package people

import (
	"context"

	"selfhelp/store/audit"
	"selfhelp/store/db"
)

// Heir is who gets the projects of accounts that come in no more. The zero value
// leaves them theirs.
type Heir struct {
	User    string   // id
	Domains []string // whose projects are given
}

const (
	sqlOwned    = `SELECT id FROM project WHERE owner = ? AND domain IN (SELECT value FROM json_each(?)) ORDER BY id`
	sqlHandOver = `UPDATE project SET owner = ?, version = version + 1 WHERE id = ?`
)

// handOver gives the projects of somebody to their heir, those in recycle bins too.
func handOver(t *db.Tx, from string, h Heir, by string) error {
	if h.User == "" {
		return nil
	}
	owned, err := db.ListIn(t, db.ScanText, sqlOwned, from, db.JSON(h.Domains))
	if err != nil {
		return err
	}
	for _, id := range owned {
		if err := t.Touch(sqlHandOver, h.User, id); err != nil {
			return err
		}
		if err := audit.Add(t, by, "project.owner", "project:"+id, map[string]string{"owner": h.User}); err != nil {
			return err
		}
	}
	return nil
}

// SuspendUser suspends an account that still has u's version, and gives its projects
// to an heir.
func (c *People) SuspendUser(ctx context.Context, u User, h Heir, by string) (User, error) {
	return db.Written(ctx, c.DB, "suspend user "+u.ID, func(t *db.Tx) (User, error) {
		u := u
		u.Active = false
		u, err := saveUser(t, u, by)
		if err != nil {
			return u, err
		}
		return u, handOver(t, u.ID, h, by)
	})
}

// Suspend is SetActive that also gives the projects of the accounts to an heir.
func (c *People) Suspend(ctx context.Context, ids []string, h Heir, by string) (changed int, err error) {
	err = c.Write(ctx, "suspend accounts", func(t *db.Tx) error {
		for _, id := range ids {
			if err := handOver(t, id, h, by); err != nil {
				return err
			}
		}
		changed, err = setActive(t, ids, false, by)
		return err
	})
	return changed, err
}
