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

func netipFrom(b [4]byte) netip.Addr { return netip.AddrFrom4(b) }
