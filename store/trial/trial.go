// Package trial knows what of the publications presentation servers have not tried yet, as
// far as the edition server brought them there. It refuses to know when a server's turn
// comes.
//
// Its main names are Trials and Seat.
package trial

import (
	"context"

	"selfhelp/store/db"
)

// Seat is one server, by its id.
type Seat struct {
	Server   string
	Mark     string   // of the catalogue that it was told to switch to last; "": none was
	Sequence uint64   // of the same
	Untried  []string // hashes of bundles that were sent to be made available, and never were
}

// Trials are what is on trial in a database.
type Trials struct{ d *db.DB }

// Of returns the trials in a database.
func Of(d *db.DB) Trials { return Trials{d} }

const (
	sqlTrials      = `SELECT server, mark, sequence, untried FROM trial ORDER BY server`
	sqlTrialKeep   = `INSERT INTO trial (server, mark, sequence, untried) VALUES (?, ?, ?, ?) ON CONFLICT (server) DO UPDATE SET mark = excluded.mark, sequence = excluded.sequence, untried = excluded.untried`
	sqlTrialForget = `DELETE FROM trial WHERE server = ?`
)

// Seats returns all that is kept, by the ids of the servers.
func (t Trials) Seats(ctx context.Context) (map[string]Seat, error) {
	all, err := db.List(ctx, t.d, func(r db.Row) (s Seat, err error) {
		return s, r.Scan(&s.Server, &s.Mark, &s.Sequence, db.JSON(&s.Untried))
	}, sqlTrials)
	seats := make(map[string]Seat, len(all))
	for _, s := range all {
		seats[s.Server] = s
	}
	return seats, err
}

// Keep keeps what is on trial at a server.
func (t Trials) Keep(ctx context.Context, s Seat) error {
	return t.d.Set(ctx, "keep what is on trial at "+s.Server, sqlTrialKeep, s.Server, s.Mark, int64(s.Sequence), db.JSON(append([]string{}, s.Untried...)))
}

// Forget forgets a server.
func (t Trials) Forget(ctx context.Context, server string) error {
	return t.d.Write(ctx, "forget what was on trial at "+server, func(tx *db.Tx) error {
		_, err := tx.Exec(sqlTrialForget, server)
		return err
	})
}
