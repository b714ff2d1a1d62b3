package replica

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"

	"selfhelp/store/disk"
)

// ErrNoTarget says that a folder is not prepared as a target, or not there now.
var ErrNoTarget = errors.New("the folder is not a target: is it mounted? `selfhelp replica init` prepares a new one")

// mark is the file that says "this folder is a target": what went to the bare folder
// below a mount would leave a gap in the replica once the mount is back.
var mark = disk.Mark{File: ".replica-target", Missing: ErrNoTarget}

// Prepare makes a folder of this machine a target, or of what is mounted there.
func Prepare(root string) error {
	if err := mark.Put(root); err != nil {
		return fmt.Errorf("prepare the target: %w", err)
	}
	return nil
}

// Prepared says whether a folder is a target.
func Prepared(root string) error { return mark.On(root) }

// guarded is a client of a folder that looks for the marker first.
type guarded struct {
	litestream.ReplicaClient
	root string
}

// LTXFiles is that of the client.
func (g guarded) LTXFiles(ctx context.Context, level int, from ltx.TXID, exact bool) (ltx.FileIterator, error) {
	if err := Prepared(g.root); err != nil {
		return nil, err
	}
	return g.ReplicaClient.LTXFiles(ctx, level, from, exact)
}

// WriteLTXFile is that of the client.
func (g guarded) WriteLTXFile(ctx context.Context, level int, low, high ltx.TXID, r io.Reader) (*ltx.FileInfo, error) {
	if err := Prepared(g.root); err != nil {
		return nil, err
	}
	return g.ReplicaClient.WriteLTXFile(ctx, level, low, high, r)
}

// DeleteLTXFiles is that of the client.
func (g guarded) DeleteLTXFiles(ctx context.Context, gone []*ltx.FileInfo) error {
	if err := Prepared(g.root); err != nil {
		return err
	}
	return g.ReplicaClient.DeleteLTXFiles(ctx, gone)
}
