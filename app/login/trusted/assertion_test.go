package trusted

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"selfhelp/app/fault"
	"selfhelp/app/login"
)

const origin = "https://selfhelp.example"

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// memory is a login.Replay of one server.
type memory struct {
	seen  map[string]time.Time
	fails error
}

func (m *memory) Fresh(_ context.Context, key string, until time.Time) (bool, error) {
	if m.fails != nil {
		return false, m.fails
	}
	if _, seen := m.seen[key]; seen {
		return false, nil
	}
	if m.seen == nil {
		m.seen = map[string]time.Time{}
	}
	m.seen[key] = until
	return true, nil
}

func publicPEM(t testing.TB, key crypto.Signer) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

func signed(t testing.TB, algorithm jose.SignatureAlgorithm, key any, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// claimsWith are those of a good assertion, changed; nil takes one away.
func claimsWith(changes map[string]any) map[string]any {
	claims := map[string]any{
		"iss": "host", "aud": origin, "sub": "camille", "name": "Camille Moreau", "iat": noon.Unix(), "exp": noon.Add(2 * time.Minute).Unix(), "jti": "1",
		"mail": "camille@example.org", "language": "fr", "groups": []string{"support", "paris", "support"},
	}
	maps.Copy(claims, changes)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	return claims
}

func keysOfAllKinds(t testing.TB) (ed ed25519.PrivateKey, ec *ecdsa.PrivateKey, rs *rsa.PrivateKey) {
	t.Helper()
	_, ed, err1 := ed25519.GenerateKey(rand.Reader)
	ec, err2 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	rs, err3 := rsa.GenerateKey(rand.Reader, 2048)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return ed, ec, rs
}

func TestAssertions(t *testing.T) {
	ed, ec, rs := keysOfAllKinds(t)
	host := Host{Issuer: "host", Keys: publicPEM(t, ed) + publicPEM(t, ec) + publicPEM(t, rs)}
	if wrong := host.Check(); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	for algorithm, key := range map[jose.SignatureAlgorithm]any{jose.EdDSA: ed, jose.ES256: ec, jose.RS256: rs} {
		replay, trace := &memory{}, &login.Trace{}
		who, err := host.Accept(t.Context(), signed(t, algorithm, key, claimsWith(nil)), origin, replay, noon, trace)
		want := login.Identity{Subject: "camille", Login: "camille", Fields: map[string]string{"name": "Camille Moreau", "mail": "camille@example.org", "language": "fr"}, Groups: []string{"paris", "support"}}
		if err != nil || fmt.Sprint(who) != fmt.Sprint(want) || len(trace.Lines) != 1 {
			t.Errorf("%s: %+v, %v", algorithm, who, err)
		}
		for _, until := range replay.seen {
			if !until.After(noon.Add(2 * time.Minute)) {
				t.Errorf("%s: remembered until %v only", algorithm, until)
			}
		}
	}
	who, err := host.Accept(t.Context(), signed(t, jose.EdDSA, ed, claimsWith(map[string]any{"mail": nil, "language": nil, "groups": nil})), origin, &memory{}, noon, nil)
	if err != nil || len(who.Fields) != 1 || who.Groups != nil {
		t.Errorf("%+v, %v", who, err)
	}
}

func TestRefusedClaims(t *testing.T) {
	ed, _, _ := keysOfAllKinds(t)
	host := Host{Issuer: "host", Keys: publicPEM(t, ed)}
	for name, changes := range map[string]map[string]any{
		"expired":           {"iat": noon.Add(-4 * time.Minute).Unix(), "exp": noon.Unix()},
		"future":            {"iat": noon.Add(2 * time.Minute).Unix(), "exp": noon.Add(4 * time.Minute).Unix()},
		"not before":        {"nbf": noon.Add(2 * time.Minute).Unix()},
		"long-lived":        {"exp": noon.Add(5*time.Minute + time.Second).Unix()},
		"without end":       {"exp": nil},
		"end of the world":  {"exp": 1e17},
		"without beginning": {"iat": nil},
		"wrong aud":         {"aud": "https://other.example"},
		"several aud":       {"aud": []string{origin, "https://other.example"}},
		"no aud":            {"aud": nil},
		"wrong iss":         {"iss": "another"},
		"no iss":            {"iss": nil},
		"no sub":            {"sub": nil},
		"long sub":          {"sub": strings.Repeat("x", maxLogin+1)},
		"sub with a line":   {"sub": "camille\nsacha"},
		"no name":           {"name": nil},
		"blank name":        {"name": "  "},
		"no jti":            {"jti": nil},
		"odd mail":          {"mail": "a\x00b"},
		"mail is a list":    {"mail": []string{"a"}},
		"empty group":       {"groups": []string{""}},
		"groups of numbers": {"groups": make([]int, 3)},
		"much":              {"more": strings.Repeat("x", maxBytes)},
	} {
		replay := &memory{}
		who, err := host.Accept(t.Context(), signed(t, jose.EdDSA, ed, claimsWith(changes)), origin, replay, noon, nil)
		if !refuses(err) || who.Subject != "" || len(replay.seen) > 0 {
			t.Errorf("%s: %+v, %v", name, who, err)
		}
	}
}

func TestRefusedSignatures(t *testing.T) {
	ed, ec, rs := keysOfAllKinds(t)
	otherEd, otherEC, _ := keysOfAllKinds(t)
	host := Host{Issuer: "host", Keys: publicPEM(t, ed) + publicPEM(t, rs)}
	good := signed(t, jose.EdDSA, ed, claimsWith(nil))
	parts := strings.Split(good, ".")
	encode := func(v any) string {
		text, _ := json.Marshal(v)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	publicDER, _ := x509.MarshalPKIXPublicKey(rs.Public())
	embedded, _ := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: otherEd}, &jose.SignerOptions{EmbedJWK: true})
	withKey, _ := jwt.Signed(embedded).Claims(claimsWith(nil)).Serialize()
	for name, assertion := range map[string]string{
		"alg none":                         encode(map[string]string{"alg": "none"}) + "." + parts[1] + ".",
		"HS256 with the public key":        signed(t, jose.HS256, []byte(host.Keys), claimsWith(nil)),
		"HS256 with the public key's DER":  signed(t, jose.HS256, publicDER, claimsWith(nil)),
		"PS256, which is not asked for":    signed(t, jose.PS256, rs, claimsWith(nil)),
		"other key":                        signed(t, jose.EdDSA, otherEd, claimsWith(nil)),
		"other key of a kind that is none": signed(t, jose.ES256, otherEC, claimsWith(nil)),
		"key of a kind that is none":       signed(t, jose.ES256, ec, claimsWith(nil)),
		"key in the assertion":             withKey,
		"other claims":                     parts[0] + "." + encode(claimsWith(map[string]any{"sub": "sacha"})) + "." + parts[2],
		"signature cut":                    good[:len(good)-4],
		"JSON form":                        `{"protected":"` + parts[0] + `","payload":"` + parts[1] + `","signature":"` + parts[2] + `"}`,
		"unknown critical header":          encode(map[string]any{"alg": "EdDSA", "crit": []string{"x"}, "x": 1}) + "." + parts[1] + "." + parts[2],
		"nothing":                          "",
		"dots":                             "..",
	} {
		who, err := host.Accept(t.Context(), assertion, origin, &memory{}, noon, nil)
		if !refuses(err) || who.Subject != "" {
			t.Errorf("%s: %+v, %v", name, who, err)
		}
	}
	if _, err := (Host{Issuer: "host"}).Accept(t.Context(), good, origin, &memory{}, noon, nil); !refuses(err) {
		t.Errorf("a host without keys: %v", err)
	}
	if _, err := host.Accept(t.Context(), signed(t, jose.EdDSA, ed, claimsWith(map[string]any{"aud": ""})), "", &memory{}, noon, nil); !refuses(err) {
		t.Errorf("we without an origin: %v", err)
	}
}

