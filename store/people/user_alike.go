package people

import (
	"context"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/store/db"
)

const (
	sqlLoginLooks = `SELECT id, login, login_look FROM user WHERE length(login) <> length(CAST(login AS BLOB))`
	sqlLoginLook  = `UPDATE user SET login_look = ? WHERE id = ?`
	sqlLoginLike  = `SELECT count(*) FROM user WHERE login_look = ? AND login_key <> ? AND id <> ?`
	sqlLookTaken  = `SELECT p.value ->> 0 FROM json_each(?) p WHERE EXISTS (SELECT 1 FROM user WHERE login_look = p.value ->> 1) AND NOT EXISTS (SELECT 1 FROM user WHERE login_key = p.value ->> 0)`
	sqlAlike      = `SELECT id, login, password, title, first_name, last_name, mail, language, role, everywhere, attributes, active, must_change, sessions_from, era, version, created, changed FROM user WHERE login_look IN (SELECT login_look FROM user GROUP BY login_look HAVING count(*) > 1) ORDER BY login_look, created, id`
)

// looked is a login with what was kept of how it looks.
type looked struct{ id, login, look string }

func scanLooked(r db.Row) (l looked, err error) { return l, r.Scan(&l.id, &l.login, &l.look) }

// KeepLooks writes how logins look where that is not kept, or was found in another
// way. Those in ASCII look like their keys.
func (c *People) KeepLooks(ctx context.Context) error {
	all, err := db.List(ctx, c.DB, scanLooked, sqlLoginLooks)
	if err != nil {
		return err
	}
	var stale []looked
	for _, l := range all {
		if look := access.GroupKey(l.login); look != l.look {
			stale = append(stale, looked{l.id, l.login, look})
		}
	}
	if len(stale) == 0 {
		return nil
	}
	return c.Write(ctx, "keep how logins look", func(t *db.Tx) error {
		for _, l := range stale {
			if _, err := t.Exec(sqlLoginLook, l.look, l.id); err != nil {
				return err
			}
		}
		return nil
	})
}

// looksFree returns how a new login looks, and refuses one that looks like that of
// another account. Those that looked alike before stay.
func looksFree(t *db.Tx, u, was User, key string) (look string, err error) {
	look = access.GroupKey(u.Login)
	if was.ID != "" && look == access.GroupKey(was.Login) {
		return look, nil
	}
	n, err := db.OneIn(t, db.ScanNumber, sqlLoginLike, look, key, u.ID)
	if err == nil && n > 0 {
		err = &fault.Error{Kind: fault.Conflict, Key: "fault.form", Fields: map[string]string{"login": "fault.user.alike"}}
	}
	return look, err
}

// LookTaken returns which of some logins, by their keys, nobody has and look like that
// of an account.
func (c *People) LookTaken(ctx context.Context, keys []string) ([]string, error) {
	looks := make([][2]string, len(keys))
	for i, key := range keys {
		looks[i] = [2]string{key, access.GroupKey(key)}
	}
	return db.List(ctx, c.DB, db.ScanText, sqlLookTaken, db.JSON(looks))
}

// Alike returns the accounts whose logins look the same, though they are not, each
// with those that it looks like, the oldest first.
func (c *People) Alike(ctx context.Context) (alike [][]User, err error) {
	all, err := db.List(ctx, c.DB, scanUser, sqlAlike)
	look := ""
	for _, u := range all {
		if now := access.GroupKey(u.Login); len(alike) == 0 || now != look {
			look, alike = now, append(alike, nil)
		}
		alike[len(alike)-1] = append(alike[len(alike)-1], u)
	}
	return alike, err
}
