package transfer

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/procedure"
)

func TestReadCompletesResources(t *testing.T) {
	a, err := readZip(zipOf(t, sample()), Usual)
	if err != nil {
		t.Fatal(err)
	}
	box, manual := resourceWith(a.Project, "box"), resourceWith(a.Project, "manual")
	if f := box.Files[""]; f.Name != "Box de l'étage.png" || f.Type != "image/png" || f.Size != int64(len(pixel)) || len(f.Hash) != 64 {
		t.Errorf("box: %+v", f)
	}
	if f := box.Files["fr"]; f.Name != "boîte.svg" || f.Type != mediaSVG {
		t.Errorf("box in French: %+v", f)
	}
	if f := manual.Files[""]; f.Name != "manual.pdf" || f.Type != "application/pdf" {
		t.Errorf("manual, which project.yaml says nothing of: %+v", f)
	}
	if f, s, p := a.File(lampUID, ""), a.File("", "lit"), a.File("", ""); f != "procedures/lamp.yaml" || s != "scenarios/lit.yaml" || p != "project.yaml" {
		t.Errorf("files: %s, %s, %s", f, s, p)
	}
	if len(a.Hashes()) != 3 {
		t.Errorf("hashes: %v", a.Hashes())
	}
	r, err := a.Open(box.Files[""].Hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if b, _ := io.ReadAll(r); string(b) != pixel {
		t.Error("the contents are others")
	}
}

// TestRefusals: every reason at once, with file and line, a newer schema among them.
func TestRefusals(t *testing.T) {
	cases := map[string]struct {
		change map[string]string
		want   []string
	}{
		"no project":     {map[string]string{"project.yaml": ""}, []string{" transfer.project.missing"}},
		"newer project":  {map[string]string{"project.yaml": "schema: 9\n"}, []string{"project.yaml:1 read.schema_newer"}},
		"newer file":     {map[string]string{"procedures/bulb.yaml": "uid: x\nschema: 2\n"}, []string{"procedures/bulb.yaml:2 read.schema_newer"}},
		"unknown fields": {map[string]string{"procedures/bulb.yaml": "schema: 1\nowned: x\nuids: y\n", "scenarios/lit.yaml": "schema: 1\n\nmove: []\n"}, []string{"procedures/bulb.yaml:2 read.unknown_property_like", "procedures/bulb.yaml:3 read.unknown_property_like", "scenarios/lit.yaml:3 read.unknown_property_like"}},
		"deep":           {map[string]string{"procedures/bulb.yaml": "schema: 1\nsteps: " + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)}, []string{"procedures/bulb.yaml:2 read.too_deep"}},
		"alias":          {map[string]string{"procedures/bulb.yaml": "schema: 1\ntitle: &t {fr: a}\ndescription: *t\n"}, []string{"procedures/bulb.yaml:2 read.alias"}},
		"same uid":       {map[string]string{"procedures/copy.yaml": sample()["procedures/lamp.yaml"]}, []string{"procedures/lamp.yaml transfer.procedure.twice"}},
		"file missing":   {map[string]string{"resources/box.png": ""}, []string{"project.yaml transfer.resource.missing"}},
		"wrong type":     {map[string]string{"resources/box.png": "<html><script>alert(1)</script>"}, []string{"resources/box.png content.runs"}},
		"other type":     {map[string]string{"resources/box.png": "GIF89a\x01\x00\x01\x00\x00\x00\x00;"}, []string{"resources/box.png content.mismatch"}},
		"hash":           {map[string]string{"project.yaml": strings.Replace(sample()["project.yaml"], `{name: "boîte.svg"}`, `{name: b.svg, hash: `+strings.Repeat("ab", 32)+`}`, 1)}, []string{"resources/box.fr.svg transfer.resource.hash"}},
		"file name":      {map[string]string{"project.yaml": strings.Replace(sample()["project.yaml"], `boîte.svg`, `../../b.svg`, 1)}, []string{"project.yaml transfer.resource.name"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a, err := readZip(zipOf(t, with(c.change)), Usual)
			for _, want := range c.want {
				refused(t, err, want)
			}
			if err == nil {
				t.Errorf("taken: %+v", a.Project)
			}
		})
	}
}

// TestSameBytes: the same project gives the same bytes, by zip or by folder,
// however often it travels.
func TestSameBytes(t *testing.T) {
	first, err := readZip(zipOf(t, sample()), Usual)
	if err != nil {
		t.Fatal(err)
	}
	var one, two, three bytes.Buffer
	if err := Export(&one, first.Project, first); err != nil {
		t.Fatal(err)
	}
	second, err := readZip(one.Bytes(), Usual)
	if err != nil {
		t.Fatal(err)
	}
	if err := Export(&two, second.Project, second); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("a second export gave other bytes")
	}
	dir := filepath.Join(t.TempDir(), "project")
	if err := ExportFolder(dir, second.Project, second); err != nil {
		t.Fatal(err)
	}
	tree, err := Open(dir, Usual)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	third, err := Read(tree)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(third.Project.Procedures) // the order in which things were kept is not a difference
	if err := Export(&three, third.Project, third); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), three.Bytes()) {
		t.Error("after a folder, an export gave other bytes")
	}
}

