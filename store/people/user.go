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

// User is an account.
type User struct {
	ID           string // given by the store
	Login        string // as people write it; unique whatever the case or width of its letters
	Password     string // hash in the form of the one who checks it; empty: cannot sign in with one
	Title        string // how they are addressed: Ms, Dr
	FirstName    string
	LastName     string
	Mail         string
	Language     string
	Role         access.Role
	Everywhere   bool // belongs to every domain, present and to come
	Attributes   map[string]string
	Active       bool      // false: suspended
	MustChange   bool      // the password, at the next sign-in
	SessionsFrom time.Time // what was made for programs and by mail before is void
	Era          string    // in which sessions have to have begun: see Counts
	Version      int64
	Created      time.Time
	Changed      time.Time
}

// Known returns how the person is called and by which login they sign in: anybody
// may take somebody else's name, and nobody their login.
func (u User) Known() string {
	if name := u.Name(); name != u.Login {
		return name + " (" + u.Login + ")"
	}
	return u.Login
}

// rules reports whether an account administers the whole server.
func (u User) rules() bool {
	return u.Role == access.Administrator && u.Everywhere && u.Active
}

// Name returns how the person is called, the login when there is no name.
func (u User) Name() string {
	switch {
	case u.FirstName != "" && u.LastName != "":
		return u.FirstName + " " + u.LastName
	case u.FirstName+u.LastName != "":
		return u.FirstName + u.LastName
	}
	return u.Login
}

