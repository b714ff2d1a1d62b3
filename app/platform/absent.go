package platform

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"selfhelp/app/fault"
	"selfhelp/app/presentation"
)

// Files that are named here may be missing: this server was brought back to what had
// reached a target, or its disk lost them. Presentation servers keep those that people sent
// there, and those that they show. So each start looks once for what is missing, and each
// server is asked for it once.
const (
	absentMost   = 10_000 // that are known at a time: the next start looks again
	absentAtOnce = 50     // for which a server is asked in one look
)

// absent are the files that are named here and missing.
type absent struct {
	mu   sync.Mutex
	all  map[string]int // by hash: the how manyth that was found so
	last int
}

func (a *absent) add(hash string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.all == nil {
		a.all = map[string]int{}
	}
	if a.all[hash] == 0 && len(a.all) < absentMost {
		a.last++
		a.all[hash] = a.last
	}
}

func (a *absent) came(hash string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.all, hash)
}

func (a *absent) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.all)
}

// after are the first files that were found missing after one, and the last of them.
func (a *absent) after(asked int) (files []presentation.Content, last int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for hash, n := range a.all {
		if n > asked {
			files = append(files, presentation.Content{Kind: presentation.FileKind, Hash: hash})
		}
	}
	slices.SortFunc(files, func(x, y presentation.Content) int { return cmp.Compare(a.all[x.Hash], a.all[y.Hash]) })
	files = files[:min(len(files), absentAtOnce)]
	if len(files) > 0 {
		last = a.all[files[len(files)-1].Hash]
	}
	return files, last
}

// findAbsent looks which files are missing that answers name, or what is published.
func (p *Platform) findAbsent(ctx context.Context) {
	look := func(hash string) {
		if !p.Store.Files.Has(hash) {
			p.absent.add(hash)
		}
	}
	for _, c := range p.needed(p.Edition.Shelf().Catalogue()) {
		if c.Kind == presentation.FileKind {
			look(c.Hash)
		}
	}
	err := p.Store.Activity.EachFile(ctx, look)
	if err != nil && ctx.Err() == nil {
		p.Log.Error("it is not known which files are missing that people sent", "err", err)
	}
	if n := p.absent.count(); n > 0 {
		p.Log.Warn("files are missing here: the presentation servers are asked for them", "files", n)
	}
}

// bringAbsent asks a server for files that are missing here, for each once.
func (p *Platform) bringAbsent(ctx context.Context, m *Member) error {
	files, last := p.absent.after(m.asked)
	if len(files) == 0 {
		return nil
	}
	lacking, err := p.lacking(ctx, m, files)
	if err != nil {
		return fmt.Errorf("ask for files that are missing here: %w", err)
	}
	for _, l := range lacking {
		files = slices.DeleteFunc(files, func(c presentation.Content) bool { return c == l.Content })
	}
	came := 0
	for _, c := range files {
		if !p.Store.Files.Has(c.Hash) {
			err := p.fetchFile(ctx, m, c.Hash)
			if fault.Is(err, fault.NotFound) || errors.Is(err, errOtherFile) {
				p.Log.Warn("a file that is missing here could not be brought from a presentation server", "server", m.Server().Name, "file", c.Hash, "err", err)
				continue
			}
			if err != nil {
				return fmt.Errorf("bring a file that is missing here: %w", err)
			}
			came++
		}
		p.absent.came(c.Hash)
	}
	m.asked = last
	if came > 0 {
		p.Log.Info("files that were missing here came back from a presentation server", "server", m.Server().Name, "files", came)
	}
	return nil
}
