package admission

import (
	"context"
	"encoding/json"
	"slices"

	"selfhelp/app/fault"
	"selfhelp/app/login/factor"
	"selfhelp/store"
	"selfhelp/store/people"
)

// codes is what is kept of an authenticator app.
type codes struct {
	Secret string `json:"secret"`
	Last   int64  `json:"last"` // step of the last code taken
}

// mostPasskeys is how many passkeys a user may have.
const mostPasskeys = 20

func (d *Desk) seal(id string, v any) (string, error) {
	b, err := json.Marshal(v)
	return d.keys.Seal("factor/"+id, string(b)), err
}

func (d *Desk) unseal(f store.Factor, v any) error {
	text, err := d.keys.Unseal("factor/"+f.ID, f.Data)
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), v)
}

// HasSecond reports whether a user has something to show beside their password,
// and which kinds.
func (d *Desk) HasSecond(ctx context.Context, user string) (code, passkey bool, err error) {
	all, err := d.content.Factors(ctx, user)
	for _, f := range all {
		code = code || f.Kind == people.Code
		passkey = passkey || f.Kind == people.Passkey
	}
	return code, passkey, err
}

// MustAdd reports whether somebody has to get something to show beside their
// password before they go on: the rule asks it of who enters the Studio or the
// administration, or of everybody. Who came by a provider is the provider's
// business.
func (d *Desk) MustAdd(ctx context.Context, u store.User, method string) (bool, error) {
	s, _, err := d.Settings(ctx)
	if err != nil {
		return false, err
	}
	return d.Lacks(ctx, s, u, method)
}

// Lacks is MustAdd under settings that are not kept yet.
func (d *Desk) Lacks(ctx context.Context, s Settings, u store.User, method string) (bool, error) {
	if !s.SecondOfAll && (!s.Second || !u.Role.EntersStudio()) {
		return false, nil
	}
	if m, err := s.Method(method); err == nil && m.Kind != Internal && m.Kind != LDAP {
		return false, nil
	}
	code, passkey, err := d.HasSecond(ctx, u.ID)
	return err == nil && !code && !passkey, err
}

// TokenMustAdd is MustAdd for the programs of somebody: what a password opens must
// not stand open by a token that the same password made. Whoever can come by a
// provider alone is the provider's business here too.
func (d *Desk) TokenMustAdd(ctx context.Context, u store.User) (bool, error) {
	known, err := d.content.IdentitiesOf(ctx, u.ID)
	if err != nil || u.Password == "" && len(known) > 0 && !d.Types(ctx, known) {
		return false, err
	}
	return d.MustAdd(ctx, u, InternalID)
}

// AddCode keeps the secret of an authenticator app, once a code of it was right.
func (d *Desk) AddCode(ctx context.Context, user, secret, code string) error {
	step, ok := factor.Accept(secret, code, 0, d.now())
	if !ok {
		return fault.InField("code", "fault.factor.code")
	}
	id := store.NewID()
	data, err := d.seal(id, codes{secret, step})
	if err != nil {
		return err
	}
	return d.content.AddFactor(ctx, store.Factor{ID: id, User: user, Kind: people.Code, Data: data})
}

// NewRecovery gives a user new recovery codes, shown once; those before are void.
func (d *Desk) NewRecovery(ctx context.Context, user string) ([]string, error) {
	shown, hashes := factor.NewRecovery()
	id := store.NewID()
	data, err := d.seal(id, hashes)
	if err != nil {
		return nil, err
	}
	return shown, d.content.AddFactor(ctx, store.Factor{ID: id, User: user, Kind: people.Recovery, Data: data})
}

// errCode is what a wrong code gets, whichever it was meant to be.
var errCode = fault.New(fault.Unauthenticated, "fault.factor.wrong")

// TakeCode checks a code of an authenticator app, or a recovery code. Each is
// taken once, also by two browsers at a time.
func (d *Desk) TakeCode(ctx context.Context, user, typed string) error {
	all, err := d.content.Factors(ctx, user)
	if err != nil {
		return err
	}
	for _, f := range all {
		data, ok, err := d.takeCode(ctx, f, typed)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if err = d.content.UseFactor(ctx, f, data); fault.Is(err, fault.Conflict) {
			err = errCode
		}
		return err
	}
	return errCode
}

func (d *Desk) takeCode(ctx context.Context, f store.Factor, typed string) (data string, ok bool, err error) {
	switch f.Kind {
	case people.Code:
		var c codes
		if err := d.unseal(f, &c); err != nil {
			return "", false, err
		}
		if c.Last, ok = factor.Accept(c.Secret, typed, c.Last, d.now()); ok {
			data, err = d.seal(f.ID, c)
		}
	case people.Recovery:
		var hashes []string
		if err := d.unseal(f, &hashes); err != nil {
			return "", false, err
		}
		var which int
		if which, ok, err = factor.Recover(ctx, hashes, typed); ok {
			hashes[which] = ""
			data, err = d.seal(f.ID, hashes)
		}
	}
	return data, ok, err
}

