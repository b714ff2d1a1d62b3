package demo

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"selfhelp/app/procedure"
)

var update = flag.Bool("update", false, "write the content again as an export would")

// TestCanonical holds every file as an export would write it, so that editing
// the demo in the Studio and exporting it gives readable differences.
func TestCanonical(t *testing.T) {
	files, err := filepath.Glob("../../assets/demo/*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	more, _ := filepath.Glob("../../assets/demo/*/*/*.yaml")
	for _, name := range append(files, more...) {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want, err := rewritten(filepath.Base(filepath.Dir(name)), source)
		switch {
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case string(want) == string(source):
		case *update:
			if err := os.WriteFile(name, want, 0o644); err != nil {
				t.Fatal(err)
			}
		default:
			t.Errorf("%s is not written as an export would; run go test ./app/demo -run Canonical -update", name)
		}
	}
}

func rewritten(folder string, source []byte) ([]byte, error) {
	switch folder {
	case "procedures":
		return again(source, procedure.ReadProcedure, procedure.WriteProcedure)
	case "scenarios":
		return again(source, procedure.ReadScenario, procedure.WriteScenario)
	}
	return again(source, procedure.ReadProject, procedure.WriteProject)
}

func again[T any](source []byte, read func([]byte) (*T, error), write func(*T) ([]byte, error)) ([]byte, error) {
	v, err := read(source)
	if err != nil {
		return nil, err
	}
	return write(v)
}
