package oidc

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	rp "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"selfhelp/app/fault"
	"selfhelp/app/login"
)

const (
	lasting = 15 * time.Minute // from Start to Finish
	skew    = 5 * time.Minute  // between the provider's clock and ours
)

// Finish checks what a person brought back from the provider, the query of the
// request, against what was kept, and returns who they are, and the hint that
// Logout takes. A refusal is Unauthenticated; Unavailable says nothing about the
// person: the provider is away or wrongly set up.
func (p *Party) Finish(ctx context.Context, back url.Values, kept Kept, trace *login.Trace) (who login.Identity, hint string, err error) {
	code, err := answered(back, kept, p.provider.Issuer)
	trace.Add(time.Now(), err, login.Said{}, login.InWords("trace.oidc.check"))
	if err != nil {
		return who, "", err
	}
	l, err := p.open(ctx, trace)
	if err != nil {
		return who, "", err
	}
	defer l.close()
	if l.said.SendsIssuer && !back.Has("iss") {
		return who, "", refused(errors.New("the provider names itself in its answers, and this one names nobody"))
	}
	who, hint, err = l.exchange(code, kept)
	if err != nil {
		p.doubt()
		return login.Identity{}, "", err
	}
	return who, hint, nil
}

// answered reads an answer to the authorization request (RFC 6749, section
// 4.1.2) and returns its code.
func answered(back url.Values, kept Kept, issuer string) (code string, err error) {
	for _, name := range []string{"state", "code", "error", "iss"} {
		if len(back[name]) > 1 {
			return "", refused(fmt.Errorf("the answer has several of %s", name))
		}
	}
	age := time.Since(kept.Begun)
	switch {
	case kept.State == "" || subtle.ConstantTimeCompare([]byte(back.Get("state")), []byte(kept.State)) == 0:
		return "", refused(errors.New("the answer is to another question: its state is not the one that was kept"))
	case age > lasting || age < -time.Minute:
		return "", refused(fmt.Errorf("the sign-in was begun %v ago", age.Round(time.Second)))
	case back.Has("iss") && back.Get("iss") != issuer: // RFC 9207, section 2.4
		return "", refused(fmt.Errorf("the answer is from %s", printable(back.Get("iss"))))
	case back.Has("error"):
		return "", denied(back.Get("error"), back.Get("error_description"))
	case back.Get("code") == "":
		return "", refused(errors.New("the answer has no code"))
	}
	return back.Get("code"), nil
}

// denied sorts the errors of RFC 6749, section 4.1.2.1, and those of Core,
// section 3.1.2.6: all but two say no to the person or to us.
func denied(code, description string) error {
	err := errors.New("the provider answered " + printable(code+" "+description))
	if code == "server_error" || code == "temporarily_unavailable" {
		return fault.Because(fault.Unavailable, err, "fault.oidc.unreachable")
	}
	return refused(err)
}

// refused is the no that a person sees, with its reason for operators.
func refused(why error) error {
	return fault.Because(fault.Unauthenticated, why, "fault.oidc.refused")
}

// failed tells a provider that is away from one that says no.
func failed(err error) error {
	var away *url.Error
	if errors.As(err, &away) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return fault.Because(fault.Unavailable, err, "fault.oidc.unreachable")
	}
	return refused(err)
}

// exchange makes a code into an identity.
func (l *link) exchange(code string, kept Kept) (who login.Identity, hint string, err error) {
	token, err := l.oauth().Exchange(l.ctx, code, oauth2.VerifierOption(kept.Verifier))
	if err != nil {
		return who, "", failed(withoutBody(err))
	}
	raw, _ := token.Extra("id_token").(string)
	said, err := l.verify(raw, token.AccessToken, kept.Nonce)
	l.tell(err, said)
	if err != nil {
		return who, "", failed(err)
	}
	if said.lacks(l.provider) && l.said.UserInfoEndpoint() != "" {
		if err := l.askMore(said, token); err != nil {
			return who, "", err
		}
	}
	who, err = l.provider.identity(said)
	return who, raw, err
}

// withoutBody keeps what a token endpoint said by the standard, and not the rest
// of its answer, which may repeat what was sent.
func withoutBody(err error) error {
	var answer *oauth2.RetrieveError
	if !errors.As(err, &answer) {
		return err
	}
	return fmt.Errorf("the token endpoint answered %s: %s", answer.Response.Status, printable(answer.ErrorCode+" "+answer.ErrorDescription))
}

// keys remember why they could not be had, which the library tells in words only.
type keys struct {
	rp.KeySet
	failed error
}

func (k *keys) VerifySignature(ctx context.Context, token string) (payload []byte, err error) {
	payload, k.failed = k.KeySet.VerifySignature(ctx, token)
	return payload, k.failed
}

// verify checks an ID token as Core says in section 3.1.3.7: the signature by a
// key of the provider and no algorithm that shares a secret, iss, aud and exp in
// the library; azp, iat, nonce and at_hash here.
func (l *link) verify(raw, accessToken, nonce string) (*claims, error) {
	if raw == "" {
		return nil, errors.New("the provider sent no ID token")
	}
	known := &keys{KeySet: l.said.keys}
	config := &rp.Config{ClientID: l.provider.ClientID, SupportedSigningAlgs: l.said.Algorithms} // where none is left: RS256
	token, err := rp.NewVerifier(l.provider.Issuer, known, config).Verify(l.ctx, raw)
	if err != nil {
		return nil, cmp.Or(known.failed, err)
	}
	said := &claims{subject: token.Subject}
	if err := token.Claims(&said.all); err != nil {
		return nil, err
	}
	party := said.text("azp")
	switch {
	case token.Subject == "" || len(token.Subject) > 255:
		return nil, errors.New("the token says nobody's name")
	case party != l.provider.ClientID && (party != "" || len(slices.Compact(slices.Sorted(slices.Values(token.Audience)))) > 1):
		return nil, fmt.Errorf("the token was made for %q", printable(party))
	case time.Until(token.IssuedAt) > skew:
		return nil, fmt.Errorf("the token was issued in the future: %v", token.IssuedAt)
	case nonce == "" || subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(nonce)) == 0:
		return nil, errors.New("the token was made for another sign-in: its nonce is not the one that was kept")
	case token.AccessTokenHash != "":
		return said, token.VerifyAccessToken(accessToken)
	}
	return said, nil
}

// tell says in the trace what an ID token holds: names, not values.
func (l *link) tell(err error, said *claims) {
	answer := ""
	if said != nil {
		answer = said.subject + " by the claims " + said.names()
	}
	l.wire.add(err, answer, "check the ID token")
}

// askMore adds what the UserInfo endpoint tells. Its answer counts only when it
// is about the same person (Core, section 5.3.2).
func (l *link) askMore(said *claims, token *oauth2.Token) error {
	info, err := l.said.UserInfo(l.ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return failed(err)
	}
	if info.Subject != said.subject {
		return refused(errors.New("the provider tells of somebody else than the token"))
	}
	more := claims{}
	if err := info.Claims(&more.all); err != nil {
		return refused(err)
	}
	l.wire.add(nil, more.names(), "read what the provider tells beside the token")
	said.add(more)
	return nil
}
