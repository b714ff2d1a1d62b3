package app

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"selfhelp/assets"
)

var (
	guideCode  = regexp.MustCompile("(?m)^ {4,}(selfhelp .*)$|`(selfhelp [^`]*)`")
	guideFlag  = regexp.MustCompile(`(--[a-z-]+)`)
	guideQuote = regexp.MustCompile(`“([^”]+)”`)
	frenchGap  = regexp.MustCompile(`(?m)^[^ ].*(?:« | »| [:;?!](?: |$)).*$`)
	guideHead  = regexp.MustCompile(`(?m)^## `)
)

// TestGuideSaysWhatThereIs holds every command and flag of the operator's guide against the product.
func TestGuideSaysWhatThereIs(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		all := assets.Guide(lang)
		for _, c := range all {
			for _, m := range guideCode.FindAllStringSubmatch(c.Text, -1) {
				line := m[1] + m[2]
				name := strings.Fields(line)[1]
				help := ranHere(t, "help", name)
				for _, f := range guideFlag.FindAllString(line, -1) {
					if !strings.Contains(help, "\n  "+f+" ") && !strings.Contains(help, "\n  "+f+"\n") {
						t.Errorf("%s %s: %q has no %s", lang, c.Name, line, f)
					}
				}
			}
		}
	}
}

// TestGuideQuotes holds what the guide says one sees against what is said.
func TestGuideQuotes(t *testing.T) {
	var said strings.Builder
	for _, name := range []string{"../assets/messages/en/kept.txt", "command/keys.go", "command/restore.go", "../store/replica/guard.go", "../store/replica/restore.go"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		said.Write(b)
	}
	quoted := 0
	for _, lang := range []string{"en", "fr"} {
		for _, c := range assets.Guide(lang) {
			if c.Name != "odd" {
				continue
			}
			for _, m := range guideQuote.FindAllStringSubmatch(c.Text, -1) {
				quoted++
				for piece := range strings.SplitSeq(m[1], "…") {
					if !strings.Contains(said.String(), piece) {
						t.Errorf("%s: nobody says %q", lang, piece)
					}
				}
			}
		}
	}
	if quoted < 10 {
		t.Errorf("only %d sentences are quoted", quoted)
	}
}

// TestGuideIsTheSameInBothLanguages: what one types is the same, and no part is missing.
func TestGuideIsTheSameInBothLanguages(t *testing.T) {
	en, fr := assets.Guide("en"), assets.Guide("fr")
	for i := range en {
		typed := func(text string) (lines []string) {
			for _, m := range guideCode.FindAllStringSubmatch(text, -1) {
				if m[1] != "" {
					lines = append(lines, m[1])
				}
			}
			return lines
		}
		if a, b := typed(en[i].Text), typed(fr[i].Text); !slices.Equal(a, b) {
			t.Errorf("%s: %q and %q", en[i].Name, a, b)
		}
		if a, b := len(guideHead.FindAllString(en[i].Text, -1)), len(guideHead.FindAllString(fr[i].Text, -1)); a != b {
			t.Errorf("%s has %d parts in English and %d in French", en[i].Name, a, b)
		}
		if frenchGap.MatchString(fr[i].Title + "\n" + fr[i].Text) {
			t.Errorf("%s: %q lacks its narrow space", fr[i].Name, frenchGap.FindString(fr[i].Text))
		}
		if fr[i].Title == en[i].Title {
			t.Errorf("%s has one title", en[i].Name)
		}
	}
}

// ranHere is what a command of the product prints.
func ranHere(t *testing.T, args ...string) string {
	t.Helper()
	var out, err bytes.Buffer
	if code := Main(t.Context(), Terminal{Args: args, Out: &out, Err: &err, Env: func(string) (string, bool) { return "", false }}); code != 0 {
		t.Errorf("%q: %d %s", args, code, err.String())
	}
	return out.String()
}
