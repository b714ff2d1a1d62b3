package people

import (
	"context"
	"strings"
	"time"

	"selfhelp/store/db"
)

// MailChange is that an account got another address, maybe by several changes of
// which only the last holds; the first address is to be told.
type MailChange struct {
	User string    // id
	Was  string    // before the first of them
	At   time.Time // of the last of them
}

const (
	sqlMailKeep = `INSERT INTO mail_change (id, user, was, at) VALUES (?, ?, ?, ?)`
	sqlMailNext = `SELECT c.user, (SELECT f.was FROM mail_change f WHERE f.user = c.user ORDER BY f.at, f.rowid LIMIT 1), max(c.at)
		FROM mail_change c GROUP BY c.user HAVING max(c.at) <= ? OR min(c.at) <= ? ORDER BY min(c.at), c.user LIMIT ?`
	sqlMailBefore = `SELECT was FROM mail_change WHERE user = ? ORDER BY at, rowid LIMIT 1`
	sqlMailForget = `DELETE FROM mail_change WHERE user = ? AND at <= ?`
)

func scanMailChange(r db.Row) (m MailChange, err error) {
	return m, r.Scan(&m.User, &m.Was, (*db.Instant)(&m.At))
}

// MailChanges returns the accounts whose address changed and that nobody was told of
// yet, those that wait longest first: where the last change is from before settled,
// or the first from before long. It holds every one, whoever made it: they are kept
// in the transaction that saves the account, and what was only rehearsed leaves none.
func (c *People) MailChanges(ctx context.Context, settled, long time.Time, limit int) ([]MailChange, error) {
	return db.List(ctx, c.DB, scanMailChange, sqlMailNext, db.Instant(settled), db.Instant(long), db.AtMost(limit))
}

// MailBefore is the address that an account had before the changes nobody was told of
// yet: whoever reads there should know what else is done meanwhile. "" for none.
func (c *People) MailBefore(ctx context.Context, user string) (string, error) {
	all, err := db.List(ctx, c.DB, db.ScanText, sqlMailBefore, user)
	return strings.Join(all, ""), err // at most one
}

// ForgetMailChange ends that somebody is to be told of a change. What came after it
// is kept.
func (c *People) ForgetMailChange(ctx context.Context, m MailChange) error {
	return c.Write(ctx, "forget the change of an address", func(t *db.Tx) error {
		_, err := t.Exec(sqlMailForget, m.User, db.Instant(m.At))
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
	_, err := t.Exec(sqlMailKeep, db.NewID(), u.ID, was.Mail, db.Instant(t.Now))
	return err
}
