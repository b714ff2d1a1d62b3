package webtest

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"testing"

	"selfhelp/app/web/frame"
	"selfhelp/store"
)

// Platform are presentation servers of one platform: each has its own activity, and
// all have the same keys, accounts and publications.
type Platform struct {
	t       testing.TB
	Servers []*frame.Site
	dead    map[*frame.Site]bool
	turn    int
}

// NewPlatform builds so many servers. The accounts are made by seed, on a server
// whose content is then that of all.
func NewPlatform(t testing.TB, count int, seed func(*frame.Site), change ...func(*frame.Config)) *Platform {
	t.Helper()
	edition := emptyStore(t)
	log := slog.New(slog.DiscardHandler)
	if seed != nil {
		st, err := store.Open(t.Context(), edition, store.Options{Log: log})
		if err != nil {
			t.Fatal(err)
		}
		seed(&frame.Site{Content: st.Content, Activity: st.Activity})
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
	p := &Platform{t: t, dead: map[*frame.Site]bool{}}
	for range count {
		data := t.TempDir()
		if err := os.CopyFS(data, os.DirFS(edition)); err != nil {
			t.Fatal(err)
		}
		present := func(c *frame.Config) { c.Role, c.Edition = frame.Presentation, nil }
		p.Servers = append(p.Servers, siteAt(t, data, append([]func(*frame.Config){present}, change...)...))
	}
	return p
}

// Publish puts the same in force on every server.
func (p *Platform) Publish(all ...Published) *Platform {
	p.t.Helper()
	for _, s := range p.Servers {
		Publish(p.t, s, all...)
	}
	return p
}

// Kill has a server take no more requests.
func (p *Platform) Kill(s *frame.Site) { p.dead[s] = true }

// Revive has a server that was killed take requests again.
func (p *Platform) Revive(s *frame.Site) { delete(p.dead, s) }

// Next is the server that takes the next request: each in turn, the dead left out.
func (p *Platform) Next() *frame.Site {
	for range p.Servers {
		p.turn++
		if s := p.Servers[p.turn%len(p.Servers)]; !p.dead[s] {
			return s
		}
	}
	p.t.Fatal("every server is dead")
	return nil
}

// Browser is a browser before a load balancer that sends each request to the next
// server.
func (p *Platform) Browser(t *testing.T) *Browser {
	b := NewBrowser(t, p.Servers[0])
	b.next = p.Next
	return b
}

// SignedInAs is such a browser in which an account is signed in, by one of the
// servers.
func (p *Platform) SignedInAs(t *testing.T, name string) *Browser {
	t.Helper()
	b := p.Browser(t)
	b.Keep(signIn(t, p.Servers[0], name))
	return b
}

// Turns are the turns of an execution that a server has, by their numbers.
func Turns(t testing.TB, s *frame.Site, execution string) (numbers []int64) {
	t.Helper()
	turns, err := s.Activity.Turns(context.Background(), execution)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range turns {
		numbers = append(numbers, u.Seq)
	}
	return numbers
}

// Forget drops the cookies of the browser whose names begin so.
func (b *Browser) Forget(name string) {
	for known := range b.jar {
		if strings.HasPrefix(known, name) {
			delete(b.jar, known)
		}
	}
}

// Change changes the value of a cookie.
func (b *Browser) Change(name string, of func(string) string) {
	changed := *b.jar[name]
	changed.Value = of(changed.Value)
	b.jar[name] = &changed
}

// Take takes the cookies of another browser whose names begin so.
func (b *Browser) Take(name string, of *Browser) {
	for known, c := range of.jar {
		if strings.HasPrefix(known, name) {
			b.jar[known] = c
		}
	}
}
