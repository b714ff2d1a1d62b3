package transfer

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"
	"testing"

	"selfhelp/app/fault"
)

// A pixel in PNG, and a drawing.
const (
	pixel = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
		"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
	drawing = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><g fill="url(#a)"><path d="M0 0h2"/></g></svg>`
)

const lampUID = "lamp00000000000000000aaaaa"

// sample is an archive that has everything, file by file.
func sample() map[string]string {
	return map[string]string{
		"project.yaml": `schema: 1
uid: proj00000000000000000aaaaa
alias: help-desk
name: {fr: "Assistance", en: "Help desk"}
languages: [fr, en]
news:
  - id: n1
    title: {fr: "Nouveau", en: "New"}
    procedure: ` + lampUID + `
resources:
  - id: box
    kind: image
    alt: {fr: "La boîte", en: "The box"}
    files:
      "": {name: "Box de l'étage.png"}
      fr: {name: "boîte.svg"}
  - id: manual
    kind: pdf
  - id: rooms
    kind: table
    rows: [{room: "12"}]
`,
		"procedures/lamp.yaml": `schema: 1
uid: ` + lampUID + `
alias: lamp
title: {fr: "La lampe", en: "The lamp"}
entry: true
steps:
  - {id: start, start: {}, next: ask}
  - id: ask
    title: {fr: "Allumée ?", en: "Is it on?"}
    text: {fr: "Regardez.\n\n![](resource:box)", en: "Look.\n\n![](resource:box)"}
    confirm: {yes: done, no: sub}
  - {id: sub, call: {procedure: bulb00000000000000000aaaaa}, next: done}
  - {id: done, end: {outcome: solved}}
`,
		"procedures/bulb.yaml": `schema: 1
uid: bulb00000000000000000aaaaa
alias: bulb
title: {fr: "L'ampoule", en: "The bulb"}
related: [` + lampUID + `]
steps:
  - {id: start, start: {}, next: done}
  - {id: done, end: {outcome: informed}}
`,
		"scenarios/lit.yaml": `schema: 1
id: lit
procedure: ` + lampUID + `
name: It is lit
moves:
  - {step: ask, answer: "yes"}
expect: {outcome: solved}
`,
		"resources/box.png":    pixel,
		"resources/box.fr.svg": drawing,
		"resources/manual.pdf": "%PDF-1.7\nnothing",
	}
}

// with returns the sample with files changed or, when empty, taken out.
func with(changes map[string]string) map[string]string {
	files := sample()
	for name, content := range changes {
		if content == "" {
			delete(files, name)
			continue
		}
		files[name] = content
	}
	return files
}

func zipOf(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, files[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readZip(b []byte, limits Limits) (*Archive, error) {
	tree, err := OpenZip(bytes.NewReader(b), int64(len(b)), limits)
	if err != nil {
		return nil, err
	}
	return Read(tree)
}

// keys lists where and why an archive was refused.
func keys(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	refusal, ok := errors.AsType[*Refusal](err)
	if !ok {
		t.Fatalf("got %v, not a refusal", err)
	}
	var list []string
	for _, p := range refusal.Problems {
		if p.Sentence("fr") == p.Key || p.Sentence("en") == p.Key {
			t.Errorf("%s has no sentence", p.Key)
		}
		list = append(list, p.Where()+" "+p.Key)
	}
	return list
}

func refused(t *testing.T, err error, want string) {
	t.Helper()
	if got := keys(t, err); !slices.Contains(got, want) {
		t.Errorf("got %q, want %q among them", got, want)
	}
}

func keyOf(err error) string {
	if err == nil {
		return ""
	}
	key, _ := fault.TextOf(err)
	return key
}
