package browser

import (
	"crypto/ed25519"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"selfhelp/app/demo"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/web"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/seal"
	"selfhelp/store"
)

// served starts the product with a demonstration project published, open to
// everyone, and returns its address.
func served(t *testing.T, alias string, change func(*procedure.Project)) string {
	t.Helper()
	_, home := servedSite(t, alias, change)
	return home
}

// servedSite is served that returns the site as well.
func servedSite(t *testing.T, alias string, change func(*procedure.Project)) (site *frame.Site, home string) {
	t.Helper()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	key := st.Keys.Publication
	folder := t.TempDir()
	shelf, err := publication.OpenShelf(folder, []ed25519.PublicKey{key.Public().(ed25519.PublicKey)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shelf.Close(); st.Close() })
	putOnShelf(t, st, shelf, folder, projectOf(t, st, alias, change))
	site, err = web.New(frame.Config{
		Role: frame.Both, Log: log, Now: time.Now, Store: st, Shelf: shelf, Demo: true,
		Keys: seal.KeysOf(st.Keys, time.Now()),
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	return site, server.URL
}

// projectOf reads a demonstration project and keeps its files.
func projectOf(t *testing.T, st *store.Store, alias string, change func(*procedure.Project)) *procedure.Project {
	t.Helper()
	archive, err := demo.Open(alias)
	if err != nil {
		t.Fatal(err)
	}
	for _, hash := range archive.Hashes() {
		r, err := archive.Open(hash)
		if err == nil {
			_, err = st.Files.Put(t.Context(), r, 1<<30)
			err = errors.Join(err, r.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	archive.Project.Public = true
	if change != nil {
		change(archive.Project)
	}
	return archive.Project
}

func putOnShelf(t *testing.T, st *store.Store, shelf *publication.Shelf, folder string, p *procedure.Project) {
	t.Helper()
	m, err := publication.Build(folder, publication.Input{
		Project: p, Number: publication.Number{Major: 1}, Domain: "production", At: time.Now(), HasFile: st.Files.Has,
	}, st.Keys.Publication)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := publication.Catalogue{Sequence: 1, Publications: []publication.Publication{m.Publication(true)}}.Seal(st.Keys.Publication)
	if err == nil {
		err = shelf.Swap(sealed)
	}
	if err != nil {
		t.Fatal(err)
	}
}
