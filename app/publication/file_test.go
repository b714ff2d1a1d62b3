package publication

import (
	"bytes"
	"crypto/ed25519"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"selfhelp/app/fault"
)

// bytesOf builds a small bundle and returns its bytes.
func bytesOf(t testing.TB) []byte {
	t.Helper()
	key, _ := keyOf('a')
	folder := t.TempDir()
	m, err := Build(folder, input(helpDesk()), key)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(Path(folder, m.Hash))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// openBytes opens bytes as a bundle.
func openBytes(t testing.TB, b []byte, trusted []ed25519.PublicKey) error {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x"+Extension)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	bundle, err := Open(path, trusted)
	if err == nil {
		err = bundle.Close()
	}
	return err
}

// withManifest puts another manifest at the end of a bundle, well signed.
func withManifest(t testing.TB, b []byte, key ed25519.PrivateKey, change func(map[string]any)) []byte {
	t.Helper()
	length := int(binary.LittleEndian.Uint32(b[len(b)-len(endMark)-4:]))
	start := len(b) - tailSize - length
	var m map[string]any
	if err := json.Unmarshal(b[start:start+length], &m); err != nil {
		t.Fatal(err)
	}
	change(m)
	document, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	out := append(bytes.Clone(b[:start]), document...)
	out = append(out, sign(key, bundleMark, document)...)
	return append(binary.LittleEndian.AppendUint32(out, uint32(len(document))), endMark...)
}

func TestDamagedAndForeignBundlesAreRefusedByName(t *testing.T) {
	key, trusted := keyOf('a')
	foreign, others := keyOf('b')
	good := bytesOf(t)
	if err := openBytes(t, good, trusted); err != nil {
		t.Fatalf("a good bundle: %v", err)
	}
	if err := openBytes(t, good, append(others, trusted...)); err != nil {
		t.Errorf("several trusted keys: %v", err)
	}
	signedAsCatalogue := bytes.Clone(good)
	length := int(binary.LittleEndian.Uint32(good[len(good)-len(endMark)-4:]))
	document := good[len(good)-tailSize-length : len(good)-tailSize]
	copy(signedAsCatalogue[len(good)-tailSize:], sign(key, catalogueMark, document))

	middle := bytes.Clone(good)
	middle[len(middle)/2] ^= 0x40
	for name, c := range map[string]struct {
		bytes   []byte
		trusted []ed25519.PublicKey
		want    string
	}{
		"another key":                {good, others, "fault.signature"},
		"no key":                     {good, nil, "fault.signature"},
		"signed as something else":   {signedAsCatalogue, trusted, "fault.signature"},
		"resigned by a stranger":     {withManifest(t, good, foreign, func(map[string]any) {}), trusted, "fault.signature"},
		"a bit in the middle":        {middle, trusted, "fault.bundle.damaged"},
		"cut":                        {good[:len(good)-1], trusted, "fault.bundle.damaged"},
		"cut short":                  {good[:100], trusted, "fault.bundle.damaged"},
		"empty":                      {nil, trusted, "fault.bundle.damaged"},
		"only an end":                {append(make([]byte, tailSize), endMark...), trusted, "fault.signature"},
		"longer":                     {append([]byte("x"), good...), trusted, "fault.bundle.damaged"},
		"a newer format":             {withManifest(t, good, key, func(m map[string]any) { m["format"] = 2; m["size"] = "?" }), trusted, "fault.bundle.newer"},
		"a manifest of another size": {withManifest(t, good, key, func(m map[string]any) { m["size"] = 1 }), trusted, "fault.bundle.damaged"},
		"another hash":               {withManifest(t, good, key, func(m map[string]any) { m["hash"] = strings.Repeat("00", 32) }), trusted, "fault.bundle.damaged"},
		"text":                       {[]byte(strings.Repeat("hello ", 1000)), trusted, "fault.bundle.damaged"},
	} {
		if err := openBytes(t, c.bytes, c.trusted); keyOfFault(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none.bundle"), trusted); keyOfFault(err) != "fault.bundle.missing" || !strings.Contains(err.Error(), "none.bundle") {
		t.Errorf("missing: got %v", err)
	}
}

// TestEveryBitCounts flips bits all over a bundle, each page and the whole end.
func TestEveryBitCounts(t *testing.T) {
	_, trusted := keyOf('a')
	good := bytesOf(t)
	path := filepath.Join(t.TempDir(), "x"+Extension)
	if err := os.WriteFile(path, good, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	flip := func(at int) {
		if _, err := f.WriteAt([]byte{good[at] ^ 1<<(at%8)}, int64(at)); err != nil {
			t.Fatal(err)
		}
		if _, err := Verify(path, trusted); err == nil || !strings.Contains(err.Error(), path) {
			t.Fatalf("bit at %d of %d: got %v", at, len(good), err)
		}
		if _, err := f.WriteAt(good[at:at+1], int64(at)); err != nil {
			t.Fatal(err)
		}
	}
	for at := 0; at < len(good); at += 257 {
		flip(at)
	}
	for at := len(good) - 700; at < len(good); at++ {
		flip(at)
	}
	if _, err := Verify(path, trusted); err != nil {
		t.Errorf("restored: %v", err)
	}
}

// TestASignedFileThatIsNoBundle has the signature that it should not: SQLite
// still has to find our database inside.
func TestASignedFileThatIsNoBundle(t *testing.T) {
	key, trusted := keyOf('a')
	path := filepath.Join(t.TempDir(), "x"+Extension)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("CREATE TABLE facts (name, value)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := seal(path, Manifest{Number: Number{1, 0}}, key); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, trusted); keyOfFault(err) != "fault.bundle.damaged" {
		t.Errorf("got %v", err)
	}
}

// FuzzOpen changes bundles and signs them again, so that what reads the
// database meets them too.
func FuzzOpen(f *testing.F) {
	key, trusted := keyOf('a')
	good := bytesOf(f)
	length := int(binary.LittleEndian.Uint32(good[len(good)-len(endMark)-4:]))
	database := good[:len(good)-tailSize-length]
	f.Add(uint32(0), []byte{}, true)
	f.Add(uint32(100), []byte{1, 2, 3}, true)
	f.Add(uint32(len(good)-10), []byte("x"), false)
	f.Fuzz(func(t *testing.T, at uint32, change []byte, sealed bool) {
		path := filepath.Join(t.TempDir(), "x"+Extension)
		b := bytes.Clone(good)
		if sealed {
			b = bytes.Clone(database)
		}
		copy(b[int(at)%len(b):], change)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if sealed {
			if _, err := seal(path, Manifest{Number: Number{1, 0}}, key); err != nil {
				t.Fatal(err)
			}
		}
		bundle, err := Open(path, trusted)
		if err != nil {
			if !sealed && !bytes.Equal(b, good) && fault.KindOf(err) == fault.Internal {
				t.Errorf("no kind: %v", err)
			}
			return
		}
		defer bundle.Close()
		if !sealed && !bytes.Equal(b, good) {
			t.Error("a changed bundle was opened")
		}
		readAll(bundle)
	})
}

// readAll reads what a portal would; errors are fine, panics are not.
func readAll(b *Bundle) {
	portal, err := NewPortal(Offer{Bundle: b})
	if err != nil {
		return
	}
	portal.Categories(support)
	for doc := range b.cards {
		if e, err := b.entry(doc); err == nil {
			b.Program(e.UID)
		}
	}
	f := Filter{Reader: support, Lang: "fr", Now: today}
	portal.Search("imprimante ecran", f)
	portal.Suggest("imp", f)
	portal.News(support, today)
}
