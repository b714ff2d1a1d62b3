package intake

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"selfhelp/app/fault"
	"selfhelp/app/transfer/roster"
	"selfhelp/app/web/admin"
	"selfhelp/app/web/frame"
)

// brought is a list of people that somebody brings: what the page that shows its
// plan carries, signed, until it is agreed to.
type brought struct {
	By     string `json:"by"`
	Name   string `json:"name"`   // of the file; "" when it was pasted
	Hash   string `json:"hash"`   // of its sealed content, kept as a stray
	Key    []byte `json:"key"`    // that opens it
	Domain string `json:"domain"` // of new accounts whose line names none
	State  string `json:"state"`  // what the plan said
}

// importPurpose keeps what is signed here from being taken for something else.
const importPurpose = "roster"

// broughtIn is the list of a form: one that is sent, or one whose plan was agreed
// to.
func (s *Intake) broughtIn(v *frame.Visit) (b brought, content []byte, agreed bool, err error) {
	if signed := v.PostFormValue("seen"); signed != "" {
		said, ok := s.Keys.Verify(importPurpose, signed)
		if !ok || json.Unmarshal([]byte(said), &b) != nil || b.By != v.Who.ID {
			return brought{}, nil, false, fault.New(fault.Forbidden, "fault.forbidden.not_granted")
		}
		content, err = s.openBrought(b)
		return b, content, true, err
	}
	b = brought{By: v.Who.ID, Domain: v.PostFormValue("domain")}
	if b.Domain != "" && !admin.Administers(v, b.Domain) {
		return b, nil, false, fault.New(fault.Invalid, "fault.user.domain")
	}
	if b.Name, content, err = sentList(v); err != nil {
		return b, nil, false, err
	}
	b.Hash, b.Key, err = s.keepBrought(v, content)
	return b, content, false, err
}

// sentList is the file of a form, or what was pasted.
func sentList(v *frame.Visit) (name string, content []byte, err error) {
	if text := v.PostFormValue("text"); text != "" {
		return "", []byte(text), nil
	}
	file, head, err := v.FormFile("file")
	if err != nil {
		return "", nil, fault.Because(fault.Invalid, err, "fault.roster.none")
	}
	defer file.Close()
	if content, err = io.ReadAll(io.LimitReader(file, roster.MostBytes+1)); err != nil {
		return "", nil, frame.Unreadable(err)
	}
	return head.Filename, content, nil
}

// keepBrought keeps a list until its plan is agreed to; if it never is, it goes
// as other strays do. It may hold passwords: it is sealed, and only the page of
// its plan has the key. It is not scanned, for nobody is ever given it.
func (s *Intake) keepBrought(v *frame.Visit, content []byte) (hash string, key []byte, err error) {
	key = make([]byte, 32)
	rand.Read(key)
	seal, err := sealer(key)
	if err != nil {
		return "", nil, err
	}
	kept, err := s.Files.Receive(v.Context(), bytes.NewReader(seal.Seal(nil, nil, content, nil)), roster.MostBytes+1024)
	return kept.Hash, key, err
}

func (s *Intake) openBrought(b brought) ([]byte, error) {
	if !s.Files.Has(b.Hash) {
		return nil, fault.New(fault.Invalid, "fault.roster.gone")
	}
	seal, err := sealer(b.Key)
	if err != nil {
		return nil, err
	}
	file, _, err := s.Files.Open(b.Hash)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	sealed, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("read kept list: %w", err)
	}
	content, err := seal.Open(nil, nil, sealed, nil)
	if err != nil {
		return nil, fmt.Errorf("open kept list: %w", err)
	}
	return content, nil
}

func sealer(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("take the key of a list: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// readImport reads the form of an import, whatever it brings.
func readImport(v *frame.Visit) error {
	if err := v.ParseMultipartForm(4 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return frame.Unreadable(err)
	}
	return nil
}
