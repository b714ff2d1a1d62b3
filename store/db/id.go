package db

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
)

var base32Lower = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewID returns 26 lower-case characters of 128 random bits: the UID of a
// project or procedure, the id of a user or execution.
func NewID() string {
	var b [16]byte
	rand.Read(b[:])
	return strings.ToLower(base32Lower.EncodeToString(b[:]))
}
