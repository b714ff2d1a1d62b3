package publication

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"selfhelp/app/fault"
)

func keyOfFault(err error) string {
	if err == nil {
		return ""
	}
	key, _ := fault.TextOf(err)
	return key
}

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

var namedKey = regexp.MustCompile(`"(fault\.[a-z_.]+)"`)

// TestEveryFailureHasItsSentences reads the keys in our own source.
func TestEveryFailureHasItsSentences(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	if err != nil || len(sources) == 0 {
		t.Fatalf("no source: %v", err)
	}
	for _, lang := range []string{"fr", "en"} {
		said, err := os.ReadFile("../../assets/messages/" + lang + "/publication.txt")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range sources {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, key := range namedKey.FindAllSubmatch(source, -1) {
				if !strings.Contains(string(said), "\n"+string(key[1])+": ") {
					t.Errorf("%s: %s names %s, which has no sentence", lang, name, key[1])
				}
			}
		}
	}
}
