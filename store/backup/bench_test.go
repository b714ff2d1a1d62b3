package backup_test

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"testing"
	"time"

	"selfhelp/store"
	"selfhelp/store/backup"
	"selfhelp/store/clocktest"
	"selfhelp/store/db"
)

// gigabyte fills a database of a store with rows that compress to about half.
func gigabyte(b *testing.B, s *store.Store) {
	b.Helper()
	run := func(query string, args ...any) {
		check(b, s.Activity.Write(b.Context(), "fill", func(t *db.Tx) error {
			_, err := t.Exec(query, args...)
			return err
		}))
	}
	run("CREATE TABLE ballast (id INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT")
	raw := make([]byte, 1900)
	for range 1000 {
		check(b, s.Activity.Write(b.Context(), "fill", func(t *db.Tx) error {
			for range 265 {
				rand.Read(raw)
				if _, err := t.Exec("INSERT INTO ballast (words) VALUES (?)", hex.EncodeToString(raw)); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

// BenchmarkGigabyte makes a full of a store of a gigabyte, and an increment after each
// hundredth row was changed: verified by a restore, as each is, and restored.
func BenchmarkGigabyte(b *testing.B) {
	c := clocktest.At(time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC))
	data, root := b.TempDir(), b.TempDir()
	check(b, backup.Prepare(root))
	s := must[*store.Store](b)(open(b.Context(), data, c.Now))
	defer func() { check(b, s.Close()) }()
	gigabyte(b, s)
	k := maker(data, root, c)
	measured := func(what string, do func() backup.Entry) backup.Entry {
		began := time.Now()
		e := do()
		b.ReportMetric(time.Since(began).Seconds(), what+"-s")
		b.ReportMetric(float64(e.Size)/1e6, what+"-MB")
		return e
	}
	for b.Loop() {
		c.Pass(24 * time.Hour)
		full := measured("full", func() backup.Entry { return must[backup.Entry](b)(k.Make(b.Context(), backup.Full)) })
		b.ReportMetric(float64(full.Databases[1].Bytes+full.Databases[0].Bytes)/1e6, "databases-MB")
		b.ReportMetric(full.Verdict.Seconds, "full-verified-s")
		check(b, s.Activity.Write(b.Context(), "change", func(t *db.Tx) error {
			_, err := t.Exec("UPDATE ballast SET words = substr(words, 2) || 'x' WHERE id % 100 = 0")
			return err
		}))
		c.Pass(time.Hour)
		increment := measured("increment", func() backup.Entry { return must[backup.Entry](b)(k.Make(b.Context(), backup.Increment)) })
		dir := must[string](b)(os.MkdirTemp(b.TempDir(), ""))
		measured("restore", func() backup.Entry {
			must[backup.Back](b)(k.Folder.Restore(b.Context(), dir, backup.Wanted{Name: increment.Name}))
			must[store.Extent](b)(lookOnly(b, dir, data))
			return increment
		})
		check(b, os.RemoveAll(dir))
	}
}

func lookOnly(b *testing.B, dir, data string) (store.Extent, error) {
	e, wrong, err := look(b.Context(), dir, data)
	if len(wrong) > 0 {
		b.Fatalf("%q", wrong)
	}
	return e, err
}
