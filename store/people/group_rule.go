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
	sqlRuledPeople = `SELECT id, language, title, role, attributes FROM user`
)

// groupRule is the rule of a group.
type groupRule struct {
	group string
	rule  access.Rule
}

// ruled is what rules compare: the attributes of an account, and some of what
// every account has.
func ruled(u User) map[string]string {
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
	in, attributes := []string{}, ruled(u)
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
			if g.Rule.Holds(ruled(u)) {
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
	return u, r.Scan(&u.ID, &u.Language, &u.Title, (*string)(&u.Role), db.JSON(&u.Attributes))
}

// Ruled is somebody as rules see them.
type Ruled struct {
	User       string
	Attributes map[string]string
}

// PeopleForRules returns what rules compare of every account, so that a rule can
// be tried before it counts.
func (c *People) PeopleForRules(ctx context.Context) ([]Ruled, error) {
	return db.List(ctx, c.DB, func(r db.Row) (Ruled, error) {
		u, err := scanRuled(r)
		return Ruled{u.ID, ruled(u)}, err
	}, sqlRuledPeople)
}
