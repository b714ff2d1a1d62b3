package browsers

import (
	"context"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/db"
)

// UsedCode is a code of an execution that was put aside, and the server at which it was
// typed. Two servers of one platform may let somebody in by the same code, each before it
// knows of the other: the edition server says which of them it is.
type UsedCode struct {
	Execution string    `json:"of"`
	Code      string    `json:"code"`   // hash of it
	Server    string    `json:"server"` // "" at the edition server
	At        time.Time `json:"at"`     // when the server that says it learned of it, by its clock
}

// usedCodesFor is how long it is remembered where a code was typed: longer than a browser
// goes on by it.
const usedCodesFor = 31 * 24 * time.Hour

const (
	sqlCodeUse     = `UPDATE execution SET resume = '', label = '' WHERE id = ? AND resume = ? AND resume <> ''`
	sqlCodeKeep    = `INSERT INTO used_code (execution, code, server, at) VALUES (?, ?, ?, ?) ON CONFLICT (execution, code) DO NOTHING`
	sqlCodeSettle  = `INSERT INTO used_code (execution, code, server, at) VALUES (?, ?, ?, ?) ON CONFLICT (execution, code) DO UPDATE SET server = excluded.server, at = excluded.at WHERE server <> excluded.server`
	sqlCodesSince  = `SELECT execution, code, server, at FROM used_code WHERE at >= ? ORDER BY at, execution, code LIMIT ?`
	sqlCodeTaker   = `SELECT server FROM used_code WHERE execution = ? AND code = ?`
	sqlCodesForget = `DELETE FROM used_code WHERE at < ?`
)

// Changing are the statements that change executions.
var Changing = []string{sqlCodeUse}

// UseCode takes the code of an execution, whose hashes are given, and returns that by which
// it was known: it opens nothing from then on. NotFound where somebody else was quicker.
func (b *Browsers) UseCode(ctx context.Context, execution string, hashes []string, server string) (string, error) {
	return db.Written(ctx, b.DB, "use the code of execution "+execution, func(t *db.Tx) (string, error) {
		if _, err := t.Exec(sqlCodesForget, db.Instant(t.Now.Add(-usedCodesFor))); err != nil {
			return "", err
		}
		for _, hash := range hashes {
			n, err := t.Exec(sqlCodeUse, execution, hash)
			if err != nil {
				return "", err
			}
			if n > 0 {
				_, err = t.Exec(sqlCodeKeep, execution, hash, server, db.Instant(t.Now))
				return hash, err
			}
		}
		return "", fault.New(fault.NotFound, "fault.not_found")
	})
}

// UsedCodes returns the codes that were typed, as this server has learned since a time,
// that included, the oldest first.
func (b *Browsers) UsedCodes(ctx context.Context, since time.Time, limit int) ([]UsedCode, error) {
	return db.List(ctx, b.DB, func(r db.Row) (u UsedCode, err error) {
		return u, r.Scan(&u.Execution, &u.Code, &u.Server, (*db.Instant)(&u.At))
	}, sqlCodesSince, db.Instant(since), db.AtMost(limit))
}

// HearCodes takes what a presentation server says of codes that were typed there: the
// first of which this one hears stands.
func (b *Browsers) HearCodes(ctx context.Context, server string, used []UsedCode) error {
	return b.takeCodes(ctx, sqlCodeKeep, used, func(UsedCode) string { return server })
}

// SettleCodes takes what the edition server says of codes that were typed.
func (b *Browsers) SettleCodes(ctx context.Context, used []UsedCode) error {
	return b.takeCodes(ctx, sqlCodeSettle, used, func(u UsedCode) string { return u.Server })
}

func (b *Browsers) takeCodes(ctx context.Context, keep string, used []UsedCode, server func(UsedCode) string) error {
	return b.Write(ctx, "take codes that were typed", func(t *db.Tx) error {
		if _, err := t.Exec(sqlCodesForget, db.Instant(t.Now.Add(-usedCodesFor))); err != nil {
			return err
		}
		for _, u := range used {
			if _, err := t.Exec(sqlCodeUse, u.Execution, u.Code); err != nil {
				return err
			}
			if _, err := t.Exec(keep, u.Execution, u.Code, server(u), db.Instant(t.Now)); err != nil {
				return err
			}
		}
		return nil
	})
}

// CodeTaker is the server at which the code of an execution was typed, as far as is known
// here; NotFound where nothing is.
func (b *Browsers) CodeTaker(ctx context.Context, execution, hash string) (string, error) {
	return db.One(ctx, b.DB, db.ScanText, sqlCodeTaker, execution, hash)
}
