package transfer

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io/fs"
	"strings"
	"testing"
)

// TestHostileNames: nothing that leads out of an archive, or means
// something else on another system, is looked at any further.
func TestHostileNames(t *testing.T) {
	cases := map[string]string{
		"../evil.yaml":                "transfer.name.traversal",
		"procedures/../../evil.yaml":  "transfer.name.traversal",
		"procedures//a.yaml":          "transfer.name.traversal",
		"./project2.yaml":             "transfer.name.traversal",
		"..":                          "transfer.name.traversal",
		"/etc/passwd":                 "transfer.name.absolute",
		`C:\windows\evil.yaml`:        "transfer.name.foreign",
		"C:/windows/evil.yaml":        "transfer.name.foreign",
		`procedures\..\..\evil.yaml`:  "transfer.name.foreign",
		`\\server\share\a.yaml`:       "transfer.name.foreign",
		"procedures/a.yaml:stream":    "transfer.name.foreign",
		"a/b/c/d/e.yaml":              "transfer.name.depth",
		strings.Repeat("a", 5000):     "transfer.name.length",
		"procedures/a\x00.yaml":       "transfer.name.characters",
		"procedures/a\r\nb.yaml":      "transfer.name.characters",
		"procedures/\u202egpj.yaml":   "transfer.name.characters",
		"procedures/\xff\xfe.yaml":    "transfer.name.characters",
		"procedures/LAMP.yaml":        "transfer.name.duplicate",
		"Project.YAML":                "transfer.name.duplicate",
		"resources/sub/deep.png":      "transfer.file.unknown",
		"procedures/run.sh":           "transfer.file.unknown",
		"evil.yaml":                   "transfer.file.unknown",
		"resources/ghost.png":         "transfer.resource.unknown",
		"resources/rooms.csv":         "transfer.resource.nofile",
		"resources/box.fr.png":        "transfer.resource.twice",
		"scenarios/deep/scenario.txt": "transfer.file.unknown",
	}
	for name, want := range cases {
		_, err := readZip(zipOf(t, with(map[string]string{name: "schema: 1\n"})), Usual)
		if !strings.Contains(strings.Join(keys(t, err), "\n"), want) {
			t.Errorf("%q: got %v, want %s", name, err, want)
		}
	}
}

func TestComposedAndDecomposedNamesAreTheSame(t *testing.T) {
	_, err := readZip(zipOf(t, with(map[string]string{"procedures/\u00e9t\u00e9.yaml": "schema: 1\n", "procedures/e\u0301te\u0301.yaml": "schema: 1\n"})), Usual)
	refused(t, err, "procedures/\u00e9t\u00e9.yaml transfer.name.duplicate")
}

// TestHostileEntries: links, devices and what only looks
// like a folder, also when the very same name comes twice.
func TestHostileEntries(t *testing.T) {
	cases := map[string]struct {
		change func(*zip.FileHeader)
		want   string
	}{
		"symlink":   {func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }, "x transfer.entry.irregular"},
		"device":    {func(h *zip.FileHeader) { h.SetMode(fs.ModeDevice | 0o600) }, "x transfer.entry.irregular"},
		"pipe":      {func(h *zip.FileHeader) { h.SetMode(fs.ModeNamedPipe | 0o600) }, "x transfer.entry.irregular"},
		"encrypted": {func(h *zip.FileHeader) { h.Flags |= 1 }, "x transfer.entry.encrypted"},
		"method":    {func(h *zip.FileHeader) { h.Method = 12 }, "x transfer.entry.method"},
		"same name": {func(h *zip.FileHeader) { h.Name = "project.yaml" }, "project.yaml transfer.name.duplicate"},
		"folder":    {func(h *zip.FileHeader) { h.Name = "proceduresX" }, "procedures/ transfer.entry.irregular"},
	}
	for name, c := range cases {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		if _, err := z.Create("project.yaml"); err != nil {
			t.Fatal(err)
		}
		h := &zip.FileHeader{Name: "x", UncompressedSize64: 4, CompressedSize64: 4}
		c.change(h)
		w, err := z.CreateRaw(h)
		if err == nil {
			_, err = w.Write([]byte("../y"))
		}
		if err != nil {
			t.Fatal(name, err)
		}
		z.Close()
		_, err = readZip(bytes.ReplaceAll(b.Bytes(), []byte("proceduresX"), []byte("procedures/")), Usual)
		t.Run(name, func(t *testing.T) { refused(t, err, c.want) })
	}
}

