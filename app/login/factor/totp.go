package factor

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" // what authenticator apps expect; its weakness is not one of HMAC (RFC 6238, appendix B)
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// What every authenticator app does unless told otherwise, and many even then
// (RFC 6238, section 4).
const (
	period     = 30 // seconds
	digits     = 6
	window     = 1  // steps before and after: clocks differ, people type slowly
	secretSize = 20 // bytes: 160 bits, as RFC 4226 recommends in section 4
)

// base is how secrets are written: letters and digits people can type.
var base = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewSecret returns what an authenticator app and we share.
func NewSecret() string {
	secret := make([]byte, secretSize)
	rand.Read(secret)
	return base.EncodeToString(secret)
}

// URL is what an authenticator app reads from a QR code: the format of Google
// Authenticator's "Key URI", which others took over.
func URL(secret, issuer, account string) string {
	issuer = strings.ReplaceAll(issuer, ":", " ") // a colon parts the issuer from the account
	q := url.Values{"secret": {secret}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {fmt.Sprint(digits)}, "period": {fmt.Sprint(period)}}
	// Apps read a plus as a plus: spaces are written %20.
	return "otpauth://totp/" + url.PathEscape(issuer) + ":" + url.PathEscape(account) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// Accept reports whether a code is right now, and returns the step of time it
// belongs to. The caller keeps that step, in the same transaction that lets the
// person in, and gives it as last the next time: a code is taken once (RFC 6238,
// section 5.2), and so is every code older than one that was taken.
func Accept(secret, code string, last int64, now time.Time) (step int64, ok bool) {
	key, err := base.DecodeString(secret)
	typed := strings.Join(strings.Fields(code), "")
	if err != nil || len(key) < 16 || len(typed) != digits {
		return 0, false
	}
	today := now.Unix() / period
	for s := today - window; s <= today+window; s++ { // each is looked at, whichever is right
		if same := subtle.ConstantTimeCompare([]byte(codeOf(key, s)), []byte(typed)) == 1; same && s > last && s > step {
			step, ok = s, true
		}
	}
	return step, ok
}

// codeOf is the code of a step: HOTP (RFC 4226, section 5.3) over the time.
func codeOf(key []byte, step int64) string {
	mac := hmac.New(sha1.New, key)
	binary.Write(mac, binary.BigEndian, step)
	sum := mac.Sum(nil)
	number := binary.BigEndian.Uint32(sum[sum[len(sum)-1]&15:]) & (1<<31 - 1)
	return fmt.Sprintf("%0*d", digits, number%1_000_000)
}
