package people

import (
	"context"
	"crypto/sha256"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/store/db"
)

const (
	sqlSetupForget = `DELETE FROM setup_token`
	sqlSetupKeep   = `INSERT INTO setup_token (hash, expires) VALUES (?, ?)`
	sqlSetupFind   = `SELECT count(*) FROM setup_token WHERE hash = ? AND expires > ?`
	sqlSetupUse    = `DELETE FROM setup_token WHERE hash = ? AND expires > ?`
)

// NewSetupToken returns a secret that creates the first administrator, once,
// and forgets any before it. Only its hash is kept.
func (c *People) NewSetupToken(ctx context.Context, valid time.Duration) (string, error) {
	token := db.NewID() + db.NewID()
	err := c.Write(ctx, "make setup token", func(t *db.Tx) error {
		if _, err := t.Exec(sqlSetupForget); err != nil {
			return err
		}
		hash := sha256.Sum256([]byte(token))
		_, err := t.Exec(sqlSetupKeep, hash[:], db.Instant(t.Now.Add(valid)))
		return err
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// CheckSetupToken refuses a token that creates nobody (any more), as UseSetupToken
// does, and spends none.
func (c *People) CheckSetupToken(ctx context.Context, token string) error {
	return c.Read(ctx, func(t *db.Tx) error {
		hash := sha256.Sum256([]byte(token))
		n, err := db.OneIn(t, db.ScanNumber, sqlSetupFind, hash[:], db.Instant(t.Now))
		if err == nil && n == 0 {
			err = fault.New(fault.Forbidden, "fault.setup.spent")
		}
		return err
	})
}

// UseSetupToken makes the administrator of the whole server and spends the
// token, both or neither. Of two at once, one is refused.
func (c *People) UseSetupToken(ctx context.Context, token string, u User) (User, error) {
	u.Role, u.Everywhere, u.Active = access.Administrator, true, true
	return db.Written(ctx, c.DB, "use setup token", func(t *db.Tx) (User, error) {
		hash := sha256.Sum256([]byte(token))
		n, err := t.Exec(sqlSetupUse, hash[:], db.Instant(t.Now))
		if err != nil {
			return User{}, err
		}
		if n == 0 {
			return User{}, fault.New(fault.Forbidden, "fault.setup.spent")
		}
		return createUser(t, u, "setup")
	})
}
