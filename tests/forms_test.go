package tests

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// crawled is what the administrator comes by: one page and one form of each
// kind, by its address without the ids.
type crawled struct {
	forms map[string]*html.Node
	pages map[string]string // kind → address
}

var anID = regexp.MustCompile(`[a-z2-7]{26}|[0-9a-f]{64}`)

// crawl looks at every page that can be reached by links, and at one of each
// kind.
func (p *process) crawl(v *visitor) crawled {
	p.t.Helper()
	forms, looked := map[string]*html.Node{}, map[string]string{}
	next := []string{"/", "/studio", "/admin", "/me", "/login", "/resume", "/r/rounds"}
	for len(next) > 0 {
		address := next[0]
		next = next[1:]
		kind := anID.ReplaceAllString(strings.Split(address, "?")[0], "ID")
		if looked[kind] != "" {
			continue
		}
		if looked[kind] = address; strings.HasSuffix(kind, ".csv") || strings.HasSuffix(kind, ".zip") {
			continue
		}
		at, err := v.open(p.address + address)
		if err != nil || at.status >= 500 {
			p.t.Fatalf("%s: %d %v", address, at.status, err)
		}
		for _, n := range within(at.root) {
			if n.Data != "form" || !strings.EqualFold(attribute(n, "method"), "post") {
				continue
			}
			target, err := at.url.Parse(attribute(n, "action"))
			if err != nil {
				p.t.Fatal(err)
			}
			n.Attr = append(n.Attr, html.Attribute{Key: "sent-to", Val: target.Path})
			forms[anID.ReplaceAllString(target.Path, "ID")] = n
		}
		next = append(next, at.links("/")...)
	}
	if len(forms) < 12 || len(looked) < 20 {
		p.t.Fatalf("only %d forms on %d pages: %v", len(forms), len(looked), slices.Sorted(maps.Keys(forms)))
	}
	return crawled{forms, looked}
}

// post sends a body to an address of the server and returns the status and the
// words that come back.
func (p *process) post(v *visitor, path, kind string, body io.Reader, headers ...string) (int, string) {
	p.t.Helper()
	request, err := http.NewRequest(http.MethodPost, p.address+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	request.Header.Set("X-Forwarded-For", v.from)
	reply, err := (&http.Client{Jar: v.client.Jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(request)
	if err != nil {
		return 0, err.Error() // the server closed while we still sent
	}
	defer reply.Body.Close()
	content, _ := io.ReadAll(reply.Body)
	return reply.StatusCode, string(content)
}

const urlencoded = "application/x-www-form-urlencoded"

// manyParts is a form of parts: so many, each of so many bytes.
func manyParts(count, size int) (string, *bytes.Buffer) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	value := strings.Repeat("x", size)
	for i := range count {
		w.WriteField(fmt.Sprint("f", i), value)
	}
	w.Close()
	return w.FormDataContentType(), &b
}

// calls lists the addresses of the API that take a body, as it describes them.
func (p *process) calls(v *visitor) (paths []string) {
	p.t.Helper()
	c := &caller{address: p.address, from: v.from}
	described, err := c.call("GET", "/openapi.json", nil, http.StatusOK)
	if err != nil {
		p.t.Fatal(err)
	}
	for path, methods := range described["paths"].(map[string]any) {
		if _, posts := methods.(map[string]any)["post"]; posts {
			paths = append(paths, "/api/v1"+strings.TrimPrefix(path, "/api/v1"))
		}
	}
	if len(paths) < 5 {
		p.t.Fatalf("only %v take a body", paths)
	}
	return paths
}

// TestEveryFormIsBounded sends every form of the product, and every call of
// its API, more than it takes: too many bytes, too many fields, too many parts.
// Each is refused with a sentence, none is carried out, and the server stays
// well.
func TestEveryFormIsBounded(t *testing.T) {
	p := deskServer(t)
	boss := p.boss()
	for kind, form := range p.crawl(boss).forms {
		path := attribute(form, "sent-to")
		for _, much := range []string{"a=" + strings.Repeat("x", 1200<<10), strings.Repeat("a=b&", 300<<10)} {
			status, words := p.post(boss, path, urlencoded, strings.NewReader(much))
			if status != 0 && status != http.StatusRequestEntityTooLarge && status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d bytes are answered %d", kind, len(much), status)
			}
			if status == http.StatusRequestEntityTooLarge && !strings.Contains(words, "over the limit of") && !strings.Contains(words, "1,000 characters at most") {
				t.Errorf("%s: the page does not say the limit", kind)
			}
		}
		if attribute(form, "enctype") != "multipart/form-data" {
			continue
		}
		for _, parts := range [][2]int{{12_000, 10}, {1, 12 << 20}, {100, 200 << 10}} {
			media, body := manyParts(parts[0], parts[1])
			if status, words := p.post(boss, path, media, body); status != 0 && (status < 400 || status >= 500) || status > 0 && !strings.Contains(words, "<h1") {
				t.Errorf("%s: %d parts of %d bytes are answered %d %.200s", kind, parts[0], parts[1], status, words)
			}
		}
	}
	k, err := p.answering(t, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range p.calls(boss) {
		path = strings.NewReplacer("{alias}", "rounds", "{execution}", k.id).Replace(path)
		body := `{"lang":"` + strings.Repeat("x", 300<<10) + `"}`
		status, words := p.post(boss, path, "application/json", strings.NewReader(body), "Authorization", "Bearer "+k.secret)
		if status != 0 && (status != http.StatusRequestEntityTooLarge || !strings.Contains(words, "over the limit of")) {
			t.Errorf("%s: %d %.200s", path, status, words)
		}
	}
	p.becomes(http.StatusOK)
	p.holds(k)
}

// TestOtherSitesSendNothing sends every form and call as another site would
// have a browser do it: with the cookies of someone signed in, and without.
func TestOtherSitesSendNothing(t *testing.T) {
	p := deskServer(t)
	boss := p.boss()
	paths := p.calls(boss)
	for _, form := range p.crawl(boss).forms {
		paths = append(paths, attribute(form, "sent-to"))
	}
	for _, path := range append(paths, "/login", "/setup", "/logout") {
		for name, headers := range map[string][]string{
			"a modern browser": {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
			"a neighbour":      {"Sec-Fetch-Site", "same-site", "Origin", "https://other.desk.example"},
			"an older one":     {"Origin", "https://evil.example"},
			"a hidden origin":  {"Origin", "null"},
		} {
			for _, kind := range []string{urlencoded, "text/plain", "application/json"} {
				if status, _ := p.post(boss, path, kind, strings.NewReader("{}"), headers...); status != http.StatusForbidden {
					t.Errorf("%s by %s as %s: %d", path, name, kind, status)
				}
			}
		}
	}
}
