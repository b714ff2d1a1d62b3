package tests

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// writesCSV reports whether a file makes a writer of CSV, and does not only read.
func writesCSV(t *testing.T, name string) bool {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(content), "csv.NewWriter(")
}

// TestTablesLeaveThroughOneDoor: one file writes tables as CSV and one as
// workbooks, and they make every cell a text. Another one would forget to.
func TestTablesLeaveThroughOneDoor(t *testing.T) {
	doors := map[string]string{}
	for _, src := range sources(t) {
		if src.test || src.pkg == "tests" || strings.HasPrefix(src.pkg, "tests/") {
			continue
		}
		for _, imp := range src.file.Imports {
			if name, _ := strconv.Unquote(imp.Path.Value); name == "encoding/csv" && writesCSV(t, src.name) || strings.Contains(name, "xlsx") || strings.Contains(name, "excelize") {
				doors[src.name] = name
			}
		}
	}
	if len(doors) != 2 {
		t.Fatalf("tables are written in %v", doors)
	}
	for name, module := range doors {
		writes, safe := `table\.Write(All)?\(.*`, []string{"tame(", "(t.Head)", "(head)"}
		if module != "encoding/csv" {
			writes, safe = `\.(SetRow|SetCell\w+|SetSheetRow)\(.*`, []string{"cells("}
		}
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		calls := regexp.MustCompile(writes).FindAllString(string(content), -1)
		if len(calls) == 0 {
			t.Errorf("%s writes no table that this test sees", name)
		}
		for _, call := range calls {
			if !slices.ContainsFunc(safe, func(way string) bool { return strings.Contains(call, way) }) {
				t.Errorf("%s: %s writes cells as they are", name, call)
			}
		}
	}
}

// TestNoMessageIsListenedTo: pages of other sites can send messages to a window
// of ours; no script of ours listens or sends, so that none has to tell whom
// to believe.
func TestNoMessageIsListenedTo(t *testing.T) {
	listens := regexp.MustCompile("postMessage|onmessage|addEventListener\\(\\s*['\"`]message|document\\.domain|\\beval\\(|new Function\\(|\\.innerHTML\\s*=|document\\.write")
	scripts := 0
	err := filepath.WalkDir(filepath.Join(root, "assets"), func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "dist" || d.Name() == "node_modules") {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		if ext := filepath.Ext(p); ext != ".js" && ext != ".mjs" {
			return nil
		}
		scripts++
		content, err := os.ReadFile(p)
		if found := listens.FindString(string(content)); found != "" {
			t.Errorf("%s has %s", p, found)
		}
		return err
	})
	if err != nil || scripts == 0 {
		t.Fatalf("%d scripts were read: %v", scripts, err)
	}
}
