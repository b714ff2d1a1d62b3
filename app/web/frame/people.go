package frame

import (
	"context"
	"slices"
	"strings"

	"selfhelp/store"
)

// PeopleCalled returns the accounts, among those of a filter, that somebody may
// mean by a login, a mail or a name, and whether that is one of these whole: then
// they are all that have it.
func (s *Site) PeopleCalled(ctx context.Context, f store.UserFilter, typed string) (found []store.User, whole bool, err error) {
	typed = strings.Join(strings.Fields(typed), " ")
	words := strings.Fields(strings.ToLower(typed))
	if len(words) == 0 {
		return nil, false, nil
	}
	f.Text = typed
	if found, err = s.Content.Users(ctx, f); err != nil {
		return nil, false, err
	}
	if len(found) == 0 && len(words) > 1 { // first and last names stand in fields of their own
		f.Text = slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
		if found, err = s.Content.Users(ctx, f); err != nil {
			return nil, false, err
		}
		found = slices.DeleteFunc(found, func(u store.User) bool {
			name := strings.ToLower(u.FirstName + " " + u.LastName)
			return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(name, w) })
		})
	}
	for _, has := range []func(store.User) string{
		func(u store.User) string { return u.Login },
		func(u store.User) string { return u.Mail },
		store.User.Name,
	} {
		same := slices.DeleteFunc(slices.Clone(found), func(u store.User) bool { return !strings.EqualFold(has(u), typed) })
		if len(same) > 0 {
			return same, true, nil
		}
	}
	return found, false, nil
}

// WaysIn are the names of the ways in, by their ids.
func (s *Site) WaysIn(ctx context.Context) (map[string]string, error) {
	settings, _, err := s.Desk.Settings(ctx)
	names := map[string]string{}
	for _, m := range settings.Methods {
		names[m.ID] = m.Name
	}
	return names, err
}
