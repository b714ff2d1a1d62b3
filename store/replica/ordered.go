package replica

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
)

// ordered is a client that sees to it that what the transactions go by is at the
// target before they are, and that changes nothing there once it is somebody else's.
type ordered struct {
	litestream.ReplicaClient
	before, may func(context.Context) error
}

// WriteLTXFile is that of the client. Only single transactions bring something
// new; the others are put together from those that are there.
func (o ordered) WriteLTXFile(ctx context.Context, level int, low, high ltx.TXID, r io.Reader) (*ltx.FileInfo, error) {
	if err := o.may(ctx); err != nil {
		return nil, err
	}
	if level == 0 {
		if err := o.before(ctx); err != nil {
			return nil, fmt.Errorf("copy what comes first: %w", err)
		}
	}
	return o.ReplicaClient.WriteLTXFile(ctx, level, low, high, r)
}

// DeleteLTXFiles is that of the client.
func (o ordered) DeleteLTXFiles(ctx context.Context, gone []*ltx.FileInfo) error {
	if err := o.may(ctx); err != nil {
		return err
	}
	return o.ReplicaClient.DeleteLTXFiles(ctx, gone)
}

// mayWrite says why nothing of this server is taken at the target any more. It asks there
// only where nobody did for long.
func (r *Replicator) mayWrite(ctx context.Context) error {
	stale, err := r.turn.stale()
	if err == nil && r.turn.doubted() {
		return errDoubted
	}
	if !stale {
		return err
	}
	d, err := r.depot(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	err = r.turn.holds(ctx, d)
	if err == nil && r.turn.doubted() {
		err = errDoubted
	}
	return err
}

// errDoubted says that nothing is written before what is at the target was looked at.
var errDoubted = errors.New("the target holds what this server did not bring there: it is compared first")
