package transfer

import (
	"bytes"
	"io"
	"log/slog"
	"strings"
	"testing"

	"selfhelp/app/fault"
	"selfhelp/store"
)

func openStore(t *testing.T) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

// exported is the zip of a project as the store has it.
func exported(t *testing.T, st *store.Store, domain, alias string) []byte {
	t.Helper()
	p, err := FindProject(t.Context(), st, domain, alias)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Export(&b, p, Stored{st.Files}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestImportIntoAStore(t *testing.T) {
	st, ctx := openStore(t), t.Context()
	a := sampleArchive(t)
	dry, err := Import(ctx, st, "sandbox", a, Options{DryRun: true})
	if err != nil || dry.Count(Create) != 7 {
		t.Fatalf("dry run: %v, %s", err, lines(dry))
	}
	if projects, err := st.Content.Projects(ctx, "sandbox"); err != nil || len(projects) != 0 || st.Files.Has(a.Hashes()[0]) {
		t.Fatalf("a dry run kept something: %v, %v", projects, err)
	}
	if _, err := Import(ctx, st, "sandbox", a, Options{By: "test"}); err != nil {
		t.Fatal(err)
	}
	first := exported(t, st, "sandbox", "help-desk")

	// The same again changes nothing; the same in another domain is another.
	back, err := readZip(first, Usual)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Import(ctx, st, "sandbox", back, Options{By: "test"})
	if err != nil || again.Count(Keep) != 7 {
		t.Errorf("again: %v, %s", err, lines(again))
	}
	if _, err := Import(ctx, st, "production", back, Options{By: "test"}); err != nil {
		t.Fatal(err)
	}
	if second := exported(t, st, "production", "help-desk"); !bytes.Equal(first, second) {
		t.Error("out of another domain, other bytes")
	}

	// A copy stands beside it with identities of its own.
	if _, err := Import(ctx, st, "sandbox", back, Options{By: "test", AsCopy: true}); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(first, exported(t, st, "sandbox", "help-desk-2")) {
		t.Error("the copy is the original")
	}
	if !bytes.Equal(first, exported(t, st, "sandbox", "help-desk")) {
		t.Error("the copy changed the original")
	}
}

// TestImportLeavesOthersAlone: a second archive that claims the procedures of
// the first project gets procedures of its own.
func TestImportLeavesOthersAlone(t *testing.T) {
	st, ctx := openStore(t), t.Context()
	if _, err := Import(ctx, st, "sandbox", sampleArchive(t), Options{}); err != nil {
		t.Fatal(err)
	}
	before := exported(t, st, "sandbox", "help-desk")
	thief := with(map[string]string{"project.yaml": strings.ReplaceAll(sample()["project.yaml"], "proj00000000000000000aaaaa", "thief0000000000000000aaaaa")})
	a, err := readZip(zipOf(t, thief), Usual)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Import(ctx, st, "sandbox", a, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range plan.Changes {
		if c.Deed != Create || c.What == "procedure" && (c.Was == "" || c.Owner != "help-desk") {
			t.Errorf("got %+v", c)
		}
	}
	if !bytes.Equal(before, exported(t, st, "sandbox", "help-desk")) {
		t.Error("the first project was changed")
	}
}

func TestImportRefusals(t *testing.T) {
	st, ctx := openStore(t), t.Context()
	if _, err := Import(ctx, st, "nowhere", sampleArchive(t), Options{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such domain: %v", err)
	}
	if _, err := Import(ctx, st, "sandbox", sampleArchive(t), Options{}); err != nil {
		t.Fatal(err)
	}
	p, err := st.Content.ProjectByAlias(ctx, "sandbox", "help-desk")
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Content.DeleteProject(ctx, p.ID, p.Version, "test"); err != nil {
		t.Fatal(err)
	}
	if _, err := Import(ctx, st, "sandbox", sampleArchive(t), Options{}); keyOf(err) != "transfer.import.binned" {
		t.Errorf("over one in the bin: %v", err)
	}
	if _, err := Import(ctx, st, "sandbox", sampleArchive(t), Options{AsCopy: true}); err != nil {
		t.Errorf("as a copy: %v", err)
	}
}
