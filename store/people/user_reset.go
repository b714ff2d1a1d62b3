package people

import (
	"context"
	"crypto/sha256"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

const (
	sqlUsersByMail = `SELECT id, login, password, title, first_name, last_name, mail, language, role, everywhere, attributes, active, must_change, sessions_from, era, version, created, changed FROM user WHERE mail <> '' AND lower(mail) = lower(?) AND active = 1 ORDER BY created, id LIMIT ?`
	sqlResetForget = `DELETE FROM reset_token WHERE expires <= ?`
	sqlResetCount  = `SELECT count(*) FROM reset_token WHERE user = ?`
	sqlResetKeep   = `INSERT INTO reset_token (hash, user, expires) VALUES (?, ?, ?)`
	sqlResetUser   = `SELECT u.id, u.login, u.password, u.title, u.first_name, u.last_name, u.mail, u.language, u.role, u.everywhere, u.attributes, u.active, u.must_change, u.sessions_from, u.era, u.version, u.created, u.changed FROM reset_token r JOIN user u ON u.id = r.user WHERE r.hash = ? AND r.expires > ? AND u.active = 1`
	sqlResetSpend  = `UPDATE reset_token SET hash = randomblob(32) WHERE user = ?`
)

// UsersByMail returns the accounts that may come in and have an address, the
// oldest first.
func (c *People) UsersByMail(ctx context.Context, mail string, limit int) ([]User, error) {
	return db.List(ctx, c.DB, scanUser, sqlUsersByMail, mail, db.AtMost(limit))
}

// NewResetToken returns a secret by which the password of an account is chosen
// anew, once. Only its hash is kept. When so many were made that are or would
// still be valid, it is fault.Limited.
func (c *People) NewResetToken(ctx context.Context, user string, valid time.Duration, most int64) (string, error) {
	token := db.NewID() + db.NewID()
	err := c.Write(ctx, "make reset token of "+user, func(t *db.Tx) error {
		if _, err := t.Exec(sqlResetForget, db.Instant(t.Now)); err != nil {
			return err
		}
		n, err := db.OneIn(t, db.ScanNumber, sqlResetCount, user)
		if err != nil {
			return err
		}
		if n >= most {
			return fault.New(fault.Limited, "fault.limited")
		}
		hash := sha256.Sum256([]byte(token))
		if _, err := t.Exec(sqlResetKeep, hash[:], user, db.Instant(t.Now.Add(valid))); err != nil {
			return err
		}
		return audit.Add(t, "reset", "user.reset", "user:"+user, nil)
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// ResetUser returns whose password a secret chooses anew, without spending it.
func (c *People) ResetUser(ctx context.Context, token string) (User, error) {
	hash := sha256.Sum256([]byte(token))
	return db.One(ctx, c.DB, scanUser, sqlResetUser, hash[:], db.Instant(c.Now()))
}

// UseResetToken gives the account of a secret another password, and spends every
// secret of the account; its sessions become void. Of two at once, one is
// refused with fault.NotFound.
func (c *People) UseResetToken(ctx context.Context, token, hash string) (User, error) {
	return db.Written(ctx, c.DB, "use reset token", func(t *db.Tx) (User, error) {
		named := sha256.Sum256([]byte(token))
		u, err := db.OneIn(t, scanUser, sqlResetUser, named[:], db.Instant(t.Now))
		if err != nil {
			return User{}, err
		}
		if err := t.Touch(sqlUserPassword, hash, false, db.Instant(t.Now), db.Instant(t.Now), u.ID); err != nil {
			return User{}, err
		}
		if err := spendResets(t, u.ID); err != nil {
			return User{}, err
		}
		if err := audit.Add(t, u.ID, "user.password", "user:"+u.ID, map[string]string{"by": "mail"}); err != nil {
			return User{}, err
		}
		return db.OneIn(t, scanUser, sqlUser, u.ID)
	})
}

// spendResets makes the secrets of an account open nothing. They go on counting
// for how many are made in a time.
func spendResets(t *db.Tx, user string) error {
	_, err := t.Exec(sqlResetSpend, user)
	return err
}
