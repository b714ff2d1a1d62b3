package people

import (
	"crypto/rand"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// An era of an account lasts from one moment at which all its sessions end until the next:
// another password, a sign-out by who administers, a suspension, another role. It is called
// by its number and a name that nobody else can give. Sessions carry the era in which they
// began, so that no clock of any server decides which of them go on.
var eraPattern = regexp.MustCompile(`^[0-9]{1,15}\.[0-9a-f]{16}$`)

// eraNumber is the number of an era; 0 for the first, which has no name.
func eraNumber(era string) int64 {
	number, _, _ := strings.Cut(era, ".")
	n, _ := strconv.ParseInt(number, 10, 64) // what is none counts as the first
	return n
}

// newEra is the era of a number.
func newEra(number int64) string {
	name := make([]byte, 8)
	_, _ = rand.Read(name) // never fails
	return strconv.FormatInt(number, 10) + "." + hex.EncodeToString(name)
}

// Counts reports whether a session counts that began in an era and at a time, as far as
// this server knows the account: another one may know of a later era. Two eras of one number
// are of two servers that did not know of each other: the one the account is in has ended
// the other. Sessions of before there were eras go by the time.
func (u User) Counts(era string, began time.Time) bool {
	own, its := eraNumber(u.Era), eraNumber(era)
	switch {
	case !u.Active || its < own:
		return false
	case its == own && its > 0:
		return era == u.Era
	case own == 0 && its == 0:
		return !began.Truncate(time.Millisecond).Before(u.SessionsFrom.Truncate(time.Millisecond))
	}
	return true
}
