package store

import (
	"maps"

	"selfhelp/app/access"
	"selfhelp/app/fault"
)

// Wrong says what of an account cannot be, by the field of a form: the key of
// a sentence.
func (u User) Wrong() map[string]string {
	wrong := map[string]string{}
	if _, err := access.LoginKey(u.Login); err != nil {
		wrong["login"] = "fault.user.login"
	}
	for field, name := range map[string]string{"first_name": u.FirstName, "last_name": u.LastName} {
		if !access.IsName(name) {
			wrong[field] = "fault.user.name"
		}
	}
	if !access.IsMail(u.Mail) {
		wrong["mail"] = "fault.user.mail"
	}
	return wrong
}

// check refuses an account with something wrong that it did not have before,
// and returns the key of its login. An account of older days can still be
// suspended.
func (u User) check(was User) (key string, err error) {
	before := was.Wrong()
	wrong := u.Wrong()
	maps.DeleteFunc(wrong, func(field, key string) bool { return was.ID != "" && before[field] == key })
	if len(wrong) > 0 {
		return "", &fault.Error{Kind: fault.Invalid, Key: "fault.form", Fields: wrong}
	}
	return access.LoginKey(u.Login)
}
