package people

import (
	"context"

	"selfhelp/store/audit"
	"selfhelp/store/db"
)

// Heir is who gets the projects of accounts that come in no more, or may own them no
// more. The zero value leaves them theirs.
type Heir struct {
	User    string   // id; "": they stay theirs
	Domains []string // whose projects are given
}

const (
	sqlOwned    = `SELECT id, owner FROM project WHERE owner IN (SELECT value FROM json_each(?)) AND domain IN (SELECT value FROM json_each(?)) ORDER BY id`
	sqlOwnedIn  = `SELECT domain, count(*) FROM project WHERE owner IN (SELECT value FROM json_each(?)) AND deleted = 0 GROUP BY domain ORDER BY domain`
	sqlHandOver = `UPDATE project SET owner = ?, version = version + 1 WHERE id = ?`
)

// Owned returns how many projects accounts own, by domain; those in recycle bins are
// not counted.
func (c *People) Owned(ctx context.Context, ids []string) (map[string]int, error) {
	owned := map[string]int{}
	_, err := db.List(ctx, c.DB, func(r db.Row) (domain string, err error) {
		var n int
		if err := r.Scan(&domain, &n); err != nil {
			return "", err
		}
		owned[domain] = n
		return domain, nil
	}, sqlOwnedIn, db.JSON(ids))
	return owned, err
}

// handOver gives the projects of accounts to their heir, those in recycle bins too.
func handOver(t *db.Tx, from []string, h Heir, by string) error {
	if h.User == "" {
		return nil
	}
	type given struct{ project, was string }
	owned, err := db.ListIn(t, func(r db.Row) (g given, err error) { return g, r.Scan(&g.project, &g.was) }, sqlOwned, db.JSON(from), db.JSON(h.Domains))
	if err != nil {
		return err
	}
	for _, g := range owned {
		if err := t.Touch(sqlHandOver, h.User, g.project); err != nil {
			return err
		}
		if err := ToldOwner(t, g.project, g.was, h.User, by); err != nil {
			return err
		}
	}
	return nil
}

// ToldOwner notes in the audit whose a project was and is.
func ToldOwner(t *db.Tx, project, was, now, by string) error {
	return audit.Add(t, by, "project.owner", "project:"+project, map[string]audit.Change{"owner": {Was: was, Now: now}})
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
		return u, handOver(t, []string{u.ID}, h, by)
	})
}

// Suspend is SetActive that also gives the projects of the accounts to an heir.
func (c *People) Suspend(ctx context.Context, ids []string, h Heir, by string) (changed int, err error) {
	err = c.Write(ctx, "suspend accounts", func(t *db.Tx) error {
		if err := handOver(t, ids, h, by); err != nil {
			return err
		}
		changed, err = setActive(t, ids, false, by)
		return err
	})
	return changed, err
}
