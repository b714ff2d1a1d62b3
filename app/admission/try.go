package admission

import (
	"context"

	"selfhelp/app/login"
	"selfhelp/store/people"
)

// Tried is what a try of a method gave. Nothing was changed.
type Tried struct {
	Who     login.Identity // as the other side tells
	Account people.Arrived // what would become of the account, once they are known
	Err     error          // why they are not
	Trace   *login.Trace
}

// Try tries a method that takes a login and a password, as it is set up, also
// when it is off.
func (d *Desk) Try(ctx context.Context, m Method, name, password string) Tried {
	tried := Tried{Trace: &login.Trace{}}
	tried.Who, tried.Err = m.LDAP.Authenticate(ctx, name, password, tried.Trace)
	if tried.Err != nil {
		return tried
	}
	tried.Account, tried.Err = d.rehearse(ctx, m, tried.Who)
	return tried
}
