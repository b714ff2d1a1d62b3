package portal_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/connect"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store/clocktest"
)

// picture is a PNG of a size; only its head is real when it is absurd.
func picture(t *testing.T, side int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, min(side, 32), min(side, 32)))); err != nil {
		t.Fatal(err)
	}
	content := b.Bytes()
	if side > 32 {
		for _, at := range []int{16, 20} { // width and height stand at the head of the file
			content[at], content[at+1], content[at+2], content[at+3] = byte(side>>24), byte(side>>16), byte(side>>8), byte(side)
		}
	}
	return string(content)
}

func TestUploads(t *testing.T) {
	s := webtest.DeskSite(t)
	good := picture(t, 16)
	b := webtest.NewBrowser(t, s).Open("/r/picture?lang=en")
	for _, c := range []struct {
		what   string
		status []int
		files  []string
	}{
		{"nothing", []int{422}, nil},
		{"an empty file", []int{422}, []string{"a.png", ""}},
		{"HTML called a picture", []int{422}, []string{"a.png", "<html><script>alert(1)</script>"}},
		{"a script", []int{422}, []string{"a.js", "alert(1)"}},
		{"a program", []int{422}, []string{"a.exe", "MZ\x90\x00\x03\x00"}},
		{"a drawing with a script", []int{422}, []string{"a.svg", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`}},
		{"a drawing with a foreign object", []int{422}, []string{"a.svg", `<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><p>x</p></foreignObject></svg>`}},
		{"a flood of pixels", []int{422}, []string{"a.png", picture(t, 50_000)}},
		{"over the step's limit", []int{422}, []string{"a.png", good + strings.Repeat("x", 2<<20)}},
		{"too many for the step", []int{422}, []string{"a.png", good, "b.png", good + "1", "c.png", good + "2"}},
		{"too many for anyone", []int{413}, repeat("a.png", good, 40)},
		{"a good one", []int{303}, []string{"a.png", good}},
	} {
		r := b.Parts(c.files...)
		if said := webtest.Text(t, r); !contains(c.status, r.StatusCode) || strings.Contains(said, "content.") {
			t.Errorf("%s: %d, want %v: %s", c.what, r.StatusCode, c.status, webtest.MainOf(said))
		}
	}
}

func repeat(name, content string, times int) (files []string) {
	for range times {
		files = append(files, name, content)
	}
	return files
}

func TestSentFilesAreOnlyGivenToKeep(t *testing.T) {
	s := webtest.DeskSite(t)
	good := picture(t, 16)
	for _, name := range []string{`photo.png`, `../../etc/passwd.png`, `CON.png`, strings.Repeat("n", 4000) + ".png", "é\u202E gnp.png"} {
		b := webtest.NewBrowser(t, s).Open("/r/picture?lang=en")
		b.Follow(b.Parts(name, good), b.Path).Sees("Thank you")
		b.Answer("do", "back").Sees("Attached already")
		_, link, found := strings.Cut(b.Page, `<a href="/x/`)
		link, _, _ = strings.Cut(link, `"`)
		if !found {
			t.Fatalf("%.20s: no link to the file", name)
		}
		r := b.Send("GET", "/x/"+link)
		h := r.Header
		if body := webtest.Text(t, r); r.StatusCode != 200 || body != good {
			t.Errorf("%.20s: %d, %d bytes", name, r.StatusCode, len(body))
		}
		if !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("%.20s: %v", name, h)
		}
		if strings.ContainsAny(h.Get("Content-Disposition"), "\r\n/") {
			t.Errorf("%.20s: %q", name, h.Get("Content-Disposition"))
		}
		if r := webtest.NewBrowser(t, s).Send("GET", "/x/"+link); r.StatusCode != 404 {
			t.Errorf("a stranger gets the file: %d", r.StatusCode)
		}
		if r := b.Send("GET", strings.Replace("/x/"+link, "/files/", "/files/0", 1)); r.StatusCode != 404 {
			t.Errorf("another hash: %d", r.StatusCode)
		}
	}
}

func TestSameFileIsKeptOnce(t *testing.T) {
	s := webtest.DeskSite(t)
	b := webtest.NewBrowser(t, s).Open("/r/picture?lang=en")
	for range 20 {
		b.Parts("a.png", picture(t, 16))
	}
	if n := countFiles(t, s); n != 1 {
		t.Errorf("%d contents are kept", n)
	}
}

func TestStrangersFilesAreNotKept(t *testing.T) {
	s := webtest.DeskSite(t)
	mine, other := webtest.NewBrowser(t, s).Open("/r/picture"), webtest.NewBrowser(t, s).Open("/r/picture")
	other.Path, other.Page = mine.Path, mine.Page
	if r := other.Parts("a.png", picture(t, 16)); r.StatusCode != 404 {
		t.Errorf("a stranger sends a file: %d", r.StatusCode)
	}
	if n := countFiles(t, s); n != 0 {
		t.Errorf("%d contents of a stranger are kept", n)
	}
}

// countFiles counts the contents that a site keeps.
func countFiles(t *testing.T, s *frame.Site) (n int) {
	t.Helper()
	data, _ := webtest.DataFolders.Load(s)
	err := filepath.WalkDir(filepath.Join(data.(string), "files"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestResourceFiles(t *testing.T) {
	s := webtest.NewSite(t)
	p := webtest.Desk(t)
	drawing := `<svg xmlns="http://www.w3.org/2000/svg"><circle r="3"/></svg>`
	stored, err := s.Files.Put(t.Context(), strings.NewReader(drawing), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	webtest.AddResource(p, "drawing", "image/svg+xml", stored.Hash, stored.Size)
	p.Public = false
	webtest.Publish(t, s, webtest.Published{Domain: "production", Project: p, Number: webtest.FirstVersion})
	webtest.AddUser(t, s, "camille", "user", "production")
	path := "/files/" + stored.Hash + "/any%0d%0aname.svg"
	r := webtest.SignedInAs(t, s, "camille").Send("GET", path)
	if r.StatusCode != 200 || r.Header.Get("Content-Type") != "image/svg+xml" || !strings.HasPrefix(r.Header.Get("Content-Security-Policy"), "sandbox; default-src 'none'") || r.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	for name, b := range map[string]*webtest.Browser{"a stranger": webtest.NewBrowser(t, s)} {
		if r := b.Send("GET", path); r.StatusCode != 404 {
			t.Errorf("%s gets a private project's picture: %d", name, r.StatusCode)
		}
	}
	if r := webtest.SignedInAs(t, s, "camille").Send("GET", "/files/"+strings.Repeat("0", 64)+"/x"); r.StatusCode != 404 {
		t.Errorf("a content of nobody: %d", r.StatusCode)
	}
}

// TestFilesNobodyAnsweredWithAreSwept sends files in answers that are refused
// and in one that is kept; only the latter's stays.
func TestFilesNobodyAnsweredWithAreSwept(t *testing.T) {
	s := webtest.DeskSite(t)
	b := webtest.NewBrowser(t, s).Open("/r/picture?lang=en")
	b.Parts("a.png", picture(t, 8), "b.png", picture(t, 9), "c.png", picture(t, 10)) // too many
	b.Open(b.Path)
	if r := b.Parts("d.png", picture(t, 16)); r.StatusCode != 303 {
		t.Fatalf("a good one: %d", r.StatusCode)
	}
	if n, err := s.Files.Sweep(time.Now().Add(time.Hour), 100); n != 3 || err != nil {
		t.Errorf("%d files swept of the three nobody answered with: %v", n, err)
	}
	if again, err := s.Files.Receive(t.Context(), strings.NewReader(picture(t, 16)), 1<<20); err != nil || !s.Files.Has(again.Hash) {
		t.Errorf("the file answered with: %v", err)
	}
	if n, _ := s.Files.Sweep(time.Now().Add(time.Hour), 100); n != 0 {
		t.Errorf("%d files swept that an answer names", n)
	}
}

// TestAPersonSendsSoMuch sends until there is no room left, then as someone
// else.
func TestAPersonSendsSoMuch(t *testing.T) {
	clock := clocktest.At(time.Now())
	s := webtest.DeskSite(t, func(c *frame.Config) {
		c.Limits.Sent = frame.Rate{PerSecond: 1, Burst: 5000}
		c.Now = clock.Now
	})
	for _, login := range []string{"camille", "karim"} {
		webtest.AddUser(t, s, login, "user", "production")
	}
	send := func(b *webtest.Browser, content string) int {
		return b.Open("/r/picture?lang=en").Parts("a.png", content).StatusCode
	}
	large := picture(t, 16) + strings.Repeat("x", 3000)
	camille := webtest.SignedInAs(t, s, "camille")
	for i, want := range []int{303, 429, 429} {
		if got := send(camille, large); got != want {
			t.Errorf("file %d: %d, want %d", i+1, got, want)
		}
	}
	if got := send(webtest.SignedInAs(t, s, "karim"), large); got != 303 {
		t.Errorf("another person from the same address: %d", got)
	}
	if clock.Pass(time.Hour); send(camille, large) != 303 {
		t.Error("an hour later there is no room either")
	}
}

// TestScannedFiles asks a program about what is sent: what it refuses is not
// kept, and without its word nothing is.
func TestScannedFiles(t *testing.T) {
	script := `grep -q PLAGUE && exit 1; exit 0`
	s := webtest.DeskSite(t, func(c *frame.Config) {
		c.Scan = func(ctx context.Context, file io.Reader) error {
			return connect.Scanner{Command: []string{"/bin/sh", "-c", script}, Most: 10 * time.Second}.Scan(ctx, file)
		}
	})
	b := webtest.NewBrowser(t, s).Open("/r/picture?lang=en")
	r := b.Parts("a.png", picture(t, 16)+"PLAGUE")
	if words := webtest.Text(t, r); r.StatusCode != 422 || !strings.Contains(words, "The scanner of this server refuses this file") {
		t.Errorf("a plague: %d %s", r.StatusCode, webtest.MainOf(words))
	}
	if n, err := s.Files.Sweep(time.Now().Add(time.Hour), 100); n != 1 || err != nil {
		t.Errorf("%d plagues swept, %v", n, err)
	}
	script = "exit 2"
	if r := b.Open(b.Path).Parts("a.png", picture(t, 16)); r.StatusCode != 503 {
		t.Errorf("without a verdict: %d", r.StatusCode)
	}
	script = "cat >/dev/null"
	if r := b.Open(b.Path).Parts("a.png", picture(t, 16)); r.StatusCode != 303 {
		t.Errorf("a clean one: %d", r.StatusCode)
	}
}

const broken = `schema: 1
uid: brokenaaaaaaaaaaaaaaaaaaaa
alias: broken
title: {fr: "Cassé", en: "Broken"}
category: hardware
entry: true
variables:
  - {name: proof, type: list, personal: true}
steps:
  - {id: start, start: {}, next: photo}
  - {id: photo, title: {fr: "Une photo", en: "A picture"}, upload: {min: 1}, next: ask}
  - {id: ask, title: {fr: "Demander", en: "Ask"}, ticket: {connector: tickets, fields: [{name: title, value: '"Lamp"'}], files: step.photo.result}, next: proof, on_error: proof}
  - {id: proof, title: {fr: "Une preuve", en: "A proof"}, upload: {min: 1, into: proof}, next: tell}
  - {id: tell, title: {fr: "Dire", en: "Tell"}, text: {fr: "Voilà", en: "There"}, mail: {to: '"a@example.org"', files: var.proof}, next: done, on_error: done}
  - {id: done, title: {fr: "Fini", en: "Done"}, end: {outcome: escalated}}
`

// TestReportNamesTheFilesThatWentOn sends one file on with a request, and one
// that is personal with a mail.
func TestReportNamesTheFilesThatWentOn(t *testing.T) {
	s := webtest.NewSite(t)
	desk := webtest.Desk(t)
	p, err := procedure.ReadProcedure([]byte(broken))
	if err != nil {
		t.Fatal(err)
	}
	desk.Procedures = append(desk.Procedures, p)
	webtest.Publish(t, s, webtest.Published{Domain: "production", Project: desk, Number: publication.Number{Major: 1}})
	b := webtest.NewBrowser(t, s).Open("/r/broken?lang=en", webtest.Header("Accept-Language", "en"))
	b.Follow(b.Parts("lamp.png", picture(t, 16)), b.Path).Sees("A proof")
	b.Follow(b.Parts("identity.png", picture(t, 17)), b.Path).Sees("Done")
	b.Open(strings.TrimSuffix(b.Path, "/done")+"/report", webtest.Header("Accept-Language", "en")).
		Sees("Request: succeeded, with lamp.png", "E-mail: succeeded, with •••").SeesNot("identity.png")
}
