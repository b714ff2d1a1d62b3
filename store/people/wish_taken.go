package people

import (
	"slices"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/db"
)

// taken is the wish of somebody that was taken last.
type taken struct {
	password string   // hash
	was      []string // that it replaced, as far as several servers sent some
	at       time.Time
	first    time.Time // when the first of those was taken that replaced the same
}

const (
	sqlTaken     = `SELECT password, was, at, taken FROM wish_taken WHERE user = ?`
	sqlTakenKeep = `INSERT INTO wish_taken (user, password, was, at, taken) VALUES (?, ?, ?, ?, ?) ON CONFLICT (user) DO UPDATE SET password = excluded.password, was = excluded.was, at = excluded.at, taken = excluded.taken`
)

// takenLast is the wish of somebody that was taken last; none: the zero one.
func takenLast(t *db.Tx, user string) (last taken, err error) {
	last, err = db.OneIn(t, func(r db.Row) (k taken, err error) {
		return k, r.Scan(&k.password, db.JSON(&k.was), (*db.Instant)(&k.at), (*db.Instant)(&k.first))
	}, sqlTaken, user)
	if fault.Is(err, fault.NotFound) {
		return taken{}, nil
	}
	return last, err
}

// isLater reports whether a wish was made after the one that an account has its password
// by, and before that was taken: neither server knew of the other. One that was made later
// than that is of a server that did not hear of it, and of somebody who has what was given up.
func (k taken) isLater(u User, w Wish) bool {
	same := slices.ContainsFunc(w.Was, func(hash string) bool { return slices.Contains(k.was, hash) })
	return k.password != "" && k.password == u.Password && same && w.At.After(k.at) && w.At.Before(k.first)
}

// had reports whether a wish was taken before: its hash comes once.
func (k taken) had(w Wish) bool {
	return k.password == w.Password || slices.Contains(k.was, w.Password)
}

// keepTaken remembers a wish that is taken, after another one or not.
func keepTaken(t *db.Tx, w Wish, after *taken) error {
	now := taken{w.Password, w.Was, w.At, t.Now}
	if after != nil {
		now.was, now.first = append(slices.Clone(after.was), w.Was...), after.first
	}
	slices.Sort(now.was)
	now.was = slices.Compact(now.was)
	_, err := t.Exec(sqlTakenKeep, w.User, now.password, db.JSON(now.was), db.Instant(now.at), db.Instant(now.first))
	return err
}
