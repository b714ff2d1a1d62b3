package login

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"selfhelp/app/fault"
)

// The cost of a password: OWASP's second recommendation for Argon2id. A hash
// says its own cost, so that these may grow.
const (
	memory  = 19 << 10 // KiB
	rounds  = 2
	lanes   = 1
	keySize = 32
)

// The lengths of a password. The longest is no limit to people and one to
// machines that send megabytes.
const (
	Shortest     = 10   // characters, unless a rule says more
	MostShortest = 64   // characters that a rule may ask for
	Longest      = 1024 // bytes
)

// Rule is what a new password must be.
type Rule struct {
	Shortest int       // characters; fewer than Shortest are Shortest
	Words    []string  // that it must not hold, as IsWord wants them
	Breached *Breached // those that became known elsewhere; nil: none are known
}

// Length is how many characters a password has at least.
func (r Rule) Length() int { return max(r.Shortest, Shortest) }

// Check says what is wrong with a new password for a login, nil when nothing
// is. Length is what counts, unless it is that of a word; rules about signs make
// people write them down.
func (r Rule) Check(password, login string) error {
	password = norm.NFC.String(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return fault.InField("password", "fault.password.text")
	case len(password) > Longest:
		return fault.InField("password", "fault.password.long")
	case utf8.RuneCountInString(password) < r.Length():
		return fault.InField("password", "fault.password.short")
	case strings.EqualFold(password, norm.NFC.String(login)) || isEasy(password, login):
		return fault.InField("password", "fault.password.easy")
	}
	if word := heldBy(password, r.Words); word != "" {
		return &fault.Error{Kind: fault.Invalid, Key: "fault.password.word", Args: []any{word}, Fields: map[string]string{"password": "fault.password.word"}}
	}
	if isFrequent(password) {
		return fault.InField("password", "fault.password.known")
	}
	known, err := r.Breached.Has(password)
	if err == nil && known {
		return fault.InField("password", "fault.password.known")
	}
	return err
}

// Hash returns what is kept of a password, in the PHC string format. It waits for
// its turn: whoever has many to make makes AtOnce of them at a time, so that
// others find a place between.
func Hash(password string) string {
	hashing.enter(context.Background(), unfailed)
	defer hashing.leave()
	salt := make([]byte, 16)
	rand.Read(salt)
	key := derive(password, salt, memory, rounds, lanes)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, rounds, lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// Verify reports whether a password is the one a hash was made of, and whether
// the hash is worth making again at today's cost. Without a hash, as for an
// account that does not exist, it does the same work and says no. Whoever would
// wait for too long gets ErrBusy.
func Verify(ctx context.Context, rank Rank, hash, password string) (ok, stale bool, err error) {
	if len(password) > Longest {
		return false, false, nil // refused before any work, for every account alike
	}
	ctx, cancel := context.WithTimeout(ctx, mostPatient)
	defer cancel()
	if err := hashing.enter(ctx, rank); err != nil {
		return false, false, err
	}
	defer hashing.leave()
	h, readable := parse(hash)
	if !readable {
		h = hashed{salt: make([]byte, 16), key: make([]byte, keySize), memory: memory, rounds: rounds, lanes: lanes}
	}
	key := derive(password, h.salt, h.memory, h.rounds, h.lanes)
	same := subtle.ConstantTimeCompare(key, h.key) == 1
	return same && readable, same && (h.memory != memory || h.rounds != rounds || h.lanes != lanes), nil
}

// IsHash reports whether a text is what Hash would make of some password today: nothing
// that would take more work or less, or more room.
func IsHash(text string) bool {
	h, ok := parse(text)
	return ok && len(text) < 200 && h.memory == memory && h.rounds == rounds && h.lanes == lanes
}

func derive(password string, salt []byte, memory, rounds uint32, lanes uint8) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, rounds, memory, lanes, keySize)
}

// hashed is a hash taken apart.
type hashed struct {
	salt, key      []byte
	memory, rounds uint32
	lanes          uint8
}

// parse reads a hash; costs that no hash of ours has are refused, for they
// would be work that whoever wrote the hash chose.
func parse(hash string) (h hashed, ok bool) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.rounds, &h.lanes); err != nil {
		return h, false
	}
	var err1, err2 error
	h.salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
	h.key, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	ok = err1 == nil && err2 == nil && len(h.key) == keySize && len(h.salt) >= 8 &&
		h.memory >= 1024 && h.memory <= 1<<18 && h.rounds >= 1 && h.rounds <= 10 && h.lanes >= 1 && h.lanes <= 8
	return h, ok
}
