package admission

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/login/saml"
)

// pairYears is how long a key of ours for SAML is good.
const pairYears = 3

// WithPair returns the settings with a new key of ours for SAML: the first one,
// or one that is published beside those in use, behind them.
func (s Settings) WithPair(origin string, now time.Time) (Settings, error) {
	name := origin
	if u, err := url.Parse(origin); err == nil && u.Host != "" {
		name = u.Hostname()
	}
	pair, err := saml.NewKeyPair(name, now, now.AddDate(pairYears, 0, 0))
	if err != nil {
		return s, err
	}
	s.Pairs = append(append([]saml.KeyPair{}, s.Pairs...), pair)
	return s, nil
}

// WithNextPair returns the settings with the newest key of ours in use and the
// others gone: every provider has read our metadata meanwhile.
func (s Settings) WithNextPair() Settings {
	if n := len(s.Pairs); n > 1 {
		s.Pairs = s.Pairs[n-1:]
	}
	return s
}

// SAMLOurs is our side of a method, as its provider knows it.
func (s Settings) SAMLOurs(method, origin string) saml.ServiceProvider {
	base := origin + "/login/saml/" + method
	return saml.ServiceProvider{EntityID: base + "/metadata", ACS: base + "/acs", SLO: base + "/logout", Keys: s.Pairs}
}

// ends is how long before a certificate ends that is said.
const ends = 60 * 24 * time.Hour

// Expiries are the certificates of a method, ours and theirs, that end soon.
func (s Settings) Expiries(m Method, now time.Time) []saml.Expiry {
	return saml.Expiries(saml.ServiceProvider{Keys: s.Pairs}, *m.SAML, now.Add(ends))
}

// Method returns the method of an id, if it is of a kind. One that is off is not
// found, except by who tries it.
func (d *Desk) Method(ctx context.Context, id string, kind Kind, off bool) (Method, error) {
	s, _, err := d.Settings(ctx)
	if err != nil {
		return Method{}, err
	}
	m, err := s.Method(id)
	if err != nil || m.Kind != kind || m.Off && !off {
		return m, fault.New(fault.NotFound, "fault.not_found")
	}
	return m, nil
}

// Trust returns what it takes to speak with the identity provider of a method.
func (d *Desk) Trust(ctx context.Context, m Method, origin string) (*saml.Trust, error) {
	s, _, err := d.Settings(ctx)
	if err != nil {
		return nil, err
	}
	return saml.NewTrust(s.SAMLOurs(m.ID, origin), *m.SAML)
}

// TryIdentity tells in a trace what a provider told of somebody and what would
// become of their account. Nothing is changed.
func (d *Desk) TryIdentity(ctx context.Context, m Method, who login.Identity, trace *login.Trace) error {
	now := d.now()
	trace.Add(now, nil, login.AsWritten(who.Login), login.InWords("trace.told", "login"))
	for _, field := range slices.Sorted(maps.Keys(who.Fields)) {
		trace.Add(now, nil, login.AsWritten(who.Fields[field]), login.InWords("trace.told", field))
	}
	trace.Add(now, nil, login.AsWritten(strings.Join(who.Groups, ", ")), login.InWords("trace.told", "groups"))
	a, err := d.rehearse(ctx, m, who)
	switch {
	case err != nil:
		return err
	case a.Err != nil:
		return a.Err
	case a.Was.ID == "":
		trace.Add(now, nil, login.AsWritten(a.User.Login), login.InWords("trace.would.create"))
	default:
		trace.Add(now, nil, login.AsWritten(a.User.Login), login.InWords("trace.would.take"))
	}
	return nil
}

// Keep keeps what was sent and answered when somebody came by a provider.
func (d *Desk) Keep(ctx context.Context, m Method, who login.Identity, user string, outcome error, trace *login.Trace) {
	name := who.Login
	if name == "" {
		name = who.Subject
	}
	d.keepAttempt(ctx, m, name, user, outcome, trace)
}