func TestExportFolderTwice(t *testing.T) {
	a, err := readZip(zipOf(t, sample()), Usual)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("README.md", "ours to keep")
	if err := ExportFolder(dir, a.Project, a); err != nil {
		t.Fatal(err)
	}
	write("procedures/gone.yaml", "an earlier export's")
	if err := ExportFolder(dir, a.Project, a); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "procedures/gone.yaml")); !os.IsNotExist(err) {
		t.Error("what the project no longer has is still there")
	}
	if _, err := os.Stat(filepath.Join(dir, "README.md")); err != nil {
		t.Error("the file of others is gone")
	}
	other := *a.Project
	other.UID = "other0000000000000000aaaaa"
	if err := ExportFolder(dir, &other, a); keyOf(err) != "transfer.export.other" {
		t.Errorf("over another project: %v", err)
	}
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "thesis.doc"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := ExportFolder(full, a.Project, a); keyOf(err) != "transfer.export.full" {
		t.Errorf("over something else: %v", err)
	}
}

func TestDraftsAreExportedToo(t *testing.T) {
	p := &procedure.Project{UID: "p", Alias: "p", Procedures: []*procedure.Procedure{
		{UID: "u1", Alias: "same"}, {UID: "u2", Alias: "same"}, {UID: "u3"}, {UID: "u4", Alias: "../../evil"},
	}, Scenarios: []*procedure.Scenario{{ID: "A strange id"}, {ID: "same"}, {ID: "same", Name: "2"}}}
	files, err := layOut(p)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.name)
	}
	want := "procedures/same.yaml procedures/u2.yaml procedures/u3.yaml procedures/u4.yaml project.yaml scenarios/same.yaml scenarios/unnamed-HASH.yaml scenarios/unnamed-HASH.yaml"
	if got := regexp.MustCompile(`unnamed-[0-9a-f]{12}`).ReplaceAllString(strings.Join(names, " "), "unnamed-HASH"); got != want {
		t.Errorf("got %s", got)
	}
	slices.Reverse(p.Procedures)
	slices.Reverse(p.Scenarios)
	if again, err := layOut(p); err != nil || !slices.EqualFunc(files, again, func(a, b written) bool { return a.name == b.name && bytes.Equal(a.bytes, b.bytes) }) {
		t.Errorf("in another order, other names (%v)", err)
	}
}

func TestFolders(t *testing.T) {
	dir := t.TempDir()
	for name, content := range sample() {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, ".git", "objects", "a", "b", "c"), 0o700); err != nil {
		t.Fatal(err)
	}
	read := func() error {
		tree, err := Open(dir, Usual)
		if err != nil {
			return err
		}
		defer tree.Close()
		_, err = Read(tree)
		return err
	}
	if err := read(); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "procedures", "passwd.yaml")); err != nil {
		t.Fatal(err)
	}
	refused(t, read(), "procedures/passwd.yaml transfer.entry.irregular")
	_, err := Open(os.DevNull, Usual)
	refused(t, err, os.DevNull+" transfer.entry.irregular")
}

func FuzzReadZip(f *testing.F) {
	f.Add(zipOf(f, sample()))
	f.Add(zipOf(f, map[string]string{"project.yaml": "schema: 1\n", "../x": "y"}))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	limits := Usual
	limits.Bytes, limits.Entries = 8<<20, 100
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := readZip(b, limits)
		if err != nil {
			if _, ok := err.(*Refusal); !ok {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		var out bytes.Buffer
		if err := Export(&out, a.Project, a); err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, err := readZip(out.Bytes(), limits)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		var second bytes.Buffer
		if err := Export(&second, again.Project, again); err != nil || !bytes.Equal(out.Bytes(), second.Bytes()) {
			t.Fatalf("a second export differs: %v", err)
		}
	})
}

// FuzzReadFiles packs what it is given well, so that what is fuzzed is the
// files and not the zip.
func FuzzReadFiles(f *testing.F) {
	files := sample()
	f.Add("resources/box.png", files["project.yaml"], files["procedures/lamp.yaml"], files["scenarios/lit.yaml"], pixel)
	f.Add("resources/box.fr.svg", files["project.yaml"], files["procedures/bulb.yaml"], files["scenarios/lit.yaml"], drawing)
	f.Fuzz(func(t *testing.T, name, project, proc, scenario, content string) {
		if len(name) > 1000 || strings.HasSuffix(name, "/") { // a folder has no content
			return
		}
		packed := map[string]string{"procedures/a.yaml": proc, "scenarios/a.yaml": scenario, name: content, "project.yaml": project}
		a, err := readZip(zipOf(t, packed), Usual)
		if err != nil {
			return
		}
		var one, two bytes.Buffer
		if err := Export(&one, a.Project, a); err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, err := readZip(one.Bytes(), Usual)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if err := Export(&two, again.Project, again); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Fatalf("a second export differs: %v", err)
		}
	})
}

// A folder that is no archive is refused with one sentence, not with one for
// each of its files.
func TestAFolderThatIsNoArchive(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a/b/c/d/e/f/g.txt", "a/b.txt", "main.go"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := Open(folder, Usual)
	if err == nil {
		_, err = Read(tree)
		tree.Close()
	}
	refusal, ok := errors.AsType[*Refusal](err)
	if !ok || len(refusal.Problems) != 1 || refusal.Problems[0].Key != "transfer.project.missing" {
		t.Errorf("got %v", err)
	}
}
