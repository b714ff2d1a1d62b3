package browsers

import (
	"context"
	"errors"
	"slices"
	"strings"

	"selfhelp/store/db"
)

// Sought says which sessions of everybody are looked for, of all that open something: those
// of some names, or those in which each word is found; with neither, all.
type Sought struct {
	IDs   []string     `json:"ids,omitempty"` // as in lists
	Words []SoughtWord `json:"words,omitempty"`
	Most  int          `json:"most"` // of them, those used last
}

// SoughtWord is a word in small letters, and whose it is part of the name.
type SoughtWord struct {
	Text  string   `json:"text"`
	Users []string `json:"users,omitempty"` // ids
}

// has reports whether a session is one of those.
func (q Sought) has(s Session, agent, address string) bool {
	if len(q.IDs) > 0 {
		return slices.Contains(q.IDs, s.ID)
	}
	return !slices.ContainsFunc(q.Words, func(w SoughtWord) bool {
		return !strings.Contains(agent, w.Text) && !strings.Contains(address, w.Text) && !slices.Contains(w.Users, s.User)
	})
}

// errEnough ends a look that found as many as it may.
var errEnough = errors.New("enough")

// SoughtSessions returns sessions of everybody, those used last first, and whether there are
// more. However many there are, it holds only those in its hands.
func (b *Browsers) SoughtSessions(ctx context.Context, q Sought) (all []Session, more bool, err error) {
	err = b.Read(ctx, func(t *db.Tx) error {
		most := -1 // which is all
		if len(q.IDs) == 0 && len(q.Words) == 0 {
			most = q.Most + 1
		}
		return db.EachIn(t, func(r db.Row) error {
			s, err := scanSession(r)
			switch {
			case err != nil:
				return err
			case !q.has(s, strings.ToLower(s.Agent), strings.ToLower(s.Address)):
				return nil
			case len(all) == q.Most:
				more = true
				return errEnough
			}
			all = append(all, s)
			return nil
		}, sqlSessions, db.Instant(b.Now()), "", most)
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return all, more, err
}
