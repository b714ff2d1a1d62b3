package message

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSentencesAreWhole looks at the words: both languages, the same values,
// French typography.
func TestSentencesAreWhole(t *testing.T) {
	verb := regexp.MustCompile(`%\w`)
	loose := regexp.MustCompile(`[^\x{202f}\s][;:!?»]|«[^\x{202f}]|\.\.\.|'`)
	address := regexp.MustCompile(`https?://\S+|\d:\d\d`)
	for key, s := range sentences {
		if s.fr == "" || s.en == "" {
			t.Errorf("%s says nothing in a language", key)
		}
		if len(verb.FindAllString(s.fr, -1)) != len(verb.FindAllString(s.en, -1)) {
			t.Errorf("%s: not the same values in both languages", key)
		}
		if found := loose.FindString(address.ReplaceAllString(s.fr, "")); found != "" {
			t.Errorf("%s: %q in French", key, found)
		}
	}
}

// TestEveryKeyHasItsSentence finds the keys that the engine names.
func TestEveryKeyHasItsSentence(t *testing.T) {
	named := regexp.MustCompile(`"((?:answer|button|breakpoint|captcha|effect|end|execution|field|files|form|link|problem|rows|start|step|wait)\.[a-z_]+)"`)
	used := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "words.go") {
			return err
		}
		source, err := os.ReadFile(path)
		code := regexp.MustCompile(`(?m)//.*$`).ReplaceAllString(string(source), "")
		for _, m := range named.FindAllStringSubmatch(code, -1) {
			used[m[1]] = true
		}
		return err
	})
	if err != nil || len(used) < 50 {
		t.Fatalf("%d keys found: %v", len(used), err)
	}
	for key := range used {
		if _, ok := sentences[key]; !ok {
			t.Errorf("no sentence for %q", key)
		}
	}
	made := regexp.MustCompile(`^(end|effect|field)\.`) // put together from a type or a status
	for key := range sentences {
		if !used[key] && !made.MatchString(key) {
			t.Errorf("nothing says %q", key)
		}
	}
}

func TestIn(t *testing.T) {
	for lang, want := range map[string]string{"fr": "Choisissez-en au moins 2.", "fr-CA": "Choisissez-en au moins 2.", "en": "Choose at least 2.", "de": "Choose at least 2.", "": "Choose at least 2."} {
		if got := Say("answer.too_few", 2).In(lang); got != want {
			t.Errorf("%q: %q", lang, got)
		}
	}
	if got := Say("no.such.key").In("fr"); got != "no.such.key" {
		t.Errorf("an unknown key says %q", got)
	}
	if len(Sentences("fr")) != len(sentences) || Sentences("fr")["button.next"] != "Suivant" {
		t.Error("the catalogue is not whole")
	}
}
