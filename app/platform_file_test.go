package app

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/demo"
	"selfhelp/app/platform"
	"selfhelp/store"
)

// TestSentFilesComeBack has somebody send a file of several pieces at one server: it is at
// the edition server before their journey is, and at another server once they look for
// their journeys there. It runs alone: people
// wait three seconds for what is elsewhere, and no longer.
func TestSentFilesComeBack(t *testing.T) {
	f := newFleet(t, 2)
	first, second := f.servers[0], f.servers[1]
	projects, err := f.edition.store.Content.Projects(t.Context(), "production")
	if err != nil || len(projects) == 0 {
		t.Fatalf("%d projects (%v)", len(projects), err)
	}
	ada, err := f.edition.store.Content.UserByLogin(t.Context(), "k.benali")
	if err != nil {
		t.Fatal(err)
	}
	content := bytes.Repeat([]byte("a page of a scan\n"), 600_000) // some 10 MB
	sent, err := first.store.Files.Receive(t.Context(), bytes.NewReader(content), 1<<30)
	if err == nil {
		err = first.store.Files.Keep(sent.Hash)
	}
	if err != nil {
		t.Fatal(err)
	}
	before := counted(t, f.edition)
	e := store.Execution{ID: store.NewID(), Project: projects[0].ID, Procedure: "printer", Alias: "printer", Version: "1.0", User: ada.ID, Channel: "portal", Language: "fr", Started: time.Now()}
	events := fmt.Appendf(nil, `[{"kind":"answered","value":{"scan":{"name":"scan.pdf","hash":"%s","size":%d}}}]`, sent.Hash, len(content))
	if err := first.store.Activity.StartExecution(t.Context(), e, store.Turn{Input: "start", Step: "start", At: time.Now(), Events: events}); err != nil {
		t.Fatal(err)
	}
	f.comesBack(t, before, first)
	if got := contentOf(t, f.edition, sent.Hash); !bytes.Equal(got, content) {
		t.Errorf("%d bytes of %d are at the edition server", len(got), len(content))
	}
	elsewhere := newPerson(t)
	for _, a := range demo.Accounts() {
		if a.Login == "k.benali" {
			elsewhere.signIn(second.URL(), a.Login, a.Password)
		}
	}
	if status, _ := elsewhere.get(second.URL() + "/me/executions"); status != http.StatusOK {
		t.Fatalf("their journeys: %d", status)
	}
	if got := contentOf(t, second, sent.Hash); !bytes.Equal(got, content) {
		t.Errorf("%d bytes of %d are at the other server", len(got), len(content))
	}
}

// contentOf is a file of a server, nil where it is not there.
func contentOf(t *testing.T, s *Server, hash string) []byte {
	t.Helper()
	if !s.store.Files.Has(hash) {
		return nil
	}
	r, _, err := s.store.Files.Open(hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sends has a server keep a file and a journey that names it.
func (f *fleet) sends(t *testing.T, at *Server, content string, keep ...*Server) (hash string) {
	t.Helper()
	projects, err := f.edition.store.Content.Projects(t.Context(), "production")
	if err != nil || len(projects) == 0 {
		t.Fatalf("%d projects (%v)", len(projects), err)
	}
	for _, s := range keep {
		kept, err := s.store.Files.Put(t.Context(), strings.NewReader(content), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		hash = kept.Hash
	}
	e := store.Execution{ID: store.NewID(), Project: projects[0].ID, Procedure: "printer", Alias: "printer", Version: "1.0", Channel: "portal", Language: "fr", Started: time.Now()}
	events := fmt.Appendf(nil, `[{"kind":"answered","value":{"scan":{"name":"scan.pdf","hash":"%s","size":%d}}}]`, hash, len(content))
	if err := at.store.Activity.StartExecution(t.Context(), e, store.Turn{Input: "start", Step: "start", At: time.Now(), Events: events}); err != nil {
		t.Fatal(err)
	}
	return hash
}

// TestFilesThatWereLostAreAskedForAgain takes files away from an edition server that
// people sent to presentation servers, as a restore does to which they did not come: they
// are there again after its start, and so is one that another server has than the one with
// the answer.
func TestFilesThatWereLostAreAskedForAgain(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 2)
	before := counted(t, f.edition)
	lost := f.sends(t, f.servers[0], "a scan", f.servers[0])
	f.comesBack(t, before, f.servers[0])
	if contentOf(t, f.edition, lost) == nil {
		t.Fatal("the file did not come")
	}
	nowhere := f.sends(t, f.servers[0], "a scan that is gone", f.servers[0])
	f.comesBack(t, before+1, f.servers[0])
	if err := f.end(); err != nil {
		t.Fatal(err)
	}
	for _, at := range []struct{ folder, hash string }{{f.data, lost}, {f.data, nowhere}, {f.servers[0].config.Data, nowhere}} {
		if err := os.Remove(filepath.Join(at.folder, "files", at.hash[:2], at.hash[2:4], at.hash)); err != nil {
			t.Fatal(err)
		}
	}
	f.start(t)
	eventually(t, "a file that a presentation server has is not asked for", func() bool { return string(contentOf(t, f.edition, lost)) == "a scan" })
	f.standing(t, "a", func(m platform.Standing) bool { return m.Err == nil && !m.Seen.IsZero() }) // one that is nowhere holds nothing up
	elsewhere := f.sends(t, f.servers[0], "a scan of a journey that went on", f.servers[1])
	eventually(t, "a file that another server has is not asked for", func() bool { return contentOf(t, f.edition, elsewhere) != nil })
}
