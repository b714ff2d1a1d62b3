package frame

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// deadlines is a connection that remembers how long it may be read.
type deadlines struct {
	http.ResponseWriter
	read time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error { d.read = t; return nil }

// TestASlowBodyMustKeepComing reads a body whose reader knows what time it is:
// who sends nothing has half a minute, who sends has longer, nobody more than
// ten minutes.
func TestASlowBodyMustKeepComing(t *testing.T) {
	now := time.Unix(1_790_000_000, 0)
	d := &deadlines{}
	p := &patient{ReadCloser: io.NopCloser(strings.NewReader(strings.Repeat("x", 4<<20))), control: http.NewResponseController(d), now: func() time.Time { return now }}
	piece := make([]byte, 1<<20)
	for i, want := range []time.Duration{30 * time.Second, 286 * time.Second, 542 * time.Second, 10 * time.Minute} {
		if n, err := io.ReadFull(p, piece); err != nil || n != len(piece) {
			t.Fatal(err)
		}
		if got := d.read.Sub(now); got != want {
			t.Errorf("piece %d is waited for %v, want %v", i, got, want)
		}
	}
	if _, err := p.Read(piece); err != io.EOF || d.read.Sub(now) != slowest {
		t.Errorf("after the end: %v, %v", err, d.read.Sub(now))
	}
}
