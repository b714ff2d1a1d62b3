package people

import (
	"context"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/store/db"
)

// Orphan is a project that belongs to nobody who comes in and may own it.
type Orphan struct {
	Holding
	Why OrphanWhy
}

// OrphanWhy says in one word why a project is an orphan.
type OrphanWhy string

// The reasons.
const (
	Ownerless      OrphanWhy = "ownerless" // it has no owner
	OwnerSuspended OrphanWhy = "suspended"
	OwnerUnable    OrphanWhy = "unable" // the owner has not the role any more, or is not of the domain
)

const (
	sqlOrphans  = `SELECT p.id, p.data ->> '$.name', p.alias, p.domain, '', CASE WHEN u.id IS NULL THEN 'ownerless' WHEN u.active = 0 THEN 'suspended' ELSE 'unable' END FROM project p LEFT JOIN user u ON u.id = p.owner WHERE p.deleted = 0 AND (u.id IS NULL OR u.active = 0 OR u.role NOT IN (SELECT value FROM json_each(?1)) OR u.everywhere = 0 AND NOT EXISTS (SELECT 1 FROM domain_member m WHERE m.user = u.id AND m.domain = p.domain) AND NOT EXISTS (SELECT 1 FROM group_member m JOIN group_domain d ON d.group_id = m.group_id WHERE m.user = u.id AND d.domain = p.domain)) ORDER BY p.alias, p.id`
	sqlDisowned = `SELECT DISTINCT p.domain FROM project p JOIN user u ON u.id = p.owner WHERE u.id = ?2 AND p.deleted = 0 AND (u.role NOT IN (SELECT value FROM json_each(?1)) OR u.everywhere = 0 AND NOT EXISTS (SELECT 1 FROM domain_member m WHERE m.user = u.id AND m.domain = p.domain) AND NOT EXISTS (SELECT 1 FROM group_member m JOIN group_domain d ON d.group_id = m.group_id WHERE m.user = u.id AND d.domain = p.domain)) ORDER BY p.domain`
)

// owning are the roles that may own projects.
func owning() (roles []access.Role) {
	for _, r := range access.Roles() {
		if r.Owns() {
			roles = append(roles, r)
		}
	}
	return roles
}

// Orphans returns the projects that belong to nobody who comes in and may own them.
func (c *People) Orphans(ctx context.Context) ([]Orphan, error) {
	return db.List(ctx, c.DB, func(r db.Row) (o Orphan, err error) {
		o.Holding, err = scanHolding(db.RowFunc(func(into ...any) error { return r.Scan(append(into, (*string)(&o.Why))...) }))
		return o, err
	}, sqlOrphans, db.JSON(owning()))
}

// Disowned is the cause of refusing to save an account: it owns projects in domains
// where it could own none any more, and nobody said what becomes of them.
type Disowned struct{ Domains []string }

// Error names the domains.
func (d *Disowned) Error() string {
	return "projects lose their owner in " + strings.Join(d.Domains, ", ")
}

// disowned returns the domains with projects of an account that it may not own.
func disowned(t *db.Tx, id string) ([]string, error) {
	return db.ListIn(t, db.ScanText, sqlDisowned, db.JSON(owning()), id)
}

// keepingOwners changes an account, and gives the projects that it cannot own any more
// to an heir. It is refused where the heir is not for all of their domains.
func keepingOwners(t *db.Tx, id string, h Heir, by string, change func() error) error {
	before, err := disowned(t, id)
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	after, err := disowned(t, id)
	if err != nil {
		return err
	}
	lost := beyond(after, before)
	if len(beyond(lost, h.Domains)) > 0 {
		return &fault.Error{Kind: fault.Conflict, Key: "fault.user.owns", Fields: map[string]string{"heir": "fault.user.owns"}, Cause: &Disowned{lost}}
	}
	return handOver(t, []string{id}, Heir{h.User, lost}, by)
}
