package tests

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestTablesLeaveThroughOneDoor: one file writes tables for spreadsheets, and
// it makes every cell a text. Another one would forget to.
func TestTablesLeaveThroughOneDoor(t *testing.T) {
	var doors []string
	for _, src := range sources(t) {
		if src.test || src.pkg == "tests" || strings.HasPrefix(src.pkg, "tests/") {
			continue
		}
		for _, imp := range src.file.Imports {
			if name, _ := strconv.Unquote(imp.Path.Value); name == "encoding/csv" || strings.Contains(name, "xlsx") || strings.Contains(name, "excelize") {
				doors = append(doors, src.name)
			}
		}
	}
	if len(doors) != 1 {
		t.Fatalf("tables are written in %v", doors)
	}
	content, err := os.ReadFile(filepath.Join(root, doors[0]))
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range regexp.MustCompile(`table\.Write(All)?\(.*`).FindAllString(string(content), -1) {
		if !strings.Contains(call, "tame(") && !strings.Contains(call, "(head)") {
			t.Errorf("%s: %s writes cells as they are", doors[0], call)
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
