package command

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A clock that is days ahead, or behind what was written, is told of at the start.
func TestTellClock(t *testing.T) {
	dir := t.TempDir()
	told := func(now time.Time) string {
		var out bytes.Buffer
		TellClock(dir, now, slog.New(slog.NewTextHandler(&out, nil)))
		return out.String()
	}
	last := time.Date(2026, 11, 20, 14, 5, 0, 0, time.UTC)
	if said := told(last); said != "" {
		t.Errorf("of a new folder: %s", said)
	}
	name := filepath.Join(dir, "content.db")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, last, last); err != nil {
		t.Fatal(err)
	}
	for now, want := range map[time.Time]string{
		last.Add(time.Minute):        "",
		last.Add(3 * 24 * time.Hour): "",
		last.Add(9 * 24 * time.Hour): "the clock is ahead",
		last.Add(-time.Hour):         "the clock is behind",
	} {
		if said := told(now); (said == "") != (want == "") || !strings.Contains(said, want) {
			t.Errorf("at %v: %q", now, said)
		}
	}
}
