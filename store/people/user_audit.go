package people

import (
	"maps"
	"slices"

	"selfhelp/store/audit"
	"selfhelp/store/db"
)

// auditedUser is what the audit keeps of a new account: what opens doors, and
// nothing that erasing the person would have to take out again.
func auditedUser(u User) any {
	return map[string]any{"role": u.Role, "everywhere": u.Everywhere, "active": u.Active}
}

// auditSaved writes down a change of an account: the names of what changed, and
// the values of what opens doors. To suspend somebody, or to let them back in, is
// an act of its own.
func auditSaved(t *db.Tx, was, u User, by string) error {
	told := map[string]any{}
	if fields := changedFields(was, u); len(fields) > 0 {
		told["fields"] = fields
	}
	if names := changedAttributes(was, u); len(names) > 0 {
		told["attributes"] = names
	}
	if was.Role != u.Role {
		told["role"] = audit.Change{Was: was.Role, Now: u.Role}
	}
	if was.Everywhere != u.Everywhere {
		told["everywhere"] = audit.Change{Was: was.Everywhere, Now: u.Everywhere}
	}
	if stayed := was.Active == u.Active; stayed || len(told) > 0 {
		if err := audit.Add(t, by, "user.save", "user:"+u.ID, told); err != nil || stayed {
			return err
		}
	}
	action := "user.suspend"
	if u.Active {
		action = "user.reinstate"
	}
	return audit.Add(t, by, action, "user:"+u.ID, nil)
}

func changedFields(was, u User) (names []string) {
	for _, f := range [][3]string{
		{"login", was.Login, u.Login}, {"title", was.Title, u.Title}, {"first_name", was.FirstName, u.FirstName}, {"last_name", was.LastName, u.LastName},
		{"mail", was.Mail, u.Mail}, {"language", was.Language, u.Language},
	} {
		if f[1] != f[2] {
			names = append(names, f[0])
		}
	}
	return names
}

func changedAttributes(was, u User) []string {
	all := maps.Clone(attributes(was))
	maps.Copy(all, u.Attributes)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool {
		before, had := was.Attributes[name]
		now, has := u.Attributes[name]
		return had == has && before == now
	})
}
