package factor

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"selfhelp/app/fault"
	"selfhelp/app/login"
)

// Party is us, whom authenticators prove people to: the relying party of
// WebAuthn, level 3.
type Party struct{ library *webauthn.WebAuthn }

// Holder is somebody who has passkeys, or gets one.
type Holder struct {
	Handle      []byte // what their authenticators keep instead of a name; as NewHandle makes it
	Login, Name string
	Credentials []Credential
}

// Kept is what has to be kept between the beginning of a ceremony and its end;
// the caller seals it in a cookie.
type Kept struct {
	Challenge string    `json:"challenge"`
	Handle    []byte    `json:"handle,omitempty"`  // nil while nobody knows who will come
	Allowed   [][]byte  `json:"allowed,omitempty"` // the credentials that may answer
	Until     time.Time `json:"until"`
}

// The bounds of a ceremony.
const (
	ceremony   = 5 * time.Minute // people look for their keys
	maxAnswer  = 64 << 10
	handleSize = 32
)

// ErrCopied is the cause of a refusal that somebody should hear of: the passkey
// counts its uses, and has counted less than it had before (section 6.1.1), so
// that there may be two of it.
var ErrCopied = errors.New("the passkey's counter went back: there may be a copy of it")

// NewParty returns us at our public address, https://selfhelp.example.org, under
// a name that people's devices show. Passkeys belong to an address with a name:
// they are not for one of numbers, and http is for this very machine.
func NewParty(name, origin string) (*Party, error) {
	wrong := func(err error) error { return fault.Because(fault.Unavailable, err, "fault.passkey.address") }
	u, err := url.Parse(origin)
	if err != nil {
		return nil, wrong(err)
	}
	host := u.Hostname()
	if u.Scheme != "https" && (u.Scheme != "http" || host != "localhost") || origin != u.Scheme+"://"+u.Host {
		return nil, wrong(fmt.Errorf("%.200q is no address of a server by https", origin))
	}
	if err := protocol.ValidateRPID(host); err != nil {
		return nil, wrong(err)
	}
	library, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: name, RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation, // any maker's will do: nothing is asked about devices
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementPreferred, UserVerification: protocol.VerificationPreferred,
		},
		// Some keepers of passwords tell more than they are asked; it is not read.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil, wrong(err)
	}
	return &Party{library}, nil
}

// BeginRegistration returns what PublicKeyCredential.parseCreationOptionsFromJSON
// takes, for somebody who is signed in.
func (p *Party) BeginRegistration(who Holder, now time.Time) (options json.RawMessage, kept Kept, err error) {
	algorithms := webauthn.WithCredentialParameters(webauthn.CredentialParametersRecommendedL3())
	exclude := webauthn.WithExclusions(webauthn.Credentials(user{who}.WebAuthnCredentials()).CredentialDescriptors())
	creation, session, err := p.library.BeginRegistration(user{who}, algorithms, exclude)
	if err != nil {
		return nil, kept, fmt.Errorf("begin to register a passkey: %w", err)
	}
	options, err = json.Marshal(creation.Response)
	return options, keptOf(session, now), err
}

// FinishRegistration checks what the browser answers, credential.toJSON(), and
// returns the new passkey.
func (p *Party) FinishRegistration(ctx context.Context, who Holder, kept Kept, answer []byte, replay login.Replay, now time.Time) (Credential, error) {
	if err := kept.ends(answer, now); err != nil {
		return Credential{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Credential{}, refused(err)
	}
	session := kept.session()
	session.CredParams = webauthn.CredentialParametersRecommendedL3()
	session.UserVerification = protocol.VerificationPreferred
	made, err := p.library.CreateCredential(user{who}, session, parsed)
	if err != nil {
		return Credential{}, refused(err)
	}
	for _, c := range who.Credentials {
		if bytes.Equal(c.ID, made.ID) {
			return Credential{}, refused(errors.New("the passkey is registered already"))
		}
	}
	if err := kept.once(ctx, replay); err != nil {
		return Credential{}, err
	}
	return credentialOf(made), nil
}

// BeginLogin returns what PublicKeyCredential.parseRequestOptionsFromJSON takes,
// for whoever comes: their passkey says who they are, and is all they show. So
// the device has to have checked that it is they who hold it.
func (p *Party) BeginLogin(now time.Time) (options json.RawMessage, kept Kept, err error) {
	assertion, session, err := p.library.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, kept, fmt.Errorf("begin to sign in with a passkey: %w", err)
	}
	options, err = json.Marshal(assertion.Response)
	return options, keptOf(session, now), err
}

