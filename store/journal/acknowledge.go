package journal

import (
	"time"

	"selfhelp/store/db"
)

// What was acknowledged is kept for so long: an edition server that was brought
// back to an earlier moment asks for it again. A replica of it goes back six days.
const kept = 144 * time.Hour

// pruning is how many notes go at once: more than a batch brings.
const pruning = 2 * maxRows

const (
	sqlAcknowledge    = `UPDATE journal_state SET acknowledged = max(acknowledged, ?)`
	sqlAcknowledgedBy = `INSERT INTO journal_acknowledged (hour, n) VALUES (?, ?) ON CONFLICT (hour) DO UPDATE SET n = max(n, excluded.n)`
	sqlPrunable       = `SELECT coalesce(max(n), 0) FROM journal_acknowledged WHERE hour < ?`
	sqlPrune          = `DELETE FROM journal WHERE n IN (SELECT n FROM journal WHERE n < ? ORDER BY n LIMIT ?)`
	sqlPruneHours     = `DELETE FROM journal_acknowledged WHERE hour < (SELECT max(hour) FROM journal_acknowledged WHERE hour < ?)`
	sqlWaiting        = `SELECT coalesce(avg(CASE j.kind WHEN 'turn' THEN 300 + length(t.events) + length(t.state) * 4 / 3 ELSE 500 END), 0) FROM (SELECT kind, row, turn FROM journal WHERE n > ? ORDER BY n LIMIT 200) j LEFT JOIN turn t ON j.kind = 'turn' AND t.execution = j.row AND t.seq = j.turn`
)

// Acknowledge says that the edition server has everything up to a cursor. It
// never goes back, and takes out what it has had for six days.
func Acknowledge(t *db.Tx, until Cursor) error {
	s, err := stateOf(t)
	if err != nil {
		return err
	}
	if until.Journal != s.journal || until.N < s.first {
		return nil // of a journal that is no more, or of nothing
	}
	if _, err := place(t, s, until); err != nil {
		return err
	}
	if _, err := t.Exec(sqlAcknowledge, until.N); err != nil {
		return err
	}
	if _, err := t.Exec(sqlAcknowledgedBy, hour(t.Now), until.N); err != nil {
		return err
	}
	return prune(t)
}

func hour(t time.Time) int64 { return t.Unix() / 3600 }

// prune takes out what was acknowledged long ago, but for the last of it: it
// says that numbers were not given twice.
func prune(t *db.Tx) error {
	before := hour(t.Now.Add(-kept)) // that whole hour is longer ago
	n, err := db.OneIn(t, db.ScanNumber, sqlPrunable, before)
	if err != nil || n == 0 {
		return err
	}
	if _, err := t.Exec(sqlPrune, n, pruning); err != nil {
		return err
	}
	_, err = t.Exec(sqlPruneHours, before)
	return err
}

// Waiting is what the edition server has not acknowledged.
type Waiting struct {
	Count int64     // of notes
	Bytes int64     // about
	Since time.Time // the oldest is there; zero: there is none
}

// WaitingIn reads what is not acknowledged.
func WaitingIn(t *db.Tx) (w Waiting, err error) {
	s, err := stateOf(t)
	if err != nil {
		return w, err
	}
	head, err := db.OneIn(t, db.ScanNumber, sqlHead)
	if err != nil || head <= s.acknowledged {
		return w, err
	}
	w.Count = head - s.acknowledged
	each, err := db.OneIn(t, func(r db.Row) (f float64, err error) { return f, r.Scan(&f) }, sqlWaiting, s.acknowledged)
	if err != nil {
		return w, err
	}
	w.Bytes = int64(each * float64(w.Count))
	oldest, err := db.OneIn(t, db.ScanNumber, sqlMark, s.acknowledged+1)
	w.Since = time.UnixMicro(oldest).UTC()
	return w, err
}
