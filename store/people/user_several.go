package people

import (
	"context"

	"selfhelp/store/db"
)

// SetActive suspends accounts, or lets them come in again, all or none, and
// returns how many were not so before.
func (c *People) SetActive(ctx context.Context, ids []string, active bool, by string) (changed int, err error) {
	err = c.Write(ctx, "suspend or reinstate accounts", func(t *db.Tx) error {
		changed, err = setActive(t, ids, active, by)
		return err
	})
	return changed, err
}

func setActive(t *db.Tx, ids []string, active bool, by string) (changed int, err error) {
	for _, id := range ids {
		u, err := db.OneIn(t, scanUser, sqlUser, id)
		if err != nil {
			return 0, err
		}
		if u.Active == active {
			continue
		}
		u.Active = active
		if _, err := saveUser(t, u, by); err != nil {
			return 0, err
		}
		changed++
	}
	return changed, nil
}

// EnterGroupTogether makes users members of a group, all or none, and returns
// how many were not before.
func (c *People) EnterGroupTogether(ctx context.Context, group string, ids []string, by string) (int, error) {
	return c.moveTogether(ctx, sqlGroupEnter, "group.enter", group, ids, by)
}

// LeaveGroupTogether ends the membership of users in a group, all or none, and
// returns how many were members.
func (c *People) LeaveGroupTogether(ctx context.Context, group string, ids []string, by string) (int, error) {
	return c.moveTogether(ctx, sqlGroupLeave, "group.leave", group, ids, by)
}

func (c *People) moveTogether(ctx context.Context, query, action, group string, ids []string, by string) (moved int, err error) {
	err = c.Write(ctx, action+" "+group, func(t *db.Tx) error {
		moved = 0
		for _, id := range ids {
			n, err := moveOne(t, query, action, group, id, by)
			if err != nil {
				return err
			}
			moved += n
		}
		return nil
	})
	return moved, err
}

// EndSessionsTogether makes every session of the accounts void, all or none.
func (c *People) EndSessionsTogether(ctx context.Context, ids []string, by string) error {
	return c.Write(ctx, "end sessions", func(t *db.Tx) error {
		for _, id := range ids {
			if err := endSessions(t, id, by); err != nil {
				return err
			}
		}
		return nil
	})
}
