package replica

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// filesFolder is where the contents stand at a target, each under
// files/ab/HASH.
const filesFolder = "files"

func fileName(hash string) string { return filesFolder + "/" + hash[:2] + "/" + hash }

// localName is where a content stands in a folder of files.
func localName(dir, hash string) string { return filepath.Join(dir, hash[:2], hash[2:4], hash) }

// crates are the contents that have to go to the target.
type crates struct {
	dir   string
	depot func(context.Context) (depot, error)

	hashes              // that are waiting
	sending  sync.Mutex // one sends at a time
	compared bool       // with what the target has
	spoilt   *spoilt    // those that are damaged here
}

// hashes are contents with which something is to be done.
type hashes struct {
	mu   sync.Mutex
	todo map[string]bool
}

func newCrates(dir string, at func(context.Context) (depot, error), damaged *spoilt) *crates {
	return &crates{dir: dir, depot: at, spoilt: damaged}
}

func (h *hashes) add(hash string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.todo == nil {
		h.todo = map[string]bool{}
	}
	h.todo[hash] = true
}

func (h *hashes) list() (all []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for hash := range h.todo {
		all = append(all, hash)
	}
	return all
}

func (h *hashes) done(hash string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.todo, hash)
}

// send brings what is waiting to the target.
func (c *crates) send(ctx context.Context) error {
	c.sending.Lock()
	defer c.sending.Unlock()
	if c.compared && len(c.list()) == 0 {
		return nil
	}
	d, err := c.depot(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	if !c.compared {
		if err := c.compare(ctx, d); err != nil {
			return fmt.Errorf("compare the files with those of the target: %w", err)
		}
		c.compared = true
	}
	for _, hash := range c.list() {
		if err := c.sendOne(ctx, d, hash); err != nil {
			return fmt.Errorf("copy file %s: %w", hash, err)
		}
		c.done(hash)
	}
	return nil
}

// doubt compares again with what the target has: it lost something.
func (c *crates) doubt() {
	c.sending.Lock()
	defer c.sending.Unlock()
	c.compared = false
}

// compare finds, once, what an earlier process did not bring over.
func (c *crates) compare(ctx context.Context, d depot) error {
	firsts, err := os.ReadDir(c.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, first := range firsts {
		if len(first.Name()) != 2 {
			continue
		}
		here, err := filepath.Glob(filepath.Join(c.dir, first.Name(), "??", "*"))
		if err != nil {
			return err
		}
		there, err := d.list(ctx, filesFolder+"/"+first.Name())
		if err != nil {
			return err
		}
		has := map[string]bool{}
		for _, hash := range there {
			has[hash] = true
		}
		for _, name := range here {
			if hash := filepath.Base(name); !has[hash] {
				c.add(hash)
			}
		}
	}
	return nil
}

// sendOne copies one content; one that was swept away meanwhile is not missed, and one that
// is damaged here does not go where it may be whole.
func (c *crates) sendOne(ctx context.Context, d depot, hash string) error {
	f, err := os.Open(localName(c.dir, hash))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	err = holds(f, hash)
	if _, damaged := errors.AsType[otherContent](err); damaged {
		return c.leave(ctx, d, hash)
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	open := struct{ io.ReadSeeker }{f} // some would close it as well
	return d.put(ctx, fileName(hash), open)
}

// leave does not send a content that is damaged here, and looks whether the target has it.
func (c *crates) leave(ctx context.Context, d depot, hash string) error {
	r, err := d.get(ctx, fileName(hash))
	where := ""
	if err == nil {
		if err = errors.Join(holds(r, hash), r.Close()); err == nil {
			where = c.spoilt.target + "/" + fileName(hash)
		}
	}
	if _, damaged := errors.AsType[otherContent](err); err != nil && !damaged && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	c.spoilt.found(hash, where)
	return nil
}
