package transfer

import (
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"

	"selfhelp/app/procedure"
)

// bigPicture is a PNG of a few bytes that says it is huge.
func bigPicture(width, height uint32) string {
	b := []byte(pixel)
	binary.BigEndian.PutUint32(b[16:], width)
	binary.BigEndian.PutUint32(b[20:], height)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return string(b)
}

// TestExamine looks at files that lie, run or flood, where they come in.
func TestExamine(t *testing.T) {
	const image, download = procedure.KindImage, procedure.KindDownload
	svg := func(inside string) string { return `<svg xmlns="http://www.w3.org/2000/svg">` + inside + `</svg>` }
	cases := []struct {
		name    string
		kind    procedure.ResourceKind
		content string
		want    string // key of the refusal, or the media type
	}{
		{"a.png", image, pixel, "image/png"},
		{"a.PNG", image, pixel, "image/png"},
		{"a.png", download, pixel, "image/png"},
		{"a.svg", image, drawing, mediaSVG},
		{"a.svg", image, "\ufeff  <!-- x --> " + svg(""), mediaSVG},
		{"a.pdf", procedure.KindPDF, "%PDF-1.4", "application/pdf"},
		{"a.mp3", procedure.KindAudio, "ID3\x04\x00", "audio/mpeg"},
		{"a.mp4", procedure.KindVideo, "\x00\x00\x00\x20ftypisom\x00", "video/mp4"},
		{"a.m4a", procedure.KindAudio, "\x00\x00\x00\x20ftypM4A \x00", "audio/mp4"},
		{"a.webm", procedure.KindVideo, "\x1a\x45\xdf\xa3\x01", "video/webm"},
		{"a.docx", download, "PK\x03\x04\x14", office + "wordprocessingml.document"},
		{"a.txt", download, "Bonjour à tous", "text/plain; charset=utf-8"},
		{"a.csv", download, "a;b\n1;2\n", "text/csv; charset=utf-8"},

		{"a.png", image, "", "content.unknown"},
		{"a.png", image, "\x00\x01\x02", "content.unknown"},
		{"a.png", image, "GIF89a", "content.mismatch"},
		{"a.gif", image, "GIF89a/*\xff*/=1;alert(1)", "content.image.pixels"},
		{"a.png", image, "\x89PNG\r\n\x1a\nnothing", "content.image.unreadable"},
		{"a.png", image, bigPicture(50_000, 50_000), "content.image.pixels"},
		{"a.png", image, bigPicture(1<<31-1, 1<<31-1), "content.image.unreadable"},
		{"a.pdf", image, "%PDF-1.4", "content.kind"},
		{"a.png", procedure.KindPDF, pixel, "content.kind"},
		{"a.png", image, "<html><body>", "content.runs"},
		{"a.txt", download, "  <!DOCTYPE html><p>", "content.runs"},
		{"a.txt", download, "<script>alert(1)</script>", "content.runs"},
		{"a.txt", download, "#!/bin/sh\nrm", "content.runs"},
		{"a.exe", download, "MZ\x90", "content.runs"},
		{"a.txt", download, "MZ\x90", "content.runs"},
		{"a.zip", download, "\x7fELF", "content.runs"},
		{"a.html", download, "hello", "content.mismatch"},
		{"a", download, "hello", "content.mismatch"},

		{"a.svg", image, svg("<script>1</script>"), "content.svg.active"},
		{"a.svg", image, svg("<SCRIPT/>"), "content.svg.active"},
		{"a.svg", image, svg(`<x:script xmlns:x="http://www.w3.org/2000/svg"/>`), "content.svg.active"},
		{"a.svg", image, svg(`<g onload="x()"/>`), "content.svg.active"},
		{"a.svg", image, svg(`<foreignObject/>`), "content.svg.active"},
		{"a.svg", image, svg(`<image href="https://evil.example/x.png"/>`), "content.svg.active"},
		{"a.svg", image, svg(`<use xlink:href="//evil.example/x.svg#a" xmlns:xlink="http://www.w3.org/1999/xlink"/>`), "content.svg.active"},
		{"a.svg", image, svg(`<a href="&#106;avascript:alert(1)"><path/></a>`), "content.svg.active"},
		{"a.svg", image, svg(`<a href="data:text/html,x"/>`), "content.svg.active"},
		{"a.svg", image, svg(`<a><animate attributeName="href" values="javascript:alert(1)"/></a>`), "content.svg.active"},
		{"a.svg", image, svg(`<style>@import "x"</style>`), "content.svg.active"},
		{"a.svg", image, svg(`<rect style="fill:URL( https://evil.example)"/>`), "content.svg.active"},
		{"a.svg", image, svg(`<rect style="fill:u\72l(//evil)"/>`), "content.svg.active"},
		{"a.svg", image, `<!DOCTYPE svg [<!ENTITY a "b">]>` + svg("&a;"), "content.svg.active"},
		{"a.svg", image, `<?xml-stylesheet href="https://evil.example"?>` + svg(""), "content.svg.active"},
		{"a.svg", image, `<?xml version="1.0"?><?xml-stylesheet href="https://evil.example"?>` + svg(""), "content.svg.active"},
		{"a.svg", image, "<svg><g></svg>", "content.svg.unreadable"},
		{"a.svg", image, svg(strings.Repeat(" ", maxSVG)), "content.svg.size"},
		{"a.svg", image, svg(`<image href="data:image/png;base64,AAAA"/><use href="#a"/>`), mediaSVG},
	}
	for _, c := range cases {
		file, err := Examine(c.name, c.kind, strings.NewReader(c.content))
		got := keyOf(err)
		if err == nil {
			got = file.Type
		}
		if got != c.want {
			t.Errorf("%s as %s %.40q: got %s (%v), want %s", c.name, c.kind, c.content, got, err, c.want)
		}
	}
}

func FuzzExamine(f *testing.F) {
	for _, seed := range []string{pixel, drawing, "GIF89a", "%PDF-1.4", "ID3", "<svg/>", "<?xml?><svg onload='x'/>"} {
		f.Add("a.svg", []byte(seed))
	}
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		file, err := Examine(name, procedure.KindImage, strings.NewReader(string(content)))
		if err == nil && file.Type == mediaSVG && strings.Contains(strings.ToLower(string(content)), "<script") {
			t.Errorf("a script went in: %q", content)
		}
	})
}