// FinishLogin checks what the browser answers and returns who it is and the
// passkey as it has to be kept from now on. find returns whose a handle is, and
// a NotFound where it is nobody's.
func (p *Party) FinishLogin(ctx context.Context, kept Kept, answer []byte, find func(handle []byte) (Holder, error), replay login.Replay, now time.Time) (Holder, Credential, error) {
	var who Holder
	var lost error // the library tells it in words only
	byHandle := func(_, handle []byte) (webauthn.User, error) {
		if who, lost = find(handle); lost != nil {
			return nil, lost
		}
		return user{who}, nil
	}
	credential, err := finish(ctx, kept, answer, protocol.VerificationRequired, func(session webauthn.SessionData, parsed *protocol.ParsedCredentialAssertionData) (*webauthn.Credential, error) {
		return p.library.ValidateDiscoverableLogin(byHandle, session, parsed)
	}, replay, now)
	if lost != nil && !fault.Is(lost, fault.NotFound) {
		return Holder{}, Credential{}, lost
	}
	if err != nil {
		return Holder{}, Credential{}, err
	}
	return who, credential, nil
}

// BeginSecond is BeginLogin for somebody who has given their password.
func (p *Party) BeginSecond(who Holder, now time.Time) (options json.RawMessage, kept Kept, err error) {
	assertion, session, err := p.library.BeginLogin(user{who}, webauthn.WithUserVerification(protocol.VerificationDiscouraged))
	if err != nil {
		return nil, kept, fmt.Errorf("begin to ask for a passkey: %w", err)
	}
	options, err = json.Marshal(assertion.Response)
	return options, keptOf(session, now), err
}

// FinishSecond checks what the browser answers, and returns the passkey as it has
// to be kept from now on.
func (p *Party) FinishSecond(ctx context.Context, who Holder, kept Kept, answer []byte, replay login.Replay, now time.Time) (Credential, error) {
	if len(who.Handle) == 0 || len(kept.Allowed) == 0 {
		return Credential{}, refused(errors.New("nobody was asked for a passkey"))
	}
	return finish(ctx, kept, answer, protocol.VerificationDiscouraged, func(session webauthn.SessionData, parsed *protocol.ParsedCredentialAssertionData) (*webauthn.Credential, error) {
		return p.library.ValidateLogin(user{who}, session, parsed)
	}, replay, now)
}

// finish ends a sign-in, whichever it is.
func finish(ctx context.Context, kept Kept, answer []byte, verification protocol.UserVerificationRequirement, validate func(webauthn.SessionData, *protocol.ParsedCredentialAssertionData) (*webauthn.Credential, error), replay login.Replay, now time.Time) (Credential, error) {
	if err := kept.ends(answer, now); err != nil {
		return Credential{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Credential{}, refused(err)
	}
	session := kept.session()
	session.UserVerification = verification
	used, err := validate(session, parsed)
	if err != nil {
		return Credential{}, refused(err)
	}
	if used.Authenticator.CloneWarning {
		return Credential{}, refused(ErrCopied)
	}
	if err := kept.once(ctx, replay); err != nil {
		return Credential{}, err
	}
	return credentialOf(used), nil
}

// keptOf takes of a session what we did not choose ourselves.
func keptOf(s *webauthn.SessionData, now time.Time) Kept {
	return Kept{Challenge: s.Challenge, Handle: s.UserID, Allowed: s.AllowedCredentialIDs, Until: now.Add(ceremony)}
}

func (k Kept) session() webauthn.SessionData {
	return webauthn.SessionData{Challenge: k.Challenge, UserID: k.Handle, AllowedCredentialIDs: k.Allowed}
}

// ends refuses an answer before it is read.
func (k Kept) ends(answer []byte, now time.Time) error {
	switch {
	case k.Challenge == "" || !now.Before(k.Until):
		return refused(errors.New("the ceremony was not begun, or too long ago"))
	case len(answer) > maxAnswer:
		return refused(errors.New("the answer is too long"))
	}
	return nil
}

// once takes a challenge (section 13.4.3): an answer is good once, even to who
// copied the cookie with it.
func (k Kept) once(ctx context.Context, replay login.Replay) error {
	sum := sha256.Sum256([]byte("passkey\x00" + k.Challenge))
	fresh, err := replay.Fresh(ctx, hex.EncodeToString(sum[:]), k.Until)
	if err != nil {
		return fmt.Errorf("remember a challenge: %w", err)
	}
	if !fresh {
		return refused(errors.New("the challenge was answered before"))
	}
	return nil
}

// refused is the no that a person sees. The library keeps in several places what
// operators need to know.
func refused(why error) error {
	if e, ok := errors.AsType[*protocol.Error](why); ok {
		why = fmt.Errorf("%w (%s)", why, e.DevInfo)
	}
	return fault.Because(fault.Unauthenticated, why, "fault.passkey.refused")
}
