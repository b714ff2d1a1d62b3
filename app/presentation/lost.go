package presentation

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"
	"sync"

	"selfhelp/app/publication"
)

// lost are the bundles of versions that people may still be in the middle of, and that
// cannot be opened: nobody else would miss them.
type lost struct {
	looking sync.WaitGroup
	stop    context.CancelFunc

	mu sync.Mutex
	of map[string]bool // by hash
}

// mostLost is how many are told at once.
const mostLost = 100

// inspect looks for them, beside what the server does.
func (p *Presentation) inspect() {
	ctx, stop := context.WithCancel(context.Background())
	p.lost.stop = stop
	p.lost.looking.Go(func() { p.shelf.Inspect(ctx) })
}

// lose takes a bundle away that cannot be opened, and asks for it.
func (p *Presentation) lose(b publication.Broken) {
	p.lost.mu.Lock()
	known := p.lost.of[b.Hash]
	if p.lost.of == nil {
		p.lost.of = map[string]bool{}
	}
	p.lost.of[b.Hash] = true
	p.lost.mu.Unlock()
	if !known {
		p.discard([]publication.Broken{b})
	}
}

// found drops what came again.
func (l *lost) found(hash string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.of, hash)
}

// asked are those that the catalogue in force names, and that are asked for.
func (p *Presentation) asked() []string {
	named := map[string]bool{}
	for _, one := range p.shelf.Catalogue().Publications {
		named[one.Hash] = true
	}
	p.lost.mu.Lock()
	defer p.lost.mu.Unlock()
	maps.DeleteFunc(p.lost.of, func(hash string, _ bool) bool { return !named[hash] })
	all := slices.Sorted(maps.Keys(p.lost.of))
	return all[:min(len(all), mostLost)]
}

// discard takes bundles away that cannot be opened, so that they are asked for again.
func (p *Presentation) discard(broken []publication.Broken) {
	for _, b := range broken {
		p.log.Error("a bundle cannot be opened, and is asked for again", "bundle", b.Hash, "project", b.Alias, "version", b.Number.String(), "err", b.Err)
		if err := os.Remove(publication.Path(p.bundles, b.Hash)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			p.log.Error("a bundle that cannot be opened cannot be removed", "bundle", b.Hash, "err", err)
		}
	}
}
