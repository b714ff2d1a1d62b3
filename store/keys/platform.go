package keys

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/trouble"
)

// peerKey signs what a server says to another one of its platform.
const peerKey = "peer.key"

// Shared are the keys that all servers of a platform have: with them each opens what
// another sealed. What signs publications is not among them.
type Shared struct {
	States    []Key  `json:"states"`   // the newest first
	Visitors  []Key  `json:"visitors"` // likewise
	Secret    []byte `json:"secret"`
	Pseudonym []byte `json:"pseudonym"`
}

// NewShared makes keys that nothing was written by.
func NewShared(now time.Time) Shared {
	key := func() []byte {
		b := make([]byte, keySize)
		rand.Read(b)
		return b
	}
	one := func() []Key { return []Key{{ID: firstID, Key: key(), Made: now.UTC().Truncate(time.Second)}} }
	return Shared{States: one(), Visitors: one(), Secret: key(), Pseudonym: key()}
}

// Mark tells one set of shared keys from another, and nothing of them.
func (s Shared) Mark() string {
	text, _ := json.Marshal(s) // bytes
	sum := sha256.Sum256(append([]byte("selfhelp shared keys\x00"), text...))
	return hex.EncodeToString(sum[:8])
}

// Shared returns the keys that presentation servers are given.
func (k *Keys) Shared() Shared {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return Shared{k.States, k.Visitors, k.secret, k.pseudonym}
}

// Take makes the shared keys of a folder those of a platform, one file after the other,
// each whole or not at all. Who holds some of those of before takes them anew.
func (k *Keys) Take(s Shared) error {
	if len(s.States) == 0 || len(s.Visitors) == 0 {
		return fault.New(fault.Invalid, "fault.peer.body")
	}
	wanted := map[string]Key{secretKey: {ID: firstID, Key: s.Secret}, pseudonymKey: {ID: firstID, Key: s.Pseudonym}}
	for _, one := range s.States {
		wanted[fileOf(statePrefix, one.ID)] = one
	}
	for _, one := range s.Visitors {
		wanted[fileOf(visitorPrefix, one.ID)] = one
	}
	for _, one := range wanted {
		if !isID(one.ID) || len(one.Key) != keySize {
			return fault.New(fault.Invalid, "fault.peer.body")
		}
	}
	for name, one := range wanted {
		if err := k.replace(name, one.text()); err != nil {
			return err
		}
	}
	if err := k.dropOthers(wanted); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.States, k.Visitors, k.secret, k.pseudonym = s.States, s.Visitors, s.Secret, s.Pseudonym
	return nil
}

// isID reports whether an id may stand in a file's name.
func isID(id string) bool {
	return id != "" && len(id) <= 16 && strings.Trim(id, "0123456789") == ""
}

// dropOthers removes the keys of the series that are not wanted any more.
func (k *Keys) dropOthers(wanted map[string]Key) error {
	states, err := filepath.Glob(filepath.Join(k.dir, statePrefix+"*"+keySuffix))
	visitors, more := filepath.Glob(filepath.Join(k.dir, strings.TrimSuffix(visitorPrefix, "-")+"*"+keySuffix))
	err = errors.Join(err, more)
	for _, name := range append(states, visitors...) {
		if _, keep := wanted[filepath.Base(name)]; !keep {
			err = errors.Join(err, os.Remove(name))
		}
	}
	if err != nil {
		return fmt.Errorf("remove old keys: %w", trouble.Of(err))
	}
	return trouble.Sync(k.dir)
}

// replace makes a key file hold another key.
func (k *Keys) replace(name string, text []byte) error {
	path := filepath.Join(k.dir, name)
	if there, err := os.ReadFile(path); err == nil && bytes.Equal(there, text) {
		return nil
	}
	tmp, err := os.CreateTemp(k.dir, ".new-*") // mode 0600
	if err != nil {
		return fmt.Errorf("take key %s: %w", path, trouble.Of(err))
	}
	defer os.Remove(tmp.Name()) // gone once it has its name
	_, err = tmp.Write(text)
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return fmt.Errorf("take key %s: %w", path, trouble.Of(err))
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return fmt.Errorf("take key %s: %w", path, trouble.Of(err))
	}
	return trouble.Sync(k.dir)
}

// Peer returns the key that signs what this server says to others of its platform,
// making it where there is none.
func (k *Keys) Peer() (ed25519.PrivateKey, error) {
	seed, err := k.readOrMake(peerKey, k.log)
	if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(seed), nil
}
