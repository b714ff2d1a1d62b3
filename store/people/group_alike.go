package people

import (
	"context"
	"slices"

	"selfhelp/app/access"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

const (
	sqlAllGroups  = `SELECT g.id, g.domain, (SELECT json_group_array(a.domain) FROM group_domain a WHERE a.group_id = g.id AND a.domain <> g.domain), g.name, g.title, g.rule, g.former, g.version FROM user_group g ORDER BY g.rowid`
	sqlGroupApart = `UPDATE user_group SET name = ?, former = ?, version = version + 1 WHERE id = ?`
)

// namer is who gives numbers, in the audit.
const namer = "names"

// TellGroupsApart gives a number to groups whose names look like that of an older one
// of the same domain: such were made before names were compared by their keys. What
// was written under the name they had goes on finding them.
func (c *People) TellGroupsApart(ctx context.Context) error {
	all, err := db.List(ctx, c.DB, scanGroup, sqlAllGroups)
	if err != nil || len(numbered(all)) == 0 {
		return err
	}
	return c.Write(ctx, "tell groups apart", func(t *db.Tx) error {
		all, err := db.ListIn(t, scanGroup, sqlAllGroups)
		if err != nil {
			return err
		}
		for _, g := range numbered(all) {
			if err := t.Touch(sqlGroupApart, g.Name, db.JSON(g.Former), g.ID); err != nil {
				return err
			}
			if err := audit.Add(t, namer, "group.save", "group:"+g.ID, g); err != nil {
				return err
			}
		}
		return nil
	})
}

// numbered are the groups, of all there are from the oldest on, that need another
// name, under it.
func numbered(all []Group) (changed []Group) {
	taken := map[string]bool{} // domain and key
	key := func(domain, name string) string { return domain + "/" + access.GroupKey(name) }
	for _, g := range all {
		for _, d := range g.In() {
			for _, name := range g.Former {
				taken[key(d, name)] = true // never given to another
			}
		}
	}
	free := func(g Group, name string) bool {
		return !slices.ContainsFunc(g.In(), func(d string) bool { return taken[key(d, name)] })
	}
	own := map[string]bool{}
	for _, g := range all {
		was := g
		if slices.ContainsFunc(g.In(), func(d string) bool { return own[key(d, g.Name)] }) {
			for n := 2; ; n++ {
				g.Name = access.NumberedGroupName(was.Name, n)
				if free(g, g.Name) && !slices.ContainsFunc(all, func(o Group) bool { return access.GroupKey(o.Name) == access.GroupKey(g.Name) }) {
					break
				}
			}
			g = g.renamed(was)
			changed = append(changed, g)
		}
		for _, d := range g.In() {
			own[key(d, g.Name)], taken[key(d, g.Name)] = true, true
		}
	}
	return changed
}
