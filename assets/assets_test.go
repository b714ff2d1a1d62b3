package assets

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, path, encoding string) *http.Response {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestServed(t *testing.T) {
	for name, a := range served {
		if a.mediaType == "" {
			t.Errorf("%s has no media type", name)
		}
		plain, packed := get(t, URL(name), ""), get(t, URL(name), "br, gzip")
		if plain.StatusCode != 200 || !strings.Contains(plain.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %q", name, plain.StatusCode, plain.Header.Get("Cache-Control"))
		}
		body, _ := io.ReadAll(plain.Body)
		if packed.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(packed.Body)
			if err != nil {
				t.Fatal(err)
			}
			unpacked, _ := io.ReadAll(z)
			if !bytes.Equal(body, unpacked) {
				t.Errorf("%s: the compressed content is another", name)
			}
		}
	}
}

func TestNotServed(t *testing.T) {
	for _, path := range []string{
		Prefix, Prefix + "css/portal.css", Prefix + "000000000000/css/portal.css", URL("css/portal.css") + "x",
		strings.Replace(URL("css/portal.css"), "css/portal.css", "../assets.go", 1), strings.Replace(URL("css/portal.css"), "css/portal.css", "messages/fr/common.yaml", 1),
		Prefix + "theme/400-plain.css", Prefix + "theme/-1-plain.css", Prefix + "theme/20-huge.css", Prefix + "theme/20-plain", Prefix + "theme/0x10-plain.css",
	} {
		if got := get(t, path, "").StatusCode; got != 404 {
			t.Errorf("%s answers %d", path, got)
		}
	}
}

func TestTheme(t *testing.T) {
	if ThemeURL(0, "") != "" || ThemeURL(360, "none") != "" {
		t.Error("the product's own look needs no sheet")
	}
	r := get(t, ThemeURL(25, "round"), "")
	body, _ := io.ReadAll(r.Body)
	if r.StatusCode != 200 || !strings.Contains(string(body), "--hue: 25;") || !strings.Contains(string(body), "--radius: 14px") {
		t.Errorf("%d %s", r.StatusCode, body)
	}
}

// TestLook gives a hue to a part of a page only; none leaves it the product's.
func TestLook(t *testing.T) {
	for hue, want := range map[int]string{25: ".look {  --hue: 25; }", 0: ".look {  }", 360: ".look {  }"} {
		body, _ := io.ReadAll(get(t, LookURL(hue), "").Body)
		if !strings.Contains(string(body), want) || strings.Contains(string(body), ":root") {
			t.Errorf("hue %d: %s", hue, body)
		}
	}
}

// TestSheets holds the style sheets to their size, and to the layers.
func TestSheets(t *testing.T) {
	for room := range sheets {
		sheet := string(served["css/"+room+".css"].plain)
		if len(sheet) > 40<<10 {
			t.Errorf("%s.css has %d bytes, over 40 KB", room, len(sheet))
		}
		t.Logf("%s.css: %d bytes", room, len(sheet))
		if strings.Contains(sheet, "\n ") || strings.Contains(sheet, "\n\n") {
			t.Errorf("%s.css is sent with its indentation", room)
		}
		if !strings.HasPrefix(sheet, "@layer reset, tokens, base, layout, parts, rooms;") {
			t.Errorf("%s.css does not begin with the layers", room)
		}
		if strings.Count(sheet, "{") != strings.Count(sheet, "}") {
			t.Errorf("%s.css has braces that do not match", room)
		}
		if physical := regexp.MustCompile(`(margin|padding|border)-(left|right|top|bottom)\b`).FindString(sheet); physical != "" {
			t.Errorf("%s.css uses %s: write the logical property", room, physical)
		}
	}
}

// TestModulesImportWhatExists follows the imports of the scripts.
func TestModulesImportWhatExists(t *testing.T) {
	imports := regexp.MustCompile(`(?m)^import .*?"\./([^"]+)";`)
	for name, a := range served {
		for _, found := range imports.FindAllSubmatch(a.plain, -1) {
			if strings.HasSuffix(name, ".js") && served["js/"+string(found[1])] == nil {
				t.Errorf("%s imports %s, which is not there", name, found[1])
			}
		}
	}
}

func TestIcons(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range Icons() {
		if seen[name] {
			t.Errorf("icon %s is drawn twice", name)
		}
		seen[name] = true
	}
	if len(seen) < 50 || HasIcon("no-such-icon") {
		t.Errorf("%d icons", len(seen))
	}
}
