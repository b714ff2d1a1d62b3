package keys

import (
	"crypto/ed25519"
	"errors"
	"io/fs"
	"log/slog"
	"path/filepath"
)

// PublicOf is the public key of what signs for a folder, nil where that has no keys.
func PublicOf(store string) (ed25519.PublicKey, error) {
	private, err := signerOf(store)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return private.Public().(ed25519.PublicKey), nil
}

// Sign signs a text with the key that signs publications, which says in its beginning what
// it is: bundles and catalogues begin otherwise.
func Sign(store string, text []byte) (ed25519.PublicKey, []byte, error) {
	private, err := signerOf(store)
	if err != nil {
		return nil, nil, err
	}
	return private.Public().(ed25519.PublicKey), ed25519.Sign(private, text), nil
}

func signerOf(store string) (ed25519.PrivateKey, error) {
	k := &Keys{dir: filepath.Join(store, "keys")}
	seed, err := k.read(publicationKey, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(seed), nil
}
