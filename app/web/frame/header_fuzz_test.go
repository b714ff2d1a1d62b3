package frame

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"selfhelp/views/ui"
)

// FuzzBearer holds that a token is what stands behind its scheme and nothing else,
// and that only requests of programs bring one.
func FuzzBearer(f *testing.F) {
	secret, _ := NewToken()
	for _, seed := range []string{"Bearer " + secret, "bearer  " + secret + " ", "Basic " + secret, "Bearer", "Bearer\t" + secret, secret, "Bearer " + secret + ", Bearer x", "BEARER sh_", "Bearer \u00a0sh_x"} {
		f.Add(seed, "/api/v1/me")
		f.Add(seed, "/login")
	}
	f.Fuzz(func(t *testing.T, header, path string) {
		v := &Visit{Request: &http.Request{Header: http.Header{"Authorization": {header}, "Cookie": {"session=x"}}, URL: &url.URL{Path: path}}}
		v.takeToken()
		scheme, rest, _ := strings.Cut(header, " ")
		if v.bearer == "" {
			if v.CookieValue("session") != "x" {
				t.Error("the cookies of a person are gone")
			}
			return
		}
		if !strings.EqualFold(scheme, "Bearer") || v.bearer != strings.TrimSpace(rest) || !strings.HasPrefix(v.bearer, TokenPrefix) || !v.forProgram() {
			t.Errorf("%q at %q brings %q", header, path, v.bearer)
		}
		if v.CookieValue("session") != "" {
			t.Error("a program is taken for a session")
		}
	})
}

// FuzzPreferred holds that the language is one that the header asks for and does
// not refuse.
func FuzzPreferred(f *testing.F) {
	for _, seed := range []string{"fr-FR,fr;q=0.9,en;q=0.8", "de, EN-us", "fr;q=0,en", "fr; q=0.000, en;q=0", "*", ",,;;", "fr;q=x", "x-fr", "fr;Q=0.0", strings.Repeat("fr;q=0,", 1000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		lang := preferred(header)
		asked := false
		for part := range strings.SplitSeq(strings.ToLower(header), ",") {
			tag, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
			base, _, _ := strings.Cut(tag, "-")
			digits, weighs := strings.CutPrefix(strings.TrimSpace(weight), "q=")
			refused := weighs && strings.Trim(digits, "0.") == "" && strings.HasPrefix(digits, "0")
			asked = asked || ui.Speaks(base) && !refused && (lang == "" || base == lang)
		}
		if lang != "" && (!ui.Speaks(lang) || !asked) || lang == "" && asked {
			t.Errorf("%q is answered in %q", header, lang)
		}
	})
}
