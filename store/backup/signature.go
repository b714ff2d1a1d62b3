package backup

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"

	"selfhelp/app/fault"
)

// Sign signs a text with the key of a server, and names the public one that belongs to it.
type Sign func(text []byte) (public ed25519.PublicKey, signature []byte, err error)

// signature stands beside what a manifest says.
type signature struct {
	Key   ed25519.PublicKey `json:"key"`
	Value []byte            `json:"value"`
}

// text is what is signed: nothing else that the key signs begins so.
func text(manifest []byte) []byte { return append([]byte("selfhelp backup\x00"), manifest...) }

// sign signs a manifest as it stands on the disk; nil where nobody does.
func (k *making) sign(manifest []byte) (*signature, error) {
	if k.Sign == nil {
		return nil, nil
	}
	public, value, err := k.Sign(text(manifest))
	return &signature{public, value}, err
}

// Signed is who signed a backup.
type Signed string

// Who may have. Whoever can write to a folder of backups can take a signature away, or put
// another one there: only Own proves where a backup comes from.
const (
	Unsigned Signed = "none"
	Own      Signed = "own"     // by the key that was asked for
	Unknown  Signed = "unknown" // by another one
	Forged   Signed = "wrong"   // the signature is not one of what the manifest says
)

// Signer says who signed a backup: the key of a server, nil where there is none here, or
// somebody else.
func (m Manifest) Signer(own ed25519.PublicKey) Signed {
	switch s := m.signature; {
	case s == nil:
		return Unsigned
	case m.forged:
		return Forged
	case own != nil && own.Equal(s.Key):
		return Own
	}
	return Unknown
}

// judge holds a signature against what it is of.
func (m *Manifest) judge(s *signature, manifest json.RawMessage) {
	m.signature = s
	m.forged = s != nil && (len(s.Key) != ed25519.PublicKeySize || !ed25519.Verify(s.Key, text(manifest), s.Value))
}

// forged refuses a backup of which something was changed since it was signed.
func forged(chain []Manifest) error {
	for _, m := range chain {
		if m.forged {
			return &fault.Error{
				Kind: fault.Conflict, Key: "fault.backup.forged", Args: []any{m.Name}, Cause: fmt.Errorf("the signature of %s is not one of what it says: somebody changed it since", m.Name),
				Hint: "find out who can write to the folder of backups. An older one may be as it was written; selfhelp restore --anyway takes this one as it is",
			}
		}
	}
	return nil
}

// Signer is that of a backup, and of the full that it is on: the one that proves less.
func (f Folder) Signer(name string, own ed25519.PublicKey) (Signed, error) {
	chain, err := f.chain(name)
	if err != nil {
		return Unsigned, err
	}
	least := Own
	for _, worse := range []Signed{Unknown, Unsigned, Forged} {
		for _, m := range chain {
			if m.Signer(own) == worse {
				least = worse
			}
		}
	}
	return least, nil
}
