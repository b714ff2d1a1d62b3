package factor

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"selfhelp/app/fault"
)

const origin = "https://selfhelp.example:8443"

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// memory is a login.Replay of one server.
type memory map[string]bool

func (m memory) Fresh(_ context.Context, key string, _ time.Time) (bool, error) {
	seen := m[key]
	m[key] = true
	return !seen, nil
}

// device is an authenticator with the browser before it. What it does wrong is
// what a test wants.
type device struct {
	key    *ecdsa.PrivateKey
	id     []byte
	handle []byte
	count  uint32

	origin, rp string
	flags      byte   // UP 1, UV 4, BE 8, BS 16 (section 6.1)
	packed     bool   // attests itself (section 8.2), instead of not at all (section 8.7)
	challenge  string // "" for the one that was asked
	kind       string // of ceremony, "" for the right one
}

func newDevice(t *testing.T) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 16)
	rand.Read(id)
	return &device{key: key, id: id, origin: origin, rp: "selfhelp.example", flags: 1 | 4}
}

// asked is what the options of both ceremonies say.
type asked struct {
	Challenge string `json:"challenge"`
	User      struct {
		ID string `json:"id"`
	} `json:"user"`
}

func (d *device) client(t *testing.T, options json.RawMessage, kind string) (asked, []byte) {
	t.Helper()
	var a asked
	if err := json.Unmarshal(options, &a); err != nil {
		t.Fatal(err)
	}
	if d.challenge != "" {
		a.Challenge = d.challenge
	}
	if d.kind != "" {
		kind = d.kind
	}
	data, _ := json.Marshal(map[string]any{"type": kind, "challenge": a.Challenge, "origin": d.origin, "crossOrigin": false})
	return a, data
}

func (d *device) data(more byte) []byte {
	rp := sha256.Sum256([]byte(d.rp))
	return binary.BigEndian.AppendUint32(append(rp[:], d.flags|more), d.count)
}

