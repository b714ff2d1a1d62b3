package people

import (
	"context"

	"selfhelp/app/fault"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

const (
	sqlUserRulers   = `SELECT count(*) FROM user WHERE role = 'administrator' AND everywhere = 1 AND active = 1`
	sqlUserVersion  = `UPDATE user SET version = version + 1, changed = ? WHERE id = ?`
	sqlGroupEnter   = `INSERT INTO group_member (user, group_id, source) VALUES (?, ?, '') ON CONFLICT DO NOTHING`
	sqlGroupLeave   = `DELETE FROM group_member WHERE user = ? AND group_id = ? AND source = ''`
	sqlGroupNumbers = `SELECT g.id, count(DISTINCT m.user) FROM user_group g JOIN group_domain d ON d.group_id = g.id LEFT JOIN group_member m ON m.group_id = g.id WHERE d.domain = ? GROUP BY g.id`
)

// CreateAccount makes an account with the domains and groups (by id) it
// belongs to, all or nothing.
func (c *People) CreateAccount(ctx context.Context, u User, domains, groups []string, by string) (User, error) {
	return db.Written(ctx, c.DB, "create account", func(t *db.Tx) (User, error) {
		u, err := createUser(t, u, by)
		if err != nil {
			return u, err
		}
		return u, setMemberships(t, u.ID, domains, groups, by)
	})
}

// SaveAccount is SaveUser and SetMemberships in one: an account that was
// changed meanwhile keeps its memberships too. The projects that it could not own any
// more go to an heir, which has to be for all of their domains.
func (c *People) SaveAccount(ctx context.Context, u User, domains, groups []string, h Heir, by string) (User, error) {
	return db.Written(ctx, c.DB, "save account "+u.ID, func(t *db.Tx) (User, error) {
		u := u
		return u, keepingOwners(t, u.ID, h, by, func() (err error) {
			if u, err = saveUser(t, u, by); err != nil {
				return err
			}
			return setMemberships(t, u.ID, domains, groups, by)
		})
	})
}

// keepAnAdministrator refuses what would leave nobody to administer the server.
func keepAnAdministrator(t *db.Tx, before int64) error {
	n, err := db.OneIn(t, db.ScanNumber, sqlUserRulers)
	if err == nil && n == 0 && before > 0 {
		err = fault.New(fault.Conflict, "fault.user.last_administrator")
	}
	return err
}

// EnterGroup makes a user a member of a group.
func (c *People) EnterGroup(ctx context.Context, group, user, by string) error {
	return c.moveMember(ctx, sqlGroupEnter, "group.enter", group, user, by)
}

// LeaveGroup ends a user's membership of a group.
func (c *People) LeaveGroup(ctx context.Context, group, user, by string) error {
	return c.moveMember(ctx, sqlGroupLeave, "group.leave", group, user, by)
}

// moveMember changes one membership. The account has another version then, so
// that a form opened before does not put the old list back.
func (c *People) moveMember(ctx context.Context, query, action, group, user, by string) error {
	return c.Write(ctx, action+" "+group, func(t *db.Tx) error {
		_, err := moveOne(t, query, action, group, user, by)
		return err
	})
}

func moveOne(t *db.Tx, query, action, group, user, by string) (int, error) {
	n, err := t.Exec(query, user, group)
	if err != nil || n == 0 {
		return 0, err
	}
	if err := t.Touch(sqlUserVersion, db.Instant(t.Now), user); err != nil {
		return 0, err
	}
	return 1, audit.Add(t, by, action, "group:"+group, map[string]string{"user": user})
}

// GroupSizes returns how many members each group of a domain has, by id.
func (c *People) GroupSizes(ctx context.Context, domain string) (map[string]int, error) {
	type size struct {
		group string
		n     int
	}
	found, err := db.List(ctx, c.DB, func(r db.Row) (s size, err error) { return s, r.Scan(&s.group, &s.n) }, sqlGroupNumbers, domain)
	sizes := make(map[string]int, len(found))
	for _, s := range found {
		sizes[s.group] = s.n
	}
	return sizes, err
}

// CountAdministrators returns how many accounts may administer the whole
// server.
func (c *People) CountAdministrators(ctx context.Context) (int64, error) {
	return db.One(ctx, c.DB, db.ScanNumber, sqlUserRulers)
}