// RecoveryLeft returns how many recovery codes a user has not used.
func (d *Desk) RecoveryLeft(f store.Factor) (int, error) {
	var hashes []string
	err := d.unseal(f, &hashes)
	return len(slices.DeleteFunc(hashes, func(h string) bool { return h == "" })), err
}

// Holder returns somebody as passkeys know them.
func (d *Desk) Holder(ctx context.Context, u store.User) (factor.Holder, error) {
	all, err := d.content.Factors(ctx, u.ID)
	if err != nil {
		return factor.Holder{}, err
	}
	h := factor.Holder{Login: u.Login, Name: u.Name()}
	for _, f := range all {
		if f.Kind != people.Passkey {
			continue
		}
		var c factor.Credential
		if err := d.unseal(f, &c); err != nil {
			return h, err
		}
		h.Handle, h.Credentials = f.Handle, append(h.Credentials, c)
	}
	if h.Handle == nil {
		h.Handle = factor.NewHandle()
	}
	return h, nil
}

// HolderOf returns whom authenticators call by a handle.
func (d *Desk) HolderOf(ctx context.Context, handle []byte) (factor.Holder, store.User, error) {
	all, err := d.content.FactorsOfHolder(ctx, handle)
	if err != nil {
		return factor.Holder{}, store.User{}, err
	}
	if len(all) == 0 {
		return factor.Holder{}, store.User{}, errCode
	}
	u, err := d.content.User(ctx, all[0].User)
	if err != nil {
		return factor.Holder{}, u, err
	}
	h, err := d.Holder(ctx, u)
	return h, u, err
}

// AddPasskey keeps a passkey of somebody.
func (d *Desk) AddPasskey(ctx context.Context, user, name string, h factor.Holder, c factor.Credential) error {
	if len(h.Credentials) >= mostPasskeys {
		return fault.New(fault.Invalid, "fault.passkey.many")
	}
	id := store.NewID()
	data, err := d.seal(id, c)
	if err != nil {
		return err
	}
	return d.content.AddFactor(ctx, store.Factor{ID: id, User: user, Kind: people.Passkey, Name: name, Handle: h.Handle, Data: data})
}

// UsedPasskey keeps what a passkey is after it was shown.
func (d *Desk) UsedPasskey(ctx context.Context, user string, c factor.Credential) error {
	all, err := d.content.Factors(ctx, user)
	if err != nil {
		return err
	}
	for _, f := range all {
		var kept factor.Credential
		if f.Kind != people.Passkey || d.unseal(f, &kept) != nil || string(kept.ID) != string(c.ID) {
			continue
		}
		data, err := d.seal(f.ID, c)
		if err != nil {
			return err
		}
		return d.content.UseFactor(ctx, f, data)
	}
	return errCode // it was removed meanwhile
}

// Types reports whether one of the methods that know somebody takes a password.
func (d *Desk) Types(ctx context.Context, known []people.Identity) bool {
	s, _, err := d.Settings(ctx)
	return err != nil || slices.ContainsFunc(known, func(i people.Identity) bool {
		m, err := s.Method(i.Method)
		return err == nil && m.Kind == LDAP && !m.Off
	})
}

// Keyed returns the entry of somebody who showed a passkey, and whether that is
// enough: for accounts of this server, and for people of a directory that suspends
// the accounts of those it no longer has. Nobody asks a provider about a passkey.
// While the directory is away, the policy holds for passkeys as for passwords.
func (d *Desk) Keyed(ctx context.Context, u store.User) (e Entry, may bool, err error) {
	e = Entry{User: u, Method: InternalID}
	s, _, err := d.Settings(ctx)
	if err != nil || !u.Active {
		return e, false, err
	}
	known, err := d.content.IdentitiesOf(ctx, u.ID)
	if err != nil {
		return e, false, err
	}
	for _, i := range known {
		m, err := s.Method(i.Method)
		switch {
		case err != nil || m.Off || m.Kind == SCIM:
		case m.Kind != LDAP || !m.Sync.Suspend || m.Sync.Minutes == 0:
			return e, false, nil
		case d.IsAway(m.ID):
			e.Without = append(e.Without, m.ID)
		}
	}
	if len(e.Without) == 0 {
		return e, true, nil
	}
	e.RunOnly = s.Away.Run
	m, err := d.content.Memberships(ctx, u.ID)
	return e, err == nil && s.Away.lets(u, m), err
}
