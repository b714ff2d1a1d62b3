package admission

import (
	"context"
	"slices"

	"selfhelp/app/fault"
	"selfhelp/app/login"
)

// Kept says how passwords are kept here.
type Kept struct {
	Shortest int      `json:"shortest,omitempty"` // characters; 0: as few as login.Shortest
	NoReset  bool     `json:"no_reset,omitempty"` // a forgotten one is not chosen anew by mail
	Words    []string `json:"words,omitempty"`    // of the organisation, which none must hold
}

// maxWords is how many words of the organisation there are.
const maxWords = 200

// isLong reports whether the length that is asked for makes sense.
func (k Kept) isLong() bool {
	return k.Shortest == 0 || k.Shortest >= login.Shortest && k.Shortest <= login.MostShortest
}

// areWords reports whether the words do.
func (k Kept) areWords() bool {
	return len(k.Words) <= maxWords && !slices.ContainsFunc(k.Words, func(w string) bool { return !login.IsWord(w) })
}

// Passwords are what a new password kept here must be.
type Passwords struct {
	login.Rule
	desk *Desk
}

// Passwords returns what a new password must be.
func (d *Desk) Passwords(ctx context.Context) (Passwords, error) {
	s, _, err := d.Settings(ctx)
	if err != nil {
		return Passwords{}, err
	}
	m, err := s.Method(InternalID)
	list, _ := d.Breached()
	return Passwords{login.Rule{Shortest: m.Kept.Shortest, Words: m.Kept.Words, Breached: list}, d}, err
}

// Check is that of the rule. A list that cannot be read refuses nobody: it is
// told to those who operate, once, and is not looked at any more.
func (p Passwords) Check(password, name string) error {
	err := p.Rule.Check(password, name)
	if err == nil || fault.Is(err, fault.Invalid) {
		return err
	}
	p.desk.log.Error("the list of breached passwords cannot be read and is left aside", "err", err)
	p.desk.UseBreached(nil, err)
	return nil
}

// ResetsPasswords reports whether somebody may choose a forgotten password anew
// by mail, as far as the settings say.
func (d *Desk) ResetsPasswords(ctx context.Context) (bool, error) {
	s, _, err := d.Settings(ctx)
	if err != nil {
		return false, err
	}
	m, err := s.Method(InternalID)
	return !m.Off && !m.Kept.NoReset, err
}

// FirstByMail reports whether somebody who never had a password here may choose
// one by mail: passwords kept here are the only way in. Elsewhere an account
// without one was made for another way in, which a letter would lead past.
func (d *Desk) FirstByMail(ctx context.Context) (bool, error) {
	s, _, err := d.Settings(ctx)
	return !slices.ContainsFunc(s.Methods, func(m Method) bool { return !m.Off && m.Kind != Internal }), err
}

// UseBreached says which passwords became known elsewhere, or why that is not
// known.
func (d *Desk) UseBreached(list *login.Breached, wrong error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.breached, d.breachedWrong = list, wrong
}

// Breached returns the list in use, nil when there is none, and what is wrong
// with the one that was given.
func (d *Desk) Breached() (*login.Breached, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.breached, d.breachedWrong
}
