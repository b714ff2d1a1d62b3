package people

import (
	"context"

	"selfhelp/app/access"
	"selfhelp/store/db"
)

// UserFilter says which accounts a list shows. What is empty filters nothing.
type UserFilter struct {
	Domain    string   // members, directly or through a group
	Among     []string // members of one of these domains; nil: of any, or of none
	Group     string   // id
	Role      access.Role
	Active    bool   // only accounts that may come in
	Suspended bool   // only those that may not
	Attribute string // its name: accounts that have it
	Value     string // in that attribute
	Text      string // in the login, the names or the mail
	Sort      string // name (which "" is), login, mail, role, state or created
	Down      bool   // the last come first
	After     string // id of the last user of the page before
	Limit     int
}

const (
	sqlUsers       = `SELECT u.id, u.login, u.password, u.title, u.first_name, u.last_name, u.mail, u.language, u.role, u.everywhere, u.attributes, u.active, u.must_change, u.sessions_from, u.era, u.version, u.created, u.changed FROM user u WHERE (u.last_name, u.first_name, u.id) > (?, ?, ?) AND (?4 = '' OR u.everywhere = 1 OR EXISTS (SELECT 1 FROM domain_member m WHERE m.user = u.id AND m.domain = ?4) OR EXISTS (SELECT 1 FROM group_member m JOIN group_domain g ON g.group_id = m.group_id WHERE m.user = u.id AND g.domain = ?4)) AND (?5 = '' OR EXISTS (SELECT 1 FROM group_member m WHERE m.user = u.id AND m.group_id = ?5)) AND (?6 = '' OR u.login_key LIKE ?7 ESCAPE '\' OR u.login LIKE ?7 ESCAPE '\' OR u.first_name LIKE ?7 ESCAPE '\' OR u.last_name LIKE ?7 ESCAPE '\' OR u.mail LIKE ?7 ESCAPE '\') AND (?8 = '' OR u.role = ?8) AND (NOT ?9 OR u.active = 1) AND (NOT ?10 OR u.active = 0) AND (?11 = 'null' OR EXISTS (SELECT 1 FROM domain_member m WHERE m.user = u.id AND m.domain IN (SELECT value FROM json_each(?11))) OR EXISTS (SELECT 1 FROM group_member m JOIN group_domain g ON g.group_id = m.group_id WHERE m.user = u.id AND g.domain IN (SELECT value FROM json_each(?11)))) AND (?13 = '' OR EXISTS (SELECT 1 FROM json_each(u.attributes) a WHERE a.key = ?13 AND a.value LIKE ?14 ESCAPE '\')) ORDER BY u.last_name, u.first_name, u.id LIMIT ?12`
	sqlUsersUp     = `SELECT id, login, password, title, first_name, last_name, mail, language, role, everywhere, attributes, active, must_change, sessions_from, era, version, created, changed FROM (SELECT u.*, CASE ?1 WHEN 'login' THEN u.login_key WHEN 'mail' THEN lower(u.mail) WHEN 'role' THEN u.role WHEN 'state' THEN CAST(u.active AS TEXT) WHEN 'created' THEN printf('%020d', u.created) ELSE u.last_name || char(1) || u.first_name END AS k FROM user u WHERE (?4 = '' OR u.everywhere = 1 OR EXISTS (SELECT 1 FROM domain_member m WHERE m.user = u.id AND m.domain = ?4) OR EXISTS (SELECT 1 FROM group_member m JOIN group_domain g ON g.group_id = m.group_id WHERE m.user = u.id AND g.domain = ?4)) AND (?5 = '' OR EXISTS (SELECT 1 FROM group_member m WHERE m.user = u.id AND m.group_id = ?5)) AND (?6 = '' OR u.login_key LIKE ?7 ESCAPE '\' OR u.login LIKE ?7 ESCAPE '\' OR u.first_name LIKE ?7 ESCAPE '\' OR u.last_name LIKE ?7 ESCAPE '\' OR u.mail LIKE ?7 ESCAPE '\') AND (?8 = '' OR u.role = ?8) AND (NOT ?9 OR u.active = 1) AND (NOT ?10 OR u.active = 0) AND (?11 = 'null' OR EXISTS (SELECT 1 FROM domain_member m WHERE m.user = u.id AND m.domain IN (SELECT value FROM json_each(?11))) OR EXISTS (SELECT 1 FROM group_member m JOIN group_domain g ON g.group_id = m.group_id WHERE m.user = u.id AND g.domain IN (SELECT value FROM json_each(?11)))) AND (?13 = '' OR EXISTS (SELECT 1 FROM json_each(u.attributes) a WHERE a.key = ?13 AND a.value LIKE ?14 ESCAPE '\'))) WHERE ?3 = '' OR (k, id) > (?2, ?3) ORDER BY k, id LIMIT ?12`
	sqlUsersDown   = `SELECT id, login, password, title, first_name, last_name, mail, language, role, everywhere, attributes, active, must_change, sessions_from, era, version, created, changed FROM (SELECT u.*, CASE ?1 WHEN 'login' THEN u.login_key WHEN 'mail' THEN lower(u.mail) WHEN 'role' THEN u.role WHEN 'state' THEN CAST(u.active AS TEXT) WHEN 'created' THEN printf('%020d', u.created) ELSE u.last_name || char(1) || u.first_name END AS k FROM user u WHERE (?4 = '' OR u.everywhere = 1 OR EXISTS (SELECT 1 FROM domain_member m WHERE m.user = u.id AND m.domain = ?4) OR EXISTS (SELECT 1 FROM group_member m JOIN group_domain g ON g.group_id = m.group_id WHERE m.user = u.id AND g.domain = ?4)) AND (?5 = '' OR EXISTS (SELECT 1 FROM group_member m WHERE m.user = u.id AND m.group_id = ?5)) AND (?6 = '' OR u.login_key LIKE ?7 ESCAPE '\' OR u.login LIKE ?7 ESCAPE '\' OR u.first_name LIKE ?7 ESCAPE '\' OR u.last_name LIKE ?7 ESCAPE '\' OR u.mail LIKE ?7 ESCAPE '\') AND (?8 = '' OR u.role = ?8) AND (NOT ?9 OR u.active = 1) AND (NOT ?10 OR u.active = 0) AND (?11 = 'null' OR EXISTS (SELECT 1 FROM domain_member m WHERE m.user = u.id AND m.domain IN (SELECT value FROM json_each(?11))) OR EXISTS (SELECT 1 FROM group_member m JOIN group_domain g ON g.group_id = m.group_id WHERE m.user = u.id AND g.domain IN (SELECT value FROM json_each(?11)))) AND (?13 = '' OR EXISTS (SELECT 1 FROM json_each(u.attributes) a WHERE a.key = ?13 AND a.value LIKE ?14 ESCAPE '\'))) WHERE ?3 = '' OR (k, id) < (?2, ?3) ORDER BY k DESC, id DESC LIMIT ?12`
	sqlUsersCount  = `SELECT count(*) FROM user u WHERE (?1 = '' OR u.everywhere = 1 OR EXISTS (SELECT 1 FROM domain_member m WHERE m.user = u.id AND m.domain = ?1) OR EXISTS (SELECT 1 FROM group_member m JOIN group_domain g ON g.group_id = m.group_id WHERE m.user = u.id AND g.domain = ?1)) AND (?2 = '' OR EXISTS (SELECT 1 FROM group_member m WHERE m.user = u.id AND m.group_id = ?2)) AND (?3 = '' OR u.login_key LIKE ?4 ESCAPE '\' OR u.login LIKE ?4 ESCAPE '\' OR u.first_name LIKE ?4 ESCAPE '\' OR u.last_name LIKE ?4 ESCAPE '\' OR u.mail LIKE ?4 ESCAPE '\') AND (?5 = '' OR u.role = ?5) AND (NOT ?6 OR u.active = 1) AND (NOT ?7 OR u.active = 0) AND (?8 = 'null' OR EXISTS (SELECT 1 FROM domain_member m WHERE m.user = u.id AND m.domain IN (SELECT value FROM json_each(?8))) OR EXISTS (SELECT 1 FROM group_member m JOIN group_domain g ON g.group_id = m.group_id WHERE m.user = u.id AND g.domain IN (SELECT value FROM json_each(?8)))) AND (?9 = '' OR EXISTS (SELECT 1 FROM json_each(u.attributes) a WHERE a.key = ?9 AND a.value LIKE ?10 ESCAPE '\'))`
	sqlAttributes  = `SELECT DISTINCT a.key FROM user u, json_each(u.attributes) a WHERE ?1 = 'null' OR EXISTS (SELECT 1 FROM domain_member m WHERE m.user = u.id AND m.domain IN (SELECT value FROM json_each(?1))) OR EXISTS (SELECT 1 FROM group_member m JOIN group_domain g ON g.group_id = m.group_id WHERE m.user = u.id AND g.domain IN (SELECT value FROM json_each(?1))) ORDER BY a.key`
	sqlReaders     = `SELECT count(*) FROM user u WHERE u.active = 1 AND (u.everywhere = 1 OR EXISTS (SELECT 1 FROM domain_member m WHERE m.user = u.id AND m.domain = ?1) OR EXISTS (SELECT 1 FROM group_member m JOIN group_domain g ON g.group_id = m.group_id WHERE m.user = u.id AND g.domain = ?1)) AND NOT EXISTS (SELECT 1 FROM json_each(?2) a WHERE NOT EXISTS (SELECT 1 FROM group_member m JOIN user_group g ON g.id = m.group_id JOIN group_domain d ON d.group_id = g.id WHERE m.user = u.id AND d.domain = ?1 AND EXISTS (SELECT 1 FROM json_each(a.value) n WHERE n.value = g.name OR n.value IN (SELECT value FROM json_each(g.former)))))`
	sqlPlaced      = `SELECT u.id, u.login, u.password, u.title, u.first_name, u.last_name, u.mail, u.language, u.role, u.everywhere, u.attributes, u.active, u.must_change, u.sessions_from, u.era, u.version, u.created, u.changed, (SELECT json_group_array(domain) FROM (SELECT domain FROM domain_member WHERE user = u.id UNION SELECT d.domain FROM group_member m JOIN group_domain d ON d.group_id = m.group_id WHERE m.user = u.id)) FROM user u WHERE u.id IN (SELECT value FROM json_each(?))`
	sqlUserSortKey = `SELECT last_name, first_name FROM user WHERE id = ?`
	sqlUserKey     = `SELECT CASE ?1 WHEN 'login' THEN u.login_key WHEN 'mail' THEN lower(u.mail) WHEN 'role' THEN u.role WHEN 'state' THEN CAST(u.active AS TEXT) WHEN 'created' THEN printf('%020d', u.created) ELSE u.last_name || char(1) || u.first_name END FROM user u WHERE id = ?2`
)

