package peer

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// What servers of one platform say to each other is signed: HTTP Message Signatures
// (RFC 9421) by Ed25519 over a digest of the body (RFC 9530), in one fixed profile.
// There is nothing to negotiate, and whatever is written otherwise is refused.
const (
	toHeader       = "Selfhelp-To"       // id of the server that is meant
	instanceHeader = "Selfhelp-Instance" // of its process: what was signed for the one before opens nothing
	digestHeader   = "Content-Digest"
	inputHeader    = "Signature-Input"
	proofHeader    = "Signature"

	label     = "peer"
	askParts  = `("@method" "@path" "@query" "content-digest" "selfhelp-to" "selfhelp-instance")`
	replyPart = `("@status" "content-digest" "signature";req;key="peer")`
	profile   = `;alg="ed25519";tag="selfhelp-peer"`
)

// KeyID names a public key: the first half of its SHA-256, base64url.
func KeyID(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// digestOf is the digest of a body as its header says it.
func digestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

// stamp is what a signature says of itself.
type stamp struct {
	created time.Time
	nonce   string
	key     string // its id
}

// ask writes the parameters of a request's signature.
func (s stamp) ask() string {
	return askParts + ";created=" + strconv.FormatInt(s.created.Unix(), 10) + `;nonce="` + s.nonce + `";keyid="` + s.key + `"` + profile
}

// reply writes the parameters of an answer's signature.
func (s stamp) reply() string {
	return replyPart + ";created=" + strconv.FormatInt(s.created.Unix(), 10) + `;keyid="` + s.key + `"` + profile
}

var (
	askPattern   = regexp.MustCompile(`^peer=` + regexp.QuoteMeta(askParts) + `;created=(\d{1,12});nonce="([A-Z2-7]{26})";keyid="([A-Za-z0-9_-]{22})"` + regexp.QuoteMeta(profile) + `$`)
	replyPattern = regexp.MustCompile(`^peer=` + regexp.QuoteMeta(replyPart) + `;created=(\d{1,12});keyid="([A-Za-z0-9_-]{22})"` + regexp.QuoteMeta(profile) + `$`)
	proofPattern = regexp.MustCompile(`^peer=:([A-Za-z0-9+/]{86}==):$`)
)

// base is what is signed of a request (RFC 9421, section 2.5).
func askBase(r *http.Request, parameters string) []byte {
	return fmt.Appendf(nil, "\"@method\": %s\n\"@path\": %s\n\"@query\": ?%s\n\"content-digest\": %s\n\"selfhelp-to\": %s\n\"selfhelp-instance\": %s\n\"@signature-params\": %s",
		r.Method, r.URL.EscapedPath(), r.URL.RawQuery, r.Header.Get(digestHeader), r.Header.Get(toHeader), r.Header.Get(instanceHeader), parameters)
}

// replyBase is what is signed of an answer: it is bound to the signature of what it
// answers.
func replyBase(status int, digest, proof, parameters string) []byte {
	return fmt.Appendf(nil, "\"@status\": %d\n\"content-digest\": %s\n\"signature\";req;key=\"peer\": :%s:\n\"@signature-params\": %s", status, digest, proof, parameters)
}

// signAsk signs a request whose body, address and headers are set.
func signAsk(r *http.Request, body []byte, s stamp, key ed25519.PrivateKey) (proof string) {
	r.Header.Set(digestHeader, digestOf(body))
	parameters := s.ask()
	proof = base64.StdEncoding.EncodeToString(ed25519.Sign(key, askBase(r, parameters)))
	r.Header.Set(inputHeader, label+"="+parameters)
	r.Header.Set(proofHeader, label+"=:"+proof+":")
	return proof
}

// signReply signs an answer to a request with a proof.
func signReply(h http.Header, status int, body []byte, proof string, s stamp, key ed25519.PrivateKey) {
	digest, parameters := digestOf(body), s.reply()
	h.Set(digestHeader, digest)
	h.Set(inputHeader, label+"="+parameters)
	h.Set(proofHeader, label+"=:"+base64.StdEncoding.EncodeToString(ed25519.Sign(key, replyBase(status, digest, proof, parameters)))+":")
}

// only returns the value of a header that stands there once.
func only(h http.Header, name string) (string, bool) {
	values := h.Values(name)
	if len(values) != 1 {
		return "", false
	}
	return values[0], true
}

// proofOf reads the signature of a message: as it stands, and its bytes.
func proofOf(h http.Header) (written string, bytes []byte, ok bool) {
	value, once := only(h, proofHeader)
	m := proofPattern.FindStringSubmatch(value)
	if !once || m == nil {
		return "", nil, false
	}
	bytes, err := base64.StdEncoding.Strict().DecodeString(m[1])
	return m[1], bytes, err == nil
}

// stampOf reads what the signature of a request says of itself, and its parameters as
// they were signed.
func stampOf(h http.Header) (s stamp, parameters string, ok bool) {
	value, once := only(h, inputHeader)
	m := askPattern.FindStringSubmatch(value)
	if !once || m == nil {
		return s, "", false
	}
	seconds, _ := strconv.ParseInt(m[1], 10, 64) // digits
	return stamp{time.Unix(seconds, 0), m[2], m[3]}, strings.TrimPrefix(value, label+"="), true
}
