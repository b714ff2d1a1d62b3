package mail

import (
	"context"
	"time"
)

// SendWithin is Send with less patience.
func SendWithin(s Server, ctx context.Context, l Letter, wait time.Duration) error {
	return s.send(ctx, l, nil, wait)
}
