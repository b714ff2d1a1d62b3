package drive

import (
	"crypto/rand"
	"strings"
)

// A resume code lets a person go on on another device. It is short enough to be
// typed: 60 random bits, good once, guessed at most once a second from one
// address. What is kept of it is a keyed mark, so that a copy of the database
// opens nothing.
const (
	codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // Crockford's: none looks like another
	codeLength  = 12
)

// NewCode makes a code.
func NewCode() string {
	random := make([]byte, codeLength)
	rand.Read(random)
	for i, b := range random {
		random[i] = codeLetters[b%byte(len(codeLetters))]
	}
	return string(random)
}

// ReadCode returns a code as it was made, however it was typed; "" for what is
// none.
func ReadCode(typed string) string {
	var code strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch r {
		case ' ', '-', '\u2011', '\u00a0', '\u202f':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if !strings.ContainsRune(codeLetters, r) || code.Len() == codeLength {
			return ""
		}
		code.WriteRune(r)
	}
	if code.Len() != codeLength {
		return ""
	}
	return code.String()
}

// Spaced writes a code as people read it.
func Spaced(code string) string { return code[:4] + "-" + code[4:8] + "-" + code[8:] }
