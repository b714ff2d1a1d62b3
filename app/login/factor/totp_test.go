package factor

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// rfcSecret is the one of the examples of RFC 6238, appendix B.
var rfcSecret = base.EncodeToString([]byte("12345678901234567890"))

func TestCodesOfTheStandard(t *testing.T) {
	for at, code := range map[int64]string{ // the last six of the eight digits that stand there
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		step, ok := Accept(rfcSecret, code, 0, time.Unix(at, 0))
		if !ok || step != at/period {
			t.Errorf("%s at %d: step %d, %v", code, at, step, ok)
		}
	}
}

func TestCodes(t *testing.T) {
	secret := NewSecret()
	key, err := base.DecodeString(secret)
	if err != nil || len(key) != 20 || secret == NewSecret() {
		t.Fatalf("secret %q: %v", secret, err)
	}
	now := time.Date(2026, 11, 23, 9, 0, 15, 0, time.UTC)
	today := now.Unix() / period
	for name, c := range map[string]struct {
		secret, code string
		last         int64
		ok           bool
	}{
		"now":              {secret, codeOf(key, today), 0, true},
		"spaced":           {secret, " " + codeOf(key, today)[:3] + " " + codeOf(key, today)[3:], 0, true},
		"a step before":    {secret, codeOf(key, today-1), 0, true},
		"a step after":     {secret, codeOf(key, today+1), 0, true},
		"two steps before": {secret, codeOf(key, today-2), 0, false},
		"two steps after":  {secret, codeOf(key, today+2), 0, false},
		"taken already":    {secret, codeOf(key, today), today, false},
		"older than taken": {secret, codeOf(key, today-1), today, false},
		"after one taken":  {secret, codeOf(key, today), today - 1, true},
		"short":            {secret, codeOf(key, today)[:5], 0, false},
		"long":             {secret, codeOf(key, today) + "0", 0, false},
		"empty":            {secret, "", 0, false},
		"other secret":     {NewSecret(), codeOf(key, today), 0, false},
		"no secret":        {"", codeOf(nil, today), 0, false},
		"short secret":     {base.EncodeToString([]byte("short")), codeOf([]byte("short"), today), 0, false},
		"broken secret":    {"!!", "000000", 0, false},
	} {
		step, ok := Accept(c.secret, c.code, c.last, now)
		if ok != c.ok || ok && (step < today-1 || step > today+1 || step <= c.last) || !ok && step != 0 {
			t.Errorf("%s: step %d, %v", name, step, ok)
		}
	}
}

// TestLifeOfACode: whenever a code is made, it is taken for ninety seconds, from one
// step early to one step late, and not a second more.
func TestLifeOfACode(t *testing.T) {
	key, err := base.DecodeString(rfcSecret)
	if err != nil {
		t.Fatal(err)
	}
	begins := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	code, taken := codeOf(key, begins.Unix()/period), 0
	for second := -120; second < 150; second++ {
		_, ok := Accept(rfcSecret, code, 0, begins.Add(time.Duration(second)*time.Second))
		if ok {
			taken++
		}
		if want := second >= -30 && second < 60; ok != want {
			t.Errorf("%d s after it began: %t", second, ok)
		}
	}
	if taken != 90 {
		t.Errorf("a code lives for %d s", taken)
	}
}

func TestURL(t *testing.T) {
	u, err := url.Parse(URL("ABC", "Self Help: bac à sable", "camille@example.org"))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/Self Help  bac à sable:camille@example.org" {
		t.Errorf("%v", u)
	}
	if q.Get("secret") != "ABC" || q.Get("issuer") != "Self Help  bac à sable" || q.Get("digits") != "6" || q.Get("period") != "30" || strings.Contains(u.RawQuery, "+") {
		t.Errorf("%v", q)
	}
}

func TestDraw(t *testing.T) {
	code, err := Draw(URL(NewSecret(), "Self Help", "camille@example.org"))
	if err != nil || code.Size < 21+8 || (code.Size-8-21)%4 != 0 {
		t.Fatalf("size %d, %v", code.Size, err)
	}
	// The three marks by which readers find a code begin with a row of seven.
	for _, mark := range []string{"M4 4h7v1h-7z", "M4 10h7v1h-7z"} {
		if !strings.Contains(code.Path, mark) {
			t.Errorf("no %s in the drawing", mark)
		}
	}
	if _, err := Draw(strings.Repeat("x", 5000)); err == nil {
		t.Error("a text that fits no code is drawn")
	}
}

func TestRecovery(t *testing.T) {
	codes, hashes := NewRecovery()
	if len(codes) != 10 || len(hashes) != 10 {
		t.Fatalf("%d codes, %d hashes", len(codes), len(hashes))
	}
	if strings.Contains(strings.Join(hashes, " "), strings.ReplaceAll(codes[3], " ", "")) {
		t.Error("a hash tells its code")
	}
	for name, c := range map[string]struct {
		code  string
		which int
		ok    bool
	}{
		"the first":     {codes[0], 0, true},
		"the last":      {codes[9], 9, true},
		"without space": {strings.ReplaceAll(codes[4], " ", ""), 4, true},
		"with dashes":   {strings.ReplaceAll(codes[4], " ", "-"), 4, true},
		"another place": {"5" + codes[4][1:], 5, false},
		"short":         {codes[4][:18], 0, false},
		"letters":       {"4abc" + codes[4][4:], 0, false},
		"empty":         {"", 0, false},
	} {
		if which, ok, _ := Recover(t.Context(), hashes, c.code); which != c.which || ok != c.ok {
			t.Errorf("%s: %d, %v", name, which, ok)
		}
	}
	hashes[4] = ""
	if _, ok, _ := Recover(t.Context(), hashes, codes[4]); ok {
		t.Error("a code is taken twice")
	}
	if _, ok, _ := Recover(t.Context(), nil, codes[4]); ok {
		t.Error("a code is taken of somebody who has none")
	}
}
