package keys

import (
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
