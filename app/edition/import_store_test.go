package edition

import (
	"bytes"
	"context"
	"testing"

	"selfhelp/app/fault"
	"selfhelp/app/transfer"
)

// TestImportLeavesOthersAlone: a second archive that claims the procedures of
// the first project gets procedures of its own.
func TestImportLeavesOthersAlone(t *testing.T) {
	ctx := context.Background()
	st := openStore(t)
	first, err := st.Content.CreateProject(ctx, "sandbox", sample(), "")
	if err != nil {
		t.Fatal(err)
	}
	thief, before := archived(t, st, first.ID)
	thief.Project.UID = "dddddddddddddddddddddddddd"
	in, err := TakeIn(ctx, st, thief, Import{Domain: "sandbox"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range in.Plan.Changes {
		if c.Deed != transfer.Create || c.What == "procedure" && (c.Was == "" || c.Owner != "office") {
			t.Errorf("got %+v", c)
		}
	}
	if _, after := archived(t, st, first.ID); !bytes.Equal(before, after) {
		t.Error("the first project was changed")
	}
}

func TestImportRefusals(t *testing.T) {
	ctx := context.Background()
	st := openStore(t)
	first, err := st.Content.CreateProject(ctx, "sandbox", sample(), "")
	if err != nil {
		t.Fatal(err)
	}
	a, _ := archived(t, st, first.ID)
	if _, err := TakeIn(ctx, st, a, Import{Domain: "nowhere"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such domain: %v", err)
	}
	if err := st.Content.DeleteProject(ctx, first.ID, first.Version, ""); err != nil {
		t.Fatal(err)
	}
	_, err = TakeIn(ctx, st, a, Import{Domain: "sandbox"})
	if key, _ := fault.TextOf(err); key != "transfer.import.binned" {
		t.Errorf("over one in the recycle bin: %v", err)
	}
	if _, err := TakeIn(ctx, st, a, Import{Domain: "sandbox", AsCopy: true}); err != nil {
		t.Errorf("as a copy: %v", err)
	}
}
