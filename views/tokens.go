package views

import (
	"time"

	"selfhelp/views/ui"
)

// TokenRow is a token as its owner and administrators know it again.
type TokenRow struct {
	ID, Name      string
	Owner, User   string   // whose it is: name, and id of the account
	Scopes        []string // in words
	Created       time.Time
	Expires, Used time.Time
	Ago           string // since it was used, "" when it never was
	Tone          ui.Tone
	State, Words  string // whether it opens anything
}

// TokenForm makes a token.
type TokenForm struct {
	Name   string
	Days   string
	Terms  []Option // how long it may last, in days
	Scopes []ScopeTick
	Wrong  map[string]string
}

// ScopeTick is a scope that may be given.
type ScopeTick struct {
	Option
	Help string
	On   bool
}

// Tokens are those of a person.
type Tokens struct {
	ui.Chrome
	Rows   []TokenRow
	Soon   int    // how many are about to expire
	Made   string // the secret of one just made: it is shown this once
	MadeOf string // its name
	Form   TokenForm
}

// AdminTokens is the list of all tokens.
type AdminTokens struct {
	Office
	List
	States []Option
	Rows   []TokenRow
}

// ProfileTokens is what a profile says of one's tokens.
type ProfileTokens struct{ Count, Soon int }
