package store

import (
	"context"
	"encoding/json"
	"time"

	"selfhelp/store/db"
)

// Claim is the one right to perform an effect. Whoever comes second gets the
// result of the first, or learns that it is being performed.
type Claim struct {
	Key       string
	Execution string
	Done      bool
	Result    json.RawMessage // once done
	At        time.Time       // of the claim
}

const (
	sqlClaim        = `SELECT key, execution, done, result, at FROM claim WHERE key = ?`
	sqlClaimTake    = `INSERT INTO claim (key, execution, at) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING`
	sqlClaimSettle  = `UPDATE claim SET done = 1, result = ? WHERE key = ? AND done = 0`
	sqlClaimRelease = `DELETE FROM claim WHERE key = ? AND done = 0`
)

func scanClaim(r db.Row) (c Claim, err error) {
	var result string
	err = r.Scan(&c.Key, &c.Execution, &c.Done, &result, (*db.Instant)(&c.At))
	c.Result = json.RawMessage(result)
	return c, err
}

// ClaimEffect claims an effect by its key. It is mine for one caller, ever,
// unless the claim is released.
func (a *Activity) ClaimEffect(ctx context.Context, key, execution string) (c Claim, mine bool, err error) {
	err = a.Write(ctx, "claim effect "+key, func(t *db.Tx) error {
		n, err := t.Exec(sqlClaimTake, key, execution, db.Instant(t.Now))
		if err != nil {
			return err
		}
		mine = n == 1
		c, err = db.OneIn(t, scanClaim, sqlClaim, key)
		return err
	})
	return c, mine, err
}

// SettleClaim keeps the result of an effect that was performed. A result kept
// before stays.
func (a *Activity) SettleClaim(ctx context.Context, key string, result json.RawMessage) error {
	return a.Write(ctx, "settle claim "+key, func(t *db.Tx) error {
		_, err := t.Exec(sqlClaimSettle, db.Raw(result), key)
		return err
	})
}

// ReleaseClaim lets an effect be tried again that surely was not performed.
func (a *Activity) ReleaseClaim(ctx context.Context, key string) error {
	return a.Write(ctx, "release claim "+key, func(t *db.Tx) error {
		_, err := t.Exec(sqlClaimRelease, key)
		return err
	})
}
