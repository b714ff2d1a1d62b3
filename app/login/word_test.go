package login

import (
	"slices"
	"strings"
	"testing"

	"selfhelp/app/fault"
)

// TestWordsOfTheOrganisation make no password, however they are written, and only the
// one that was found is said.
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
		if _, found := fault.TextOf(err); refused && (len(found) != 1 || !slices.Contains(rule.Words, found[0].(string))) {
			t.Errorf("%q is refused because of %q", password, found)
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

// TestWordsThatLookAlike reads other signs and alphabets as eyes do, and leaves alone
// what holds a word by chance.
func TestWordsThatLookAlike(t *testing.T) {
	rule := Rule{Words: []string{"Illico", "EDF", "Lyon", "cas", "Régie 2L", "Zébulon", "СИГМА", "Orange", "Sacré-Cœur", "Groß", "Bouygues"}}
	for password, refused := range map[string]bool{
		"velours 1ll1c0 quai midi":    true,
		"velours iIIico quai midi":    true, // a capital i for l
		"velours !|lic0 quai midi":    true,
		"velours ILLICO quai midi":    true,
		"velours i.l.l.i.c.o quai":    true,
		"veloursillicoquai":           true,
		"velours illica quai midi":    false,
		"velours іllісо quai midi":    true, // і, с and о of Cyrillic
		"velours ιlliϲο quai midi":    true, // of Greek
		"velours ｉｌｌｉｃｏ quai":         true, // wide
		"velours 𝓲𝓵𝓵𝓲𝓬𝓸 quai":         true, // of mathematics
		"velours il\u200blico quai":   true, // with a sign nobody sees
		"velours i\u0301llico quai":   true, // with an accent of its own
		"velours 2ébu1on quai":        true,
		"velours zebu£on quai":        true,
		"velours сигма quai":          true,
		"velours regie2l quai tram":   true,
		"velours regie-zi quai tram":  true,
		"velours regie quai 2l tram":  false,
		"velours lyonnais quai tram":  true,
		"velours 1y0n quai tram":      true,
		"velours l-y-o-n quai tram":   true,
		"velours telly on quai":       false,
		"velours EDF quai tram midi":  true,
		"velours edf2024 quai tram":   true,
		"velours 3DF quai tram midi":  true,
		"veloursEDFquai tram midi":    true,
		"velours E.D.F. quai tram":    true,
		"velours edf! quai tram midi": true,
		"velours bedford quai tram":   false,
		"velours le dfx quai tram":    false,
		"velours cascade quai tram":   false,
		"velours Cascade quai tram":   false,
		"velours occasion quai tram":  false,
		"velours tic as quai tram":    false,
		"velours c@s quai tram midi":  true,
		"velours cas quai tram midi":  true,
		"velours ca5 quai tram midi":  true,
		"quai 1998 soie 2031 pont":    false,
		"Seville or angel":            false,
		"Seville-or-angel-quai":       false,
		"the door angles, quai":       false,
		"a mayor angers the quai":     false,
		"x or angex 7":                true, // there is hardly anything else
		"velours or ange quai midi":   true, // between borders
		"velours orangerie quai midi": true,
		"velours 0r@n6e quai midi":    true,
		"tram sacrecoeur velours":     true,
		"tram SACRÉ-CŒUR velours":     true,
		"tram gross velours quai":     true,
		"tram groß velours quai":      true,
		"tram 6ouy9ues velours quai":  true,
		"tram 8ouygues velours quai":  true,
		"tram couygues velours quai":  false,
	} {
		err := rule.Check(password, "ada")
		if got := fault.FieldsOf(err)["password"]; (got == "fault.password.word") != refused || !refused && got != "" {
			t.Errorf("%q: %q", password, got)
		}
	}
}
