package people

import (
	"context"
	"slices"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

// Provisioned is an account that a program keeps up to date by a method.
type Provisioned struct {
	User    User
	Subject string // who they are at the method
	Own     bool   // a password or a passkey kept here opens the account
}

// ProvisionFilter says which of them a list shows. What is empty filters
// nothing.
type ProvisionFilter struct{ ID, Login, Subject, Mail string }

// Protected reports whether no program may change an account: it administers.
func (u User) Protected() bool { return u.Everywhere || u.Role == access.Administrator }

const (
	sqlProvisioned      = `SELECT u.id, u.login, u.password, u.title, u.first_name, u.last_name, u.mail, u.language, u.role, u.everywhere, u.attributes, u.active, u.must_change, u.sessions_from, u.era, u.version, u.created, u.changed, i.subject, u.password <> '' OR EXISTS (SELECT 1 FROM factor f WHERE f.user = u.id AND f.kind = 'passkey') FROM identity i JOIN user u ON u.id = i.user WHERE i.method = ?1 AND (?2 = '' OR lower(u.mail) = lower(?2)) ORDER BY u.created, u.id LIMIT ?3 OFFSET ?4`
	sqlProvisionedCount = `SELECT count(*) FROM identity i JOIN user u ON u.id = i.user WHERE i.method = ?1 AND (?2 = '' OR lower(u.mail) = lower(?2))`
	sqlProvisionedAs    = `SELECT u.id, u.login, u.password, u.title, u.first_name, u.last_name, u.mail, u.language, u.role, u.everywhere, u.attributes, u.active, u.must_change, u.sessions_from, u.era, u.version, u.created, u.changed, i.subject, u.password <> '' OR EXISTS (SELECT 1 FROM factor f WHERE f.user = u.id AND f.kind = 'passkey') FROM user u JOIN identity i ON i.user = u.id WHERE i.method = ?1 AND (u.id = ?2 OR u.login_key = ?3)`
	sqlProvisionedOf    = `SELECT u.id, u.login, u.password, u.title, u.first_name, u.last_name, u.mail, u.language, u.role, u.everywhere, u.attributes, u.active, u.must_change, u.sessions_from, u.era, u.version, u.created, u.changed, i.subject, u.password <> '' OR EXISTS (SELECT 1 FROM factor f WHERE f.user = u.id AND f.kind = 'passkey') FROM identity i JOIN user u ON u.id = i.user WHERE i.method = ?1 AND i.subject = ?2`
	sqlProvisionSubject = `UPDATE identity SET subject = ?1, seen = ?2 WHERE method = ?3 AND user = ?4`
	sqlProvisionGroup   = `SELECT user FROM group_member WHERE group_id = ? AND source = ? ORDER BY user`
)

func scanProvisioned(r db.Row) (p Provisioned, err error) {
	p.User, err = scanUser(db.RowFunc(func(into ...any) error { return r.Scan(append(into, &p.Subject, &p.Own)...) }))
	return p, err
}

// one finds the account that a filter names by what is somebody's alone, and
// whether it does.
func (f ProvisionFilter) one(t *db.Tx, method string) (list []Provisioned, names bool, err error) {
	key := ""
	if f.Login != "" {
		if key, err = access.LoginKey(f.Login); err != nil {
			return nil, true, nil // nobody has such a login
		}
	}
	switch {
	case f.ID != "":
		list, err = db.ListIn(t, scanProvisioned, sqlProvisionedAs, method, f.ID, "")
	case key != "":
		list, err = db.ListIn(t, scanProvisioned, sqlProvisionedAs, method, "", key)
	case f.Subject != "":
		list, err = db.ListIn(t, scanProvisioned, sqlProvisionedOf, method, f.Subject)
	default:
		return nil, false, nil
	}
	return slices.DeleteFunc(list, func(p Provisioned) bool { // what else it says of them
		has, err := access.LoginKey(p.User.Login)
		return key != "" && (err != nil || has != key) || f.Subject != "" && p.Subject != f.Subject || f.Mail != "" && !strings.EqualFold(p.User.Mail, f.Mail)
	}), true, err
}

// Provisioned returns some of the accounts that a method knows, the oldest first,
// and how many the filter lets through.
func (c *People) Provisioned(ctx context.Context, method string, f ProvisionFilter, limit, offset int) (list []Provisioned, total int64, err error) {
	err = c.Read(ctx, func(t *db.Tx) error {
		found, names, err := f.one(t, method)
		if names || err != nil {
			from := min(offset, len(found))
			list, total = found[from:min(from+limit, len(found))], int64(len(found))
			return err
		}
		if total, err = db.OneIn(t, db.ScanNumber, sqlProvisionedCount, method, f.Mail); err != nil {
			return err
		}
		list, err = db.ListIn(t, scanProvisioned, sqlProvisioned, method, f.Mail, limit, offset)
		return err
	})
	return list, total, err
}

// Provision changes an account that a method knows, as change says of what it is
// now, all or nothing.
func (c *People) Provision(ctx context.Context, method, id string, change func(Provisioned) (Provisioned, error), by string) (Provisioned, error) {
	return db.Written(ctx, c.DB, "provision "+id, func(t *db.Tx) (Provisioned, error) {
		was, err := db.OneIn(t, scanProvisioned, sqlProvisionedAs, method, id, "")
		if err != nil {
			return was, err
		}
		now, err := change(was)
		if err != nil {
			return was, err
		}
		if !sameAccount(now.User, was.User) {
			if now.User, err = saveUser(t, now.User, by); err != nil {
				return was, err
			}
		}
		_, err = t.Exec(sqlProvisionSubject, now.Subject, db.Instant(t.Now), method, id)
		return now, db.Taken(err, "subject", "fault.provision.subject")
	})
}

// GroupTold returns the members of a group that a method told of, by id.
func (c *People) GroupTold(ctx context.Context, group, method string) ([]string, error) {
	return db.List(ctx, c.DB, db.ScanText, sqlProvisionGroup, group, method)
}

// TellGroup makes the members that a method tells of those that change says, of
// those it told before. Whoever the method does not know, or administers, is
// refused.
func (c *People) TellGroup(ctx context.Context, group, method string, change func(before []string) ([]string, error), by string) ([]string, error) {
	return db.Written(ctx, c.DB, "tell group "+group, func(t *db.Tx) ([]string, error) {
		before, err := db.ListIn(t, db.ScanText, sqlProvisionGroup, group, method)
		if err != nil {
			return nil, err
		}
		now, err := change(slices.Clone(before))
		if err != nil {
			return nil, err
		}
		return now, tellGroup(t, group, method, before, now, by)
	})
}

// CreateGroupTold makes a group with the members that a method tells of, all or
// nothing; see TellGroup.
func (c *People) CreateGroupTold(ctx context.Context, g Group, method string, members []string, by string) (Group, error) {
	return db.Written(ctx, c.DB, "create group "+g.Name, func(t *db.Tx) (Group, error) {
		g, err := createGroup(t, g, by)
		if err != nil {
			return g, err
		}
		return g, tellGroup(t, g.ID, method, nil, members, by)
	})
}

func tellGroup(t *db.Tx, group, method string, before, now []string, by string) error {
	entered, left := beyond(now, before), beyond(before, now)
	for _, id := range entered {
		if err := enterTold(t, group, method, id); err != nil {
			return err
		}
	}
	for _, id := range left {
		if _, err := t.Exec(sqlSourceLeave, id, group, method); err != nil {
			return err
		}
	}
	if len(entered)+len(left) == 0 {
		return nil
	}
	for _, id := range slices.Concat(entered, left) {
		if err := t.Touch(sqlUserVersion, db.Instant(t.Now), id); err != nil {
			return err
		}
	}
	return audit.Add(t, by, "group.tell", "group:"+group, map[string]any{"method": method, "entered": entered, "left": left})
}

// enterTold makes somebody whom a method knows a member of a group.
func enterTold(t *db.Tx, group, method, id string) error {
	known, err := db.ListIn(t, scanProvisioned, sqlProvisionedAs, method, id, "")
	switch {
	case err != nil:
		return err
	case len(known) == 0:
		return fault.InField("members", "fault.provision.member")
	case known[0].User.Protected():
		return fault.New(fault.Forbidden, "fault.provision.protected")
	}
	_, err = t.Exec(sqlSourceEnter, id, group, method)
	return err
}

// beyond lists what stands in a and not in b.
func beyond(a, b []string) (list []string) {
	in := make(map[string]bool, len(b))
	for _, id := range b {
		in[id] = true
	}
	for _, id := range a {
		if !in[id] {
			list = append(list, id)
		}
	}
	return list
}
