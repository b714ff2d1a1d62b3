package publication

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"selfhelp/app/fault"
)

// A bundle is one file: an SQLite database, then the manifest as JSON, the
// signature of the manifest (64 bytes), the length of the manifest (4 bytes,
// little endian) and the mark that ends every bundle. SQLite knows from its own
// header where the database ends, and reads it in place.

// bundleFormat is the number of the bundle's present shape.
const bundleFormat = 1

const (
	endMark     = "SHBUNDLE"
	tailSize    = ed25519.SignatureSize + 4 + len(endMark)
	maxManifest = 64 << 10
)

// Extension ends the names of bundles; what stands before it is the hash.
const Extension = ".bundle"

// Manifest says what a bundle is. It is what the signature covers.
type Manifest struct {
	Format     int       `json:"format"`
	Project    string    `json:"project"` // UID
	Alias      string    `json:"alias"`
	Number     Number    `json:"number"`
	Domain     string    `json:"domain"`
	Author     string    `json:"author"`
	At         time.Time `json:"at"` // when the version was frozen
	Procedures int       `json:"procedures"`
	Key        string    `json:"key"`  // KeyID of the key that signed it
	Size       int64     `json:"size"` // of the database, in bytes
	Hash       string    `json:"hash"` // SHA-256 of the database: what the bundle is called
}

// Publication returns how a catalogue names the bundle.
func (m Manifest) Publication(active bool) Publication {
	return Publication{Domain: m.Domain, Project: m.Project, Alias: m.Alias, Number: m.Number, Hash: m.Hash, Active: active}
}

// Path returns where a bundle stands in a folder of bundles.
func Path(folder, hash string) string { return filepath.Join(folder, hash+Extension) }

// Verify reads the whole of a bundle and refuses one that is damaged, that no
// trusted key signed, or that a newer product wrote.
func Verify(path string, trusted []ed25519.PublicKey) (Manifest, error) {
	m, err := verifyFile(path, trusted)
	if err != nil {
		return Manifest{}, fmt.Errorf("verify bundle %s: %w", path, err)
	}
	return m, nil
}

// openFile opens a bundle's file.
func openFile(path string) (*os.File, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Because(fault.NotFound, err, "fault.bundle.missing", filepath.Base(path))
	}
	if err != nil {
		return nil, fault.Because(fault.Unavailable, err, "fault.bundle.unreadable", filepath.Base(path))
	}
	return f, nil
}

func verifyFile(path string, trusted []ed25519.PublicKey) (Manifest, error) {
	f, err := openFile(path)
	if err != nil {
		return Manifest{}, err
	}
	defer f.Close()
	m, err := readManifest(f, trusted)
	if err != nil {
		return m, err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(f, 0, m.Size)); err != nil {
		return m, fault.Because(fault.Unavailable, err, "fault.bundle.unreadable", filepath.Base(path))
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != m.Hash {
		return m, damaged(f, fmt.Errorf("the content has hash %s, its manifest says %s", got, m.Hash))
	}
	return m, nil
}

func damaged(f *os.File, why error) error {
	return fault.Because(fault.Invalid, why, "fault.bundle.damaged", filepath.Base(f.Name()))
}

// readManifest reads the end of a bundle and checks all of it but the hash.
func readManifest(f *os.File, trusted []ed25519.PublicKey) (m Manifest, err error) {
	document, signature, start, err := readTail(f)
	if err != nil {
		return m, err
	}
	if err := verify(trusted, bundleMark, document, signature); err != nil {
		return m, err
	}
	return m, m.read(f, document, start)
}

// read reads a manifest that stands behind so many bytes.
func (m *Manifest) read(f *os.File, document []byte, start int64) error {
	var form struct{ Format int } // read alone first: a newer manifest may not fit ours
	if err := json.Unmarshal(document, &form); err != nil {
		return damaged(f, err)
	}
	if form.Format > bundleFormat {
		return fault.New(fault.Invalid, "fault.bundle.newer", filepath.Base(f.Name()), form.Format, bundleFormat)
	}
	if err := json.Unmarshal(document, m); err != nil {
		return damaged(f, err)
	}
	if m.Size != start || !isHash(m.Hash) || m.Number == (Number{}) {
		return damaged(f, fmt.Errorf("%d bytes before the manifest, which says %d", start, m.Size))
	}
	return nil
}

// readTail reads what follows the database, and says where that ends.
func readTail(f *os.File) (document, signature []byte, start int64, err error) {
	info, err := f.Stat()
	if err != nil {
		return nil, nil, 0, fault.Because(fault.Unavailable, err, "fault.bundle.unreadable", filepath.Base(f.Name()))
	}
	size := info.Size()
	tail := make([]byte, tailSize)
	if _, err := f.ReadAt(tail, max(size-int64(tailSize), 0)); err != nil {
		return nil, nil, 0, damaged(f, err)
	}
	if string(tail[tailSize-len(endMark):]) != endMark {
		return nil, nil, 0, damaged(f, errors.New("it does not end like a bundle"))
	}
	length := int64(binary.LittleEndian.Uint32(tail[ed25519.SignatureSize:]))
	start = size - int64(tailSize) - length
	if length > maxManifest || start < 0 {
		return nil, nil, 0, damaged(f, fmt.Errorf("a manifest of %d bytes", length))
	}
	document = make([]byte, length)
	if _, err := f.ReadAt(document, start); err != nil {
		return nil, nil, 0, damaged(f, err)
	}
	return document, tail[:ed25519.SignatureSize], start, nil
}

// seal hashes a database, appends its signed manifest, and brings all of it to
// the disk.
func seal(path string, m Manifest, key ed25519.PrivateKey) (Manifest, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return m, err
	}
	defer f.Close()
	sum := sha256.New()
	if m.Size, err = io.Copy(sum, f); err != nil {
		return m, err
	}
	m.Format, m.Key, m.Hash = bundleFormat, KeyID(key.Public().(ed25519.PublicKey)), hex.EncodeToString(sum.Sum(nil))
	document, err := json.Marshal(m)
	if err != nil {
		return m, err
	}
	tail := slices.Concat(document, sign(key, bundleMark, document))
	tail = append(binary.LittleEndian.AppendUint32(tail, uint32(len(document))), endMark...)
	if _, err := f.Write(tail); err != nil {
		return m, err
	}
	return m, errors.Join(f.Chmod(0o400), f.Sync(), f.Close())
}

// settle gives a finished file its name, on the disk when it returns.
func settle(temporary, path string) error {
	if err := os.Rename(temporary, path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
