package publication

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"sync"

	_ "modernc.org/sqlite" // a bundle is an SQLite file

	"selfhelp/app/procedure"
	"selfhelp/app/publication/index"
)

// applicationID marks the database of a bundle among SQLite files ("SHbu").
const applicationID = 0x53486275

// schema is the database of a bundle.
const schema = `
CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE procedures (uid TEXT NOT NULL UNIQUE, home INTEGER NOT NULL, record BLOB NOT NULL) STRICT;
CREATE TABLE entries (doc INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, alias TEXT NOT NULL UNIQUE, card BLOB NOT NULL) STRICT;
CREATE TABLE indexes (lang TEXT PRIMARY KEY, first INTEGER NOT NULL, words BLOB NOT NULL, counts BLOB NOT NULL, sizes BLOB NOT NULL, lengths BLOB NOT NULL) STRICT;
CREATE TABLE postings (block INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;`

// The statements that fill it.
const (
	insertFact      = `INSERT INTO facts (name, value) VALUES (?, ?)`
	insertProcedure = `INSERT INTO procedures (uid, home, record) VALUES (?, ?, ?)`
	insertEntry     = `INSERT INTO entries (doc, uid, alias, card) VALUES (?, ?, ?, ?)`
	insertIndex     = `INSERT INTO indexes (lang, first, words, counts, sizes, lengths) VALUES (?, ?, ?, ?, ?, ?)`
	insertBlock     = `INSERT INTO postings (block, data) VALUES (?, ?)`
)

// The facts of a bundle.
const (
	factHomes = "homes" // the projects of its procedures, its own first
	factShape = "shape" // of the records
	factName  = "name"  // domain and number: two versions that say the same are two bundles all the same
	factReach = "reach" // which entries are for whom, and in which category
	factUses  = "uses"  // which entries show which files
)

// writeDatabase writes the database of a bundle. There is no journal: a file
// that a crash leaves behind has no name and is thrown away.
func writeDatabase(path string, all *frozen) error {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	name := url.URL{Scheme: "file", OmitHost: true, Path: absolute, RawQuery: "_pragma=page_size(8192)&_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=locking_mode(EXCLUSIVE)&_pragma=cache_size(-65536)&_pragma=auto_vacuum(NONE)"}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	return errors.Join(fillDatabase(db, all), db.Close())
}

func fillDatabase(db *sql.DB, all *frozen) error {
	if _, err := db.Exec(fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, bundleFormat)); err != nil {
		return err
	}
	tx, err := db.BeginTx(context.Background(), nil)
	if err != nil {
		return err
	}
	w := &filler{tx: tx}
	w.exec(schema)
	prepared := prepare(all)
	w.facts(all, prepared)
	w.procedures(all, prepared)
	w.indexes(all, prepared)
	if w.err != nil {
		return errors.Join(w.err, tx.Rollback())
	}
	return tx.Commit()
}

// prepared is what costs work to write, made by several at once.
type prepared struct {
	records [][]byte           // by procedure
	runs    [][]*index.Builder // by language, then run
}

// recorded is how procedures are written in the present shape.
var recorded = sync.OnceValue(func() *records { return newRecords(reflect.TypeFor[procedure.Procedure]()) })

// prepare makes the records and indexes the words, as many runs of procedures
// at once as there are processors.
func prepare(all *frozen) *prepared {
	langs := all.homes[0].Languages
	p := &prepared{records: make([][]byte, len(all.procedures)), runs: make([][]*index.Builder, len(langs))}
	size := max((len(all.procedures)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0), 1)
	var wait sync.WaitGroup
	done := 0
	for run := range slices.Chunk(all.procedures, size) {
		first, entry := done, firstEntry(all, done)
		done += len(run)
		builders := make([]*index.Builder, len(langs))
		for i, lang := range langs {
			builders[i] = index.NewBuilder(lang, entry)
			p.runs[i] = append(p.runs[i], builders[i])
		}
		wait.Go(func() { p.run(run, first, langs, builders) })
	}
	wait.Wait()
	return p
}

// firstEntry returns the place of the first entry at or after a procedure.
func firstEntry(all *frozen, at int) int {
	for _, m := range all.procedures[at:] {
		if m.entry >= 0 {
			return m.entry
		}
	}
	return all.entries
}

func (p *prepared) run(run []member, first int, langs []string, builders []*index.Builder) {
	for i, m := range run {
		p.records[first+i] = recorded().append(nil, m.Procedure)
		if m.entry < 0 {
			continue
		}
		for n, lang := range langs {
			builders[n].Add(documentOf(m.Procedure, preferring(lang, langs)))
		}
	}
}

// preferring returns the languages with one of them first.
func preferring(lang string, langs []string) []string {
	order := []string{lang}
	for _, l := range langs {
		if l != lang {
			order = append(order, l)
		}
	}
	return order
}

// filler writes rows until something fails.
type filler struct {
	tx  *sql.Tx
	err error
}

func (w *filler) exec(query string, values ...any) {
	if w.err == nil {
		_, w.err = w.tx.Exec(query, values...)
	}
}

// each writes rows with one statement.
func (w *filler) each(query string, rows func(write func(values ...any))) {
	if w.err != nil {
		return
	}
	stmt, err := w.tx.Prepare(query)
	if err != nil {
		w.err = err
		return
	}
	defer stmt.Close()
	rows(func(values ...any) {
		if w.err == nil {
			_, w.err = stmt.Exec(values...)
		}
	})
}

func (w *filler) json(v any) []byte {
	b, err := json.Marshal(v)
	w.err = errors.Join(w.err, err)
	return b
}

func (w *filler) facts(all *frozen, p *prepared) {
	w.exec(insertFact, factHomes, w.json(all.homes))
	w.exec(insertFact, factShape, w.json(recorded().shape))
	w.exec(insertFact, factName, []byte(all.name))
	reach := reachOf(all)
	w.exec(insertFact, factReach, w.json(reach))
	w.exec(insertFact, factUses, w.json(usesOf(all, reach)))
}

func (w *filler) procedures(all *frozen, p *prepared) {
	w.each(insertProcedure, func(write func(...any)) {
		for i, m := range all.procedures {
			write(m.UID, m.home, p.records[i])
		}
	})
	w.each(insertEntry, func(write func(...any)) {
		for _, m := range all.procedures {
			if m.entry >= 0 {
				write(m.entry, m.UID, m.Alias, w.json(entryOf(m.Procedure)))
			}
		}
	})
}

func (w *filler) indexes(all *frozen, p *prepared) {
	images := make([]index.Image, len(p.runs))
	var wait sync.WaitGroup
	for i, runs := range p.runs {
		wait.Go(func() { images[i] = index.Join(runs...) })
	}
	wait.Wait()
	block := 0
	for i, lang := range all.homes[0].Languages {
		image := images[i]
		w.exec(insertIndex, lang, block, image.Words, image.Counts, image.Sizes, image.Lengths)
		w.each(insertBlock, func(write func(...any)) {
			for _, data := range image.Blocks {
				write(block, data)
				block++
			}
		})
	}
}
