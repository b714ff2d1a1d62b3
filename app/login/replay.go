package login

import (
	"context"
	"time"
)

// Replay remembers what is good once, such as an assertion or a challenge, so
// that each is taken once on all servers.
type Replay interface {
	// Fresh reports whether a key was never given before, and remembers it until a
	// time. Of two that ask at once, one is told no.
	Fresh(ctx context.Context, key string, until time.Time) (bool, error)
}
