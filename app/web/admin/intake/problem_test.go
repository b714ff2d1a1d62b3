package intake

import (
	"testing"

	"selfhelp/app/fault"
	"selfhelp/app/transfer/roster"
)

// TestLinesThatCouldNotBeKeptSayWhy names the column as the file does, and what is
// wrong with it rather than that something is.
func TestLinesThatCouldNotBeKeptSayWhy(t *testing.T) {
	sheet, err := roster.Read([]byte("Identifiant;Nom\nzoe;Lefèvre\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		err         error
		column, key string
	}{
		{fault.InField("login", "fault.user.alike"), "Identifiant", "fault.user.alike"},
		{fault.New(fault.Conflict, "fault.user.last_administrator"), "", "fault.user.last_administrator"},
	} {
		got := marked(sheet, []roster.Change{{Line: 2, Deed: roster.Create}}, map[int][]roster.Problem{2: problemsOf(c.err)})[0]
		if got.Deed != roster.Wrong || len(got.Problems) != 1 || got.Problems[0].Column != c.column || got.Problems[0].Key != c.key {
			t.Errorf("%v: %+v", c.err, got)
		}
	}
}
