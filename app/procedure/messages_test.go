package procedure

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// keyPattern finds the message keys written in this package's code.
var keyPattern = regexp.MustCompile(`"((?:read|op)\.[a-z0-9_]+)"`)

func TestEveryKeyHasItsSentences(t *testing.T) {
	used := map[string]bool{}
	files, _ := filepath.Glob("*.go")
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range keyPattern.FindAllStringSubmatch(string(src), -1) {
			used[m[1]] = true
		}
	}
	for key := range used {
		for _, lang := range []string{"fr", "en"} {
			if Messages()[key][lang] == "" {
				t.Errorf("%s has no sentence in %s", key, lang)
			}
		}
	}
	for key, in := range Messages() {
		if !used[key] {
			t.Errorf("%s is said nowhere", key)
		}
		if len(in) != 2 || verbs(in["fr"]) != verbs(in["en"]) {
			t.Errorf("%s: the sentences do not take the same values", key)
		}
	}
}

var verbPattern = regexp.MustCompile(`%\[(\d)\]s`)

// verbs returns the highest value a sentence takes.
func verbs(s string) string {
	highest := ""
	for _, m := range verbPattern.FindAllStringSubmatch(s, -1) {
		highest = max(highest, m[1])
	}
	return highest
}

func TestFrenchTypography(t *testing.T) {
	bad := regexp.MustCompile(`[ \x{00A0}][;:!?»]|« |'|"`)
	for key, in := range Messages() {
		if bad.MatchString(in["fr"]) {
			t.Errorf("%s: %s", key, in["fr"])
		}
	}
}
