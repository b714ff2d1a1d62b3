package execution

import (
	"bytes"
	"crypto/rand"
	"testing"
)

// BenchmarkAdvance answers an ordinary question in the middle of a journey:
// the hottest path of the product. The aim is 5 µs.
func BenchmarkAdvance(b *testing.B) {
	lib := steps(b, lampSteps)
	turn := start(b, lib, withUser)
	state := reopened(b, turn.State)
	in := Input{Kind: DoAnswer, Step: "ask", Values: map[string][]string{"answer": {"off"}}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Advance(lib, state, in, monday); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSealOpen seals and opens the state of such a journey. The aim is
// 10 µs for both.
func BenchmarkSealOpen(b *testing.B) {
	lib := steps(b, lampSteps)
	turn := post(b, lib, start(b, lib, withUser), "answer", "off")
	sealer := sealerOf(b, "k1")
	b.ReportAllocs()
	for b.Loop() {
		token, err := sealer.Seal(turn.State)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := sealer.Open(token, "x1"); err != nil {
			b.Fatal(err)
		}
	}
}

func withUser(c *Context) {
	c.User = map[string]any{"login": "cperrachon", "name": "Camille Perrachon", "mail": "camille@example.org", "groups": []any{"staff", "lyon"}, "language": "fr"}
	c.Groups = []string{"staff", "lyon"}
}

// reopened is a state after its journey through a browser.
func reopened(b *testing.B, s State) State {
	b.Helper()
	sealer := sealerOf(b, "k1")
	token, err := sealer.Seal(s)
	if err != nil {
		b.Fatal(err)
	}
	s, err = sealer.Open(token, s.ID())
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// sealerOf seals with the first of the named keys and opens with all.
func sealerOf(t testing.TB, names ...string) *Sealer {
	t.Helper()
	var keys []SealKey
	for _, name := range names {
		keys = append(keys, SealKey{ID: name, Secret: bytes.Repeat([]byte(name[:1]), 32)})
	}
	sealer, err := NewSealer(rand.Reader, keys...)
	if err != nil {
		t.Fatal(err)
	}
	return sealer
}