const (
	sqlUser         = `SELECT id, login, password, title, first_name, last_name, mail, language, role, everywhere, attributes, active, must_change, sessions_from, era, version, created, changed FROM user WHERE id = ?`
	sqlUserByLogin  = `SELECT id, login, password, title, first_name, last_name, mail, language, role, everywhere, attributes, active, must_change, sessions_from, era, version, created, changed FROM user WHERE login_key = ?`
	sqlUserCount    = `SELECT count(*) FROM user`
	sqlUserInsert   = `INSERT INTO user (id, login, login_key, login_look, password, title, first_name, last_name, mail, language, role, everywhere, attributes, active, must_change, created, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlUserSave     = `UPDATE user SET login = ?, login_key = ?, login_look = ?, title = ?, first_name = ?, last_name = ?, mail = ?, language = ?, role = ?, everywhere = ?, attributes = ?, active = ?, sessions_from = ?, era = ?, changed = ?, version = version + 1 WHERE id = ? AND version = ?`
	sqlUserPassword = `UPDATE user SET password = ?, must_change = ?, sessions_from = ?, era = (CAST(era AS INTEGER) + 1) || '.' || lower(hex(randomblob(8))), changed = ?, version = version + 1 WHERE id = ?`
	sqlUserRehash   = `UPDATE user SET password = ? WHERE id = ? AND password = ?`
	sqlUserSignOut  = `UPDATE user SET sessions_from = ?, era = (CAST(era AS INTEGER) + 1) || '.' || lower(hex(randomblob(8))) WHERE id = ?`
	sqlUserDelete   = `DELETE FROM user WHERE id = ? AND version = ?`
)

func scanUser(r db.Row) (u User, err error) {
	return u, r.Scan(&u.ID, &u.Login, &u.Password, &u.Title, &u.FirstName, &u.LastName, &u.Mail, &u.Language,
		(*string)(&u.Role), &u.Everywhere, db.JSON(&u.Attributes), &u.Active, &u.MustChange, (*db.Instant)(&u.SessionsFrom), &u.Era,
		&u.Version, (*db.Instant)(&u.Created), (*db.Instant)(&u.Changed))
}

// User returns one account.
func (c *People) User(ctx context.Context, id string) (User, error) {
	return db.One(ctx, c.DB, scanUser, sqlUser, id)
}

// UserByLogin returns the account of a login however it is written.
func (c *People) UserByLogin(ctx context.Context, login string) (User, error) {
	key, err := access.LoginKey(login)
	if err != nil {
		return User{}, fault.Because(fault.NotFound, err, "fault.not_found")
	}
	return db.One(ctx, c.DB, scanUser, sqlUserByLogin, key)
}

// CountUsers returns how many accounts there are.
func (c *People) CountUsers(ctx context.Context) (int64, error) {
	return db.One(ctx, c.DB, db.ScanNumber, sqlUserCount)
}

// CreateUser makes an account and returns it with its id.
func (c *People) CreateUser(ctx context.Context, u User, by string) (User, error) {
	u.ID = ""
	return db.Written(ctx, c.DB, "create user", func(t *db.Tx) (User, error) { return createUser(t, u, by) })
}

func createUser(t *db.Tx, u User, by string) (User, error) {
	key, err := u.check(User{})
	if err != nil {
		return User{}, err
	}
	look, err := looksFree(t, u, User{}, key)
	if err != nil {
		return User{}, err
	}
	if u.ID == "" {
		u.ID = db.NewID()
	}
	u.Version, u.Created, u.Changed, u.SessionsFrom, u.Era = 1, t.Now, t.Now, time.Time{}, ""
	_, err = t.Exec(sqlUserInsert, u.ID, u.Login, key, look, u.Password, u.Title, u.FirstName, u.LastName, u.Mail, u.Language,
		string(u.Role), u.Everywhere, db.JSON(attributes(u)), u.Active, u.MustChange, db.Instant(u.Created), db.Instant(u.Changed))
	if err != nil {
		return User{}, db.Taken(err, "login", "fault.user.taken")
	}
	if err := enterByRules(t, u); err != nil {
		return User{}, err
	}
	return u, audit.Add(t, by, "user.create", "user:"+u.ID, auditedUser(u))
}

func attributes(u User) map[string]string {
	if u.Attributes == nil {
		return map[string]string{}
	}
	return u.Attributes
}

// SaveUser changes everything but the password of an account that still has
// u's version. Sessions of an account that is suspended or has another role
// become void.
func (c *People) SaveUser(ctx context.Context, u User, by string) (User, error) {
	return db.Written(ctx, c.DB, "save user "+u.ID, func(t *db.Tx) (User, error) { return saveUser(t, u, by) })
}

func saveUser(t *db.Tx, u User, by string) (User, error) {
	rules, err := rulesOf(t)
	if err != nil {
		return u, err
	}
	return saveUserBy(t, u, rules, by)
}

// saveUserBy is saveUser with the rules of all groups.
func saveUserBy(t *db.Tx, u User, rules []groupRule, by string) (User, error) {
	was, err := db.OneIn(t, scanUser, sqlUser, u.ID)
	if err != nil {
		return u, err
	}
	key, err := u.check(was)
	if err != nil {
		return u, err
	}
	look, err := looksFree(t, u, was, key)
	if err != nil {
		return u, err
	}
	u.Changed, u.SessionsFrom, u.Era = t.Now, was.SessionsFrom, was.Era
	if !u.Active || u.Role != was.Role || u.Everywhere != was.Everywhere {
		u.SessionsFrom, u.Era = t.Now, newEra(eraNumber(was.Era)+1)
	}
	err = t.Change(sqlUserSave, u.Login, key, look, u.Title, u.FirstName, u.LastName, u.Mail, u.Language, string(u.Role),
		u.Everywhere, db.JSON(attributes(u)), u.Active, db.Instant(u.SessionsFrom), u.Era, db.Instant(u.Changed), u.ID, u.Version)
	if err != nil {
		return u, db.Taken(err, "login", "fault.user.taken")
	}
	if was.rules() && !u.rules() { // asked of few: it looks at every account
		if err := keepAnAdministrator(t, 1); err != nil {
			return u, err
		}
	}
	u.Version++
	if u.Mail != was.Mail {
		if err := changeMail(t, was, u); err != nil {
			return u, err
		}
	}
	if !maps.Equal(u.Compared(), was.Compared()) {
		if err := enterBy(t, rules, u); err != nil {
			return u, err
		}
	}
	return u, auditSaved(t, was, u, by)
}

// SetPassword gives an account another password; its sessions become void.
func (c *People) SetPassword(ctx context.Context, id, hash, by string) error {
	return c.setPassword(ctx, id, hash, false, by)
}

// SetFirstPassword is SetPassword with one that its owner must change as soon
// as they sign in.
func (c *People) SetFirstPassword(ctx context.Context, id, hash, by string) error {
	return c.setPassword(ctx, id, hash, true, by)
}

func (c *People) setPassword(ctx context.Context, id, hash string, mustChange bool, by string) error {
	return c.Write(ctx, "set password of "+id, func(t *db.Tx) error {
		if err := t.Touch(sqlUserPassword, hash, mustChange, db.Instant(t.Now), db.Instant(t.Now), id); err != nil {
			return err
		}
		if err := spendResets(t, id); err != nil {
			return err
		}
		return audit.Add(t, by, "user.password", "user:"+id, nil)
	})
}

// RehashPassword keeps the same password hashed with better settings, unless
// it was changed meanwhile.
func (c *People) RehashPassword(ctx context.Context, id, old, better string) error {
	return c.Write(ctx, "rehash password of "+id, func(t *db.Tx) error {
		_, err := t.Exec(sqlUserRehash, better, id, old)
		return err
	})
}

// EndSessions makes every session of an account void.
func (c *People) EndSessions(ctx context.Context, id, by string) error {
	return c.Write(ctx, "end sessions of "+id, func(t *db.Tx) error { return endSessions(t, id, by) })
}

func endSessions(t *db.Tx, id, by string) error {
	if err := t.Touch(sqlUserSignOut, db.Instant(t.Now), id); err != nil {
		return err
	}
	return audit.Add(t, by, "user.sign_out", "user:"+id, nil)
}

// DeleteUser removes an account for good, with its memberships and rights; its
// projects go to an heir. What they did is erased apart: Activity.EraseUser.
func (c *People) DeleteUser(ctx context.Context, id string, version int64, h Heir, by string) error {
	return c.Write(ctx, "delete user "+id, func(t *db.Tx) error {
		rulers, err := db.OneIn(t, db.ScanNumber, sqlUserRulers)
		if err != nil {
			return err
		}
		if err := handOver(t, []string{id}, h, by); err != nil {
			return err
		}
		if err := t.Change(sqlUserDelete, id, version); err != nil {
			return err
		}
		if err := keepAnAdministrator(t, rulers); err != nil {
			return err
		}
		return audit.Add(t, by, "user.delete", "user:"+id, nil)
	})
}
