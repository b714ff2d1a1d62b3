package replica

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// trial is what is written to a target and taken away again, under a name that those who
// receive let a server of the epoch remove.
const (
	trial    = 16 << 10
	trialEnd = ".ltx"
)

// TryWriting writes a small file to the target of a folder whose epoch is in force there,
// and takes it away again.
func (p Place) TryWriting(ctx context.Context) error {
	d, err := p.Settings.Databases[0].Target.root().depot(ctx)
	if err != nil {
		return fmt.Errorf("reach the target: %w", err)
	}
	defer d.close()
	if err := pruneTrials(ctx, d, p.Epoch); err != nil { // a full disk has the more room
		return fmt.Errorf("take away what was written to the target on trial before: %w", err)
	}
	name := writersOf(p.Epoch) + "/" + strings.ToLower(rand.Text()) + trialEnd
	err = d.put(ctx, name, bytes.NewReader(make([]byte, trial)))
	if err == nil {
		err = d.remove(ctx, name)
	}
	if err != nil {
		return fmt.Errorf("write to the target on trial: %w", err)
	}
	return nil
}

// pruneTrials takes away what somebody left who was stopped while they tried. Whoever tries
// now misses nothing: it was there.
func pruneTrials(ctx context.Context, d depot, e Epoch) error {
	names, err := d.list(ctx, writersOf(e))
	if err != nil {
		return err
	}
	for _, name := range names {
		if strings.HasSuffix(name, trialEnd) {
			if err := d.remove(ctx, writersOf(e)+"/"+name); err != nil {
				return err
			}
		}
	}
	return nil
}

// TryReceiving writes a small file where replicas are received, and takes it away again. It
// has one name: what somebody left who was stopped goes with the next.
func TryReceiving(root string) error {
	name := filepath.Join(root, ".trial")
	if err := os.WriteFile(name, make([]byte, trial), 0o600); err != nil {
		return errors.Join(err, os.RemoveAll(name))
	}
	return os.RemoveAll(name)
}
