package frame

import (
	"net/netip"
	"testing"
	"time"
)

func TestLimiterForgets(t *testing.T) {
	l := newLimiter(Rate{PerSecond: 1, Burst: 1})
	addr := func(i int) [4]byte { return [4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)} }
	for i := range 3 * limiterSenders {
		l.allow(netipFrom(addr(i)), time.Unix(0, 0))
	}
	if n := len(l.young) + len(l.old); n > 2*limiterSenders {
		t.Errorf("%d addresses are kept", n)
	}
}

// TestLimiterRemembers: a crowd of others does not give anybody their times
// back.
func TestLimiterRemembers(t *testing.T) {
	l, now := newLimiter(Rate{PerSecond: 0.001, Burst: 1}), time.Unix(0, 0)
	one := netipFrom([4]byte{192, 0, 2, 1})
	if !l.allow(one, now) {
		t.Fatal("refused at once")
	}
	for i := range limiterSenders {
		l.allow(netipFrom([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), now)
	}
	if l.young[sender{address: one}] != nil {
		t.Fatal("the crowd is too small for a second generation")
	}
	if l.allow(one, now) {
		t.Error("what one did is forgotten when a crowd comes")
	}
}

// TestNeighboursAreCounted: of a crowd of addresses each comes for the first time,
// but not its network.
func TestNeighboursAreCounted(t *testing.T) {
	l, now := Limits{}.build(), time.Unix(0, 0)
	for i := range 100 {
		if got := l.Tried(netipFrom([4]byte{192, 0, 2, byte(i)}), now); got != int64(i) {
			t.Fatalf("the attempt number %d of a network comes after %d", i, got)
		}
	}
	for _, elsewhere := range []string{"192.0.3.1", "2001:db8::1", "2001:db8:1::1"} {
		if got := l.Tried(netip.MustParseAddr(elsewhere), now); got != 0 {
			t.Errorf("%s has tried %d times", elsewhere, got)
		}
	}
	if got := l.Tried(netip.MustParseAddr("192.0.2.200"), now.Add(time.Hour)); got != 0 {
		t.Errorf("after an hour, %d are remembered", got)
	}
}

func netipFrom(b [4]byte) netip.Addr { return netip.AddrFrom4(b) }