// UserSorts are the orders that a list of accounts may have.
var UserSorts = []string{"name", "login", "mail", "role", "state", "created"}

// Users returns a page of accounts, by name unless the filter says otherwise.
func (c *People) Users(ctx context.Context, f UserFilter) (users []User, err error) {
	if f.Down || f.Sort != "" && f.Sort != UserSorts[0] {
		return c.usersBy(ctx, f)
	}
	err = c.Read(ctx, func(t *db.Tx) error {
		var last, first string
		if f.After != "" {
			_, err := db.OneIn(t, func(r db.Row) (struct{}, error) { return struct{}{}, r.Scan(&last, &first) }, sqlUserSortKey, f.After)
			if err != nil {
				return err
			}
		}
		users, err = db.ListIn(t, scanUser, sqlUsers, last, first, f.After, f.Domain, f.Group, f.Text, db.Containing(f.Text),
			string(f.Role), f.Active, f.Suspended, db.JSON(f.Among), db.AtMost(f.Limit), f.Attribute, db.Containing(f.Value))
		return err
	})
	return users, err
}

// usersBy is Users in an order that no index keeps.
func (c *People) usersBy(ctx context.Context, f UserFilter) (users []User, err error) {
	query := sqlUsersUp
	if f.Down {
		query = sqlUsersDown
	}
	err = c.Read(ctx, func(t *db.Tx) error {
		key := ""
		if f.After != "" {
			if key, err = db.OneIn(t, db.ScanText, sqlUserKey, f.Sort, f.After); err != nil {
				return err
			}
		}
		users, err = db.ListIn(t, scanUser, query, f.Sort, key, f.After, f.Domain, f.Group, f.Text, db.Containing(f.Text),
			string(f.Role), f.Active, f.Suspended, db.JSON(f.Among), db.AtMost(f.Limit), f.Attribute, db.Containing(f.Value))
		return err
	})
	return users, err
}

