package login

import (
	"strings"
	"testing"

	"selfhelp/app/fault"
)

// TestWordsOfTheOrganisation make no password, however they are written, and
// nothing is said of which they are.
func TestWordsOfTheOrganisation(t *testing.T) {
	rule := Rule{Words: []string{"Électro-Rhône", "Service Engine", "R2D"}}
	for password, refused := range map[string]bool{
		"quai tram velours midi":      false,
		"electrorhone tram velours":   true,
		"ÉLECTRO RHÔNE tram velours":  true,
		"tram 3l3ctr0-rh0ne velours":  true,
		"velours Service.Engine quai": true,
		"velours service quai engine": false,
		"velours $erv1ce3ng1ne quai":  true,
		"velours quai r2d midi tram":  true,
		"velours quai r-2-d midi":     true,
		"velours électron quai":       false,
	} {
		err := rule.Check(password, "ada")
		if got := fault.FieldsOf(err)["password"]; (got == "fault.password.word") != refused || !refused && got != "" {
			t.Errorf("%q: %q", password, got)
		}
		if err := (Rule{}).Check(password, "ada"); err != nil {
			t.Errorf("%q without words: %v", password, err)
		}
	}
	for word, want := range map[string]bool{
		"EDF": true, "É.D.F.": true, "3M": false, "": false, "- - -": false, "Rhône": true, strings.Repeat("a", 51): false, "a\x00bcd": false, "ab\xffcd": false,
	} {
		if IsWord(word) != want {
			t.Errorf("%q is a word: %t", word, !want)
		}
	}
}
