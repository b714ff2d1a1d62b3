package frame_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"selfhelp/app/transfer"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

// keyOfTransfer are the literals that can only be keys of package transfer, or
// of a refusal of its own.
var keyOfTransfer = regexp.MustCompile(`"((?:content|transfer)\.[a-z_.]+)"`)

// TestRefusedFilesAreSaid goes through every key that package transfer can give
// for a file or an archive: each is said in the reader's language, with its
// values in it.
func TestRefusedFilesAreSaid(t *testing.T) {
	keys := map[string]bool{}
	sources, err := filepath.Glob("../../transfer/*.go")
	if err != nil || len(sources) == 0 {
		t.Fatalf("no sources of package transfer: %v", err)
	}
	for key := range transfer.Messages() {
		keys[key] = true
	}
	for _, name := range sources {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, found := range keyOfTransfer.FindAllStringSubmatch(string(source), -1) {
			keys[found[1]] = true
		}
	}
	said := map[string]string{}
	for _, lang := range []string{"fr", "en"} {
		v := &frame.Visit{Words: webtest.WordsIn(lang)}
		for key := range keys {
			words := v.Sentence(key, []any{"one", 2, int64(3)})
			if words == key || words == said[key] || strings.Contains(words, "%") || !strings.HasSuffix(words, ".") {
				t.Errorf("%s in %s: %q", key, lang, words)
			}
			said[key] = words
		}
	}
}
