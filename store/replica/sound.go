package replica

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
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
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		return fmt.Errorf("read the file %s at the target: %w", hash, err)
	}
	if is := hex.EncodeToString(sum.Sum(nil)); is != hash {
		return otherContent{hash, is}
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
	now := r.options.Now()
	err = eachFile(ctx, d, func(hash string) error {
		if now.Sub(r.sound[hash]).Abs() < soundFor {
			return nil
		}
		err := isSound(ctx, d, hash)
		if _, is := errors.AsType[otherContent](err); is {
			r.options.Log.Error("a file at the target is damaged, and is brought again", "file", hash, "err", err)
			r.crates.add(hash)
			return nil
		}
		if err == nil {
			r.sound[hash] = now
		}
		return err
	})
	return errors.Join(err, r.crates.send(ctx))
}
