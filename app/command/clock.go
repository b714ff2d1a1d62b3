package command

import (
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"selfhelp/store"
)

// How much the clock of a server that starts may differ from what its databases say,
// without a word: it was off over a long weekend, and clocks slip.
const (
	offFor  = 4 * 24 * time.Hour
	slipped = 2 * time.Minute
)

// TellClock compares the clock with when the databases of a folder were written last,
// before anything is. By a clock that is days ahead, what is kept for some days is taken
// away before its time, and what is dated then is of a moment to come once it is set.
func TellClock(data string, now time.Time, log *slog.Logger) {
	var last time.Time
	for _, name := range store.Databases() {
		for _, part := range []string{name, name + "-wal"} {
			if info, err := os.Stat(filepath.Join(data, part)); err == nil && info.ModTime().After(last) {
				last = info.ModTime()
			}
		}
	}
	switch {
	case last.IsZero():
	case now.Sub(last) > offFor:
		log.Warn("by its clock this server was off for days: if it was not, the clock is ahead; stop it and set the clock, or what is kept for some days goes before its time", "now", now.Format(time.RFC3339), "until", last.Format(time.RFC3339))
	case last.Sub(now) > slipped:
		log.Warn("the clock is behind what was written here already: set it, and let it follow a time server", "now", now.Format(time.RFC3339), "until", last.Format(time.RFC3339))
	}
}
