package factor

import (
	"strings"
	"testing"
	"time"
	"unicode"
)

// FuzzCode: whatever is typed, a code of an app is taken only if it is the one of
// now, the step before or the step after, and newer than the last.
func FuzzCode(f *testing.F) {
	secret := base.EncodeToString([]byte("12345678901234567890"))
	key, _ := base.DecodeString(secret)
	for _, at := range []int64{59, 1111111109, 2000000000} {
		f.Add(codeOf(key, at/period), at, int64(0))
		f.Add(" "+codeOf(key, at/period-1)[:3]+"\u00a0"+codeOf(key, at/period-1)[3:], at, int64(0))
		f.Add(codeOf(key, at/period+2), at, at/period)
	}
	f.Add("１２３４５６", int64(1), int64(0))
	f.Add("", int64(-100), int64(-10))
	f.Fuzz(func(t *testing.T, typed string, at, last int64) {
		step, ok := Accept(secret, typed, last, time.Unix(at, 0))
		bare := strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, typed)
		if ok && (bare != codeOf(key, step) || step <= last || step < at/period-window || step > at/period+window) {
			t.Errorf("%q at %d after %d is taken for step %d", typed, at, last, step)
		}
		if again, twice := Accept(secret, typed, step, time.Unix(at, 0)); ok && twice && again <= step {
			t.Errorf("%q is taken twice", typed)
		}
	})
}

// FuzzTyped: of a recovery code only the digits count, and spaces, points and
// dashes wherever they stand change nothing.
func FuzzTyped(f *testing.F) {
	for _, seed := range []string{"4821 0937 5562 1940", "4821-0937-5562-1940", "4821093755621940", "4821.0937.5562.1940\n", "４８２１０９３７５５６２１９４０", "482109375562194", "4821 0937 5562 194O"} {
		f.Add(seed, uint8(3))
	}
	f.Fuzz(func(t *testing.T, typed string, at uint8) {
		digits, ok := typedDigits(typed)
		if !ok {
			return
		}
		if len(digits) != recoveryDigits || strings.Trim(digits, "0123456789") != "" {
			t.Fatalf("%q is taken as %q", typed, digits)
		}
		i := int(at) % (len(digits) + 1)
		for _, between := range []string{" ", "-", ".", "\u202f", "\u00a0"} {
			if other, ok := typedDigits(digits[:i] + between + digits[i:]); !ok || other != digits {
				t.Errorf("%q is another code with %q after %d digits: %q", digits, between, i, other)
			}
		}
	})
}