// Placed is an account with the domains it belongs to, directly or by a group.
type Placed struct {
	User    User
	Domains []string
}

// Placed returns accounts by their ids, with where they belong, in one query; those
// that are gone are not among them.
func (c *People) Placed(ctx context.Context, ids []string) (map[string]Placed, error) {
	found, err := db.List(ctx, c.DB, func(r db.Row) (p Placed, err error) {
		p.User, err = scanUser(db.RowFunc(func(into ...any) error { return r.Scan(append(into, db.JSON(&p.Domains))...) }))
		return p, err
	}, sqlPlaced, db.JSON(ids))
	placed := make(map[string]Placed, len(found))
	for _, p := range found {
		placed[p.User.ID] = p
	}
	return placed, err
}

// CountUsersLike returns how many accounts a filter lets through, on all pages.
func (c *People) CountUsersLike(ctx context.Context, f UserFilter) (int64, error) {
	return db.One(ctx, c.DB, db.ScanNumber, sqlUsersCount, f.Domain, f.Group, f.Text, db.Containing(f.Text),
		string(f.Role), f.Active, f.Suspended, db.JSON(f.Among), f.Attribute, db.Containing(f.Value))
}

// CountReaders returns how many accounts of a domain that may come in are in every
// one of some audiences: lists of groups by name, an empty one being everybody.
func (c *People) CountReaders(ctx context.Context, domain string, audiences ...[]string) (int64, error) {
	narrow := [][]string{}
	for _, groups := range audiences {
		if len(groups) > 0 {
			narrow = append(narrow, groups)
		}
	}
	return db.One(ctx, c.DB, db.ScanNumber, sqlReaders, domain, db.JSON(narrow))
}

// AttributeNames returns the names of the attributes that accounts have: those of
// members of some domains, or of all where that is nil.
func (c *People) AttributeNames(ctx context.Context, among []string) ([]string, error) {
	return db.List(ctx, c.DB, db.ScanText, sqlAttributes, db.JSON(among))
}