func TestReplayedAssertions(t *testing.T) {
	ed, _, _ := keysOfAllKinds(t)
	host, replay := Host{Issuer: "host", Keys: publicPEM(t, ed)}, &memory{}
	for i, c := range []struct {
		jti string
		ok  bool
	}{{"1", true}, {"1", false}, {"2", true}, {"2", false}} {
		_, err := host.Accept(t.Context(), signed(t, jose.EdDSA, ed, claimsWith(map[string]any{"jti": c.jti})), origin, replay, noon, &login.Trace{})
		if (err == nil) != c.ok || err != nil && !refuses(err) {
			t.Errorf("%d, jti %s: %v", i, c.jti, err)
		}
	}
	replay.fails = errors.New("disk full")
	if _, err := host.Accept(t.Context(), signed(t, jose.EdDSA, ed, claimsWith(map[string]any{"jti": "3"})), origin, replay, noon, nil); !errors.Is(err, replay.fails) || refuses(err) {
		t.Errorf("a memory that fails: %v", err)
	}
}

func TestCheckHost(t *testing.T) {
	ed, _, _ := keysOfAllKinds(t)
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	other, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	private, _ := x509.MarshalPKCS8PrivateKey(ed)
	good := publicPEM(t, ed)
	for name, keys := range map[string]string{
		"none": "", "text": "not a key", "weak": publicPEM(t, weak), "other curve": publicPEM(t, other), "text behind": good + "text",
		"private": good + string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})), "many": strings.Repeat(good, maxKeys+1),
		"broken": string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte("x")})),
	} {
		if wrong := (Host{Issuer: "host", Keys: keys}).Check(); wrong["keys"] != "fault.trusted.keys" || len(wrong) != 1 {
			t.Errorf("%s: %v", name, wrong)
		}
	}
	if wrong := (Host{Keys: good}).Check(); wrong["issuer"] != "fault.trusted.issuer" || len(wrong) != 1 {
		t.Errorf("%v", wrong)
	}
}

