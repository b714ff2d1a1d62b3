package publication

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"selfhelp/app/procedure"
)

// input is a publication of a project.
func input(p *procedure.Project) Input {
	return Input{
		Project: p, Number: Number{1, 0}, Domain: "production", Author: "marie",
		At:      time.Date(2026, 11, 23, 9, 0, 0, 5, time.FixedZone("", 3600)),
		HasFile: func(string) bool { return true },
	}
}

// built builds a publication and opens it.
func built(t testing.TB, in Input) *Bundle {
	t.Helper()
	key, trusted := keyOf('a')
	folder := t.TempDir()
	m, err := Build(folder, in, key)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open(Path(folder, m.Hash), trusted)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// buildElsewhere tells the test binary, run again, to build in a folder.
const buildElsewhere = "PUBLICATION_TEST_BUILD_IN"

func TestMain(m *testing.M) {
	if folder := os.Getenv(buildElsewhere); folder != "" {
		key, _ := keyOf('a')
		if _, err := Build(folder, input(generate(60, 12)), key); err != nil {
			panic(err)
		}
		return
	}
	var err error
	if benchFolder, err = os.MkdirTemp("", "publication"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(benchFolder)
	os.Exit(code)
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	var bundles [][]byte
	for i, processors := range []string{"1", "2", "3"} {
		folder := filepath.Join(t.TempDir(), "a folder with spaces", "é?#%41")
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), buildElsewhere+"="+folder, "GOMAXPROCS="+processors)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("build %d: %v\n%s", i, err, out)
		}
		names, err := filepath.Glob(filepath.Join(folder, "*"))
		if err != nil || len(names) != 1 {
			t.Fatalf("build %d left %q (%v)", i, names, err)
		}
		b, err := os.ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		bundles = append(bundles, append([]byte(filepath.Base(names[0])), b...))
		if !bytes.Equal(bundles[0], bundles[i]) {
			t.Errorf("build %d differs from the first", i)
		}
	}
}
