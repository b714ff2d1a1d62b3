package replica

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// soundFor is how long a content that was found to be what its name says is believed.
const soundFor = 24 * time.Hour

// Contents reads every content at the target, and names those that are not what was
// brought there, and those of a folder of files that are not there, one sentence each.
func (s Settings) Contents(ctx context.Context, dir string) (wrong []string, err error) {
	d, err := s.Databases[0].Target.root().depot(ctx)
	if err != nil {
		return nil, fmt.Errorf("reach the target: %w", err)
	}
	defer d.close()
	there := map[string]bool{}
	err = eachFile(ctx, d, func(hash string) error {
		there[hash] = true
		err := isSound(ctx, d, hash)
		if other, is := errors.AsType[otherContent](err); is {
			wrong = append(wrong, other.Error())
			return nil
		}
		return err
	})
	if err != nil {
		return wrong, err
	}
	here, err := filepath.Glob(localName(dir, "????*"))
	for _, name := range here {
		if hash := filepath.Base(name); hashPattern.MatchString(hash) && !there[hash] {
			wrong = append(wrong, "the file "+hash+" is not at the target")
		}
	}
	return wrong, err
}

// isSound reads a content at the target: otherContent where it is not the one of its name.
func isSound(ctx context.Context, d depot, hash string) error {
	r, err := d.get(ctx, fileName(hash))
	if errors.Is(err, fs.ErrNotExist) { // taken away since it was listed
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the file %s at the target: %w", hash, err)
	}
	defer r.Close()
	if err = holds(r, hash); err != nil {
		return fmt.Errorf("read the file %s at the target: %w", hash, err)
	}
	return nil
}

// mendFiles reads the contents at the target, those that were sound not long ago left out,
// and has what is damaged there brought again.
func (r *Replicator) mendFiles(ctx context.Context) error {
	d, err := r.depot(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	for _, hash := range r.crates.spoilt.mended() {
		r.crates.add(hash)
	}
	now := r.options.Now()
	err = eachFile(ctx, d, func(hash string) error {
		if now.Sub(r.sound[hash]).Abs() < soundFor {
			return nil
		}
		err := isSound(ctx, d, hash)
		if other, is := errors.AsType[otherContent](err); is {
			return r.mendFile(hash, other)
		}
		if err == nil {
			r.sound[hash] = now
		}
		return err
	})
	return errors.Join(err, r.crates.send(ctx))
}

// mendFile has a content brought again that is damaged at the target, where it is whole here.
func (r *Replicator) mendFile(hash string, there otherContent) error {
	f, err := os.Open(localName(r.files(), hash))
	if err == nil {
		err = errors.Join(holds(f, hash), f.Close())
	}
	_, damaged := errors.AsType[otherContent](err)
	switch {
	case damaged || errors.Is(err, fs.ErrNotExist):
		r.crates.spoilt.found(hash, "")
	case err != nil:
		return fmt.Errorf("read the file %s: %w", hash, err)
	default:
		r.options.Log.Error("a file at the target is damaged, and is brought again", "file", hash, "err", there)
		r.crates.add(hash)
	}
	return nil
}
