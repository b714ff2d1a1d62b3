package people

import (
	"context"
	"maps"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

// Identity is who a user is at a method of signing in.
type Identity struct {
	Method  string
	Subject string // as the method identifies people, for ever
	User    string // id
	Created time.Time
	Seen    time.Time // last told of by the method
}

const (
	sqlIdentitiesOf   = `SELECT method, subject, user, created, seen FROM identity WHERE user = ? ORDER BY method, subject`
	sqlIdentitiesAt   = `SELECT method, subject, user, created, seen FROM identity WHERE method = ? ORDER BY subject`
	sqlIdentityUser   = `SELECT u.id, u.login, u.password, u.title, u.first_name, u.last_name, u.mail, u.language, u.role, u.everywhere, u.attributes, u.active, u.must_change, u.sessions_from, u.version, u.created, u.changed FROM user u JOIN identity i ON i.user = u.id WHERE i.method = ? AND i.subject = ?`
	sqlIdentityKeep   = `INSERT INTO identity (method, subject, user, created, seen) VALUES (?, ?, ?, ?4, ?4) ON CONFLICT (method, subject) DO UPDATE SET seen = excluded.seen`
	sqlIdentityForget = `DELETE FROM identity WHERE method = ? AND user = ?`
	sqlIdentityNo     = `SELECT count(*) FROM identity WHERE method = ? AND user = ?`
	sqlSourceLeave    = `DELETE FROM group_member WHERE user = ? AND source = ? AND group_id NOT IN (SELECT value FROM json_each(?))`
	sqlSourceEnter    = `INSERT OR IGNORE INTO group_member (user, group_id, source) SELECT ?, g.id, ? FROM user_group g WHERE g.id IN (SELECT value FROM json_each(?))`
)

func scanIdentity(r db.Row) (i Identity, err error) {
	return i, r.Scan(&i.Method, &i.Subject, &i.User, (*db.Instant)(&i.Created), (*db.Instant)(&i.Seen))
}

// IdentitiesOf returns who a user is at each method that knows them.
func (c *People) IdentitiesOf(ctx context.Context, user string) ([]Identity, error) {
	return db.List(ctx, c.DB, scanIdentity, sqlIdentitiesOf, user)
}

// IdentitiesAt returns everybody whom a method knows.
func (c *People) IdentitiesAt(ctx context.Context, method string) ([]Identity, error) {
	return db.List(ctx, c.DB, scanIdentity, sqlIdentitiesAt, method)
}

// ForgetIdentity ends that a method knows a user, with the groups it told.
func (c *People) ForgetIdentity(ctx context.Context, method, user, by string) error {
	return c.Write(ctx, "forget identity of "+user, func(t *db.Tx) error {
		n, err := t.Exec(sqlIdentityForget, method, user)
		if err != nil || n == 0 {
			return err
		}
		if _, err := t.Exec(sqlSourceLeave, user, method, db.JSON([]string{})); err != nil {
			return err
		}
		return audit.Add(t, by, "user.identity.forget", "user:"+user, map[string]string{"method": method})
	})
}

// Arrival is somebody as a method tells of them, in the words of accounts.
type Arrival struct {
	Method  string
	Subject string
	Account func(User) User // writes what the method tells into an account; the zero one is new
	Create  bool            // make an account for whom none is known
	Take    Taking          // whether the account of the same login may be theirs
	Domains []string        // of a new account
	Groups  []string        // ids, as the method tells; those it told before and not now are left
}

// Taking says which accounts, made before anybody came by a method, may be those
// of who comes with the same login.
type Taking string

// The kinds of taking. Nobody takes an account whose user is known at the method
// as somebody else.
const (
	TakeNone      Taking = ""
	TakeUnclaimed Taking = "unclaimed" // without a password: nobody could sign in to them
	TakeAny       Taking = "any"       // whoever administers says that logins are the same everywhere
)

// Why there is no account for somebody.
const (
	NoAccount    = "fault.sign_in.no_account"
	AccountTaken = "fault.sign_in.taken"
)

// Arrive finds the account of each, or makes it, and keeps what the method
// tells, all in one transaction. The results are in the same order; the error of
// one that has no account is its own, and the others stand.
func (c *People) Arrive(ctx context.Context, all []Arrival, by string) ([]User, []error, error) {
	users, errs := make([]User, len(all)), make([]error, len(all))
	err := c.Write(ctx, "keep who came", func(t *db.Tx) error {
		rules, err := rulesOf(t)
		if err != nil {
			return err
		}
		for i, a := range all {
			users[i], errs[i] = arrive(t, a, rules, by)
			if k := fault.KindOf(errs[i]); errs[i] != nil && k != fault.Unauthenticated && k != fault.Conflict && k != fault.Invalid {
				return errs[i]
			}
		}
		return nil
	})
	return users, errs, err
}

func arrive(t *db.Tx, a Arrival, rules []groupRule, by string) (User, error) {
	u, err := findArrived(t, a)
	if err != nil {
		return u, err
	}
	isNew := u.ID == ""
	u, err = keepArrived(t, u, a, rules, by)
	if err != nil {
		return u, err
	}
	if _, err := t.Exec(sqlIdentityKeep, a.Method, a.Subject, u.ID, db.Instant(t.Now)); err != nil {
		return u, err
	}
	if isNew {
		for _, d := range a.Domains {
			if _, err := t.Exec(sqlEnterDomain, u.ID, d); err != nil {
				return u, err
			}
		}
	}
	return u, tellGroups(t, u, a, by)
}

// findArrived returns the account of somebody, or the zero one where it is to be
// made.
func findArrived(t *db.Tx, a Arrival) (User, error) {
	known, err := db.ListIn(t, scanUser, sqlIdentityUser, a.Method, a.Subject)
	if err != nil || len(known) > 0 {
		if err != nil {
			return User{}, err
		}
		return known[0], nil
	}
	made := a.Account(User{})
	key, err := access.LoginKey(made.Login)
	if err != nil {
		return User{}, fault.Because(fault.Unauthenticated, err, NoAccount)
	}
	same, err := db.ListIn(t, scanUser, sqlUserByLogin, key)
	switch {
	case err != nil:
		return User{}, err
	case len(same) == 0 && !a.Create:
		return User{}, fault.New(fault.Unauthenticated, NoAccount)
	case len(same) == 0:
		return User{}, nil
	case a.Take != TakeAny && (a.Take != TakeUnclaimed || same[0].Password != ""):
		return User{}, fault.New(fault.Unauthenticated, AccountTaken)
	}
	n, err := db.OneIn(t, db.ScanNumber, sqlIdentityNo, a.Method, same[0].ID)
	if err == nil && n > 0 {
		err = fault.New(fault.Unauthenticated, AccountTaken) // somebody else there had this login before
	}
	return same[0], err
}

// keepArrived writes what a method tells into the account, where it is
// otherwise.
func keepArrived(t *db.Tx, was User, a Arrival, rules []groupRule, by string) (User, error) {
	u := a.Account(was)
	u.Attributes = attributes(u)
	if was.ID == "" {
		return createUser(t, u, by)
	}
	if sameAccount(u, was) {
		return was, nil
	}
	return saveUserBy(t, u, rules, by)
}

// tellGroups makes the groups that the method tells those of the account.
func tellGroups(t *db.Tx, u User, a Arrival, by string) error {
	groups := a.Groups
	if groups == nil {
		groups = []string{}
	}
	left, err := t.Exec(sqlSourceLeave, u.ID, a.Method, db.JSON(groups))
	if err != nil {
		return err
	}
	entered, err := t.Exec(sqlSourceEnter, u.ID, a.Method, db.JSON(groups))
	if err != nil || left+entered == 0 {
		return err
	}
	return audit.Add(t, by, "user.memberships", "user:"+u.ID, map[string]any{"groups": groups, "method": a.Method})
}

// sameAccount reports whether two states of an account differ in nothing that a
// method could tell.
func sameAccount(a, b User) bool {
	return a.Login == b.Login && a.Title == b.Title && a.FirstName == b.FirstName && a.LastName == b.LastName && a.Mail == b.Mail &&
		a.Language == b.Language && a.Role == b.Role && a.Active == b.Active && maps.Equal(a.Attributes, b.Attributes)
}
