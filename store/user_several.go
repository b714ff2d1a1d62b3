package store

import "context"

// SetActive suspends accounts, or lets them come in again, all or none, and
// returns how many were not so before.
func (c *Content) SetActive(ctx context.Context, ids []string, active bool, by string) (changed int, err error) {
	err = c.write(ctx, "suspend or reinstate accounts", func(t *tx) error {
		changed = 0
		for _, id := range ids {
			u, err := oneIn(t, scanUser, sqlUser, id)
			if err != nil {
				return err
			}
			if u.Active == active {
				continue
			}
			u.Active = active
			if _, err := saveUser(t, u, by); err != nil {
				return err
			}
			changed++
		}
		return nil
	})
	return changed, err
}

// EnterGroupTogether makes users members of a group, all or none, and returns
// how many were not before.
func (c *Content) EnterGroupTogether(ctx context.Context, group string, ids []string, by string) (int, error) {
	return c.moveTogether(ctx, sqlGroupEnter, "group.enter", group, ids, by)
}

// LeaveGroupTogether ends the membership of users in a group, all or none, and
// returns how many were members.
func (c *Content) LeaveGroupTogether(ctx context.Context, group string, ids []string, by string) (int, error) {
	return c.moveTogether(ctx, sqlGroupLeave, "group.leave", group, ids, by)
}

func (c *Content) moveTogether(ctx context.Context, query, action, group string, ids []string, by string) (moved int, err error) {
	err = c.write(ctx, action+" "+group, func(t *tx) error {
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
func (c *Content) EndSessionsTogether(ctx context.Context, ids []string, by string) error {
	return c.write(ctx, "end sessions", func(t *tx) error {
		for _, id := range ids {
			if err := endSessions(t, id, by); err != nil {
				return err
			}
		}
		return nil
	})
}
