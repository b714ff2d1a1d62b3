package extract

import (
	"context"
	"time"

	"selfhelp/store/db"
)

// Taken is up to which wishes and arrivals of a presentation server the edition server has
// them.
type Taken struct {
	Wish    int64 `json:"wish"`
	Arrival int64 `json:"arrival"`
}

// takenFor is how long what the edition server took is kept here: as long as the journal, and
// as far as a replica of that server goes back.
const takenFor = 144 * time.Hour

const (
	sqlTakenTo = `SELECT coalesce((SELECT min(id) - 1 FROM wish WHERE taken IS NULL), (SELECT seq FROM sqlite_sequence WHERE name = 'wish'), 0),
		coalesce((SELECT min(id) - 1 FROM arrival WHERE taken IS NULL), (SELECT seq FROM sqlite_sequence WHERE name = 'arrival'), 0)`
	sqlWishesAgain    = `UPDATE wish SET taken = NULL, again = ? WHERE taken IS NOT NULL AND id > ?`
	sqlArrivalsAgain  = `UPDATE arrival SET taken = NULL WHERE taken IS NOT NULL AND id > ?`
	sqlWishesPrune    = `DELETE FROM wish WHERE taken < ?`
	sqlArrivalsPrune  = `DELETE FROM arrival WHERE taken < ?`
	sqlServerTaken    = `SELECT wishes, arrivals FROM server WHERE id = ?`
	sqlServerTakenSet = `UPDATE server SET wishes = ?, arrivals = ? WHERE id = ?`
)

func scanTaken(r db.Row) (k Taken, err error) { return k, r.Scan(&k.Wish, &k.Arrival) }

// Taken returns up to which wishes and arrivals none waits here.
func (c *Tables) Taken(ctx context.Context) (Taken, error) {
	return db.One(ctx, c.d, scanTaken, sqlTakenTo)
}

// Again has those wait again that the edition server took after some, and that it does not
// know any more: it was put back. It returns from where on some wait now.
func (c *Tables) Again(ctx context.Context, after Taken) (now Taken, err error) {
	err = c.d.Write(ctx, "give again what was taken", func(t *db.Tx) error {
		if _, err := t.Exec(sqlWishesAgain, db.Instant(t.Now), after.Wish); err != nil {
			return err
		}
		if _, err := t.Exec(sqlArrivalsAgain, after.Arrival); err != nil {
			return err
		}
		now, err = db.OneIn(t, scanTaken, sqlTakenTo)
		return err
	})
	return now, err
}

// pruneTaken takes out what was taken long ago.
func pruneTaken(t *db.Tx) error {
	for _, long := range []string{sqlWishesPrune, sqlArrivalsPrune} {
		if _, err := t.Exec(long, db.Instant(t.Now.Add(-takenFor))); err != nil {
			return err
		}
	}
	return nil
}

// TakenFrom returns, at the edition server, up to which it has those of a server.
func (c *Tables) TakenFrom(ctx context.Context, server string) (Taken, error) {
	return db.One(ctx, c.d, scanTaken, sqlServerTaken, server)
}

// KeepTaken keeps it, beside what was taken: both are put back together.
func (c *Tables) KeepTaken(ctx context.Context, server string, k Taken) error {
	return c.d.Set(ctx, "keep what was taken of server "+server, sqlServerTakenSet, k.Wish, k.Arrival, server)
}