// FuzzAssertion holds that nothing is accepted but what was signed.
func FuzzAssertion(f *testing.F) {
	ed, ec, rs := keysOfAllKinds(f)
	host := Host{Issuer: "host", Keys: publicPEM(f, ed) + publicPEM(f, ec) + publicPEM(f, rs)}
	f.Add(signed(f, jose.EdDSA, ed, claimsWith(nil)))
	f.Add(signed(f, jose.ES256, ec, claimsWith(nil)))
	f.Add(signed(f, jose.RS256, rs, claimsWith(map[string]any{"groups": nil})))
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Fuzz(func(t *testing.T, assertion string) {
		who, err := host.Accept(t.Context(), assertion, origin, &memory{}, noon, nil)
		if err != nil && !refuses(err) || err == nil && (who.Subject != "camille" || who.Fields["name"] != "Camille Moreau") {
			t.Errorf("%+v, %v", who, err)
		}
	})
}

func refuses(err error) bool {
	key, _ := fault.TextOf(err)
	return fault.Is(err, fault.Unauthenticated) && key == "fault.trusted.refused"
}

// TestPagesOfTheProduct are known by their origin, whole.
func TestPagesOfTheProduct(t *testing.T) {
	h := Host{Origins: []string{"https://Desk.example.com", "http://desk.example.com:8080"}}
	for from, want := range map[string]bool{
		"https://desk.example.com": true, "https://desk.example.com/a?b#c": true, "https://DESK.example.com:443/": true, "http://desk.example.com:8080/x": true,
		"": false, "null": false, "http://desk.example.com": false, "https://desk.example.com:8443": false, "https://desk.example.com.evil.example": false,
		"https://evil.example/https://desk.example.com": false, "https://desk.example.com@evil.example": false, "https://u@desk.example.com": false, "//desk.example.com": false, "https://sub.desk.example.com": false,
	} {
		if got := h.HasPage(from); got != want {
			t.Errorf("%q: %t", from, got)
		}
	}
	if (Host{}).HasPage("") || (Host{Origins: []string{""}}).HasPage("") {
		t.Error("nothing said is a page of the product")
	}
}
