package factor

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"

	"selfhelp/app/login"
)

// recoveries is how many recovery codes a person gets.
const recoveries = 10

// A recovery code is sixteen digits, read aloud in any language and typed on any
// keyboard: "4821 0937 5562 1940". The first says which of the ten it is, so that
// one hash is computed for a guess and not ten; the others are 49 bits of chance.
const recoveryDigits = 16

// NewRecovery returns recovery codes, to be shown once, and what is kept of
// them: hashes made as those of passwords, in the same order.
func NewRecovery() (codes, hashes []string) {
	below := new(big.Int).Exp(big.NewInt(10), big.NewInt(recoveryDigits-1), nil)
	for i := range recoveries {
		number, _ := rand.Int(rand.Reader, below) // its reader never fails
		code := fmt.Sprintf("%d%0*d", i, recoveryDigits-1, number)
		codes = append(codes, strings.Join([]string{code[:4], code[4:8], code[8:12], code[12:]}, " "))
		hashes = append(hashes, login.Hash(code))
	}
	return codes, hashes
}

// Recover reports whether a code is one of those that hashes were made of, and
// which. The caller puts "" in its place, in the same transaction that lets the
// person in: a code is taken once. However the code is spaced, it is the same. It
// returns login.ErrBusy when too many come at once.
func Recover(ctx context.Context, hashes []string, code string) (which int, ok bool, err error) {
	code, ok = typedDigits(code)
	if !ok {
		return 0, false, nil
	}
	which = int(code[0] - '0')
	hash := ""
	if which < len(hashes) {
		hash = hashes[which]
	}
	ok, _, err = login.Verify(ctx, login.First, hash, code)
	return which, ok, err
}

// typedDigits are the digits of a code as it was typed.
func typedDigits(code string) (digits string, ok bool) {
	digits = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.\u00a0\u202f\t", r) {
			return -1
		}
		return r
	}, code)
	return digits, len(digits) == recoveryDigits && strings.Trim(digits, "0123456789") == ""
}
