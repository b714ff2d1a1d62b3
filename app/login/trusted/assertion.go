package trusted

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"selfhelp/app/fault"
	"selfhelp/app/login"
)

// The bounds of an assertion.
const (
	lifetime  = 5 * time.Minute // from iat to exp, at most
	skew      = time.Minute     // that the host's clock may be ahead of ours
	maxBytes  = 8 << 10
	maxValue  = 1000 // bytes of a claim
	maxLogin  = 200
	maxGroups = 500
)

// told is what an assertion says: the claims of RFC 7519, section 4.1, and ours.
type told struct {
	jwt.Claims
	Name     string   `json:"name"`
	Mail     string   `json:"mail"`
	Language string   `json:"language"`
	Groups   []string `json:"groups"`
}

// Accept checks an assertion that a person brought from the host, made for
// audience, which is our own origin, and returns who they are. It is good once.
// A refusal is Unauthenticated; any other error is of replay.
func (h Host) Accept(ctx context.Context, assertion, audience string, replay login.Replay, now time.Time, trace *login.Trace) (login.Identity, error) {
	said, err := h.read(assertion)
	if err == nil {
		err = h.check(said, audience, now)
	}
	trace.Add(now, err, login.AsWritten(said.Subject), login.InWords("trace.trusted.check", audience))
	if err != nil {
		return login.Identity{}, refused(err)
	}
	used := sha256.Sum256([]byte(h.Issuer + "\x00" + said.ID))
	fresh, err := replay.Fresh(ctx, hex.EncodeToString(used[:]), said.Expiry.Time().Add(skew))
	if err != nil {
		return login.Identity{}, fmt.Errorf("remember an assertion: %w", err)
	}
	if !fresh {
		err := errors.New("the assertion was used before")
		trace.Add(now, err, login.Said{}, login.InWords("trace.trusted.used"))
		return login.Identity{}, refused(err)
	}
	return said.identity(), nil
}

// read verifies the signature by one of the pinned keys. The algorithm is that of
// the key, whatever the assertion says, and never one that shares a secret.
func (h Host) read(assertion string) (told, error) {
	var said told
	if len(assertion) > maxBytes {
		return said, errors.New("the assertion is too long")
	}
	keys, err := h.keys()
	if err != nil {
		return said, err
	}
	token, err := jwt.ParseSigned(assertion, []jose.SignatureAlgorithm{jose.EdDSA, jose.ES256, jose.RS256})
	if err != nil {
		return said, err
	}
	for _, k := range keys {
		if token.Headers[0].Algorithm == string(k.algorithm) {
			if err = token.Claims(k.key, &said); err == nil {
				return said, nil
			}
		}
	}
	return told{}, fmt.Errorf("no key of the host made this assertion: %w", err)
}

// check looks at every claim; one that is missing is wrong.
func (h Host) check(said told, audience string, now time.Time) error {
	switch {
	case said.Issuer == "" || said.Issuer != h.Issuer:
		return fmt.Errorf("the assertion is from %.100q", said.Issuer)
	case audience == "" || len(said.Audience) != 1 || said.Audience[0] != audience: // for us, and for nobody beside us
		return fmt.Errorf("the assertion was made for %.200q", said.Audience)
	case said.IssuedAt == nil || said.Expiry == nil || said.ID == "":
		return errors.New("the assertion lacks iat, exp or jti")
	case !now.Before(said.Expiry.Time()):
		return fmt.Errorf("the assertion ended at %v", said.Expiry.Time())
	case said.IssuedAt.Time().After(now.Add(skew)) || said.NotBefore != nil && said.NotBefore.Time().After(now.Add(skew)):
		return errors.New("the assertion begins in the future")
	case said.Expiry.Time().Sub(said.IssuedAt.Time()) > lifetime:
		return fmt.Errorf("the assertion lives longer than %v", lifetime)
	case said.Subject == "" || len(said.Subject) > maxLogin || !isText(said.Subject):
		return errors.New("sub is not a login")
	case strings.TrimSpace(said.Name) == "" || !isText(said.Name) || !isText(said.Mail) || !isText(said.Language):
		return errors.New("name, mail or language is not a text, or there is no name")
	case len(said.Groups) > maxGroups || slices.ContainsFunc(said.Groups, func(g string) bool { return g == "" || !isText(g) }):
		return errors.New("groups are too many, or one is not a text")
	}
	return nil
}

func (t told) identity() login.Identity {
	slices.Sort(t.Groups)
	return identity(t.Subject, map[string]string{login.FieldName: t.Name, login.FieldMail: t.Mail, login.FieldLanguage: t.Language}, slices.Compact(t.Groups))
}

// identity leaves out the fields that are empty.
func identity(name string, fields map[string]string, groups []string) login.Identity {
	who := login.Identity{Subject: name, Login: name, Fields: map[string]string{}, Groups: groups}
	for field, value := range fields {
		if value != "" {
			who.Fields[field] = value
		}
	}
	return who
}

// isText reports whether people can read a value.
func isText(s string) bool {
	return len(s) <= maxValue && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// refused is the no that a person sees, with its reason for operators.
func refused(why error) error {
	return fault.Because(fault.Unauthenticated, why, "fault.trusted.refused")
}
