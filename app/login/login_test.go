package login

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"selfhelp/app/fault"
)

func TestPasswords(t *testing.T) {
	hash := Hash("correct horse é")
	for _, c := range []struct {
		hash, password string
		ok             bool
	}{
		{hash, "correct horse é", true},
		{hash, "correct horse e\u0301", true}, // the same word, otherwise composed
		{hash, "correct horse e", false},
		{hash, "Correct horse é", false},
		{hash, "", false},
		{"", "", false},
		{"", "correct horse é", false},
		{strings.Repeat("x", 60), "x", false},
		{strings.Replace(hash, "m=19456", "m=4000000000", 1), "correct horse é", false},
		{strings.Replace(hash, "argon2id", "argon2i", 1), "correct horse é", false},
		{hash, strings.Repeat("a", Longest+1), false},
	} {
		if ok, _ := Verify(c.hash, c.password); ok != c.ok {
			t.Errorf("Verify(%.40q, %.20q) is %v", c.hash, c.password, ok)
		}
	}
	first, second := Hash("a"), Hash("a")
	if strings.Contains(hash, "horse") || first == second {
		t.Error("a hash tells its password, or has no salt")
	}
}

func TestLongPasswordsAreNotCut(t *testing.T) {
	long := strings.Repeat("long ", 100)
	if ok, _ := Verify(Hash(long), long+"er"); ok {
		t.Error("what comes after the first characters is not looked at")
	}
}

func TestUnknownAccountsCostAsMuch(t *testing.T) {
	hash := Hash("a good long password")
	known := cost(func() { Verify(hash, "another long one") })
	unknown := cost(func() { Verify("", "another long one") })
	if unknown < known/3 || known < unknown/3 {
		t.Errorf("a known account takes %v, an unknown one %v", known, unknown)
	}
}

// cost is the shortest of a few runs: the machine may be busy.
func cost(do func()) time.Duration {
	best := time.Hour
	for range 3 {
		began := time.Now()
		do()
		best = min(best, time.Since(began))
	}
	return best
}

func TestStaleHashes(t *testing.T) {
	old := strings.Replace(Hash("x"), "t=2", "t=1", 1)
	h, _ := parse(old)
	h.key = derive("a good long password", h.salt, h.memory, 1, h.lanes)
	if ok, stale := Verify(phc(h), "a good long password"); !ok || !stale {
		t.Errorf("ok %v, stale %v", ok, stale)
	}
}

func phc(h hashed) string {
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", h.memory, h.rounds, h.lanes, raw64(h.salt), raw64(h.key))
}

func TestCheck(t *testing.T) {
	for password, key := range map[string]string{
		"a good long password":       "",
		"éèàùçœ1234":                 "",
		"short":                      "fault.password.short",
		"ababababababab":             "fault.password.easy",
		"camille.moreau":             "fault.password.easy",
		"nul\x00 in the middle":      "fault.password.text",
		"\xff\xfe not a text at all": "fault.password.text",
		strings.Repeat("abc", 400):   "fault.password.long",
	} {
		err := Rule{}.Check(password, "Camille.Moreau")
		if got := fault.FieldsOf(err)["password"]; got != key {
			t.Errorf("%.20q: %q, want %q", password, got, key)
		}
	}
}

func TestThrottle(t *testing.T) {
	th, now := NewThrottle(), time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for range free {
		if wait := th.Wait(now, "account:x"); wait != 0 {
			t.Fatalf("waits %v too early", wait)
		}
		th.Failed(now, "account:x", "address:1")
	}
	if wait := th.Wait(now, "account:x"); wait != time.Second {
		t.Errorf("waits %v, want 1s", wait)
	}
	th.Failed(now, "account:x")
	if wait := th.Wait(now, "address:2", "account:x"); wait != 2*time.Second {
		t.Errorf("waits %v, want 2s", wait)
	}
	if wait := th.Wait(now, "device:known"); wait != 0 {
		t.Errorf("a device that never failed waits %v", wait)
	}
	for range 100 {
		th.Failed(now, "account:x")
	}
	if wait := th.Wait(now, "account:x"); wait != longest {
		t.Errorf("waits %v, want %v at most", wait, longest)
	}
	if wait := th.Wait(now.Add(2*forgetting), "account:x"); wait != 0 {
		t.Errorf("still waits %v after a long time", wait)
	}
	th.Succeeded("account:x")
	if wait := th.Wait(now, "account:x"); wait != 0 {
		t.Errorf("waits %v after a success", wait)
	}
}

func TestThrottleIsBounded(t *testing.T) {
	th := NewThrottle()
	for i := range 3 * names {
		th.Failed(time.Unix(int64(i), 0), fmt.Sprint("account:", i))
	}
	if n := len(th.young) + len(th.old); n > 2*names {
		t.Errorf("%d names are kept", n)
	}
}

func raw64(b []byte) string { return base64.RawStdEncoding.EncodeToString(b) }
