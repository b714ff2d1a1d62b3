package people

import (
	"context"
	"slices"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

// Wish is another password that somebody chose at a presentation server. It holds there
// at once; the edition server takes it where it replaces the password that is kept there.
type Wish struct {
	User     string    `json:"user"`     // id
	Was      []string  `json:"was"`      // hashes of the passwords that it replaces, one after the other
	Password string    `json:"password"` // hash
	Era      string    `json:"era"`      // of the account that begins with it
	At       time.Time `json:"at"`
	Last     int64     `json:"last"`           // number of the last change in it
	Again    time.Time `json:"again,omitzero"` // since when it waits once more; zero: it was never taken
}

// WishDone says up to which change the wishes of somebody came to an end.
type WishDone struct {
	User string `json:"user"`
	Last int64  `json:"last"`
	// Taken says that the edition server has them, and may come to want them again.
	Taken bool `json:"taken,omitempty"`
}

// WishEnd is what became of a wish at the edition server.
type WishEnd string

// The ends of wishes. The first two are as they should be.
const (
	WishTaken     WishEnd = "taken"
	WishKnown     WishEnd = "known"     // it was taken before, and may have been replaced since
	WishUnknown   WishEnd = "unknown"   // there is no such account
	WishSuspended WishEnd = "suspended" // the account is
	WishOfMore    WishEnd = "more"      // the person may do more than run procedures
	WishReplaced  WishEnd = "replaced"  // the password is another one meanwhile, or none
)

// mostWishes bounds what one person asks for while the edition server is away.
const mostWishes = 10

// MostWas bounds how many passwords a wish replaces, one after the other: those that wait,
// and of what is given again the last ones.
const MostWas = 2 * mostWishes

// mostEras bounds how far before the edition server the eras of an account may be that
// wishes began: a few times as many as wait.
const mostEras = 100

const (
	sqlWishAdd   = `INSERT INTO wish (user, was, password, era, at) VALUES (?, ?, ?, ?, ?)`
	sqlWishSum   = `SELECT count(*) FROM wish WHERE user = ? AND taken IS NULL`
	sqlWishHold  = `UPDATE user SET password = ?, must_change = 0, sessions_from = ?, era = ?, changed = ?, version = version + 1 WHERE id = ?`
	sqlWishEra   = `UPDATE user SET era = ? WHERE id = ?`
	sqlWishes    = `SELECT user, was, password, era, at, id, coalesce(again, 0) FROM wish WHERE taken IS NULL AND user IN (SELECT user FROM wish WHERE taken IS NULL GROUP BY user ORDER BY max(again IS NOT NULL), min(id) LIMIT ?) ORDER BY id`
	sqlWishEnd   = `DELETE FROM wish WHERE user = ? AND id <= ? AND taken IS NULL`
	sqlWishHas   = `UPDATE wish SET taken = ? WHERE user = ? AND id <= ? AND taken IS NULL`
	sqlWishMore  = `SELECT EXISTS (SELECT 1 FROM project WHERE owner = ?1) OR EXISTS (SELECT 1 FROM project_grant WHERE user = ?1 OR group_id IN (SELECT group_id FROM group_member WHERE user = ?1))`
	actionTaken  = "user.password"
	actionDenied = "user.password.refused"
)

// onlyRuns reports whether all that somebody may do is run procedures, whatever is made of
// their role: they own nothing and no project gives them or a group of theirs a right.
func onlyRuns(t *db.Tx, u User) (bool, error) {
	if u.Role != access.User {
		return false, nil
	}
	more, err := db.OneIn(t, db.ScanNumber, sqlWishMore, u.ID)
	return more == 0, err
}

// MayWish reports whether somebody may choose another password at a presentation server.
// Who may do more than run procedures does it at the edition server: a presentation server
// that somebody broke into is to open nothing there.
func (c *People) MayWish(ctx context.Context, id string) (may bool, err error) {
	err = c.Read(ctx, func(t *db.Tx) error {
		u, err := db.OneIn(t, scanUser, sqlUser, id)
		if err == nil {
			may, err = onlyRuns(t, u)
		}
		return err
	})
	return may, err
}

// NextWish returns the era in which another password begins that somebody may choose here in
// place of one: that of the session that goes on.
func (c *People) NextWish(ctx context.Context, id, was string) (era string, err error) {
	err = c.Read(ctx, func(t *db.Tx) error {
		u, err := wishing(t, id, was)
		era = newEra(eraNumber(u.Era) + 1)
		return err
	})
	return era, err
}

// wishing refuses another password in place of one to whom it is not given here.
func wishing(t *db.Tx, id, was string) (u User, err error) {
	u, err = db.OneIn(t, scanUser, sqlUser, id)
	if err != nil {
		return u, err
	}
	if u.Password != was || was == "" { // it was changed elsewhere meanwhile
		return u, fault.InField("present", "fault.password.present")
	}
	may, err := onlyRuns(t, u)
	if err != nil {
		return u, err
	}
	if !may {
		return u, fault.New(fault.Forbidden, "fault.password.elsewhere")
	}
	wishes, err := db.OneIn(t, db.ScanNumber, sqlWishSum, id)
	if err == nil && wishes >= mostWishes {
		err = fault.New(fault.Limited, "fault.password.often")
	}
	return u, err
}

// MakeWish gives an account another password here, in place of one that its person proved
// to know, and keeps it for the edition server.
func (c *People) MakeWish(ctx context.Context, was string, w Wish) error {
	return c.Write(ctx, "wish another password of "+w.User, func(t *db.Tx) error {
		u, err := wishing(t, w.User, was)
		if err != nil {
			return err
		}
		if _, err := t.Exec(sqlWishAdd, w.User, was, w.Password, w.Era, db.Instant(w.At)); err != nil {
			return err
		}
		return hold(t, u, w, w.At, nil)
	})
}

// hold gives an account the password of a wish. Sessions that began in another era are void.
func hold(t *db.Tx, u User, w Wish, at time.Time, detail any) error {
	if at.Before(u.SessionsFrom) {
		at = u.SessionsFrom
	}
	if err := t.Touch(sqlWishHold, w.Password, db.Instant(at), w.Era, db.Instant(t.Now), u.ID); err != nil {
		return err
	}
	return audit.Add(t, u.ID, actionTaken, "user:"+u.ID, detail)
}

// Wishes returns what so many people asked for and the edition server does not have, what
// one person asked for several times as one.
func (c *People) Wishes(ctx context.Context, people int) (all []Wish, err error) {
	one, err := db.List(ctx, c.DB, func(r db.Row) (w Wish, err error) {
		w.Was = []string{""}
		return w, r.Scan(&w.User, &w.Was[0], &w.Password, &w.Era, (*db.Instant)(&w.At), &w.Last, (*db.Instant)(&w.Again))
	}, sqlWishes, db.AtMost(people))
	for _, w := range one {
		if i := slices.IndexFunc(all, func(o Wish) bool { return o.User == w.User }); i >= 0 {
			w.Was = append(all[i].Was, w.Was...)
			w.Was = w.Was[max(0, len(w.Was)-MostWas):]
			if w.Again.IsZero() {
				w.Again = all[i].Again
			}
			all[i] = w
		} else {
			all = append(all, w)
		}
	}
	return all, err
}

// EndWishes ends those that the edition server judged: what it has is kept for when it is
// put back, and what it refused is forgotten.
func (c *People) EndWishes(ctx context.Context, all []WishDone) error {
	return c.Write(ctx, "end wishes", func(t *db.Tx) error {
		for _, w := range all {
			var err error
			if w.Taken {
				_, err = t.Exec(sqlWishHas, db.Instant(t.Now), w.User, w.Last)
			} else {
				_, err = t.Exec(sqlWishEnd, w.User, w.Last)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// TakeWish gives an account the password that its person chose at a presentation server,
// where it replaces the one that is kept here, or was chosen after that at another server
// and before either came here. What is refused stands in the audit, with the name of the
// server. The wish says by the clock here when it was made.
func (c *People) TakeWish(ctx context.Context, w Wish, server string) (u User, end WishEnd, err error) {
	err = c.Write(ctx, "take the wish of "+w.User, func(t *db.Tx) error {
		u, err = db.OneIn(t, scanUser, sqlUser, w.User)
		if fault.Is(err, fault.NotFound) {
			end = WishUnknown
			return nil
		}
		if err == nil {
			end, err = endOf(t, u, w)
		}
		switch {
		case err != nil || end == WishKnown:
			return err
		case end == WishTaken:
			return takeWish(t, u, w, nil, server)
		case end == WishReplaced:
			last, err := takenLast(t, u.ID)
			if err != nil {
				return err
			}
			switch {
			case last.had(w): // what came in its place since stays
				end = WishKnown
				return nil
			case last.isLater(u, w):
				end = WishTaken
				return takeWish(t, u, w, &last, server)
			}
		}
		if _, follows := w.follows(u); follows && end != WishOfMore { // the session that asked ends with what it asked for
			if err := t.Touch(sqlWishEra, newEra(eraNumber(w.Era)), u.ID); err != nil {
				return err
			}
		}
		return audit.Add(t, server, actionDenied, "user:"+u.ID, map[string]any{"server": server, "why": end})
	})
	return u, end, err
}

// follows returns the number of the era that comes after that of an account, and whether
// the one of the wish is that or a later one.
func (w Wish) follows(u User) (next int64, follows bool) {
	next = eraNumber(u.Era) + 1
	n := eraNumber(w.Era)
	return next, eraPattern.MatchString(w.Era) && n >= next && n < next+mostEras
}

// takeWish takes a wish, in place of another one or not. The session that asked goes on,
// unless the account is in another era meanwhile for another reason.
func takeWish(t *db.Tx, u User, w Wish, instead *taken, server string) error {
	next, follows := w.follows(u)
	sameNumber := instead != nil && eraPattern.MatchString(w.Era) && eraNumber(w.Era) == next-1
	if !follows && !sameNumber {
		w.Era = newEra(next)
	}
	if w.At.After(t.Now) {
		w.At = t.Now
	}
	if err := spendResets(t, u.ID); err != nil {
		return err
	}
	if err := keepTaken(t, w, instead); err != nil {
		return err
	}
	return hold(t, u, w, t.Now, map[string]string{"server": server})
}

// endOf judges a wish.
func endOf(t *db.Tx, u User, w Wish) (WishEnd, error) {
	may, err := onlyRuns(t, u)
	switch {
	case err != nil:
		return "", err
	case u.Password == w.Password:
		return WishKnown, nil
	case !may:
		return WishOfMore, nil
	case !u.Active:
		return WishSuspended, nil
	case u.Password == "" || !slices.Contains(w.Was, u.Password):
		return WishReplaced, nil
	}
	return WishTaken, nil
}
