package store

import (
	"context"
	"crypto/sha256"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
)

const (
	sqlSetupForget = `DELETE FROM setup_token`
	sqlSetupKeep   = `INSERT INTO setup_token (hash, expires) VALUES (?, ?)`
	sqlSetupUse    = `DELETE FROM setup_token WHERE hash = ? AND expires > ?`
)

// NewSetupToken returns a secret that creates the first administrator, once,
// and forgets any before it. Only its hash is kept.
func (c *Content) NewSetupToken(ctx context.Context, valid time.Duration) (string, error) {
	token := NewID() + NewID()
	err := c.write(ctx, "make setup token", func(t *tx) error {
		if _, err := t.exec(sqlSetupForget); err != nil {
			return err
		}
		hash := sha256.Sum256([]byte(token))
		_, err := t.exec(sqlSetupKeep, hash[:], instant(t.now.Add(valid)))
		return err
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// UseSetupToken makes the administrator of the whole server and spends the
// token, both or neither. Of two at once, one is refused.
func (c *Content) UseSetupToken(ctx context.Context, token string, u User) (User, error) {
	u.Role, u.Everywhere, u.Active = access.Administrator, true, true
	return written(ctx, c.database, "use setup token", func(t *tx) (User, error) {
		hash := sha256.Sum256([]byte(token))
		n, err := t.exec(sqlSetupUse, hash[:], instant(t.now))
		if err != nil {
			return User{}, err
		}
		if n == 0 {
			return User{}, fault.New(fault.Forbidden, "fault.setup.spent")
		}
		return createUser(t, u, "setup")
	})
}
