package people

import (
	"maps"

	"selfhelp/app/access"
	"selfhelp/app/fault"
)

// Wrong says what of an account cannot be, by the field of a form.
func (u User) Wrong() map[string]string {
	return access.WrongAccount(u.Login, u.FirstName, u.LastName, u.Mail)
}

// check refuses an account with something wrong that it did not have before,
// and returns the key of its login. An account of older days can still be
// suspended.
func (u User) check(was User) (key string, err error) {
	before, wrong := was.Wrong(), u.Wrong()
	if u.Login != was.Login {
		delete(before, "login") // one that cannot be is kept, not exchanged for another
	}
	maps.DeleteFunc(wrong, func(field, key string) bool { return was.ID != "" && before[field] == key })
	if len(wrong) > 0 {
		return "", &fault.Error{Kind: fault.Invalid, Key: "fault.form", Fields: wrong}
	}
	return access.LoginKey(u.Login)
}
