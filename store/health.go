package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"selfhelp/store/db"
	"selfhelp/store/disk"
	"selfhelp/store/shape"
)

// Health is how the store is. The zero value of a part means it could not be
// learnt.
type Health struct {
	Content, Activity DatabaseHealth
	FreeBytes         int64 // of the disk; -1 where the system does not say
}

// DatabaseHealth is how one database is.
type DatabaseHealth struct {
	Shape    int64 // how many migrations it has done
	Bytes    int64 // of the file
	LogBytes int64 // of the log of changes beside it; it keeps its largest size
	Err      error // why it cannot keep what it would be asked to
}

const (
	sqlProbe = `INSERT INTO probe (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at`
)

// Check writes to both databases, durably, and says how they are. It fails
// when the store cannot keep what it would be asked to.
func (s *Store) Check(ctx context.Context) (h Health, err error) {
	var errs [3]error
	h.Content, errs[0] = healthOf(ctx, s.Content.DB)
	h.Activity, errs[1] = healthOf(ctx, s.Activity.DB)
	h.Content.Err, h.Activity.Err = errs[0], errs[1]
	h.FreeBytes, errs[2] = disk.FreeBytes(s.dir)
	return h, errors.Join(errs[:]...)
}

func healthOf(ctx context.Context, d *db.DB) (h DatabaseHealth, err error) {
	if err := d.Check(); err != nil {
		return h, err
	}
	h.measure(d)
	if h.Shape, err = db.One(ctx, d, db.ScanNumber, shape.SQLShape); err != nil {
		return h, fmt.Errorf("read %s: %w", d.Name, err)
	}
	return h, d.Write(ctx, "write "+d.Name, func(t *db.Tx) error {
		_, err := t.Exec(sqlProbe, db.Instant(t.Now))
		return err
	})
}

// measure looks how large the files of a database are.
func (h *DatabaseHealth) measure(d *db.DB) {
	if info, err := os.Stat(d.Path()); err == nil {
		h.Bytes = info.Size()
	}
	if log, err := os.Stat(d.Path() + "-wal"); err == nil {
		h.LogBytes = log.Size()
	}
}

// Stuck reports whether a writer has been at one commit for so long. It asks
// nobody, and so answers whatever hangs.
func (s *Store) Stuck(after time.Duration) bool {
	return s.Content.Writing() > after || s.Activity.Writing() > after
}
