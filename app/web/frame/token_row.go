package frame

import (
	"cmp"
	"time"

	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// tokenWords are how states are shown.
var tokenWords = map[TokenState]struct {
	tone ui.Tone
	key  string
}{
	TokenOpen: {ui.OK, "token.open"}, TokenSoon: {ui.Warn, "token.expiring"}, TokenExpired: {ui.Wrong, "token.expired"}, TokenVoid: {ui.Wrong, "token.void"},
}

// TokenWords says a state.
func (v *Visit) TokenWords(state TokenState) string { return v.Words.T(tokenWords[state].key) }

// TokenRow is a token of an account as lists show it; the zero account is one
// that is gone.
func (s *Site) TokenRow(v *Visit, k store.Token, u store.User) views.TokenRow {
	now := s.Now()
	state := StateOfToken(k, u, now)
	if state == TokenOpen && k.Expires.Sub(now) < TokenWarning {
		state = TokenSoon
	}
	row := views.TokenRow{
		ID: k.ID, Name: k.Name, Owner: cmp.Or(u.Name(), k.User), User: k.User, Created: k.Created, Expires: k.Expires, Used: k.Used,
		Tone: tokenWords[state].tone, State: string(state), Words: v.TokenWords(state),
	}
	if state == TokenSoon {
		row.Words = v.Words.N("token.left", int(k.Expires.Sub(now)/(24*time.Hour)))
	}
	for _, scope := range k.Scopes {
		row.Scopes = append(row.Scopes, v.Words.T("scope."+string(scope)))
	}
	if !k.Used.IsZero() {
		row.Ago = v.Words.Ago(k.Used, now)
	}
	return row
}
