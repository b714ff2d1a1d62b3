package people

import (
	"context"
	"slices"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

const (
	sqlGroupPlace   = `INSERT OR IGNORE INTO group_domain (group_id, domain) VALUES (?, ?)`
	sqlGroupUnplace = `DELETE FROM group_domain WHERE group_id = ?1 AND domain = ?2 AND domain <> (SELECT domain FROM user_group WHERE id = ?1)`
	sqlGroupNames   = `SELECT g.name, g.former, g.title FROM group_domain d JOIN user_group g ON g.id = d.group_id WHERE d.domain = ? AND g.id <> ? ORDER BY g.name`
	sqlGroupChanged = `UPDATE user_group SET version = version + 1 WHERE id = ?`
	sqlGrantsLost   = `DELETE FROM project_grant WHERE group_id = ? AND project IN (SELECT id FROM project WHERE domain = ?)`
)

// AttachGroup makes a group count in another domain too: its members belong
// there, and audiences and rights of that domain may name it.
func (c *People) AttachGroup(ctx context.Context, group, domain, by string) error {
	return c.Write(ctx, "attach group "+group, func(t *db.Tx) error {
		g, err := db.OneIn(t, scanGroup, sqlGroup, group)
		if err != nil {
			return err
		}
		if err := placeGroup(t, g, domain); err != nil {
			return err
		}
		if err := t.Touch(sqlGroupChanged, group); err != nil {
			return err
		}
		return audit.Add(t, by, "group.attach", "group:"+group, map[string]string{"domain": domain})
	})
}

// DetachGroup ends that a group counts in a domain it was attached to, with the
// rights it has on projects there. Its own domain it keeps.
func (c *People) DetachGroup(ctx context.Context, group, domain, by string) error {
	return c.Write(ctx, "detach group "+group, func(t *db.Tx) error {
		if err := leaves(t, group, domain); err != nil {
			return err
		}
		n, err := t.Exec(sqlGroupUnplace, group, domain)
		if err != nil || n == 0 {
			return err
		}
		if _, err := t.Exec(sqlGrantsLost, group, domain); err != nil {
			return err
		}
		if err := t.Touch(sqlGroupChanged, group); err != nil {
			return err
		}
		return audit.Add(t, by, "group.detach", "group:"+group, map[string]string{"domain": domain})
	})
}

// placeGroup makes a group count in a domain where no other is called as it is.
func placeGroup(t *db.Tx, g Group, domain string) error {
	if err := isFree(t, g, domain, "name", g.called()...); err != nil {
		return err
	}
	if err := inherits(t, g, domain, g.Names()); err != nil {
		return err
	}
	_, err := t.Exec(sqlGroupPlace, g.ID, domain)
	return err
}

// mayBeCalled refuses a new name that another group has, or had, in one of the
// domains of a group.
func mayBeCalled(t *db.Tx, g, was Group) error {
	if g.Name == was.Name {
		return nil
	}
	for _, d := range was.In() {
		if err := isFree(t, g, d, "name", g.Name); err != nil {
			return err
		}
		if slices.Contains(was.Names(), g.Name) {
			continue
		}
		if err := inherits(t, g, d, []string{g.Name}); err != nil {
			return err
		}
	}
	return nil
}

// mayBeTitled refuses new titles that cannot be, or by which people would take a group
// for another one of its domains.
func mayBeTitled(t *db.Tx, g, was Group) error {
	for language, title := range g.Title.In {
		field := "title_" + language
		if title == was.Title.In[language] {
			continue
		}
		if wrong := access.WrongGroupTitle(title); wrong != "" {
			return fault.InField(field, wrong)
		}
		for _, d := range was.In() {
			if err := isFree(t, g, d, field, title); err != nil {
				return err
			}
		}
	}
	return nil
}

// isFree refuses, in a field of a form, what another group of a domain is called or
// was, or what looks like it.
func isFree(t *db.Tx, g Group, domain, field string, texts ...string) error {
	others, err := db.ListIn(t, func(r db.Row) (o Group, err error) {
		return o, r.Scan(&o.Name, db.JSON(&o.Former), db.JSON(&o.Title))
	}, sqlGroupNames, domain, g.ID)
	if err != nil {
		return err
	}
	keys := keysOf(texts)
	for _, o := range others {
		if slices.ContainsFunc(o.called(), func(text string) bool { return slices.Contains(keys, access.GroupKey(text)) }) {
			return &fault.Error{Kind: fault.Conflict, Key: "fault.group.taken", Args: []any{o.Name}, Fields: map[string]string{field: "fault.group.taken"}}
		}
	}
	return nil
}

func keysOf(names []string) (keys []string) {
	for _, name := range names {
		keys = append(keys, access.GroupKey(name))
	}
	return keys
}
