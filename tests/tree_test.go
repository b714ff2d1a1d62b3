package tests

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// root is the top of the module, seen from this folder.
const root = ".."

// source is one Go file of the module.
type source struct {
	pkg  string // folder from the top of the module, "." for the top itself
	name string // path from the top of the module
	test bool
	file *ast.File
	set  *token.FileSet
}

// lines counts the lines of the file.
func (s source) lines() int { return s.set.File(s.file.FileStart).LineCount() }

// sources parses every Go file of the module, whatever its build tags. They
// are read here and not by `go list`, so that the test cache sees them change.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return skipDir(p, d.Name())
		case filepath.Ext(p) != ".go":
			return nil
		}
		name := filepath.ToSlash(strings.TrimPrefix(p, root+string(filepath.Separator)))
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, p, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		all = append(all, source{path.Dir(name), name, strings.HasSuffix(name, "_test.go"), file, set})
		return nil
	})
	if err != nil {
		t.Fatalf("read the module: %v", err)
	}
	if len(all) < 10 {
		t.Fatalf("only %d Go files under %s: this is not the module", len(all), root)
	}
	return all
}

// skipDir leaves out what is not this module's code.
func skipDir(p, name string) error {
	if p == root {
		return nil
	}
	if name[0] == '.' || name[0] == '_' || name == "testdata" || name == "node_modules" {
		return filepath.SkipDir
	}
	if _, err := os.Stat(filepath.Join(p, "go.mod")); err == nil {
		return filepath.SkipDir
	}
	return nil
}
