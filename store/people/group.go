package people

import (
	"context"
	"maps"
	"slices"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

// Group is people who reach the same things. Being in a group is belonging to
// the domains it counts in.
type Group struct {
	ID      string   // given by the store
	Domain  string   // it was made in
	Also    []string `json:",omitempty"` // domains it was attached to since
	Name    string   // as audiences write it; no other of its domains has one that looks the same (access.GroupKey)
	Title   procedure.Text
	Former  []string     `json:",omitempty"` // names it had: what was written under them goes on finding it
	Rule    *access.Rule `json:",omitempty"` // who is in by their attributes; nil: nobody is
	Version int64
}

// Names are all by which the group is found, its own first.
func (g Group) Names() []string { return append([]string{g.Name}, g.Former...) }

// called lists everything people may know the group by: its names and its titles.
func (g Group) called() []string { return slices.AppendSeq(g.Names(), maps.Values(g.Title.In)) }

// renamed returns the group, under its new name, with what it was called before.
func (g Group) renamed(was Group) Group {
	g.Former = slices.DeleteFunc(was.Names(), func(name string) bool { return name == g.Name })
	return g
}

// In lists the domains in which the group counts, its own first.
func (g Group) In() []string { return append([]string{g.Domain}, g.Also...) }

const (
	sqlGroups      = `SELECT g.id, g.domain, (SELECT json_group_array(a.domain) FROM group_domain a WHERE a.group_id = g.id AND a.domain <> g.domain), g.name, g.title, g.rule, g.former, g.version FROM user_group g JOIN group_domain d ON d.group_id = g.id WHERE d.domain = ? ORDER BY g.name, g.id`
	sqlGroup       = `SELECT g.id, g.domain, (SELECT json_group_array(a.domain) FROM group_domain a WHERE a.group_id = g.id AND a.domain <> g.domain), g.name, g.title, g.rule, g.former, g.version FROM user_group g WHERE g.id = ?`
	sqlGroupTitles = `SELECT n.value, g.title FROM json_each(?2) n JOIN group_domain d ON d.domain = ?1 JOIN user_group g ON g.id = d.group_id AND (g.name = n.value OR n.value IN (SELECT value FROM json_each(g.former)))`
	sqlGroupInsert = `INSERT INTO user_group (id, domain, name, title, rule) VALUES (?, ?, ?, ?, ?)`
	sqlGroupSave   = `UPDATE user_group SET name = ?, title = ?, rule = ?, former = ?, version = version + 1 WHERE id = ? AND version = ?`
	sqlGroupDelete = `DELETE FROM user_group WHERE id = ? AND version = ?`

	sqlGroupsOf     = `SELECT g.id, g.domain, (SELECT json_group_array(a.domain) FROM group_domain a WHERE a.group_id = g.id AND a.domain <> g.domain), g.name, g.title, g.rule, g.former, g.version FROM user_group g WHERE g.id IN (SELECT group_id FROM group_member WHERE user = ?) ORDER BY g.domain, g.name`
	sqlSourcesOf    = `SELECT group_id, source FROM group_member WHERE user = ? ORDER BY group_id, source`
	sqlGroupMembers = `SELECT DISTINCT user FROM group_member WHERE group_id = ? ORDER BY user`
	sqlMembersFrom  = `SELECT user, source FROM group_member WHERE group_id = ? ORDER BY user, source`
	sqlDomainsOf    = `SELECT domain FROM domain_member WHERE user = ? ORDER BY domain`
	sqlLeaveDomains = `DELETE FROM domain_member WHERE user = ?`
	sqlEnterDomain  = `INSERT OR IGNORE INTO domain_member (user, domain) VALUES (?, ?)`
	sqlLeaveGroups  = `DELETE FROM group_member WHERE user = ? AND source = ''`
	sqlEnterGroup   = `INSERT OR IGNORE INTO group_member (user, group_id, source) VALUES (?, ?, '')`
)

func scanGroup(r db.Row) (g Group, err error) {
	return g, r.Scan(&g.ID, &g.Domain, db.JSON(&g.Also), &g.Name, db.JSON(&g.Title), db.JSON(&g.Rule), db.JSON(&g.Former), &g.Version)
}

// Groups returns the groups that count in a domain, by name.
func (c *People) Groups(ctx context.Context, domain string) ([]Group, error) {
	return db.List(ctx, c.DB, scanGroup, sqlGroups, domain)
}

// GroupTitles returns the titles of some of the groups that count in a domain, by
// the names they have or had.
func (c *People) GroupTitles(ctx context.Context, domain string, names []string) (map[string]procedure.Text, error) {
	found, err := db.List(ctx, c.DB, func(r db.Row) (g Group, err error) {
		return g, r.Scan(&g.Name, db.JSON(&g.Title))
	}, sqlGroupTitles, domain, db.JSON(names))
	titles := map[string]procedure.Text{}
	for _, g := range found {
		titles[g.Name] = g.Title
	}
	return titles, err
}

// Group returns one group.
func (c *People) Group(ctx context.Context, id string) (Group, error) {
	return db.One(ctx, c.DB, scanGroup, sqlGroup, id)
}

// CreateGroup makes a group and returns it with its id.
func (c *People) CreateGroup(ctx context.Context, g Group, by string) (Group, error) {
	return db.Written(ctx, c.DB, "create group "+g.Name, func(t *db.Tx) (Group, error) { return createGroup(t, g, by) })
}

func createGroup(t *db.Tx, g Group, by string) (Group, error) {
	g.ID, g.Version = db.NewID(), 1
	if err := isFree(t, g, g.Domain, "name", g.called()...); err != nil {
		return g, err
	}
	if _, err := t.Exec(sqlGroupInsert, g.ID, g.Domain, g.Name, db.JSON(g.Title), db.JSON(g.Rule)); err != nil {
		return g, err
	}
	if err := placeGroup(t, g, g.Domain); err != nil {
		return g, err
	}
	if err := fillByRule(t, g); err != nil {
		return g, err
	}
	return g, audit.Add(t, by, "group.create", "group:"+g.ID, g)
}

// SaveGroup changes the name, the title and the rule of a group that still has g's version.
func (c *People) SaveGroup(ctx context.Context, g Group, by string) (Group, error) {
	return db.Written(ctx, c.DB, "save group "+g.ID, func(t *db.Tx) (Group, error) {
		was, err := db.OneIn(t, scanGroup, sqlGroup, g.ID)
		if err != nil {
			return g, err
		}
		if err := mayBeCalled(t, g, was); err != nil {
			return g, err
		}
		if err := mayBeTitled(t, g, was); err != nil {
			return g, err
		}
		g = g.renamed(was)
		if err := t.Change(sqlGroupSave, g.Name, db.JSON(g.Title), db.JSON(g.Rule), db.JSON(append([]string{}, g.Former...)), g.ID, g.Version); err != nil {
			return g, err
		}
		if err := fillByRule(t, g); err != nil {
			return g, err
		}
		if err := audit.Add(t, by, "group.save", "group:"+g.ID, g); err != nil {
			return g, err
		}
		return db.OneIn(t, scanGroup, sqlGroup, g.ID)
	})
}

// DeleteGroup removes a group, its members' membership and what it was granted.
func (c *People) DeleteGroup(ctx context.Context, id string, version int64, by string) error {
	return c.Write(ctx, "delete group "+id, func(t *db.Tx) error {
		if err := leaves(t, id, ""); err != nil {
			return err
		}
		if err := t.Change(sqlGroupDelete, id, version); err != nil {
			return err
		}
		return audit.Add(t, by, "group.delete", "group:"+id, nil)
	})
}

// GroupMembers returns the ids of the users in a group.
func (c *People) GroupMembers(ctx context.Context, group string) ([]string, error) {
	return db.List(ctx, c.DB, db.ScanText, sqlGroupMembers, group)
}

// MembersFrom returns why each member of a group is in it, by the id of the user.
func (c *People) MembersFrom(ctx context.Context, group string) (map[string][]string, error) {
	rows, err := db.List(ctx, c.DB, func(r db.Row) (p [2]string, err error) { return p, r.Scan(&p[0], &p[1]) }, sqlMembersFrom, group)
	from := map[string][]string{}
	for _, p := range rows {
		from[p[0]] = append(from[p[0]], p[1])
	}
	return from, err
}

// Memberships is where a user belongs. A group counts in its own domains only:
// one of the same name elsewhere is another one.
type Memberships struct {
	Domains []string // directly; groups bring theirs besides
	Groups  []Group
	From    map[string][]string // by the id of a group: why, ByHand, ByRule, or the method that tells it
}

// Where a membership comes from, beside the id of a method of signing in.
const (
	ByHand = ""
	ByRule = "rule"
)

// ByHandOnly lists the ids of the groups that the user was put in by hand.
func (m Memberships) ByHandOnly() (ids []string) {
	for _, g := range m.Groups {
		if slices.Contains(m.From[g.ID], ByHand) {
			ids = append(ids, g.ID)
		}
	}
	return ids
}

// Names lists the names of the groups by the domains they count in.
func (m Memberships) Names() map[string][]string {
	names := map[string][]string{}
	for _, g := range m.Groups {
		for _, d := range g.In() {
			names[d] = append(names[d], g.Names()...)
		}
	}
	return names
}

// Memberships returns where a user belongs.
func (c *People) Memberships(ctx context.Context, user string) (m Memberships, err error) {
	err = c.Read(ctx, func(t *db.Tx) error {
		m, err = memberships(t, user)
		return err
	})
	return m, err
}

func memberships(t *db.Tx, user string) (m Memberships, err error) {
	if m.Domains, err = db.ListIn(t, db.ScanText, sqlDomainsOf, user); err != nil {
		return m, err
	}
	if m.Groups, err = db.ListIn(t, scanGroup, sqlGroupsOf, user); err != nil {
		return m, err
	}
	from, err := db.ListIn(t, func(r db.Row) (p [2]string, err error) { return p, r.Scan(&p[0], &p[1]) }, sqlSourcesOf, user)
	m.From = map[string][]string{}
	for _, p := range from {
		m.From[p[0]] = append(m.From[p[0]], p[1])
	}
	return m, err
}

// SetMemberships replaces the domains of a user, and the groups (by id) they
// are in by hand.
func (c *People) SetMemberships(ctx context.Context, user string, domains, groups []string, by string) error {
	return c.Write(ctx, "set memberships of "+user, func(t *db.Tx) error { return setMemberships(t, user, domains, groups, by) })
}

func setMemberships(t *db.Tx, user string, domains, groups []string, by string) error {
	for _, leave := range []string{sqlLeaveDomains, sqlLeaveGroups} {
		if _, err := t.Exec(leave, user); err != nil {
			return err
		}
	}
	for _, d := range domains {
		if _, err := t.Exec(sqlEnterDomain, user, d); err != nil {
			return err
		}
	}
	for _, g := range groups {
		if _, err := t.Exec(sqlEnterGroup, user, g); err != nil {
			return err
		}
	}
	return audit.Add(t, by, "user.memberships", "user:"+user, map[string]any{"domains": domains, "groups": groups})
}
