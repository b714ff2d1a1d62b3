package edition

import (
	"context"
	"crypto/ed25519"
	"sync"

	"selfhelp/app/publication"
)

// mending is the making again of bundles that only those need who are in the middle of
// an earlier version.
type mending struct {
	sync.WaitGroup
	mu    sync.Mutex
	tried map[string]bool // by hash
	ended bool
}

// begin takes a bundle to be made again: once, for where that does not help it will not the
// next time.
func (m *mending) begin(hash string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ended || m.tried[hash] {
		return false
	}
	if m.tried == nil {
		m.tried = map[string]bool{}
	}
	m.tried[hash] = true
	m.Add(1)
	return true
}

// done lets a bundle be made again should it be damaged once more.
func (m *mending) done(hash string, whole bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if whole {
		delete(m.tried, hash)
	}
	m.Done()
}

// end waits for what was begun, and lets nothing more begin.
func (m *mending) end() {
	m.mu.Lock()
	m.ended = true
	m.mu.Unlock()
	m.Wait()
}

// Inspect looks at the bundles of earlier versions, and makes those again that are damaged.
func (e *Edition) Inspect(ctx context.Context) { e.shelf.Inspect(ctx) }

// mend makes a bundle again beside who missed it.
func (e *Edition) mend(b publication.Broken) {
	if !e.mending.begin(b.Hash) {
		return
	}
	e.log.Warn("bundle of an earlier version cannot be opened and is built again", "bundle", b.Hash, "project", b.Alias, "version", b.Number.String(), "err", b.Err)
	go func() {
		e.one.Lock()
		defer e.one.Unlock()
		_, m, err := e.rebuild(context.Background(), b.Domain, b.Project, b.Number)
		e.mending.done(b.Hash, err == nil && m.Hash == b.Hash)
		if err != nil || m.Hash != b.Hash {
			e.log.Error("bundle of an earlier version cannot be built as it was: journeys that began on it cannot go on", "bundle", b.Hash, "project", b.Alias, "version", b.Number.String(), "err", err)
		}
	}()
}

// Whole reports whether the bundle of a publication is here as it should be. One that is
// not is made again meanwhile.
func (e *Edition) Whole(p publication.Publication) bool {
	_, err := publication.Verify(publication.Path(e.folder, p.Hash), []ed25519.PublicKey{e.key().Public().(ed25519.PublicKey)})
	if err != nil {
		e.mend(publication.Broken{Publication: p, Err: err})
	}
	return err == nil
}
