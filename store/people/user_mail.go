package people

import (
	"context"
	"strings"
	"time"

	"selfhelp/store/db"
)

// MailChange is that an account got another address, which the one before is to
// be told of.
type MailChange struct {
	ID   string
	User string // id
	Was  string
	Now  string // "" when it was removed
	At   time.Time
}

const (
	sqlMailKeep   = `INSERT INTO mail_change (id, user, was, now, at) VALUES (?, ?, ?, ?, ?)`
	sqlMailNext   = `SELECT id, user, was, now, at FROM mail_change ORDER BY at, id LIMIT ?`
	sqlMailForget = `DELETE FROM mail_change WHERE id = ?`
)

func scanMailChange(r db.Row) (m MailChange, err error) {
	return m, r.Scan(&m.ID, &m.User, &m.Was, &m.Now, (*db.Instant)(&m.At))
}

// MailChanges returns the changes of addresses that nobody was told of yet, the
// oldest first. It holds every one, whoever made it: they are kept in the
// transaction that saves the account, and what was only rehearsed leaves none.
func (c *People) MailChanges(ctx context.Context, limit int) ([]MailChange, error) {
	return db.List(ctx, c.DB, scanMailChange, sqlMailNext, db.AtMost(limit))
}

// ForgetMailChange ends that somebody is to be told of a change.
func (c *People) ForgetMailChange(ctx context.Context, id string) error {
	return c.Write(ctx, "forget the change of an address", func(t *db.Tx) error {
		_, err := t.Exec(sqlMailForget, id)
		return err
	})
}

// changeMail is what else is done when an account gets another address: what was
// sent to the one before opens nothing any more, and it is to be told. Letters of
// another case are the same mailbox.
func changeMail(t *db.Tx, was, u User) error {
	if err := spendResets(t, u.ID); err != nil || was.Mail == "" || strings.EqualFold(was.Mail, u.Mail) {
		return err
	}
	_, err := t.Exec(sqlMailKeep, db.NewID(), u.ID, was.Mail, u.Mail, db.Instant(t.Now))
	return err
}
