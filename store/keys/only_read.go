package keys

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"path/filepath"
)

// Read reads what opens what the databases of a folder seal, and makes nothing: a
// folder without keys is an error. What seals states and signs is not read.
func Read(store string) (*Keys, error) {
	k := &Keys{dir: filepath.Join(store, "keys")}
	var err error
	k.secret, err = k.read(secretKey, slog.New(slog.DiscardHandler))
	return k, err
}

// MarkOf tells the keys of a folder from those of another, and nothing of them: it goes
// by the one that is never exchanged.
func MarkOf(store string) (string, error) {
	k := &Keys{dir: filepath.Join(store, "keys")}
	seed, err := k.read(publicationKey, slog.New(slog.DiscardHandler))
	if err != nil {
		return "", err
	}
	return markOf(ed25519.NewKeyFromSeed(seed)), nil
}

func markOf(publication ed25519.PrivateKey) string {
	public := publication.Public().(ed25519.PublicKey)
	sum := sha256.Sum256(append([]byte("selfhelp keys\x00"), public...))
	return hex.EncodeToString(sum[:8])
}
