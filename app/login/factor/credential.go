package factor

import (
	"crypto/rand"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// Credential is what is kept of a passkey: nothing in it is secret. All of it is
// kept anew after each use.
type Credential struct {
	ID         []byte   `json:"id"`
	PublicKey  []byte   `json:"public_key"` // COSE_Key (RFC 9052, section 7)
	Model      []byte   `json:"model,omitempty"`
	Transports []string `json:"transports,omitempty"` // how a browser finds it: usb, nfc, internal, hybrid
	Count      uint32   `json:"count"`                // of its uses, as it tells; 0 when it does not count
	Verifies   bool     `json:"verifies"`             // its device checked who holds it when it was registered
	Travels    bool     `json:"travels"`              // it may be on several devices of a person
	BackedUp   bool     `json:"backed_up"`            // and is
}

// NewHandle returns what authenticators keep of somebody: chance, which tells
// whoever finds the authenticator nothing (section 14.6.1).
func NewHandle() []byte {
	handle := make([]byte, handleSize)
	rand.Read(handle)
	return handle
}

func credentialOf(c *webauthn.Credential) Credential {
	own := Credential{
		ID: c.ID, PublicKey: c.PublicKey, Model: c.Authenticator.AAGUID, Count: c.Authenticator.SignCount,
		Verifies: c.Flags.UserVerified, Travels: c.Flags.BackupEligible, BackedUp: c.Flags.BackupState,
	}
	for _, t := range c.Transport {
		own.Transports = append(own.Transports, string(t))
	}
	return own
}

func (c Credential) library() webauthn.Credential {
	theirs := webauthn.Credential{
		ID: c.ID, PublicKey: c.PublicKey, Authenticator: webauthn.Authenticator{AAGUID: c.Model, SignCount: c.Count},
		Flags: webauthn.CredentialFlags{UserVerified: c.Verifies, BackupEligible: c.Travels, BackupState: c.BackedUp},
	}
	for _, t := range c.Transports {
		theirs.Transport = append(theirs.Transport, protocol.AuthenticatorTransport(t))
	}
	return theirs
}

// user is a Holder as the library wants it.
type user struct{ Holder }

func (u user) WebAuthnID() []byte          { return u.Handle }
func (u user) WebAuthnName() string        { return u.Login }
func (u user) WebAuthnDisplayName() string { return u.Name }

func (u user) WebAuthnCredentials() []webauthn.Credential {
	var all []webauthn.Credential
	for _, c := range u.Credentials {
		all = append(all, c.library())
	}
	return all
}
