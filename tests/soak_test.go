package tests

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"selfhelp/app"
	"selfhelp/app/demo"
)

// TestSoak lets people without scripts run every procedure of the demonstration
// for as long as SELFHELP_SOAK says: nothing may fail, and what the server holds
// may not grow.
func TestSoak(t *testing.T) {
	given := os.Getenv("SELFHELP_SOAK")
	if given == "" {
		t.Skip("SELFHELP_SOAK is not set; make soak sets it")
	}
	lasting, err := time.ParseDuration(given)
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	stop, _ := launched(t, "demo", "--data", data, "--listen", "127.0.0.1:0")
	stop() // filled; now as behind a proxy, so that each visitor has an address
	stop, address := launched(t, "serve", "--data", data, "--listen", "127.0.0.1:0", "--behind-proxy", "private", "--drain", "0s")
	defer stop()

	s := &soak{t: t, address: address, until: time.Now().Add(lasting)}
	s.work(lasting / 4)
	warm := heap()
	s.work(time.Until(s.until))
	end := heap()
	t.Logf("%d journeys, %d of them to an outcome, %d pages; heap %d KiB, then %d KiB, %d goroutines",
		s.journeys.Load(), s.outcomes.Load(), s.pages.Load(), warm>>10, end>>10, runtime.NumGoroutine())
	if s.outcomes.Load() == 0 {
		t.Error("nobody came to an outcome")
	}
	if end > warm*3/2+16<<20 {
		t.Errorf("the heap grew from %d to %d KiB", warm>>10, end>>10)
	}
	if n := runtime.NumGoroutine(); n > 60 {
		t.Errorf("%d goroutines are left", n)
	}
}

// heap is what is held when everything that can go has gone.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// launched runs the product in this process until it is stopped.
func launched(t *testing.T, args ...string) (stop func(), address string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, w := io.Pipe()
	ended := make(chan int, 1)
	var said bytes.Buffer
	go func() {
		code := app.Main(ctx, app.Terminal{Args: args, In: strings.NewReader(""), Out: w, Err: &said})
		w.Close()
		ended <- code
	}()
	address = addressIn(t, r)
	return func() {
		cancel()
		if code := <-ended; code != 0 {
			t.Errorf("%v ended with %d: %s", args, code, said.String())
		}
	}, address
}

// soak is people at work.
type soak struct {
	t       *testing.T
	address string
	until   time.Time
	rounds  uint64

	journeys, outcomes, pages atomic.Int64
}

// work lets people work for a while.
func (s *soak) work(lasting time.Duration) {
	s.rounds++
	until := time.Now().Add(lasting)
	var all sync.WaitGroup
	for i, account := range demo.Accounts() {
		all.Go(func() {
			v := newVisitor(s.t, s.rounds<<8|uint64(i))
			if err := s.person(v, account, until); err != nil {
				s.t.Errorf("%s: %v", account.Login, err)
			}
			v.client.CloseIdleConnections()
			for _, status := range slices.Sorted(maps.Keys(v.seen)) {
				if status >= 500 || status == 403 {
					s.t.Errorf("%s was answered %d %d times", account.Login, status, v.seen[status])
				}
			}
		})
	}
	all.Wait()
}

// person signs in and runs one procedure after another.
func (s *soak) person(v *visitor, account demo.Account, until time.Time) error {
	p, err := v.open(s.address + "/login")
	if err != nil {
		return err
	}
	if p, err = v.send(p, p.formWith("/login"), map[string]string{"login": account.Login, "password": account.Password}); err != nil {
		return err
	}
	entries := s.entries(v)
	if len(entries) == 0 {
		return fmt.Errorf("there is no procedure to start from %s", p.url)
	}
	for time.Now().Before(until) {
		if err := s.journey(v, entries[v.random.IntN(len(entries))]); err != nil {
			return err
		}
	}
	return nil
}

// entries finds procedures by looking around, as people do: the home, the
// projects, their categories.
func (s *soak) entries(v *visitor) []string {
	found := map[string]bool{}
	looked := map[string]bool{}
	next := []string{"/"}
	for len(next) > 0 && len(looked) < 100 {
		path := next[0]
		next = next[1:]
		if looked[path] {
			continue
		}
		looked[path] = true
		p, err := v.open(s.address + path)
		if err != nil {
			continue
		}
		for _, to := range p.links("/r/") {
			found[to] = true
		}
		next = append(next, p.links("/p/")...)
	}
	return slices.Sorted(maps.Keys(found))
}

// journey runs one procedure, at most sixty pages of it.
func (s *soak) journey(v *visitor, entry string) error {
	s.journeys.Add(1)
	p, err := v.open(s.address + entry)
	for range 60 {
		if err != nil {
			return fmt.Errorf("%s: %w", entry, err)
		}
		s.pages.Add(1)
		if p.has("outcome") {
			s.outcomes.Add(1)
			return nil
		}
		form := p.formWith("/x/")
		if form == nil {
			form = p.formWith("/r/")
		}
		if form == nil {
			return nil // kept aside, or something else than a page of a procedure
		}
		p, err = v.send(p, form, nil)
	}
	return err
}
