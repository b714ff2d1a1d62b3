package tests

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"selfhelp/assets"
)

// keys are the sentences of the interface: what the catalogues have.
func keysOfCatalogues(t *testing.T) map[string]bool {
	t.Helper()
	keys := map[string]bool{}
	files, err := fs.Glob(assets.Messages(), "en/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalogues: %v", err)
	}
	for _, name := range files {
		content, err := fs.ReadFile(assets.Messages(), name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(string(content), "\n") {
			key, _, found := strings.Cut(line, ": ")
			key, _, _ = strings.Cut(key, "[")
			if found && !strings.HasPrefix(line, "#") {
				keys[key] = true
			}
		}
	}
	return keys
}

var (
	literal = regexp.MustCompile(`"([a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*)"`)
	// stem is the beginning of a key whose rest is known when it is used.
	stem = regexp.MustCompile(`"([a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*\.)"\s*\+`)
	// said are the places where a literal can only be a key.
	said = regexp.MustCompile(`(?:\.[TN]|\.say\(w, [a-zA-Z.]+|fault\.New\([^"\n]*|fault\.Because\([^"\n]*|fault\.InField\("[^"\n]*)[(,]\s*"([^"]+)"`)
)

// TestCountedSentencesAreCounted: a sentence with other forms by number is said
// with its number, never as one that has none.
func TestCountedSentencesAreCounted(t *testing.T) {
	counted := map[string]bool{}
	files, err := fs.Glob(assets.Messages(), "*/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		content, err := fs.ReadFile(assets.Messages(), name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(string(content), "\n") {
			if key, _, found := strings.Cut(line, "["); found && !strings.ContainsAny(key, " #") {
				counted[key] = true
			}
		}
	}
	if len(counted) < 50 {
		t.Fatalf("only %d counted sentences were found", len(counted))
	}
	for name, source := range sourcesOfPages(t) {
		for _, found := range plainly.FindAllStringSubmatch(source, -1) {
			if counted[found[1]] {
				t.Errorf("%s says %q without its number", name, found[1])
			}
		}
	}
}

// plainly finds sentences that are said without a number.
var plainly = regexp.MustCompile(`(?:\.T\(|\.say\(w, [a-zA-Z.]+, |\.Say\(w, [a-zA-Z.]+, |fault\.New\([^"\n]*)"([^"]+)"`)

// TestEverySentenceIsSaid finds keys that nothing uses, and keys that are used
// and are in no catalogue.
func TestEverySentenceIsSaid(t *testing.T) {
	keys := keysOfCatalogues(t)
	used, stems := map[string]bool{}, []string{}
	for name, source := range sourcesOfPages(t) {
		for _, found := range literal.FindAllStringSubmatch(source, -1) {
			used[found[1]] = true
			if strings.HasPrefix(found[1], "fault.") && !keys[found[1]] {
				t.Errorf("%s: no sentence for %q", name, found[1])
			}
		}
		for _, found := range stem.FindAllStringSubmatch(source, -1) {
			stems = append(stems, found[1])
		}
		for _, found := range said.FindAllStringSubmatch(source, -1) {
			if key := found[1]; ours(name) && !keys[key] && !strings.HasSuffix(key, ".") && !strings.HasPrefix(key, "fault.") {
				t.Errorf("%s: no sentence for %q", name, key)
			}
		}
	}
	for key := range keys {
		if !used[key] && !slices.ContainsFunc(stems, func(s string) bool { return strings.HasPrefix(key, s) }) {
			t.Errorf("nothing says %q", key)
		}
	}
}

// ours are the sources of pages and their doors.
func ours(name string) bool {
	return strings.HasPrefix(name, "../app/web/") && !strings.HasPrefix(name, "../app/web/webtest/") || strings.HasPrefix(name, "../views/")
}

// sourcesOfPages reads our Go and templ files, without tests and generated code.
func sourcesOfPages(t *testing.T) map[string]string {
	t.Helper()
	sources := map[string]string{}
	for _, root := range []string{"../app", "../store", "../views"} {
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") {
				return err
			}
			if ext := filepath.Ext(name); ext == ".go" || ext == ".templ" {
				content, err := os.ReadFile(name)
				sources[name] = string(content)
				return err
			}
			return nil
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	return sources
}
