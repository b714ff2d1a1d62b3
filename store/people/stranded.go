package people

import (
	"context"

	"selfhelp/store/db"
)

// Loss is what somebody is about to take away from people: groups that are deleted
// or no longer count in a domain, or the membership of some in one.
type Loss struct {
	Groups []string // by id
	Domain string   // they no longer count there; "": they are gone
	Users  []string // who leave the groups; nil: all lose them
	Source string   // of the memberships that they lose: ByHand, or ByRule
}

const (
	sqlStrandedGone   = `SELECT u.id, u.login, u.first_name, u.last_name, u.language, u.title, u.role, u.attributes FROM user u WHERE u.active = 1 AND u.everywhere = 0 AND u.id IN (SELECT user FROM group_member WHERE group_id IN (SELECT value FROM json_each(?1))) AND NOT EXISTS (SELECT 1 FROM domain_member m WHERE m.user = u.id) AND NOT EXISTS (SELECT 1 FROM group_member m WHERE m.user = u.id AND m.group_id NOT IN (SELECT value FROM json_each(?1))) ORDER BY u.last_name, u.first_name, u.id`
	sqlStrandedLeave  = `SELECT u.id, u.login, u.first_name, u.last_name, u.language, u.title, u.role, u.attributes FROM user u WHERE u.active = 1 AND u.everywhere = 0 AND u.id IN (SELECT value FROM json_each(?2)) AND EXISTS (SELECT 1 FROM group_member m WHERE m.user = u.id AND m.source = ?3 AND m.group_id IN (SELECT value FROM json_each(?1))) AND NOT EXISTS (SELECT 1 FROM domain_member m WHERE m.user = u.id) AND NOT EXISTS (SELECT 1 FROM group_member m WHERE m.user = u.id AND NOT (m.source = ?3 AND m.group_id IN (SELECT value FROM json_each(?1)))) ORDER BY u.last_name, u.first_name, u.id`
	sqlStrandedDomain = `SELECT u.id, u.login, u.first_name, u.last_name, u.language, u.title, u.role, u.attributes FROM user u WHERE u.active = 1 AND u.everywhere = 0 AND u.id IN (SELECT m.user FROM group_member m JOIN group_domain d ON d.group_id = m.group_id JOIN user_group g ON g.id = m.group_id WHERE d.domain = ?2 AND g.domain <> ?2 AND m.group_id IN (SELECT value FROM json_each(?1))) AND NOT EXISTS (SELECT 1 FROM domain_member m WHERE m.user = u.id AND m.domain = ?2) AND NOT EXISTS (SELECT 1 FROM group_member m JOIN group_domain d ON d.group_id = m.group_id JOIN user_group g ON g.id = m.group_id WHERE m.user = u.id AND d.domain = ?2 AND (g.domain = ?2 OR g.id NOT IN (SELECT value FROM json_each(?1)))) ORDER BY u.last_name, u.first_name, u.id`
)

// Stranded returns those who may come in now and would not after a loss: nothing
// else leads them to any domain, or to the domain that the groups leave. What they
// are called is told, not what else their accounts have.
func (c *People) Stranded(ctx context.Context, l Loss) ([]User, error) {
	switch groups := db.JSON(append([]string{}, l.Groups...)); {
	case l.Users != nil:
		return db.List(ctx, c.DB, scanRuled, sqlStrandedLeave, groups, db.JSON(l.Users), l.Source)
	case l.Domain != "":
		return db.List(ctx, c.DB, scanRuled, sqlStrandedDomain, groups, l.Domain)
	default:
		return db.List(ctx, c.DB, scanRuled, sqlStrandedGone, groups)
	}
}
