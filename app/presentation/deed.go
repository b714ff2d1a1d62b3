package presentation

import (
	"crypto/ed25519"
	"fmt"
	"time"
)

// Deed is the proof that an edition server began a term of office, signed by its key. A
// presentation server shows it to one whose term is over: that one may be cut off from where
// its replica would tell it. The word of a presentation server alone stops nobody, since
// somebody may have broken into it.
type Deed struct {
	Term      uint64    `json:"term"`
	Site      string    `json:"site"` // where the edition server is, like metz
	Since     time.Time `json:"since"`
	Signature []byte    `json:"signature,omitempty"` // Ed25519
}

// text is what is signed.
func (d Deed) text() []byte {
	return fmt.Appendf(nil, "selfhelp term of office\n%d\n%s\n%s\n", d.Term, d.Site, d.Since.UTC().Format(time.RFC3339Nano))
}

// SignedBy returns the deed with its signature.
func (d Deed) SignedBy(key ed25519.PrivateKey) Deed {
	d.Signature = ed25519.Sign(key, d.text())
	return d
}

// IsBy reports whether a key signed the deed.
func (d Deed) IsBy(key ed25519.PublicKey) bool {
	return ed25519.Verify(key, d.text(), d.Signature)
}
