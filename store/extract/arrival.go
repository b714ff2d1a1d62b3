package extract

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"selfhelp/store/db"
)

// Arrival is somebody who came to a presentation server by a method that told something
// new of them: the edition server is to know it, too.
type Arrival struct {
	ID       int64           `json:"id"`
	User     string          `json:"user"` // id of the account there
	Method   string          `json:"method"`
	Identity json.RawMessage `json:"identity"` // as the method told it
	At       time.Time       `json:"at"`
}

const (
	sqlArrivalAdd     = `INSERT INTO arrival (user, method, identity, at) VALUES (?, ?, ?, ?)`
	sqlArrivalsForget = `DELETE FROM arrival`
	sqlArrivals       = `SELECT id, user, method, identity, at FROM arrival WHERE taken IS NULL ORDER BY id LIMIT ?`
	sqlArrivalsDone   = `UPDATE arrival SET taken = ? WHERE id <= ? AND taken IS NULL`
	sqlAwaits         = `SELECT EXISTS (SELECT 1 FROM wish WHERE taken IS NULL), EXISTS (SELECT 1 FROM arrival WHERE taken IS NULL)`
	sqlArrivalUsers   = `SELECT DISTINCT u.id, u.login_key FROM arrival a JOIN user u ON u.id = a.user WHERE a.taken IS NULL`
)

// NoteArrival keeps that somebody came, until the edition server has it.
func (c *Tables) NoteArrival(ctx context.Context, user, method string, identity any) error {
	told, err := json.Marshal(identity)
	if err != nil {
		return fmt.Errorf("note who came: %w", err)
	}
	return c.d.Write(ctx, "note who came", func(t *db.Tx) error {
		_, err := t.Exec(sqlArrivalAdd, user, method, string(told), db.Instant(t.Now))
		return err
	})
}

// Arrivals returns who came and the edition server does not have yet, the first first.
func (c *Tables) Arrivals(ctx context.Context, limit int) ([]Arrival, error) {
	return db.List(ctx, c.d, func(r db.Row) (a Arrival, err error) {
		var told string
		err = r.Scan(&a.ID, &a.User, &a.Method, &told, (*db.Instant)(&a.At))
		a.Identity = json.RawMessage(told)
		return a, err
	}, sqlArrivals, db.AtMost(limit))
}

// Awaits is what waits here for the edition server.
type Awaits struct{ Wishes, Arrivals bool }

// Awaits reports whether anything waits here for the edition server.
func (c *Tables) Awaits(ctx context.Context) (Awaits, error) {
	return db.One(ctx, c.d, func(r db.Row) (a Awaits, err error) { return a, r.Scan(&a.Wishes, &a.Arrivals) }, sqlAwaits)
}

// ArrivalsDone says that the edition server has them up to one.
func (c *Tables) ArrivalsDone(ctx context.Context, until int64) error {
	return c.d.Write(ctx, "tell who came", func(t *db.Tx) error {
		_, err := t.Exec(sqlArrivalsDone, db.Instant(t.Now), until)
		return err
	})
}

// newcomers are the accounts that came here and that an extract does not have yet: they
// stay, unless it gives their login to somebody else.
func newcomers(t *db.Tx, users extractTable) (map[string]bool, error) {
	id, key := slices.Index(users.Columns, "id"), slices.Index(users.Columns, "login_key")
	had := map[any]bool{}
	for _, row := range users.Rows {
		if len(row) > max(id, key) && min(id, key) >= 0 {
			had[row[id].v], had[row[key].v] = true, true
		}
	}
	stay := map[string]bool{}
	err := db.EachIn(t, func(r db.Row) error {
		var user, login string
		err := r.Scan(&user, &login)
		if !had[user] && !had[login] {
			stay[user] = true
		}
		return err
	}, sqlArrivalUsers)
	return stay, err
}

// isOf reports whether a row is of one of some accounts.
func isOf(users map[string]bool, table string, columns []string, row []cell) bool {
	name := "user"
	if table == "user" {
		name = "id"
	}
	at := slices.Index(columns, name)
	if at < 0 {
		return false
	}
	id, _ := row[at].v.(string)
	return users[id]
}
