package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/superfly/ltx"

	"selfhelp/app/fault"
	"selfhelp/store/disk"
)

// Kind says what a backup holds.
type Kind string

// The kinds of backups.
const (
	Full      Kind = "full"
	Increment Kind = "increment" // on a full
)

// Old is how long ago the last one may be made where a server runs: it makes one every
// hour.
const Old = 2 * time.Hour

// format is the newest one that this program reads.
const format = 1

// Manifest says what a backup is made of.
type Manifest struct {
	Format    int        `json:"format"`
	Name      string     `json:"name"` // of its folder
	Kind      Kind       `json:"kind"`
	Base      string     `json:"base,omitempty"` // the full that an increment needs
	Began     time.Time  `json:"began"`
	At        time.Time  `json:"at"` // nothing later is in it
	Encrypted bool       `json:"encrypted"`
	To        string     `json:"to,omitempty"`   // the mark of whom it is encrypted to
	Keys      string     `json:"keys,omitempty"` // the mark of those that open what is sealed in the databases
	Mark      string     `json:"mark,omitempty"` // its own, by which a data folder knows what it made
	Host      string     `json:"host,omitempty"` // where it was made; only people read it
	Databases []Database `json:"databases"`
	Contents  int        `json:"contents"` // files that are listed here: all of a full, the new ones of an increment
	Files     []Piece    `json:"files"`    // what stands in the folder beside the manifest

	signature *signature // nil where nobody signed it
	forged    bool       // the signature is of something else
}

// Database is one as it is when it has come back.
type Database struct {
	Name     string       `json:"name"`
	Bytes    int64        `json:"bytes"`
	Hash     string       `json:"sha256"`
	PageSize uint32       `json:"page_size"`
	Sum      ltx.Checksum `json:"pages_sum"` // of all pages, as LTX files name a state
}

// Piece is a file as it lies in the backup.
type Piece struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
	Hash  string `json:"sha256"`
}

// How a backup was verified.
const (
	Restored         = "restored"          // it was brought back and looked through
	BeforeEncryption = "before-encryption" // what went into it was: here nobody can open it
)

// Verdict is what came of looking through a backup.
type Verdict struct {
	At      time.Time       `json:"at"`
	How     string          `json:"how"`
	Wrong   []string        `json:"wrong,omitempty"` // one sentence each; none when all is well
	Seconds float64         `json:"seconds"`
	Holds   json.RawMessage `json:"holds,omitempty"` // what the one who looked counted
}

// Entry is a backup as it stands in the folder.
type Entry struct {
	Manifest
	Verdict *Verdict // nil before it was looked through
	Size    int64    // of its folder, without the contents of files
	Broken  error    // why its manifest or verdict cannot be read; nil when they can
}

// Good says that it was looked through and is whole.
func (e Entry) Good() bool { return e.Broken == nil && e.Verdict != nil && len(e.Verdict.Wrong) == 0 }

// Named is the moment in its name, which is known where nothing else can be read.
func (e Entry) Named() time.Time { return timeOf(e.Name) }

// What stands in the folder of a backup.
const (
	manifestFile = "backup.json"
	verdictFile  = "verified.json"
	listFile     = "contents.zst"
	zstdSuffix   = ".zst"
	ageSuffix    = ".age"
)

// pagesFile holds the sums of the pages of a full's database.
func pagesFile(database string) string { return stem(database) + ".pages" + zstdSuffix }

func stem(database string) string { return strings.TrimSuffix(database, filepath.Ext(database)) }

// dataFile holds a database, or what changed of it.
func (m Manifest) dataFile(database string) string {
	name := database + zstdSuffix
	if m.Kind == Increment {
		name = stem(database) + ".ltx"
	}
	if m.Encrypted {
		name += ageSuffix
	}
	return name
}

func (m Manifest) database(name string) (Database, error) {
	i := slices.IndexFunc(m.Databases, func(d Database) bool { return d.Name == name })
	if i < 0 {
		return Database{}, fmt.Errorf("backup %s holds no %s", m.Name, name)
	}
	return m.Databases[i], nil
}

// summed is how a manifest and a verdict stand on the disk: with their own sum.
type summed struct {
	Hash      string          `json:"sha256"`
	Holds     json.RawMessage `json:"holds"`
	Signature *signature      `json:"signature,omitempty"` // of a manifest
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// keepSummed writes a value with its sum, whole or not at all.
func keepSummed(name string, v any) error {
	return keepSigned(name, v, func([]byte) (*signature, error) { return nil, nil })
}

// keepSigned is keepSummed, with a signature of what stands there.
func keepSigned(name string, v any, sign func([]byte) (*signature, error)) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	s, err := sign(b)
	if err != nil {
		return err
	}
	if b, err = json.Marshal(summed{hashOf(b), b, s}); err != nil {
		return err
	}
	return disk.Whole(name, bytes.NewReader(append(b, '\n')), os.Rename)
}

// readSummed reads what keepSummed wrote.
func readSummed(name string, into any) (s summed, err error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return s, fmt.Errorf("%s is damaged: %w", name, err)
	}
	if s.Hash != hashOf(s.Holds) {
		return s, fmt.Errorf("%s is damaged: its sum is another one", name)
	}
	return s, json.Unmarshal(s.Holds, into)
}

// readManifest reads that of a folder, and refuses what a newer program wrote.
func readManifest(dir string) (m Manifest, err error) {
	s, err := readSummed(filepath.Join(dir, manifestFile), &m)
	if err != nil {
		return m, err
	}
	m.judge(s.Signature, s.Holds)
	if m.Format > format {
		return m, &fault.Error{
			Kind: fault.Unavailable, Key: "fault.backup.newer", Args: []any{m.Name},
			Hint: fmt.Sprintf("it has format %d and this program knows %d: restore it with the newer program", m.Format, format),
		}
	}
	if m.Name != filepath.Base(dir) {
		return m, fmt.Errorf("%s is damaged: it belongs to %s", filepath.Join(dir, manifestFile), m.Name)
	}
	return m, nil
}

// entryOf reads what stands in a folder of a backup.
func entryOf(dir string) Entry {
	e := Entry{}
	e.Manifest, e.Broken = readManifest(dir)
	e.Name = filepath.Base(dir)
	for _, p := range e.Files {
		e.Size += p.Bytes
	}
	if e.Broken != nil {
		return e
	}
	var v Verdict
	switch _, err := readSummed(filepath.Join(dir, verdictFile), &v); {
	case err == nil:
		e.Verdict = &v
	case !errors.Is(err, os.ErrNotExist):
		e.Broken = err
	}
	return e
}
