package publication

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"selfhelp/app/fault"
)

// Shelf holds the bundles that the catalogue in force names, open. The whole
// set stands behind one pointer: exchanging it takes nothing from who is
// reading, and the old bundles are closed after their last reader.
type Shelf struct {
	folder  string
	trusted []ed25519.PublicKey
	memory  memory
	swap    sync.Mutex // one exchange at a time
	now     atomic.Pointer[set]
	staged  *set // opened, to be put in force; nil for none
	missed  atomic.Pointer[func(Broken)]
}

// OpenShelf returns an empty shelf over a folder of bundles, made if it is not
// there and cleared of what a crash left half built.
func OpenShelf(folder string, trusted []ed25519.PublicKey) (*Shelf, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("open shelf: %w", err)
	}
	names, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("open shelf: %w", err)
	}
	for _, name := range names {
		if !strings.HasPrefix(name.Name(), building) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(folder, name.Name())); err != nil {
			return nil, fmt.Errorf("open shelf: %w", err)
		}
	}
	s := &Shelf{folder: folder, trusted: trusted, memory: memory{bound: memoryBound}}
	s.now.Store(newSet(Catalogue{}, nil))
	return s, nil
}

// Close empties the shelf: bundles are closed after their last reader. It never
// fails; it makes a shelf something that can be closed like others.
func (s *Shelf) Close() error {
	s.Clear()
	return nil
}

// Trust exchanges the keys that are believed, from the next catalogue on.
func (s *Shelf) Trust(keys ...ed25519.PublicKey) {
	s.swap.Lock()
	defer s.swap.Unlock()
	s.trusted = keys
}

// Sequence returns that of the catalogue in force, 0 before the first.
func (s *Shelf) Sequence() uint64 { return s.now.Load().catalogue.Sequence }

// InForce is what is in force: the sequence and the mark of its catalogue, 0 and "" before
// the first, and how many of its publications have bundles that are open, or cannot be.
type InForce struct {
	Sequence     uint64
	Mark         string
	Open, Broken int
}

// InForce returns what is in force.
func (s *Shelf) InForce() InForce {
	set := s.now.Load()
	return InForce{set.catalogue.Sequence, set.mark, len(set.volumes), len(set.broken)}
}

// Catalogue returns the catalogue in force. It may not be changed.
func (s *Shelf) Catalogue() Catalogue { return s.now.Load().catalogue }

// Swap puts a sealed catalogue in force, once every bundle that it names as
// active is open. When anything is wrong, all stays as it is. A catalogue that
// is not newer than the one in force is refused; that one itself changes
// nothing.
func (s *Shelf) Swap(sealed []byte) error {
	broken, err := s.put(sealed, true)
	if err == nil && len(broken) > 0 {
		err = broken[0].Err
	}
	if err != nil {
		return fmt.Errorf("put catalogue in force: %w", err)
	}
	return nil
}

// Broken is a publication whose bundle cannot be opened, and why.
type Broken struct {
	Publication
	Err error
}

// Start puts a sealed catalogue in force like Swap, but without the bundles
// that cannot be opened, which it returns: a server that starts serves all that
// is whole, while what is missing or damaged is built or sent again.
func (s *Shelf) Start(sealed []byte) ([]Broken, error) {
	broken, err := s.put(sealed, false)
	if err != nil {
		return nil, fmt.Errorf("put catalogue in force: %w", err)
	}
	return broken, nil
}

// put exchanges the set. When whole is wanted, nothing is exchanged if any
// bundle is broken.
func (s *Shelf) put(sealed []byte, whole bool) ([]Broken, error) {
	s.swap.Lock()
	defer s.swap.Unlock()
	fresh, err := s.prepare(sealed)
	if err != nil || fresh == nil {
		return nil, err
	}
	if whole && len(fresh.broken) > 0 {
		fresh.release()
		return fresh.broken, nil
	}
	if err := fresh.arrange(); err != nil {
		fresh.release()
		return nil, err
	}
	s.now.Swap(fresh).release()
	return fresh.broken, nil
}

// prepare opens the set of a catalogue that may follow the one in force; nil where
// that is it.
func (s *Shelf) prepare(sealed []byte) (*set, error) {
	old := s.now.Load()
	if old.sealed != nil && bytes.Equal(sealed, old.sealed) && len(old.broken) == 0 {
		return nil, nil
	}
	c, err := OpenCatalogue(sealed, s.trusted)
	if err != nil {
		return nil, err
	}
	if c.Sequence < old.catalogue.Sequence || (c.Sequence == old.catalogue.Sequence && !bytes.Equal(sealed, old.sealed)) {
		return nil, fault.New(fault.Conflict, "fault.catalogue.replayed", c.Sequence, old.catalogue.Sequence)
	}
	fresh := newSet(c, bytes.Clone(sealed))
	s.fill(fresh, old)
	return fresh, nil
}

// fill opens the active bundles of a set, those of the old one excepted, which
// go over to it.
func (s *Shelf) fill(fresh, old *set) {
	var opening errgroup.Group
	opening.SetLimit(runtime.GOMAXPROCS(0))
	for _, p := range fresh.catalogue.Publications {
		if !p.Active || fresh.volumes[p.Hash] != nil {
			continue
		}
		v := old.volumes[p.Hash]
		if v != nil {
			v.sets.Add(1)
			fresh.volumes[p.Hash] = v
			continue
		}
		v = &volume{}
		v.sets.Add(1)
		fresh.volumes[p.Hash] = v
		opening.Go(func() error {
			v.Bundle, v.err = s.open(p)
			return nil
		})
	}
	_ = opening.Wait() // each volume has its own error
	for _, p := range fresh.catalogue.Publications {
		if v := fresh.volumes[p.Hash]; v != nil && v.err != nil && p.Active {
			fresh.broken = append(fresh.broken, Broken{p, v.err})
		}
	}
	for _, b := range fresh.broken {
		delete(fresh.volumes, b.Hash)
	}
}

// open opens the bundle of a publication, and refuses another one in its place.
func (s *Shelf) open(p Publication) (*Bundle, error) {
	path := Path(s.folder, p.Hash)
	b, err := openIn(path, s.trusted, &s.memory)
	if err != nil {
		return nil, err
	}
	if m := b.manifest; m.Hash != p.Hash || m.Project != p.Project || m.Number != p.Number {
		_ = b.Close() // it is refused whatever this says
		return nil, fmt.Errorf("open bundle %s: %w", path, fault.New(fault.Invalid, "fault.bundle.another", p.Alias, p.Number.String()))
	}
	return b, nil
}

// Hold takes the set in force for reading. Everything it gives stays open until
// Release, whatever is published meanwhile.
func (s *Shelf) Hold() *Hold {
	for {
		if set := s.now.Load(); set.take() {
			return &Hold{shelf: s, set: set}
		}
	}
}
