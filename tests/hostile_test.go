package tests

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// table reads the rows of the Markdown tables of a page, without their heads: the
// cells of each, trimmed.
func table(t *testing.T, name string, columns int) (rows [][]string) {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("hostile", name))
	if err != nil {
		t.Fatal(err)
	}
	head := ""
	for line := range strings.SplitSeq(string(page), "\n") {
		if !strings.HasPrefix(line, "|") {
			head = ""
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case len(cells) != columns:
			t.Errorf("%s: a row of %d cells, want %d: %s", name, len(cells), columns, line)
		case head == "":
			head = line
		case !strings.HasPrefix(cells[0], "---"):
			rows = append(rows, cells)
		}
	}
	if len(rows) == 0 {
		t.Fatalf("%s has no table", name)
	}
	return rows
}

// named are the tests that a cell names, each as folder.Name in signs of code.
var named = regexp.MustCompile("`([a-z0-9/_]+)\\.((?:Test|Fuzz)[A-Za-z0-9]*)`")

// missing are the tests of a cell that do not exist, and how many it names. A
// folder stands for those below it too.
func missing(tests map[string][]string, cell string) (gone []string, count int) {
	all := named.FindAllStringSubmatch(cell, -1)
	for _, found := range all {
		if !anyBelow(tests[found[2]], found[1]) {
			gone = append(gone, found[1]+"."+found[2])
		}
	}
	return gone, len(all)
}

// TestEveryThreatIsHeld looks for every test that the page of threats names.
func TestEveryThreatIsHeld(t *testing.T) {
	tests, seen := testsByFolder(t), map[string]bool{}
	for _, row := range table(t, "threats.md", 4) {
		name, does, gets, held := row[0], row[1], row[2], row[3]
		if seen[name] {
			t.Errorf("%s stands twice", name)
		}
		seen[name] = true
		gone, count := missing(tests, held)
		if name == "" || does == "" || gets == "" || count == 0 && !strings.HasPrefix(held, "*open:* ") {
			t.Errorf("%s: without what somebody does, what they get, or a test or a reason", name)
		}
		if strings.Count(held, "`") != 2*count {
			t.Errorf("%s names what is no test: %s", name, held)
		}
		for _, test := range gone {
			t.Errorf("%s: there is no test %s", name, test)
		}
	}
}

// testsByFolder lists the folders of each test function of the module.
func testsByFolder(t *testing.T) map[string][]string {
	found := map[string][]string{}
	for _, src := range sources(t) {
		if !src.test {
			continue
		}
		for _, decl := range src.file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && (strings.HasPrefix(fn.Name.Name, "Test") || strings.HasPrefix(fn.Name.Name, "Fuzz")) {
				found[fn.Name.Name] = append(found[fn.Name.Name], src.pkg)
			}
		}
	}
	return found
}

// anyBelow reports whether one of the folders is another, or below it.
func anyBelow(folders []string, top string) bool {
	for _, f := range folders {
		if f == top || strings.HasPrefix(f, top+"/") {
			return true
		}
	}
	return false
}
