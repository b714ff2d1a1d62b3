package people

import (
	"context"
	"maps"

	"selfhelp/app/access"
	"selfhelp/store/db"
)

const (
	sqlRules       = `SELECT id, rule FROM user_group WHERE rule <> 'null'`
	sqlRuleLeave   = `DELETE FROM group_member WHERE user = ? AND source = 'rule' AND group_id NOT IN (SELECT value FROM json_each(?))`
	sqlRuleEnter   = `INSERT OR IGNORE INTO group_member (user, group_id, source) SELECT ?, value, 'rule' FROM json_each(?)`
	sqlRuleEmpty   = `DELETE FROM group_member WHERE group_id = ? AND source = 'rule' AND user NOT IN (SELECT value FROM json_each(?))`
	sqlRuleFill    = `INSERT OR IGNORE INTO group_member (user, group_id, source) SELECT value, ?, 'rule' FROM json_each(?)`
	sqlRuledPeople = `SELECT id, login, first_name, last_name, language, title, role, attributes FROM user ORDER BY last_name, first_name, id`
	sqlRuledGroups = `SELECT g.id, g.domain, (SELECT json_group_array(a.domain) FROM group_domain a WHERE a.group_id = g.id AND a.domain <> g.domain), g.name, g.title, g.rule, g.former, g.version FROM user_group g WHERE g.rule <> 'null'`
)

// groupRule is the rule of a group.
type groupRule struct {
	group string
	rule  access.Rule
}

// Compared is what rules compare: the attributes of an account, and some of what
// every account has.
func (u User) Compared() map[string]string {
	all := map[string]string{"language": u.Language, "title": u.Title, "role": string(u.Role)}
	maps.Copy(all, u.Attributes)
	return all
}

func rulesOf(t *db.Tx) ([]groupRule, error) {
	return db.ListIn(t, func(r db.Row) (g groupRule, err error) { return g, r.Scan(&g.group, db.JSON(&g.rule)) }, sqlRules)
}

// enterByRules makes a user a member of the groups whose rules let them in, and
// of no other by rule.
func enterByRules(t *db.Tx, u User) error {
	rules, err := rulesOf(t)
	if err != nil {
		return err
	}
	return enterBy(t, rules, u)
}

func enterBy(t *db.Tx, rules []groupRule, u User) error {
	in, attributes := []string{}, u.Compared()
	for _, g := range rules {
		if g.rule.Holds(attributes) {
			in = append(in, g.group)
		}
	}
	if _, err := t.Exec(sqlRuleLeave, u.ID, db.JSON(in)); err != nil || len(in) == 0 {
		return err
	}
	_, err := t.Exec(sqlRuleEnter, u.ID, db.JSON(in))
	return err
}

// fillByRule makes members of those whom the rule of a group lets in, and of
// nobody else by rule.
func fillByRule(t *db.Tx, g Group) error {
	in := []string{}
	if g.Rule != nil {
		all, err := db.ListIn(t, scanRuled, sqlRuledPeople)
		if err != nil {
			return err
		}
		for _, u := range all {
			if g.Rule.Holds(u.Compared()) {
				in = append(in, u.ID)
			}
		}
	}
	if _, err := t.Exec(sqlRuleEmpty, g.ID, db.JSON(in)); err != nil || len(in) == 0 {
		return err
	}
	_, err := t.Exec(sqlRuleFill, g.ID, db.JSON(in))
	return err
}

func scanRuled(r db.Row) (u User, err error) {
	return u, r.Scan(&u.ID, &u.Login, &u.FirstName, &u.LastName, &u.Language, &u.Title, (*string)(&u.Role), db.JSON(&u.Attributes))
}

// PeopleForRules returns of every account, by name, what it is called and what
// rules compare, so that a rule can be tried before it counts.
func (c *People) PeopleForRules(ctx context.Context) ([]User, error) {
	return db.List(ctx, c.DB, scanRuled, sqlRuledPeople)
}

// RuledGroups returns the groups that have a rule, whatever their domains.
func (c *People) RuledGroups(ctx context.Context) ([]Group, error) {
	return db.List(ctx, c.DB, scanGroup, sqlRuledGroups)
}
