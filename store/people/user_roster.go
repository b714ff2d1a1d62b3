package people

import (
	"context"

	"selfhelp/app/fault"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

// Known is an account with where it belongs.
type Known struct {
	User    User
	Belongs Memberships
}

// KnownByLogin returns the accounts of logins, by the key of the login that each
// list has; those of nobody are not among them. It is one reading: ask for some
// hundreds at a time.
func (c *People) KnownByLogin(ctx context.Context, keys []string) (map[string]Known, error) {
	known := map[string]Known{}
	err := c.Read(ctx, func(t *db.Tx) error {
		for _, key := range keys {
			u, err := db.OneIn(t, scanUser, sqlUserByLogin, key)
			if fault.Is(err, fault.NotFound) {
				continue
			}
			if err != nil {
				return err
			}
			m, err := memberships(t, u.ID)
			if err != nil {
				return err
			}
			known[key] = Known{u, m}
		}
		return nil
	})
	return known, err
}

// Roster is an account as a list of people has it: one without an id is made. A
// password, hashed, is to be changed by its owner.
type Roster struct {
	User            User
	Moves           bool     // it belongs elsewhere than before
	Domains, Groups []string // directly, and by hand, when it does
	Password        string
}

// SaveRoster makes and changes accounts, all or none.
func (c *People) SaveRoster(ctx context.Context, all []Roster, by string) error {
	return c.Write(ctx, "save roster", func(t *db.Tx) error {
		rules, err := rulesOf(t)
		if err != nil {
			return err
		}
		for _, one := range all {
			if err := saveRostered(t, one, rules, by); err != nil {
				return err
			}
		}
		return nil
	})
}

func saveRostered(t *db.Tx, one Roster, rules []groupRule, by string) (err error) {
	u := one.User
	if u.ID == "" {
		u.Password, u.MustChange = one.Password, one.Password != ""
		u, err = createUser(t, u, by)
	} else {
		u, err = saveUserBy(t, u, rules, by)
	}
	if err != nil {
		return err
	}
	if one.Moves {
		if err := setMemberships(t, u.ID, one.Domains, one.Groups, by); err != nil {
			return err
		}
	}
	if one.User.ID == "" || one.Password == "" {
		return nil
	}
	if err := t.Touch(sqlUserPassword, one.Password, true, db.Instant(t.Now), db.Instant(t.Now), u.ID); err != nil {
		return err
	}
	return audit.Add(t, by, "user.password", "user:"+u.ID, nil)
}
