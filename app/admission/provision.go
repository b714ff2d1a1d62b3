package admission

import (
	"cmp"
	"context"

	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/store"
	"selfhelp/store/people"
)

// Provisioning returns the method by which a program keeps accounts; NotFound
// when none is in use. There is one: a program does not say which it means.
func (d *Desk) Provisioning(ctx context.Context) (Method, error) {
	s, _, err := d.Settings(ctx)
	if err != nil {
		return Method{}, err
	}
	if on := s.On(SCIM); len(on) > 0 {
		return on[0], nil
	}
	return Method{}, fault.New(fault.NotFound, "fault.provision.off")
}

// Provide returns the account of somebody whom a program tells of for the first
// time, made or taken as the method's settings say.
func (d *Desk) Provide(ctx context.Context, m Method, who login.Identity, active bool, by string) (store.User, error) {
	a := m.arrival(who)
	told := a.Account
	a.Create, a.Barred, a.Keeps = true, store.User.Protected, Keeps
	a.Account = func(u store.User) store.User {
		u = told(u)
		u.Active = active
		return u
	}
	done, err := d.content.Arrive(ctx, []people.Arrival{a}, by)
	if err != nil {
		return store.User{}, err
	}
	return done[0].User, done[0].Err
}

// Told returns an account with what a program tells of somebody it knows. Their
// login is the program's to give.
func (m Method) Told(u store.User, who login.Identity, active bool) store.User {
	u = m.told(u, who)
	u.Login, u.Active = cmp.Or(who.Login, u.Login), active
	return u
}

// Keeps refuses that a program says anew who somebody is that enters the Studio
// and whose account a password or a passkey kept here opens: another address
// would receive the link by which that password is chosen anew, and whoever has
// the program's token would come in as them.
func Keeps(was, told store.User) error {
	who := func(u store.User) [5]string { return [5]string{u.Login, u.Mail, u.Title, u.FirstName, u.LastName} }
	if !was.Role.EntersStudio() || who(was) == who(told) {
		return nil
	}
	return fault.New(fault.Forbidden, "fault.provision.own")
}