// TestBombs: what an archive says of its own size is not believed.
func TestBombs(t *testing.T) {
	small := Usual
	small.Entries, small.Bytes, small.RatioFree, small.Ratio = 50, 1<<20, 64<<10, 50

	zeros := strings.Repeat("\x00", 300<<10)
	_, err := readZip(zipOf(t, with(map[string]string{"resources/manual.pdf": "%PDF-" + zeros})), small)
	refused(t, err, "resources/manual.pdf transfer.file.large")

	many := sample()
	for i := range 60 {
		many["procedures/p"+string(rune('a'+i%26))+strings.Repeat("x", i/26)+".yaml"] = "schema: 1\n"
	}
	_, err = readZip(zipOf(t, many), small)
	refused(t, err, " transfer.zip.entries")

	small.Ratio = 1 << 40
	noise := strings.Repeat(noisy(1000), 900)
	_, err = readZip(zipOf(t, with(map[string]string{"resources/manual.pdf": "%PDF-" + noise, "resources/box.png": pixel + noise})), small)
	refused(t, err, "resources/manual.pdf transfer.file.large")

	_, err = readZip(zipOf(t, with(map[string]string{"procedures/lamp.yaml": "note: " + strings.Repeat(noisy(100_000), 43)})), Usual)
	refused(t, err, "procedures/lamp.yaml read.too_large")
	_, err = readZip(zipOf(t, with(map[string]string{"procedures/lamp.yaml": "note: " + strings.Repeat(noisy(100_000), 60)})), Usual)
	refused(t, err, "procedures/lamp.yaml transfer.file.large")
}

func noisy(n int) string {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return string(b)
}

// TestLyingSizes: the table of contents says little, the entry unpacks to more.
func TestLyingSizes(t *testing.T) {
	honest := zipOf(t, map[string]string{"project.yaml": sample()["project.yaml"] + strings.Repeat("# padding\n", 10_000)})
	for _, declared := range []uint32{0, 1, 1 << 30} {
		lying := bytes.Clone(honest)
		binary.LittleEndian.PutUint32(lying[centralRecord(t, lying, 0)+24:], declared)
		_, err := readZip(lying, Usual)
		refused(t, err, "project.yaml transfer.file.damaged")
	}
}

// TestOverlappingEntries: two names for the same packed bytes.
func TestOverlappingEntries(t *testing.T) {
	b := zipOf(t, map[string]string{"procedures/a.yaml": "schema: 1\n", "procedures/b.yaml": "schema: 1\n"})
	first, second := centralRecord(t, b, 0), centralRecord(t, b, 1)
	copy(b[second+42:second+46], b[first+42:first+46]) // offset of the local header
	_, err := readZip(b, Usual)
	refused(t, err, "procedures/b.yaml transfer.entry.overlap")
}

// centralRecord finds the nth record of the table of contents.
func centralRecord(t *testing.T, b []byte, n int) int {
	t.Helper()
	at := -1
	for range n + 1 {
		next := bytes.Index(b[at+1:], []byte("PK\x01\x02"))
		if next < 0 {
			t.Fatal("no such record")
		}
		at += 1 + next
	}
	return at
}

func TestHugeTableOfContents(t *testing.T) {
	limits := Usual
	limits.Directory = 64 << 10
	many := map[string]string{}
	for i := range 5000 {
		many["procedures/p"+strings.Repeat("y", i%50)+string(rune('a'+i%26))+strings.Repeat("x", i/1300)+".yaml"] = ""
	}
	for i := range 3000 {
		many["resources/"+strings.Repeat("r", 1+i%90)+"."+strings.Repeat("s", 1+i/90)] = ""
	}
	_, err := readZip(zipOf(t, many), limits)
	refused(t, err, " transfer.zip.entries")
}

// TestDamagedZips: cut or changed anywhere, an archive is refused as
// a whole or, where the change means nothing, read as it was.
func TestDamagedZips(t *testing.T) {
	whole := zipOf(t, sample())
	for n := 0; n < len(whole); n += 3 {
		if _, err := readZip(whole[:n], Usual); err == nil {
			t.Fatalf("cut after %d of %d bytes, it was taken", n, len(whole))
		} else if _, ok := err.(*Refusal); !ok {
			t.Fatalf("cut after %d bytes: %v is not a refusal", n, err)
		}
	}
	want, err := readZip(whole, Usual)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(whole); at += 3 {
		bent := bytes.Clone(whole)
		bent[at] ^= 0x10
		got, err := readZip(bent, Usual)
		if err == nil && got.Project.UID != want.Project.UID {
			t.Errorf("bent at %d, it was taken as something else", at)
		}
	}
}

// TestTolerance: what people and their tools leave beside a project is passed
// over, and so is the folder they packed it in.
func TestTolerance(t *testing.T) {
	packed := map[string]string{"__MACOSX/._project.yaml": "x", "help-desk-main/.DS_Store": "x", "help-desk-main/README.md": "# Hello", "help-desk-main/.gitattributes": "x"}
	for name, content := range sample() {
		packed["help-desk-main/"+name] = content
	}
	a, err := readZip(zipOf(t, packed), Usual)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Project.Procedures) != 2 || len(a.Project.Scenarios) != 1 {
		t.Errorf("got %d procedures, %d scenarios", len(a.Project.Procedures), len(a.Project.Scenarios))
	}
}
