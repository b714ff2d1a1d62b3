package store

import (
	"context"
	"strings"
)

// UserFilter says which accounts a list shows. What is empty filters nothing.
type UserFilter struct {
	Domain string // members, directly or through a group
	Group  string // id
	Text   string // in the login, the names or the mail
	After  string // id of the last user of the page before
	Limit  int
}

const (
	sqlUsers       = `SELECT u.id, u.login, u.password, u.first_name, u.last_name, u.mail, u.language, u.role, u.everywhere, u.attributes, u.active, u.sessions_from, u.version, u.created, u.changed FROM user u WHERE (u.last_name, u.first_name, u.id) > (?, ?, ?) AND (?4 = '' OR u.everywhere = 1 OR EXISTS (SELECT 1 FROM domain_member m WHERE m.user = u.id AND m.domain = ?4) OR EXISTS (SELECT 1 FROM group_member m JOIN user_group g ON g.id = m.group_id WHERE m.user = u.id AND g.domain = ?4)) AND (?5 = '' OR EXISTS (SELECT 1 FROM group_member m WHERE m.user = u.id AND m.group_id = ?5)) AND (?6 = '' OR u.login_key LIKE ?7 ESCAPE '\' OR u.first_name LIKE ?7 ESCAPE '\' OR u.last_name LIKE ?7 ESCAPE '\' OR u.mail LIKE ?7 ESCAPE '\') ORDER BY u.last_name, u.first_name, u.id LIMIT ?8`
	sqlUserSortKey = `SELECT last_name, first_name FROM user WHERE id = ?`
)

// Users returns a page of accounts by name.
func (c *Content) Users(ctx context.Context, f UserFilter) (users []User, err error) {
	err = c.read(ctx, func(t *tx) error {
		var last, first string
		if f.After != "" {
			_, err := oneIn(t, func(r row) (struct{}, error) { return struct{}{}, r.Scan(&last, &first) }, sqlUserSortKey, f.After)
			if err != nil {
				return err
			}
		}
		users, err = listIn(t, scanUser, sqlUsers, last, first, f.After, f.Domain, f.Group, f.Text, containing(f.Text), atMost(f.Limit))
		return err
	})
	return users, err
}

// containing is the LIKE pattern of what contains a text, whose own wildcards
// mean nothing.
func containing(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}
