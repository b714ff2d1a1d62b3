package app

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"selfhelp/app/demo"
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
