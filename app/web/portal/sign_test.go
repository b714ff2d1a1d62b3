package portal_test

import (
	"bytes"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/web/webtest"
)

const contract = `schema: 1
uid: contractaaaaaaaaaaaaaaaaaa
alias: contract
title: {fr: Contrat, en: Contract}
entry: true
steps:
  - id: start
    start: {}
    next: sign
  - id: sign
    title: {fr: "Signez", en: "Sign"}
    form:
      fields:
        - {id: mark, type: signature, label: {fr: Signature, en: Signature}, required: "true"}
        - {id: age, type: number, label: {fr: Âge, en: Age}, required: "true"}
    next: done
  - id: done
    title: {fr: Signé, en: Signed}
    end: {outcome: solved}
`

// TestSignaturesAreImages signs by a typed name, as who has no script or no
// pointer does: an image is kept, which the person is given back.
func TestSignaturesAreImages(t *testing.T) {
	s := webtest.NewSite(t)
	desk := webtest.Desk(t)
	p, err := procedure.ReadProcedure([]byte(contract))
	if err != nil {
		t.Fatal(err)
	}
	desk.Procedures = append(desk.Procedures, p)
	webtest.Publish(t, s, webtest.Published{Domain: "production", Project: desk, Number: publication.Number{Major: 1}})
	b := webtest.NewBrowser(t, s).Open("/r/contract?lang=en")
	b.Sees(`name="sign.f.mark"`, `<signature-pad`)
	if regexp.MustCompile(`<input[^>]*name="f.mark"[^>]*required`).MatchString(b.Page) {
		t.Error("a browser without script asks for a file though a name would do")
	}
	for typed, want := range map[string]int{"": 422, "   ": 422, strings.Repeat("x", 100): 422, "توقيع": 422, "名前": 422} {
		if r := b.PartsWith(map[string]string{"sign.f.mark": typed, "f.age": "5"}); r.StatusCode != want {
			t.Errorf("%q: %d, want %d", typed, r.StatusCode, want)
		}
	}
	// Another field is refused: the signature stays.
	r := b.PartsWith(map[string]string{"sign.f.mark": "Zoé  Lefèvre-Núñez"})
	if r.StatusCode != http.StatusUnprocessableEntity {
		t.Fatalf("%d", r.StatusCode)
	}
	b.Page = webtest.Text(t, r)
	b.Sees("Zoé Lefèvre-Núñez.png")
	found := regexp.MustCompile(`name="f.mark" value="([0-9a-f]{64})"`).FindStringSubmatch(b.Page)
	if found == nil {
		t.Fatal("the signature is not kept")
	}
	if r := b.PartsWith(map[string]string{"f.mark": found[1], "f.age": "5"}); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d: %s", r.StatusCode, webtest.MainOf(webtest.Text(t, r)))
	}
	sent := b.Send("GET", "/x/"+strings.Split(b.Path, "/")[2]+"/files/"+found[1]+"/signature.png")
	if sent.StatusCode != http.StatusOK || !strings.HasPrefix(sent.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%d %s", sent.StatusCode, sent.Header.Get("Content-Disposition"))
	}
	drawn, err := png.Decode(bytes.NewReader([]byte(webtest.Text(t, sent))))
	if err != nil || drawn.Bounds().Dx() < 200 || drawn.Bounds().Dx() > 1600 {
		t.Fatalf("%v, %v", drawn, err)
	}
	dark := 0
	for x := range drawn.Bounds().Dx() {
		for y := range drawn.Bounds().Dy() {
			if level, _, _, _ := drawn.At(x, y).RGBA(); level < 0x8000 {
				dark++
			}
		}
	}
	if dark < 500 {
		t.Errorf("%d dark points: nothing is written", dark)
	}
}
