package people

import (
	"context"
	"time"

	"selfhelp/store/audit"
	"selfhelp/store/db"
)

// Factor is what a user shows beside a password, or instead of one.
type Factor struct {
	ID      string // given by whoever makes it: its data is sealed for it
	User    string
	Kind    FactorKind
	Name    string // as the user calls it
	Handle  []byte // of a passkey: what its authenticator calls the user
	Data    string // sealed
	Created time.Time
	Used    time.Time
}

// FactorKind says what is shown.
type FactorKind string

// The kinds of factors.
const (
	Code     FactorKind = "code"     // of an authenticator app
	Recovery FactorKind = "recovery" // codes on paper
	Passkey  FactorKind = "passkey"
)

const (
	sqlFactors      = `SELECT id, user, kind, name, handle, data, created, used FROM factor WHERE user = ? ORDER BY created, id`
	sqlFactorHolder = `SELECT id, user, kind, name, handle, data, created, used FROM factor WHERE handle = ? AND handle <> x'' ORDER BY created, id`
	sqlFactorAdd    = `INSERT INTO factor (id, user, kind, name, handle, data, created) VALUES (?, ?, ?, ?, ?, ?, ?)`
	sqlFactorUse    = `UPDATE factor SET data = ?, used = ? WHERE id = ? AND data = ?`
	sqlFactorRemove = `DELETE FROM factor WHERE user = ? AND id = ?`
	sqlFactorsEnd   = `DELETE FROM factor WHERE user = ?`
	sqlFactorOfKind = `DELETE FROM factor WHERE user = ? AND kind = ?`
)

func scanFactor(r db.Row) (f Factor, err error) {
	var data []byte
	err = r.Scan(&f.ID, &f.User, (*string)(&f.Kind), &f.Name, &f.Handle, &data, (*db.Instant)(&f.Created), (*db.Instant)(&f.Used))
	f.Data = string(data)
	return f, err
}

// Factors returns what a user has to show.
func (c *People) Factors(ctx context.Context, user string) ([]Factor, error) {
	return db.List(ctx, c.DB, scanFactor, sqlFactors, user)
}

// FactorsOfHolder returns the passkeys of whom their authenticators call by a
// handle.
func (c *People) FactorsOfHolder(ctx context.Context, handle []byte) ([]Factor, error) {
	return db.List(ctx, c.DB, scanFactor, sqlFactorHolder, db.Blob(handle))
}

// AddFactor keeps something more that a user has to show. Of codes there is one
// kind each: the new one takes the place of the one before.
func (c *People) AddFactor(ctx context.Context, f Factor) error {
	return c.Write(ctx, "add a factor of "+f.User, func(t *db.Tx) error {
		if f.Kind != Passkey {
			if _, err := t.Exec(sqlFactorOfKind, f.User, string(f.Kind)); err != nil {
				return err
			}
		}
		if _, err := t.Exec(sqlFactorAdd, f.ID, f.User, string(f.Kind), f.Name, db.Blob(f.Handle), []byte(f.Data), db.Instant(t.Now)); err != nil {
			return err
		}
		return audit.Add(t, f.User, "factor.add", "user:"+f.User, map[string]any{"kind": f.Kind})
	})
}

// UseFactor keeps what a factor is after it was shown. One that was shown
// meanwhile is a Conflict: what counts once was counted.
func (c *People) UseFactor(ctx context.Context, f Factor, data string) error {
	return c.Write(ctx, "use a factor of "+f.User, func(t *db.Tx) error {
		return t.Change(sqlFactorUse, []byte(data), db.Instant(t.Now), f.ID, []byte(f.Data))
	})
}

// RemoveFactor takes something away that a user had to show.
func (c *People) RemoveFactor(ctx context.Context, user, id, by string) error {
	return c.Write(ctx, "remove a factor of "+user, func(t *db.Tx) error {
		if err := t.Touch(sqlFactorRemove, user, id); err != nil {
			return err
		}
		return audit.Add(t, by, "factor.remove", "user:"+user, nil)
	})
}

// RemoveFactors takes everything away that a user had to show: they have lost it.
func (c *People) RemoveFactors(ctx context.Context, user, by string) error {
	return c.Write(ctx, "remove the factors of "+user, func(t *db.Tx) error {
		n, err := t.Exec(sqlFactorsEnd, user)
		if err != nil || n == 0 {
			return err
		}
		return audit.Add(t, by, "factor.reset", "user:"+user, nil)
	})
}
