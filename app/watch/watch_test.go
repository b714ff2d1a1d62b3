package watch

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"selfhelp/store"
	"selfhelp/store/db"
	"selfhelp/store/storetest"
)

func namesOf(checks []Check) (names []string) {
	for _, c := range checks {
		names = append(names, c.Name)
	}
	return names
}

// TestAStuckWriter: a write that does not come back keeps nobody waiting who asks
// how the server is, and only a restart helps.
func TestAStuckWriter(t *testing.T) {
	st, err := store.Open(t.Context(), storetest.Folder(t, func(dir string) (*store.Store, error) {
		return store.Open(context.Background(), dir, store.Options{})
	}), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	w := New(Sources{Store: st, GoodFor: time.Nanosecond})
	w.stuck = 50 * time.Millisecond
	if live, ready := w.Live(), w.Ready(t.Context()); live != nil || ready != nil {
		t.Fatalf("at first: %v %v", live, ready)
	}
	release, begun, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- st.Content.Write(t.Context(), "hang", func(*db.Tx) error {
			close(begun)
			<-release
			return nil
		})
	}()
	<-begun
	began := time.Now()
	ready := w.Ready(t.Context())
	if got := namesOf(ready); !slices.Equal(got, []string{"time"}) {
		t.Errorf("not ready because of %v", got)
	}
	if took := time.Since(began); took > patience+time.Second {
		t.Errorf("it took %v to say so", took)
	}
	began = time.Now()
	w.Ready(t.Context())
	if took := time.Since(began); took > time.Second {
		t.Errorf("the next one waited %v", took)
	}
	if got := namesOf(w.Live()); !slices.Equal(got, []string{"writer"}) {
		t.Errorf("not live because of %v", got)
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
	<-w.look.done
	if live, ready := w.Live(), w.Ready(t.Context()); live != nil || ready != nil {
		t.Errorf("afterwards: %v %v", live, ready)
	}
}

// TestSinceIsWhenItBegan looks at the server once, and asks later since when it is so: since
// it was looked at first, not since somebody asked.
func TestSinceIsWhenItBegan(t *testing.T) {
	st, err := store.Open(t.Context(), storetest.Folder(t, func(dir string) (*store.Store, error) {
		return store.Open(context.Background(), dir, store.Options{})
	}), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	w := New(Sources{Store: st, GoodFor: time.Nanosecond})
	first := w.Facts(t.Context()).At
	r := w.Report(t.Context())
	if len(r.Since) == 0 || !r.At.After(first) {
		t.Fatalf("%v is told of %d subjects, after %v", r.At, len(r.Since), first)
	}
	for subject, since := range r.Since {
		if !since.Equal(first) {
			t.Errorf("%s is so since %v, want %v", subject, since, first)
		}
	}
}

// TestFailing: what speaks against sending people here, and nothing else.
func TestFailing(t *testing.T) {
	for name, c := range map[string]struct {
		facts Facts
		want  []string
	}{
		"well":         {Facts{Free: -1}, nil},
		"no room":      {Facts{Free: full - 1}, []string{"disk"}},
		"little room":  {Facts{Free: full}, nil},
		"taken over":   {Facts{Free: 0, Replica: &Replica{Replaced: "e2"}}, []string{"takeover"}},
		"nothing yet":  {Facts{Free: 64 << 20, Platform: &Platform{Member: true, Empty: true, Room: 64 << 20}}, []string{"publication"}},
		"nor room for": {Facts{Free: 64<<20 - 1, Platform: &Platform{Member: true, Empty: true, Room: 64 << 20}}, []string{"disk"}},
		"a full disk":  {Facts{Free: 0, Databases: []Database{{Name: "content", Trouble: &Trouble{Key: "fault.disk_full"}}}}, []string{"content"}},
		"both, at end": {Facts{Draining: true, Late: true}, []string{"draining", "time"}},
	} {
		if got := namesOf(c.facts.failing()); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestAFullDiskIsNamed: who asks whether people can be sent here is told that room is what
// lacks, and not to look into a log.
func TestAFullDiskIsNamed(t *testing.T) {
	for name, f := range map[string]Facts{
		"a database cannot write": {Free: 0, Databases: []Database{{Name: "content", Trouble: &Trouble{Key: "fault.disk_full"}}}},
		"nothing can come":        {Free: 1 << 20, Platform: &Platform{Member: true, Empty: true, Room: 64 << 20}},
	} {
		if list := f.failing(); len(list) == 0 || list[0].Do != "ready.disk.do" || list[0].meant {
			t.Errorf("%s: %+v", name, list)
		}
	}
}

// TestWhatIsMeantIsNoError: a server that drains, or was given nothing yet, is as it should
// be, and its log says so.
func TestWhatIsMeantIsNoError(t *testing.T) {
	for name, c := range map[string]struct {
		facts Facts
		level string
	}{
		"draining":       {Facts{Free: -1, Draining: true}, "INFO"},
		"of no platform": {Facts{Free: -1, Platform: &Platform{Member: true, Alone: true}}, "INFO"},
		"no room":        {Facts{Free: full - 1}, "ERROR"},
	} {
		var said strings.Builder
		w := &Watch{from: Sources{Log: slog.New(slog.NewTextHandler(&said, nil))}}
		w.tell(c.facts.failing())
		if !strings.Contains(said.String(), "level="+c.level) {
			t.Errorf("%s: %s", name, said.String())
		}
	}
}