func (d *device) sign(t *testing.T, authenticator, client []byte) []byte {
	t.Helper()
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, authenticator...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

// create is navigator.credentials.create, and toJSON.
func (d *device) create(t *testing.T, options json.RawMessage) []byte {
	t.Helper()
	a, client := d.client(t, options, "webauthn.create")
	d.handle, _ = base64.RawURLEncoding.DecodeString(a.User.ID)
	data := append(d.data(64), make([]byte, 16)...) // attested data, of a model that is not told
	data = append(binary.BigEndian.AppendUint16(data, uint16(len(d.id))), d.id...)
	data = append(data, d.cose(t)...)
	object := append([]byte{0xa3}, cborText("fmt")...)
	if d.packed {
		object = append(append(object, cborText("packed")...), cborText("attStmt")...)
		object = append(append(append(object, 0xa2), cborText("alg")...), 0x26)
		object = append(append(object, cborText("sig")...), cborBytes(d.sign(t, data, client))...)
	} else {
		object = append(append(append(object, cborText("none")...), cborText("attStmt")...), 0xa0)
	}
	object = append(append(object, cborText("authData")...), cborBytes(data)...)
	return d.answer(map[string]any{"clientDataJSON": encode(client), "attestationObject": encode(object), "transports": []string{"internal"}})
}

// get is navigator.credentials.get, and toJSON.
func (d *device) get(t *testing.T, options json.RawMessage) []byte {
	t.Helper()
	_, client := d.client(t, options, "webauthn.get")
	data := d.data(0)
	return d.answer(map[string]any{"clientDataJSON": encode(client), "authenticatorData": encode(data), "signature": encode(d.sign(t, data, client)), "userHandle": encode(d.handle)})
}

func (d *device) answer(response map[string]any) []byte {
	text, _ := json.Marshal(map[string]any{"id": encode(d.id), "rawId": encode(d.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{"credProps": map[string]any{"rk": true}}})
	return text
}

// cose is the public key: {1: EC2, 3: ES256, -1: P-256, -2: x, -3: y}.
func (d *device) cose(t *testing.T) []byte {
	t.Helper()
	point, err := d.key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	key := append([]byte{0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21}, cborBytes(point[1:33])...)
	return append(append(key, 0x22), cborBytes(point[33:])...)
}

func cborText(s string) []byte { return append([]byte{0x60 + byte(len(s))}, s...) }

func cborBytes(b []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0x59}, uint16(len(b))), b...)
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func newParty(t *testing.T) *Party {
	t.Helper()
	p, err := NewParty("Self Help", origin)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// registered is somebody with a passkey.
func registered(t *testing.T, p *Party, d *device) Holder {
	t.Helper()
	who := Holder{Handle: NewHandle(), Login: "camille", Name: "Camille Moreau"}
	options, kept, err := p.BeginRegistration(who, noon)
	if err != nil {
		t.Fatal(err)
	}
	credential, err := p.FinishRegistration(t.Context(), who, kept, d.create(t, options), memory{}, noon)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(credential) // as it is kept
	credential = Credential{}
	if err := json.Unmarshal(text, &credential); err != nil {
		t.Fatal(err)
	}
	who.Credentials = []Credential{credential}
	return who
}

// alone signs in by passkey alone.
func alone(t *testing.T, p *Party, who Holder, d *device) (Credential, error) {
	t.Helper()
	options, kept, err := p.BeginLogin(noon)
	if err != nil {
		t.Fatal(err)
	}
	found, credential, err := p.FinishLogin(t.Context(), kept, d.get(t, options), only(who), memory{}, noon)
	if err == nil && found.Login != who.Login {
		t.Errorf("it is %q", found.Login)
	}
	return credential, err
}

// second shows a passkey after the password.
func second(t *testing.T, p *Party, who Holder, d *device) (Credential, error) {
	t.Helper()
	options, kept, err := p.BeginSecond(who, noon)
	if err != nil {
		t.Fatal(err)
	}
	return p.FinishSecond(t.Context(), who, kept, d.get(t, options), memory{}, noon)
}

// only finds one person.
func only(who Holder) func([]byte) (Holder, error) {
	return func(handle []byte) (Holder, error) {
		if string(handle) != string(who.Handle) {
			return Holder{}, fault.New(fault.NotFound, "fault.not_found")
		}
		return who, nil
	}
}

func TestPasskeys(t *testing.T) {
	p := newParty(t)
	for name, change := range map[string]func(*device){
		"not attested": func(*device) {}, "attests itself": func(d *device) { d.packed = true },
		"counts": func(d *device) { d.count = 7 }, "travels": func(d *device) { d.flags |= 8 | 16 },
	} {
		d := newDevice(t)
		change(d)
		who := registered(t, p, d)
		c := who.Credentials[0]
		if c.Count != d.count || !c.Verifies || c.Travels != (name == "travels") || len(c.Transports) != 1 {
			t.Errorf("%s: %+v", name, c)
		}
		for way, do := range map[string]func(*testing.T, *Party, Holder, *device) (Credential, error){"alone": alone, "second": second} {
			if d.count > 0 {
				d.count++
			}
			used, err := do(t, p, who, d)
			if err != nil || used.Count != d.count {
				t.Errorf("%s, %s: %+v, %v", name, way, used, err)
			}
			who.Credentials[0] = used
		}
	}
}

func TestSecondNeedsNoVerification(t *testing.T) {
	p, d := newParty(t), newDevice(t)
	d.flags = 1
	who := registered(t, p, d)
	if _, err := second(t, p, who, d); err != nil || who.Credentials[0].Verifies {
		t.Errorf("%v", err)
	}
	if _, err := alone(t, p, who, d); !refuses(err) {
		t.Errorf("a passkey alone, and nobody checked who holds it: %v", err)
	}
}

func TestHostilePasskeys(t *testing.T) {
	p := newParty(t)
	for name, change := range map[string]func(*device){
		"other origin":      func(d *device) { d.origin = "https://selfhelp.example.attacker.example" },
		"other port":        func(d *device) { d.origin = "https://selfhelp.example" },
		"http":              func(d *device) { d.origin = "http://selfhelp.example:8443" },
		"other RP":          func(d *device) { d.rp = "attacker.example" },
		"nobody present":    func(d *device) { d.flags = 4 },
		"other challenge":   func(d *device) { d.challenge = encode(make([]byte, 32)) },
		"other ceremony":    func(d *device) { d.kind = "webauthn.create" },
		"counter back":      func(d *device) { d.count = 6 },
		"counter the same":  func(d *device) { d.count = 7 },
		"counter gone":      func(d *device) { d.count = 0 },
		"wrong person":      func(d *device) { d.handle = NewHandle() },
		"other key":         func(d *device) { d.key = newDevice(t).key },
		"other passkey":     func(d *device) { d.id = newDevice(t).id },
		"travels suddenly":  func(d *device) { d.flags |= 8 },
		"backed up, cannot": func(d *device) { d.flags |= 16 },
	} {
		d := newDevice(t)
		d.count = 7
		who := registered(t, p, d)
		d.count = 8
		change(d)
		for way, do := range map[string]func(*testing.T, *Party, Holder, *device) (Credential, error){"alone": alone, "second": second} {
			c, err := do(t, p, who, d)
			if !refuses(err) || c.ID != nil {
				t.Errorf("%s, %s: %+v, %v", name, way, c, err)
			}
			if copied := d.count < 8; errors.Is(err, ErrCopied) != copied {
				t.Errorf("%s, %s: a copy is %v: %v", name, way, copied, err)
			}
		}
	}
}

func TestHostileRegistrations(t *testing.T) {
	p := newParty(t)
	for name, change := range map[string]func(*device){
		"other origin": func(d *device) { d.origin = "https://attacker.example" }, "other RP": func(d *device) { d.rp = "attacker.example" },
		"other challenge": func(d *device) { d.challenge = encode(make([]byte, 32)) }, "other ceremony": func(d *device) { d.kind = "webauthn.get" },
		"nobody present": func(d *device) { d.flags = 4 },
	} {
		d, who := newDevice(t), Holder{Handle: NewHandle(), Login: "camille", Name: "Camille Moreau"}
		change(d)
		options, kept, err := p.BeginRegistration(who, noon)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := p.FinishRegistration(t.Context(), who, kept, d.create(t, options), memory{}, noon); !refuses(err) || c.ID != nil {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
	d := newDevice(t)
	who := registered(t, p, d)
	options, kept, _ := p.BeginRegistration(who, noon)
	if _, err := p.FinishRegistration(t.Context(), who, kept, d.create(t, options), memory{}, noon); !refuses(err) {
		t.Errorf("the same passkey again: %v", err)
	}
	other := Holder{Handle: NewHandle(), Login: "sacha"}
	if _, err := p.FinishRegistration(t.Context(), other, kept, newDevice(t).create(t, options), memory{}, noon); !refuses(err) {
		t.Errorf("a ceremony of somebody else: %v", err)
	}
}

func TestReplayedAndMixedUpCeremonies(t *testing.T) {
	p, d, ctx := newParty(t), newDevice(t), t.Context()
	who, replay := registered(t, p, d), memory{}
	options, kept, _ := p.BeginLogin(noon)
	answer := d.get(t, options)
	finish := func(kept Kept, answer []byte, now time.Time) error {
		_, _, err := p.FinishLogin(ctx, kept, answer, only(who), replay, now)
		return err
	}
	if err := finish(kept, answer, kept.Until); !refuses(err) {
		t.Errorf("too late: %v", err)
	}
	if err := finish(kept, answer, noon); err != nil {
		t.Fatal(err)
	}
	if err := finish(kept, answer, noon); !refuses(err) {
		t.Errorf("a challenge is answered twice: %v", err)
	}
	if err := finish(Kept{}, answer, noon); !refuses(err) {
		t.Errorf("nothing kept: %v", err)
	}
	if err := finish(kept, make([]byte, maxAnswer+1), noon); !refuses(err) {
		t.Errorf("a long answer: %v", err)
	}
	for _, text := range []string{"", "{}", "[]", `{"id":"AA","rawId":"AA","type":"public-key","response":{}}`} {
		if err := finish(kept, []byte(text), noon); !refuses(err) {
			t.Errorf("%s: %v", text, err)
		}
	}
	secondOptions, secondKept, _ := p.BeginSecond(who, noon)
	if err := finish(secondKept, d.get(t, secondOptions), noon); !refuses(err) {
		t.Errorf("a second factor for a sign-in: %v", err)
	}
	again, keptAgain, _ := p.BeginLogin(noon)
	if _, err := p.FinishSecond(ctx, who, keptAgain, d.get(t, again), replay, noon); !refuses(err) {
		t.Errorf("a sign-in for a second factor: %v", err)
	}
	down := errors.New("disk full")
	if _, _, err := p.FinishLogin(ctx, keptAgain, d.get(t, again), func([]byte) (Holder, error) { return Holder{}, down }, replay, noon); !errors.Is(err, down) || refuses(err) {
		t.Errorf("a store that fails: %v", err)
	}
}

func TestOptions(t *testing.T) {
	p, d := newParty(t), newDevice(t)
	who := registered(t, p, d)
	creation, _, err1 := p.BeginRegistration(who, noon)
	request, _, err2 := p.BeginLogin(noon)
	var c struct {
		Attestation        string            `json:"attestation"`
		ExcludeCredentials []json.RawMessage `json:"excludeCredentials"`
		RP                 struct{ ID string }
	}
	var r struct {
		UserVerification string            `json:"userVerification"`
		AllowCredentials []json.RawMessage `json:"allowCredentials"`
	}
	if err := errors.Join(err1, err2, json.Unmarshal(creation, &c), json.Unmarshal(request, &r)); err != nil {
		t.Fatal(err)
	}
	if c.Attestation != "none" && c.Attestation != "" || len(c.ExcludeCredentials) != 1 || c.RP.ID != "selfhelp.example" {
		t.Errorf("%s", creation)
	}
	if r.UserVerification != "required" || len(r.AllowCredentials) != 0 {
		t.Errorf("%s", request)
	}
	if _, _, err := p.BeginSecond(Holder{Handle: NewHandle()}, noon); err == nil {
		t.Error("somebody without passkeys is asked for one")
	}
}

func TestAddressesOfParties(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://selfhelp.example": true, "https://selfhelp.example:8443": true, "http://localhost:8080": true,
		"http://selfhelp.example": false, "https://192.0.2.1": false, "https://selfhelp.example/": false, "https://a@selfhelp.example": false, "selfhelp.example": false, "": false, "https://[::1]": false,
	} {
		if _, err := NewParty("Self Help", address); (err == nil) != ok || err != nil && !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func refuses(err error) bool {
	key, _ := fault.TextOf(err)
	return fault.Is(err, fault.Unauthenticated) && key == "fault.passkey.refused"
}
