package edition

import (
	"bytes"
	"context"
	"testing"

	"selfhelp/app/procedure"
	"selfhelp/app/transfer"
	"selfhelp/store"
)

func openStore(t *testing.T) *store.Store {
	t.Helper()
	st, err := store.Open(context.Background(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// sample is a project of two procedures, one calling the other.
func sample() *procedure.Project {
	tidy := &procedure.Procedure{
		Schema: procedure.Schema, UID: "aaaaaaaaaaaaaaaaaaaaaaaaaa", Alias: "printer", Title: procedure.T("L’imprimante", "The printer"), Entry: true,
		Steps: []procedure.Step{
			{ID: "start", Start: &procedure.Start{}, Next: "look"},
			{ID: "look", Title: procedure.T("Regardez", "Look"), Page: &procedure.Page{}, Next: "ask"},
			{ID: "ask", Title: procedure.T("Et alors ?", "And now?"), Call: &procedure.Call{Procedure: "bbbbbbbbbbbbbbbbbbbbbbbbbb"}, Next: "end"},
			{ID: "end", Title: procedure.T("Fin", "End"), End: &procedure.End{Outcome: procedure.Solved}},
		},
	}
	sub := &procedure.Procedure{
		Schema: procedure.Schema, UID: "bbbbbbbbbbbbbbbbbbbbbbbbbb", Alias: "paper", Title: procedure.T("Le papier", "The paper"),
		Steps: []procedure.Step{
			{ID: "start", Start: &procedure.Start{}, Next: "end"},
			{ID: "end", Title: procedure.T("Fin", "End"), End: &procedure.End{Outcome: procedure.Solved}},
		},
	}
	return &procedure.Project{
		Schema: procedure.Schema, UID: "cccccccccccccccccccccccccc", Alias: "office", Name: procedure.T("Bureau", "Office"),
		Languages: []string{"fr", "en"}, Public: true, Procedures: []*procedure.Procedure{tidy, sub},
	}
}

// archived gives a project out and reads it again, as one that comes from
// elsewhere.
func archived(t *testing.T, st *store.Store, project string) (*transfer.Archive, []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := GiveOut(context.Background(), st, project, &b); err != nil {
		t.Fatal(err)
	}
	tree, err := transfer.OpenZip(bytes.NewReader(b.Bytes()), int64(b.Len()), transfer.Usual)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	a, err := transfer.Read(tree)
	if err != nil {
		t.Fatal(err)
	}
	return a, b.Bytes()
}

func TestArchiveGoesOutAndComesIn(t *testing.T) {
	ctx := context.Background()
	st := openStore(t)
	first, err := st.Content.CreateProject(ctx, "production", sample(), "")
	if err != nil {
		t.Fatal(err)
	}
	a, before := archived(t, st, first.ID)

	for _, c := range []struct {
		name     string
		in       Import
		projects int
	}{
		{"dry run keeps nothing", Import{Domain: "sandbox", DryRun: true}, 0},
		{"into another domain", Import{Domain: "sandbox"}, 1},
		{"again, over itself", Import{Domain: "sandbox"}, 1},
		{"as a copy", Import{Domain: "sandbox", AsCopy: true}, 2},
	} {
		if _, err := TakeIn(ctx, st, a, c.in); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		kept, err := st.Content.Projects(ctx, "sandbox")
		if err != nil || len(kept) != c.projects {
			t.Fatalf("%s: %d projects in the domain, want %d (%v)", c.name, len(kept), c.projects, err)
		}
	}
	twin, err := st.Content.ProjectByUID(ctx, "sandbox", sample().UID)
	if err != nil {
		t.Fatal(err)
	}
	if _, after := archived(t, st, twin.ID); !bytes.Equal(before, after) {
		t.Error("the second export differs from the first")
	}
}
