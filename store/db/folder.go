package db

import (
	"database/sql"
	"log/slog"
)

// foldEvery is how many writes are made between two foldings.
const foldEvery = 1000

const sqlFold = `PRAGMA wal_checkpoint(PASSIVE)`

// folder copies what the log of changes holds into the database beside the
// writer, on a connection of its own that holds nobody up. Left to SQLite, the
// same work would be done all at once in the middle of someone's commit: a tail
// of tens of milliseconds. The writer still does the last bit and begins the
// log again when it has grown to wal_autocheckpoint.
type folder struct {
	pool    *sql.DB
	log     *slog.Logger
	since   int // writes not folded yet; the writer's own
	wanted  chan struct{}
	quit    chan struct{}
	stopped chan struct{}
}

func startFolder(path string, log *slog.Logger) (*folder, error) {
	pool, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	f := &folder{
		pool: pool, log: log.With("database", path),
		wanted: make(chan struct{}), quit: make(chan struct{}), stopped: make(chan struct{}),
	}
	go f.run()
	return f, nil
}

// count asks for a folding when enough was written, unless one is going on.
func (f *folder) count(writes int) {
	f.since += writes
	if f.since < foldEvery {
		return
	}
	select {
	case f.wanted <- struct{}{}:
		f.since = 0
	default:
	}
}

func (f *folder) run() {
	defer close(f.stopped)
	for {
		select {
		case <-f.wanted:
			var busy, frames, folded int
			if err := f.pool.QueryRow(sqlFold).Scan(&busy, &frames, &folded); err != nil {
				// Nothing is lost: the log keeps it, and the next time may do.
				f.log.Warn("the log of changes could not be folded back", "error", err)
			}
		case <-f.quit:
			return
		}
	}
}

func (f *folder) close() error {
	close(f.quit)
	<-f.stopped
	return f.pool.Close()
}
