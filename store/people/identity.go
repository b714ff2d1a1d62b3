package people

import (
	"context"
	"errors"
	"maps"
	"slices"
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
	sqlMayAdminister  = `SELECT count(*) FROM user u WHERE u.role = 'administrator' AND u.everywhere = 1 AND u.active = 1 AND (?1 AND u.password <> '' OR EXISTS (SELECT 1 FROM identity i WHERE i.user = u.id AND i.method IN (SELECT value FROM json_each(?2))))`
	sqlIdentityOne    = `SELECT method, subject, user, created, seen FROM identity WHERE method = ? AND subject = ?`
	sqlIdentityUser   = `SELECT u.id, u.login, u.password, u.title, u.first_name, u.last_name, u.mail, u.language, u.role, u.everywhere, u.attributes, u.active, u.must_change, u.sessions_from, u.era, u.version, u.created, u.changed FROM user u JOIN identity i ON i.user = u.id WHERE i.method = ? AND i.subject = ?`
	sqlIdentityKeep   = `INSERT INTO identity (method, subject, user, created, seen) VALUES (?, ?, ?, ?4, ?4) ON CONFLICT (method, subject) DO UPDATE SET seen = excluded.seen`
	sqlIdentityForget = `DELETE FROM identity WHERE method = ? AND user = ?`
	sqlClaims         = `SELECT (SELECT count(*) FROM identity WHERE user = ?1 AND method NOT IN (SELECT value FROM json_each(?2))) + (SELECT count(*) FROM factor WHERE user = ?1 AND kind = 'passkey')`
	sqlOwn            = `SELECT count(*) FROM user u WHERE u.id = ? AND (u.password <> '' OR EXISTS (SELECT 1 FROM factor f WHERE f.user = u.id AND f.kind = 'passkey'))`
	sqlIdentityNo     = `SELECT count(*) FROM identity WHERE method = ? AND user = ?`
	sqlSourceOf       = `SELECT group_id FROM group_member WHERE user = ? AND source = ? ORDER BY group_id`
	sqlSourceLeave    = `DELETE FROM group_member WHERE user = ? AND group_id = ? AND source = ?`
	sqlSourceEnter    = `INSERT OR IGNORE INTO group_member (user, group_id, source) SELECT ?, g.id, ?3 FROM user_group g WHERE g.id = ?2`
	sqlSourceEnd      = `DELETE FROM group_member WHERE user = ? AND source = ?`
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
		if _, err := t.Exec(sqlSourceEnd, user, method); err != nil {
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
	ID      string          // of the account, where it is made: another server made it already; "" for a new one
	Take    Taking          // whether the account of the same login may be theirs
	Beside  []string        // methods by which nobody signs in: what they know is unclaimed all the same
	Domains []string        // of a new account
	Barred  func(User) bool // accounts that cannot be theirs; nil: none
	// Keeps refuses what the method tells of an account that a password or a passkey
	// kept here opens; nil: nothing.
	Keeps  func(was, told User) error
	Groups []string // ids, as the method tells; those it told before and not now are left
}

// Taking says which accounts, made before anybody came by a method, may be those
// of who comes with the same login.
type Taking string

// The kinds of taking. Nobody takes an account whose user is known at the method
// as somebody else.
const (
	TakeNone      Taking = ""
	TakeUnclaimed Taking = "unclaimed" // nobody could sign in to them: they have no password, no passkey, and no method knows them
	TakeAny       Taking = "any"       // whoever administers says that logins are the same everywhere
)

// Why there is no account for somebody.
const (
	NoAccount    = "fault.sign_in.no_account"
	AccountTaken = "fault.sign_in.taken"
	AccountAlike = "fault.sign_in.alike"
)

// Arrived is what became of an arrival.
type Arrived struct {
	User    User     // as it is now
	Was     User     // as it was; the zero one when the account is new
	Entered []string // groups, by id
	Left    []string
	Err     error // why there is no account for them; the others stand
}

// Changed reports whether anything is otherwise than before.
func (a Arrived) Changed() bool {
	return a.Err == nil && (a.Was.ID == "" || !sameAccount(a.User, a.Was) || len(a.Entered)+len(a.Left) > 0)
}

// Arrive finds the account of each, or makes it, and keeps what the method
// tells, all in one transaction. What became of each comes in the same order.
func (c *People) Arrive(ctx context.Context, all []Arrival, by string) ([]Arrived, error) {
	if len(all) == 1 {
		if u, same, err := c.asBefore(ctx, all[0]); err != nil || same {
			return []Arrived{{User: u, Was: u}}, err
		}
	}
	return c.arrive(ctx, all, by, nil)
}

// seenEvery is how exactly it is kept when a method last told of somebody.
const seenEvery = time.Hour

// asBefore returns the account of somebody of whom a method tells nothing new, as
// most times; reading is enough then.
func (c *People) asBefore(ctx context.Context, a Arrival) (u User, same bool, err error) {
	err = c.Read(ctx, func(t *db.Tx) error {
		known, err := db.ListIn(t, scanIdentity, sqlIdentityOne, a.Method, a.Subject)
		if err != nil || len(known) == 0 || t.Now.Sub(known[0].Seen) > seenEvery {
			return err
		}
		if u, err = db.OneIn(t, scanUser, sqlUser, known[0].User); err != nil {
			return err
		}
		told := a.Account(u)
		told.Attributes = attributes(told)
		if !sameAccount(told, u) {
			return nil
		}
		before, err := db.ListIn(t, db.ScanText, sqlSourceOf, u.ID, a.Method)
		same = err == nil && sameNames(before, a.Groups)
		return err
	})
	return u, same, err
}

func sameNames(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

var errRehearsed = errors.New("it was only tried")

// Rehearse returns what Arrive would do, and does nothing.
func (c *People) Rehearse(ctx context.Context, all []Arrival) ([]Arrived, error) {
	done, err := c.arrive(ctx, all, "", errRehearsed)
	if errors.Is(err, errRehearsed) {
		err = nil
	}
	return done, err
}

func (c *People) arrive(ctx context.Context, all []Arrival, by string, end error) ([]Arrived, error) {
	done := make([]Arrived, len(all))
	err := c.Write(ctx, "keep who came", func(t *db.Tx) error {
		rules, err := rulesOf(t)
		if err != nil {
			return err
		}
		for i, a := range all {
			done[i], err = arrive(t, a, rules, by)
			if k := fault.KindOf(err); err != nil && k != fault.Unauthenticated && k != fault.Conflict && k != fault.Invalid {
				return err
			}
			done[i].Err = err
		}
		return end
	})
	return done, err
}

func arrive(t *db.Tx, a Arrival, rules []groupRule, by string) (done Arrived, err error) {
	if done.Was, err = findArrived(t, a); err != nil {
		return done, err
	}
	if done.User, err = keepArrived(t, done.Was, a, rules, by); err != nil {
		return done, err
	}
	if _, err = t.Exec(sqlIdentityKeep, a.Method, a.Subject, done.User.ID, db.Instant(t.Now)); err != nil {
		return done, err
	}
	if done.Was.ID == "" {
		for _, d := range a.Domains {
			if _, err := t.Exec(sqlEnterDomain, done.User.ID, d); err != nil {
				return done, err
			}
		}
	}
	return done, tellGroups(t, &done, a, by)
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
		if _, err = looksFree(t, made, User{}, key); fault.Is(err, fault.Conflict) {
			err = fault.Because(fault.Unauthenticated, err, AccountAlike)
		}
		return User{}, err
	case a.Barred != nil && a.Barred(same[0]):
		return User{}, fault.New(fault.Unauthenticated, AccountTaken)
	}
	may, err := mayTake(t, a, same[0])
	if err == nil && !may {
		err = fault.New(fault.Unauthenticated, AccountTaken)
	}
	return same[0], err
}

// mayTake reports whether an account that has the login of somebody may be
// theirs. One that the method knows never is: somebody else there had this login
// before.
func mayTake(t *db.Tx, a Arrival, u User) (bool, error) {
	known, err := db.OneIn(t, db.ScanNumber, sqlIdentityNo, a.Method, u.ID)
	if err != nil || known > 0 || a.Take == TakeAny {
		return known == 0, err
	}
	if a.Take != TakeUnclaimed || u.Password != "" {
		return false, nil
	}
	claims, err := db.OneIn(t, db.ScanNumber, sqlClaims, u.ID, db.JSON(append([]string{}, a.Beside...)))
	return claims == 0, err
}

// keepArrived writes what a method tells into the account, where it is
// otherwise.
func keepArrived(t *db.Tx, was User, a Arrival, rules []groupRule, by string) (User, error) {
	u := a.Account(was)
	u.Attributes = attributes(u)
	if was.ID == "" {
		u.ID = a.ID
		return createUser(t, u, by)
	}
	if sameAccount(u, was) {
		return was, nil
	}
	if a.Keeps != nil {
		own, err := db.OneIn(t, db.ScanNumber, sqlOwn, was.ID)
		if err == nil && own > 0 {
			err = a.Keeps(was, u)
		}
		if err != nil {
			return was, err
		}
	}
	return saveUserBy(t, u, rules, by)
}

// tellGroups makes the groups that the method tells those of the account.
func tellGroups(t *db.Tx, done *Arrived, a Arrival, by string) error {
	before, err := db.ListIn(t, db.ScanText, sqlSourceOf, done.User.ID, a.Method)
	if err != nil {
		return err
	}
	for _, g := range a.Groups {
		if slices.Contains(before, g) {
			continue
		}
		n, err := t.Exec(sqlSourceEnter, done.User.ID, g, a.Method)
		if err != nil {
			return err
		}
		if n > 0 {
			done.Entered = append(done.Entered, g)
		}
	}
	for _, g := range before {
		if slices.Contains(a.Groups, g) {
			continue
		}
		if _, err := t.Exec(sqlSourceLeave, done.User.ID, g, a.Method); err != nil {
			return err
		}
		done.Left = append(done.Left, g)
	}
	if len(done.Entered)+len(done.Left) == 0 {
		return nil
	}
	return audit.Add(t, by, "user.memberships", "user:"+done.User.ID, map[string]any{"groups": a.Groups, "method": a.Method})
}

// Depart takes the groups that a method told of accounts (by id) away from them:
// it no longer has their people.
func (c *People) Depart(ctx context.Context, method string, users []string, by string) error {
	return c.Write(ctx, "leave the groups of a method", func(t *db.Tx) error {
		for _, id := range users {
			done := Arrived{User: User{ID: id}}
			if err := tellGroups(t, &done, Arrival{Method: method}, by); err != nil {
				return err
			}
		}
		return nil
	})
}

// MayAdminister reports whether somebody who administers the server could come in:
// by a password kept here, when passwords count, or known at one of the methods.
func (c *People) MayAdminister(ctx context.Context, passwords bool, methods []string) (bool, error) {
	n, err := db.One(ctx, c.DB, db.ScanNumber, sqlMayAdminister, passwords, db.JSON(append([]string{}, methods...)))
	return n > 0, err
}

// sameAccount reports whether two states of an account differ in nothing that a
// method could tell.
func sameAccount(a, b User) bool {
	return a.Login == b.Login && a.Title == b.Title && a.FirstName == b.FirstName && a.LastName == b.LastName && a.Mail == b.Mail &&
		a.Language == b.Language && a.Role == b.Role && a.Active == b.Active && maps.Equal(a.Attributes, b.Attributes)
}

const (
	sqlMethodForget = `DELETE FROM identity WHERE method = ?`
	sqlMethodLeave  = `DELETE FROM group_member WHERE source = ? AND source NOT IN ('', 'rule')`
)

// ForgetMethod ends that a method knows anybody, with the groups it told. The
// accounts stay.
func (c *People) ForgetMethod(ctx context.Context, method, by string) error {
	return c.Write(ctx, "forget method "+method, func(t *db.Tx) error {
		for _, query := range []string{sqlMethodForget, sqlMethodLeave} {
			if _, err := t.Exec(query, method); err != nil {
				return err
			}
		}
		return audit.Add(t, by, "method.forget", "method:"+method, nil)
	})
}
