package connect

import (
	"strings"
	"testing"
	"time"

	"selfhelp/app/fault"
)

// TestScanner runs real programs: what they end with is the verdict, and a
// program that is not there, hangs or breaks takes no file.
func TestScanner(t *testing.T) {
	const plague = "X5O! a line that scanners know"
	search := `if grep -q "a line that scanners know"; then echo "found: Plague-1"; exit 1; fi`
	for _, c := range []struct {
		name, script, file string
		kind               fault.Kind
		clean              bool
		says               string
	}{
		{name: "a clean file", script: search, file: "nothing in it", clean: true},
		{name: "a plague", script: search, file: plague, kind: fault.Invalid, says: "found: Plague-1"},
		{name: "a large clean file", script: search, file: strings.Repeat("clean\n", 1<<20), clean: true},
		{name: "not read to the end", script: "exit 0", file: strings.Repeat("clean\n", 1<<20), clean: true},
		{name: "not read, refused", script: "exit 1", file: strings.Repeat("clean\n", 1<<20), kind: fault.Invalid},
		{name: "a failure", script: "echo no database >&2; exit 2", file: "x", kind: fault.Unavailable, says: "no database"},
		{name: "killed", script: "kill -9 $$", file: "x", kind: fault.Unavailable},
		{name: "hanging", script: "sleep 60", file: "x", kind: fault.Unavailable},
		{name: "talking without end", script: "yes; exit 2", file: "x", kind: fault.Unavailable},
	} {
		err := Scanner{[]string{"/bin/sh", "-c", c.script}, 500 * time.Millisecond}.Scan(t.Context(), strings.NewReader(c.file))
		if (err == nil) != c.clean || !c.clean && fault.KindOf(err) != c.kind {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil && (!strings.Contains(err.Error(), c.says) || len(err.Error()) > 500) {
			t.Errorf("%s is told as %q", c.name, err)
		}
	}
	if err := (Scanner{[]string{"/no/such/program"}, time.Second}).Scan(t.Context(), strings.NewReader("x")); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a program that is not there: %v", err)
	}
}
