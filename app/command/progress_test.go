package command

import (
	"strings"
	"testing"
)

// TestProgress draws a bar for who looks, and lines for who keeps them.
func TestProgress(t *testing.T) {
	for bars, want := range map[bool]string{
		true:  "restoring files\nrestoring a.db\n\r  [###############...............] 50 %\r  [##############################] 100 %\nrestoring b.db\n\r  [#######.......................] 25 %\nrestoring the check\n",
		false: "restoring files\nrestoring a.db\nrestoring b.db\nrestoring the check\n",
	} {
		var out strings.Builder
		p := progress{w: &out, bars: bars}
		for _, step := range []struct {
			name        string
			done, total int64
		}{{"files", 0, 0}, {"a.db", 0, 0}, {"a.db", 500, 1000}, {"a.db", 501, 1000}, {"a.db", 1000, 1000}, {"b.db", 0, 0}, {"b.db", 1, 4}, {"the check", 0, 0}} {
			p.tell(step.name, step.done, step.total)
		}
		if out.String() != want {
			t.Errorf("%v: %q", bars, out.String())
		}
	}
}
