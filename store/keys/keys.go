// Package keys knows the secrets of a server, in files beside the databases. It
// refuses to know what they seal and sign. Its main names are Keys and Open.
package keys

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"selfhelp/app/fault"
	"selfhelp/store/trouble"
)

// Keys are the secrets of a server. They stand outside the databases, so that
// a copy of those gives nobody what they seal.
type Keys struct {
	States      []Key              // seal the states of executions, the newest first
	Visitors    []Key              // sign what browsers keep, and the marks of visitors; the newest first
	Publication ed25519.PrivateKey // signs bundles and catalogues
	secret      []byte             // seals what the databases keep of others' secrets
	pseudonym   []byte             // keys pseudonyms; never another, since nothing else finds them again

	dir string
	log *slog.Logger
	mu  sync.RWMutex // a presentation server takes others while it works
}

const (
	keySize        = 32
	publicationKey = "publication.key"
	visitorKey     = "visitor.key" // the first of its series, as stores of before have it
	secretKey      = "secret.key"
	pseudonymKey   = "pseudonym.key"
	statePrefix    = "state-"
	visitorPrefix  = "visitor-"
	keySuffix      = ".key"
)

// Open reads the keys of a store, making those that a new one needs. The file
// guarded is there when the store is not new.
func Open(store, guarded string, log *slog.Logger) (*Keys, error) {
	k := &Keys{dir: filepath.Join(store, "keys"), log: log}
	if err := k.makeFolder(store, guarded); err != nil {
		return nil, err
	}
	seed, err := k.readOrMake(publicationKey, log)
	if err != nil {
		return nil, err
	}
	k.Publication = ed25519.NewKeyFromSeed(seed)
	if k.secret, err = k.readOrMake(secretKey, log); err != nil {
		return nil, err
	}
	if err := k.readSeries(log); err != nil {
		return nil, err
	}
	return k, k.openPseudonyms(log)
}

// Pseudonym is what stands for a user in what is kept of them once their name is
// taken out: the same for the same user, and nothing they can be found from
// without the key.
func (k *Keys) Pseudonym(user string) string {
	mac := hmac.New(sha256.New, k.Shared().Pseudonym)
	mac.Write([]byte("pseudonym\x00" + user))
	return "p-" + hex.EncodeToString(mac.Sum(nil)[:6])
}

// makeFolder makes the folder of a new store. Where databases are already, its
// absence means that they came without their keys: new ones in their place
// would open nothing and hide the loss.
func (k *Keys) makeFolder(store, guarded string) error {
	_, err := os.Stat(k.dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return trouble.Of(err)
	}
	if _, err := os.Stat(filepath.Join(store, guarded)); err == nil {
		return &fault.Error{
			Kind: fault.Unavailable, Key: "fault.store.keys", Args: []any{k.dir},
			Hint: "the databases are here without the folder " + k.dir + ": put it back, as a whole, from where a copy of it is kept, another site too; with new keys nothing that these sealed would open, and nothing would be served that they signed",
		}
	}
	if err := os.Mkdir(k.dir, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", k.dir, trouble.Of(err))
	}
	return trouble.Sync(store)
}

// openPseudonyms takes the key of pseudonyms. In stores of before it is the key of
// visitors, which was the only one then: those that were given must be found again
// when their person is erased.
func (k *Keys) openPseudonyms(log *slog.Logger) (err error) {
	k.pseudonym, err = k.read(pseudonymKey, log)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	k.pseudonym = k.Visitors[len(k.Visitors)-1].Key
	path := filepath.Join(k.dir, pseudonymKey)
	if err := writeDurably(path, []byte(hex.EncodeToString(k.pseudonym)+"\n")); err != nil {
		return fmt.Errorf("make key %s: %w", path, trouble.Of(err))
	}
	return nil
}

func (k *Keys) readOrMake(name string, log *slog.Logger) ([]byte, error) {
	key, err := k.read(name, log)
	if errors.Is(err, fs.ErrNotExist) {
		return k.create(name)
	}
	return key, err
}

func (k *Keys) read(name string, log *slog.Logger) ([]byte, error) {
	path := filepath.Join(k.dir, name)
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read key: %w", trouble.Of(err))
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 {
		log.Warn("a key can be read by other accounts", "file", path, "hint", "chmod 600 "+path)
	}
	first, _, _ := strings.Cut(string(b), "\n") // another line may say when it was made
	key, err := hex.DecodeString(strings.TrimSpace(first))
	if err != nil || len(key) != keySize {
		return nil, &fault.Error{
			Kind: fault.Unavailable, Key: "fault.store.keys", Args: []any{k.dir},
			Hint: "the key file " + path + " is damaged: put it back from its backup",
		}
	}
	return key, nil
}

// create makes a key file whole or not at all, and never over another.
func (k *Keys) create(name string) ([]byte, error) {
	key := make([]byte, keySize)
	rand.Read(key)
	path := filepath.Join(k.dir, name)
	if err := writeDurably(path, []byte(hex.EncodeToString(key)+"\n")); err != nil {
		return nil, fmt.Errorf("make key %s: %w", path, trouble.Of(err))
	}
	return key, nil
}

// writeDurably writes a new private file so that a power cut leaves all of it
// or nothing.
func writeDurably(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), path); err != nil {
		return err
	}
	return trouble.Sync(filepath.Dir(path))
}
