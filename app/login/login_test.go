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
		if ok, _, _ := Verify(t.Context(), First, c.hash, c.password); ok != c.ok {
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
	if ok, _, _ := Verify(t.Context(), First, Hash(long), long+"er"); ok {
		t.Error("what comes after the first characters is not looked at")
	}
}

func TestUnknownAccountsCostAsMuch(t *testing.T) {
	hash := Hash("a good long password")
	known := cost(func() { Verify(t.Context(), First, hash, "another long one") })
	unknown := cost(func() { Verify(t.Context(), First, "", "another long one") })
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
	if ok, stale, _ := Verify(t.Context(), First, phc(h), "a good long password"); !ok || !stale {
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
	own, other := Name{Own, "x"}, Name{Own, "y"}
	free := allowances[Own].free
	for range free {
		if wait := th.Take(now, own, other); wait != 0 {
			t.Fatalf("waits %v too early", wait)
		}
	}
	if wait := th.Wait(now, own); wait != time.Second {
		t.Errorf("waits %v, want 1s", wait)
	}
	if wait := th.Take(now.Add(time.Second/2), own); wait != time.Second/2 {
		t.Errorf("still waits %v, want 0.5s", wait)
	}
	now = now.Add(time.Second)
	if wait := th.Take(now, own); wait != 0 {
		t.Errorf("still waits %v", wait)
	}
	if wait := th.Wait(now, other, own); wait != 2*time.Second {
		t.Errorf("waits %v, want 2s", wait)
	}
	if wait := th.Wait(now, Name{Own, "known"}); wait != 0 {
		t.Errorf("a device that never failed waits %v", wait)
	}
	for range 100 {
		now = now.Add(longest)
		th.Take(now, own)
	}
	if wait := th.Wait(now, own); wait != longest {
		t.Errorf("waits %v, want %v at most", wait, longest)
	}
	if wait := th.Wait(now.Add(2*forgetting), own); wait != 0 {
		t.Errorf("still waits %v after a long time", wait)
	}
	th.Succeeded(other)
	if wait := th.Wait(now, other); wait != 0 {
		t.Errorf("waits %v after a success", wait)
	}
}

// TestGuessesAreFew: whoever goes on guessing at one account from everywhere, or at
// all accounts from one address, gets few attempts a day; and an own account to
// sign in to between them gives none back.
func TestGuessesAreFew(t *testing.T) {
	begin := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		names func(i int) []Name
		aDay  int
	}{
		"many addresses, one account": {func(i int) []Name {
			return []Name{{Address, fmt.Sprint(i)}, {Own, fmt.Sprint("account at ", i)}, {Account, "boss"}}
		}, 100 + 500},
		"one address, many accounts": {func(i int) []Name {
			return []Name{{Address, "one"}, {Own, fmt.Sprint(i, " at one")}, {Account, fmt.Sprint(i)}}
		}, 50 + 1450},
		"one address, one account": {func(int) []Name {
			return []Name{{Address, "one"}, {Own, "boss at one"}, {Account, "boss"}}
		}, 300},
	} {
		th, tried := NewThrottle(), 0
		for i := range 24 * 60 * 60 {
			now := begin.Add(time.Duration(i) * time.Second)
			if th.Take(now, c.names(i)...) == 0 {
				tried++
			}
			mine := []Name{{Address, "one"}, {Own, "mallory at one"}, {Account, "mallory"}}
			if th.Take(now, mine...) == 0 {
				th.Succeeded(mine...)
			}
		}
		if tried < 50 || tried > c.aDay {
			t.Errorf("%s: %d attempts in a day, at most %d are meant", name, tried, c.aDay)
		}
	}
}

// TestOneOutsiderLocksNobodyOut: who fails at an account all day, from one address,
// leaves its person free to come in from any other.
func TestOneOutsiderLocksNobodyOut(t *testing.T) {
	th, now := NewThrottle(), time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for range 24 * 60 * 60 {
		now = now.Add(time.Second)
		th.Take(now, Name{Address, "outside"}, Name{Own, "boss outside"}, Name{Account, "boss"})
		if wait := th.Wait(now, Name{Address, "elsewhere"}, Name{Own, "boss elsewhere"}, Name{Account, "boss"}); wait > 0 {
			t.Fatalf("at %v the person waits %v", now, wait)
		}
	}
}

// TestManyAtOnceAreCounted: attempts that are made together are not all free.
func TestManyAtOnceAreCounted(t *testing.T) {
	th, now, free := NewThrottle(), time.Now(), 0
	for range 100 {
		if th.Take(now, Name{Own, "x"}) == 0 {
			free++
		}
	}
	if free != allowances[Own].free {
		t.Errorf("%d of 100 at once were free", free)
	}
	th.Return(Name{Own, "x"})
	if wait := th.Take(now, Name{Own, "x"}); wait != 0 {
		t.Errorf("after one was taken back, the next waits %v", wait)
	}
}

func TestThrottleIsBounded(t *testing.T) {
	th := NewThrottle()
	for i := range 3 * names {
		th.Take(time.Unix(int64(i), 0), Name{Account, fmt.Sprint(i)})
	}
	if n := len(th.young) + len(th.old); n > 2*names {
		t.Errorf("%d names are kept", n)
	}
}

func raw64(b []byte) string { return base64.RawStdEncoding.EncodeToString(b) }
