package frame

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"net/http"
	"strings"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/store/trouble"
)

// Callers are who may come to a route, beside visitors.
type Callers int

// The kinds of callers. To a route of Browsers a token is nothing.
const (
	Browsers  Callers = iota // people, by their session
	Programs                 // also programs, by a token of an account
	TokenOnly                // programs only
)

// TokenPrefix begins every token, so that people and scanners of sources
// recognise one.
const TokenPrefix = "sh_"

const (
	tokenBytes = 32
	// tokenNoted is how often at most it is kept that a token was used.
	tokenNoted = time.Minute
)

var tokenLetters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// tokenLength is how long every token is.
var tokenLength = len(TokenPrefix) + tokenLetters.EncodedLen(tokenBytes)

// NewToken returns the secret of a new token, and the hash by which it is known.
func NewToken() (secret string, hash []byte) {
	random := make([]byte, tokenBytes)
	rand.Read(random) // it never fails
	secret = TokenPrefix + tokenLetters.EncodeToString(random)
	return secret, hashOfToken(secret)
}

// hashOfToken is that by which a secret is looked up: nobody can come nearer to
// one by the time that takes.
func hashOfToken(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// Bearer is the secret that a request brings in its Authorization header, ""
// when it brings none.
func Bearer(r *http.Request) string {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(secret)
}

// takeToken notes the token that a request to an address of programs brings.
// Such a request has no cookies: what a browser sends along by itself is nothing
// then, so that no other site can make it ask.
func (v *Visit) takeToken() {
	if !v.forProgram() {
		return
	}
	if secret := Bearer(v.Request); strings.HasPrefix(secret, TokenPrefix) {
		v.bearer, v.jar = secret, []*http.Cookie{{}}
	}
}

// ByToken reports whether the visit is that of a program with a token.
func (v *Visit) ByToken() bool { return v.bearer != "" }

// AsPerson leaves the scopes of a program aside until what it returns is called:
// what an address is about is found as its person finds it, and then the
// permission is asked of the program.
func (v *Visit) AsPerson() (back func()) {
	scoped := v.Who.Scoped
	v.Who.Scoped = false
	return func() { v.Who.Scoped = scoped }
}

// errToken is what everybody gets whose token opens nothing, for whatever
// reason.
var errToken = fault.New(fault.Unauthenticated, "fault.token.unknown")

// errTokenAlone is what the programs of somebody get who must first show more
// than a password. It says so: whoever has the token learns no more by it than
// that it is not wrong.
var errTokenAlone = fault.New(fault.Forbidden, "fault.token.second")

// identifyToken finds the account whose token a visit brings. Wrong ones need no
// rate of their own: nobody guesses one of 2^256, and the rate of all requests
// of an address bounds what looking costs.
func (s *Site) identifyToken(v *Visit) error {
	a, err := s.Sessions.ofToken(v.Context(), v.bearer, s.Now())
	if err != nil {
		return err
	}
	if a == nil {
		return errToken
	}
	if a.owes.Factor {
		return errTokenAlone
	}
	if !s.Limits.tokens.allowSender(sender{account: "token " + a.token}, s.Now()) {
		return fault.New(fault.Limited, "fault.token.limited")
	}
	v.Who, v.Groups, v.owes = a.who, a.groups, a.owes
	v.Request = v.WithContext(store.ByProgram(v.Context(), store.Program{Token: a.token, Name: a.program}))
	if v.Header.Get("Accept-Language") == "" {
		v.speak(a.who.Language)
	}
	return nil
}

// ofToken returns the account of a token, nil when it opens nothing. Like that
// of a session it is remembered for a moment.
func (s *Sessions) ofToken(ctx context.Context, secret string, now time.Time) (*account, error) {
	if len(secret) != tokenLength {
		return nil, nil
	}
	hash := hashOfToken(secret)
	if a := s.remembered(string(hash)); a != nil && now.Before(a.until) {
		return a, nil
	}
	a, err := s.readToken(ctx, hash, now)
	s.remember(string(hash), a)
	return a, err
}

// readToken finds a token and its account in the store.
func (s *Sessions) readToken(ctx context.Context, hash []byte, now time.Time) (*account, error) {
	k, err := s.content.TokenByHash(ctx, hash)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for a token: %w", err)
	}
	u, err := s.content.User(ctx, k.User)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the account of a token: %w", err)
	}
	if StateOfToken(k, u, now) != TokenOpen {
		return nil, nil
	}
	a, err := s.account(ctx, u, now)
	if err != nil || !access.MayHoldTokens(a.who) {
		return nil, err
	}
	a.program = k.Name
	a.token, a.who.Scoped, a.who.Scopes = k.ID, true, k.Scopes
	if k.Expires.Before(a.until) {
		a.until = k.Expires
	}
	a.owes.Password = u.MustChange
	if a.owes.Factor, err = s.desk.TokenMustAdd(ctx, u); err != nil {
		return nil, err
	}
	if now.Sub(k.Used) < tokenNoted {
		return a, nil
	}
	if err := s.content.UseToken(ctx, k.ID); !trouble.OfDisk(err) {
		return a, err
	}
	return a, nil
}

// TokenState is whether a token opens anything.
type TokenState string

// The states.
const (
	TokenOpen    TokenState = "open"
	TokenSoon    TokenState = "soon" // open, and about to expire; lists say so
	TokenExpired TokenState = "expired"
	TokenVoid    TokenState = "void" // its account was suspended, or has another password or role since
)

// TokenStates are those that a list may be narrowed to.
func TokenStates() []TokenState { return []TokenState{TokenOpen, TokenSoon, TokenExpired, TokenVoid} }

// TokenWarning is how long before it expires its owner is told.
const TokenWarning = 14 * 24 * time.Hour

// StateOfToken is whether a token of an account opens anything. What voids the
// sessions of the account voids its tokens.
func StateOfToken(k store.Token, u store.User, now time.Time) TokenState {
	switch {
	case !now.Before(k.Expires):
		return TokenExpired
	case !u.Active || k.Created.Before(u.SessionsFrom):
		return TokenVoid
	}
	return TokenOpen
}

// challenge is the header that says to a program how to come in, as RFC 6750
// has it.
func (v *Visit) challenge(kind fault.Kind, key string) string {
	const realm = `Bearer realm="self-help"`
	switch {
	case kind == fault.Unauthenticated && v.ByToken():
		return realm + `, error="invalid_token"`
	case kind == fault.Unauthenticated:
		return realm
	case key != "fault.forbidden."+string(access.NotOfScope) || v.route == nil:
		return ""
	}
	said := realm + `, error="insufficient_scope"`
	if scopes := access.ScopesFor(v.route.Needs); len(scopes) > 0 {
		said += `, scope="` + string(scopes[0]) + `"`
	}
	return said
}
