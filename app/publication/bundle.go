package publication

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"sync/atomic"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// Bundle is an open publication: the programs of its procedures, what the
// portal shows of them, and the search over their words. It is safe for
// concurrent use and never changes.
type Bundle struct {
	manifest Manifest
	db       *sql.DB
	homes    []*procedure.Project
	project  *procedure.Project // its own, the first of homes
	files    map[string]procedure.File
	records  *records
	reach    reach
	uses     uses
	gates    [][][]string            // by category of reach: the audiences of it and of those above
	cards    []atomic.Pointer[Entry] // by entry, read at first use
	words    map[string]*lazyIndex   // by language
	programs programs
	ask      statements
}

// statements are those of a bundle, prepared once.
type statements struct {
	procedure, byAlias, byUID, card, block *sql.Stmt
}

// The queries of a bundle.
const (
	selectFact      = `SELECT value FROM facts WHERE name = ?`
	selectProcedure = `SELECT home, record FROM procedures WHERE uid = ?`
	selectByAlias   = `SELECT doc FROM entries WHERE alias = ?`
	selectByUID     = `SELECT doc FROM entries WHERE uid = ?`
	selectCard      = `SELECT card FROM entries WHERE doc = ?`
	selectUIDs      = `SELECT uid FROM entries ORDER BY doc`
	selectMembers   = `SELECT p.uid, coalesce(e.doc, -1) FROM procedures p LEFT JOIN entries e ON e.uid = p.uid ORDER BY p.uid`
	selectIndexes   = `SELECT lang, first FROM indexes`
	selectIndex     = `SELECT words, counts, sizes, lengths FROM indexes WHERE lang = ?`
	selectBlock     = `SELECT data FROM postings WHERE block = ?`
)

// Open verifies a bundle and opens it for reading.
func Open(path string, trusted []ed25519.PublicKey) (*Bundle, error) {
	return openIn(path, trusted, &memory{bound: memoryBound})
}

// openIn opens a bundle whose programs share memory with those of others.
func openIn(path string, trusted []ed25519.PublicKey, shared *memory) (*Bundle, error) {
	m, err := Verify(path, trusted)
	if err != nil {
		return nil, err
	}
	b := &Bundle{manifest: m}
	b.programs.memory = shared
	if err := b.open(path); err != nil {
		return nil, errors.Join(fmt.Errorf("open bundle %s: %w", path, err), b.Close())
	}
	return b, nil
}

func (b *Bundle) open(path string) (err error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	name := url.URL{Scheme: "file", OmitHost: true, Path: absolute, RawQuery: "mode=ro&immutable=1&_pragma=query_only(ON)&_pragma=cache_size(-1024)&_pragma=temp_store(MEMORY)"}
	if b.db, err = sql.Open("sqlite", name.String()); err != nil {
		return err
	}
	conns := max(4, runtime.GOMAXPROCS(0))
	b.db.SetMaxOpenConns(conns)
	b.db.SetMaxIdleConns(conns)
	if err := b.check(); err != nil {
		return fault.Because(fault.Invalid, err, "fault.bundle.damaged", filepath.Base(path))
	}
	if err := b.readFacts(); err != nil {
		return err
	}
	if err := b.prepare(); err != nil {
		return err
	}
	return b.readUses()
}

// check refuses a database that is none of ours or that SQLite itself finds
// fault with: what was signed may have been written by a faulty disk.
func (b *Bundle) check() error {
	var id int
	if err := b.db.QueryRow("PRAGMA application_id").Scan(&id); err != nil || id != applicationID {
		return errors.Join(fmt.Errorf("application id %x", id), err)
	}
	var result string
	if err := b.db.QueryRow("PRAGMA quick_check(1)").Scan(&result); err != nil || result != "ok" {
		return errors.Join(fmt.Errorf("quick check: %s", result), err)
	}
	return nil
}

// readFacts reads what is held in memory.
func (b *Bundle) readFacts() error {
	var written shape
	err := errors.Join(b.fact(factHomes, &b.homes), b.fact(factShape, &written), b.fact(factReach, &b.reach))
	if err = errors.Join(err, b.reach.check()); err != nil {
		return err
	}
	if len(b.homes) == 0 {
		return errRecord
	}
	b.project = b.homes[0]
	b.files = filesOf(b.homes)
	for _, category := range b.reach.Categories {
		b.gates = append(b.gates, b.project.AudiencesOf(category))
	}
	if b.records, err = knownRecords(reflect.TypeFor[procedure.Procedure](), written); err != nil {
		return err
	}
	b.cards = make([]atomic.Pointer[Entry], len(b.reach.Audience))
	return b.readIndexes()
}

func (b *Bundle) fact(name string, into any) error {
	var value []byte
	if err := b.db.QueryRow(selectFact, name).Scan(&value); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return json.Unmarshal(value, into)
}

func filesOf(homes []*procedure.Project) map[string]procedure.File {
	files := map[string]procedure.File{}
	for _, home := range homes {
		for _, r := range home.Resources {
			for _, f := range r.Files {
				files[f.Hash] = f
			}
		}
	}
	return files
}

// FileHashes are the hashes of the contents that the bundle's resources need, in order.
func (b *Bundle) FileHashes() []string { return slices.Sorted(maps.Keys(b.files)) }

func (b *Bundle) prepare() (err error) {
	for _, s := range []struct {
		stmt  **sql.Stmt
		query string
	}{
		{&b.ask.procedure, selectProcedure}, {&b.ask.byAlias, selectByAlias}, {&b.ask.byUID, selectByUID}, {&b.ask.card, selectCard}, {&b.ask.block, selectBlock},
	} {
		if *s.stmt, err = b.db.PrepareContext(context.Background(), s.query); err != nil {
			return err
		}
	}
	return nil
}

// Close closes the bundle's file. Programs already taken stay good.
func (b *Bundle) Close() error {
	b.programs.memory.forget(&b.programs)
	if b.db == nil {
		return nil
	}
	return b.db.Close()
}

// Manifest says what the bundle is.
func (b *Bundle) Manifest() Manifest { return b.manifest }

// Project returns the project without its procedures and scenarios. It may not
// be changed.
func (b *Bundle) Project() *procedure.Project { return b.project }

// File returns what is known of a content that the bundle names by its hash.
func (b *Bundle) File(hash string) (procedure.File, bool) {
	f, ok := b.files[hash]
	return f, ok
}

// Entry returns the entry with an alias. Sub-procedures have no address: for
// everyone they are not found, like what does not exist.
func (b *Bundle) Entry(alias string) (*Entry, error) {
	doc, err := b.place(b.ask.byAlias, alias)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", alias, err)
	}
	return b.entry(doc)
}

// place returns the place of an entry among the entries.
func (b *Bundle) place(by *sql.Stmt, key string) (doc int, err error) {
	if err = by.QueryRow(key).Scan(&doc); errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "fault.procedure.unknown")
	}
	if err == nil && (doc < 0 || doc >= len(b.cards)) {
		err = errRecord
	}
	return doc, err
}

// entry returns an entry by its place. It may not be changed.
func (b *Bundle) entry(doc int) (*Entry, error) {
	if e := b.cards[doc].Load(); e != nil {
		return e, nil
	}
	var card []byte
	if err := b.ask.card.QueryRow(doc).Scan(&card); err != nil {
		return nil, fmt.Errorf("read entry %d: %w", doc, err)
	}
	e := new(Entry)
	if err := json.Unmarshal(card, e); err != nil {
		return nil, fmt.Errorf("read entry %d: %w", doc, err)
	}
	b.cards[doc].Store(e)
	return e, nil
}
