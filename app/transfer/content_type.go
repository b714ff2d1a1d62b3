package transfer

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"selfhelp/app/procedure"
)

const mediaSVG = "image/svg+xml"

// contentType is one kind of file that is known by its first bytes.
type contentType struct {
	media string
	kind  procedure.ResourceKind
	exts  []string // the first is the one given on export; none: any
	runs  bool     // a program: never kept
	sized bool     // the standard library reads its width and height
	magic func(head []byte) bool
}

func (c contentType) hasExtension(ext string) bool {
	return len(c.exts) == 0 || slices.Contains(c.exts, ext)
}

// contentTypes are tried in order; the first whose magic holds, and among
// those the one that has the extension, is the type.
var contentTypes = []contentType{
	{media: "image/png", kind: procedure.KindImage, exts: []string{"png"}, sized: true, magic: starts("\x89PNG\r\n\x1a\n")},
	{media: "image/jpeg", kind: procedure.KindImage, exts: []string{"jpg", "jpeg"}, sized: true, magic: starts("\xff\xd8\xff")},
	{media: "image/gif", kind: procedure.KindImage, exts: []string{"gif"}, sized: true, magic: starts("GIF87a", "GIF89a")},
	{media: "image/webp", kind: procedure.KindImage, exts: []string{"webp"}, magic: riff("WEBP")},
	{media: "image/avif", kind: procedure.KindImage, exts: []string{"avif"}, magic: brand("avif", "avis")},
	{media: mediaSVG, kind: procedure.KindImage, exts: []string{"svg"}, magic: isSVG},
	{media: "audio/mpeg", kind: procedure.KindAudio, exts: []string{"mp3"}, magic: starts("ID3", "\xff\xfb", "\xff\xf3", "\xff\xf2")},
	{media: "audio/wav", kind: procedure.KindAudio, exts: []string{"wav"}, magic: riff("WAVE")},
	{media: "audio/ogg", kind: procedure.KindAudio, exts: []string{"ogg", "oga", "opus"}, magic: starts("OggS")},
	{media: "video/ogg", kind: procedure.KindVideo, exts: []string{"ogv"}, magic: starts("OggS")},
	{media: "audio/mp4", kind: procedure.KindAudio, exts: []string{"m4a"}, magic: brand("")},
	{media: "video/mp4", kind: procedure.KindVideo, exts: []string{"mp4", "m4v"}, magic: brand("")},
	{media: "video/webm", kind: procedure.KindVideo, exts: []string{"webm"}, magic: starts("\x1a\x45\xdf\xa3")},
	{media: "application/pdf", kind: procedure.KindPDF, exts: []string{"pdf"}, magic: starts("%PDF-")},
	{media: "application/x-msdownload", runs: true, magic: starts("MZ")},
	{media: "application/x-elf", runs: true, magic: starts("\x7fELF")},
	{media: "application/x-mach-o", runs: true, magic: starts("\xcf\xfa\xed\xfe", "\xce\xfa\xed\xfe", "\xca\xfe\xba\xbe")},
	{media: "text/x-shellscript", runs: true, magic: starts("#!")},
	{media: "text/html", runs: true, magic: isHTML},
	{media: office + "wordprocessingml.document", kind: procedure.KindDownload, exts: []string{"docx"}, magic: zipped},
	{media: office + "spreadsheetml.sheet", kind: procedure.KindDownload, exts: []string{"xlsx"}, magic: zipped},
	{media: office + "presentationml.presentation", kind: procedure.KindDownload, exts: []string{"pptx"}, magic: zipped},
	{media: "application/vnd.oasis.opendocument.text", kind: procedure.KindDownload, exts: []string{"odt"}, magic: zipped},
	{media: "application/vnd.oasis.opendocument.spreadsheet", kind: procedure.KindDownload, exts: []string{"ods"}, magic: zipped},
	{media: "application/vnd.oasis.opendocument.presentation", kind: procedure.KindDownload, exts: []string{"odp"}, magic: zipped},
	{media: "application/zip", kind: procedure.KindDownload, exts: []string{"zip"}, magic: zipped},
	{media: "text/csv; charset=utf-8", kind: procedure.KindDownload, exts: []string{"csv"}, magic: isText},
	{media: "text/calendar; charset=utf-8", kind: procedure.KindDownload, exts: []string{"ics"}, magic: isText},
	{media: "application/json", kind: procedure.KindDownload, exts: []string{"json"}, magic: isText},
	{media: "text/plain; charset=utf-8", kind: procedure.KindDownload, exts: []string{"txt", "md", "log", "conf", "ini", "yaml", "yml"}, magic: isText},
}

const office = "application/vnd.openxmlformats-officedocument."

// typeOf returns the type of a file: the first that its bytes allow and its
// extension confirms, else the first that its bytes allow, so that a refusal
// can name what the file really is. Empty and unknown files have no type.
func typeOf(head []byte, ext string) contentType {
	var first contentType
	for _, c := range contentTypes {
		if len(head) == 0 || !c.magic(head) {
			continue
		}
		if c.runs || c.hasExtension(ext) {
			return c
		}
		if first.media == "" {
			first = c
		}
	}
	return first
}

// typeNamed returns the type with a media type, nothing for an unknown one.
func typeNamed(media string) contentType {
	for _, c := range contentTypes {
		if c.media == media && len(c.exts) > 0 {
			return c
		}
	}
	return contentType{}
}

func starts(prefixes ...string) func([]byte) bool {
	return func(head []byte) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return bytes.HasPrefix(head, []byte(p)) })
	}
}

// riff is a RIFF container of one form.
func riff(form string) func([]byte) bool {
	return func(head []byte) bool {
		return len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == form
	}
}

// brand is an ISO base media file of one of the brands; "" is any brand.
func brand(brands ...string) func([]byte) bool {
	return func(head []byte) bool {
		return len(head) >= 12 && string(head[4:8]) == "ftyp" &&
			(brands[0] == "" || slices.Contains(brands, string(head[8:12])))
	}
}

func zipped(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// isText holds for UTF-8 without control characters that no text needs. The
// head may stop inside a character.
func isText(head []byte) bool {
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && n == 1 {
			return len(head) < utf8.UTFMax && !utf8.FullRune(head)
		}
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' {
			return false
		}
		head = head[n:]
	}
	return true
}

// leading returns the beginning of a text in lower case, without the byte
// order mark and the spaces that a browser passes over.
func leading(head []byte) []byte {
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	head = bytes.TrimLeft(head, " \t\r\n\f")
	return bytes.ToLower(head[:min(len(head), 1024)])
}

// isHTML holds for what a browser that guesses would take for a page.
func isHTML(head []byte) bool {
	start := leading(head)
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<script", "<iframe", "<table", "<title", "<h1", "<div", "<br", "<p>", "<!--"} {
		if bytes.HasPrefix(start, []byte(tag)) {
			return !isSVG(head)
		}
	}
	return false
}

// isSVG holds for an XML text whose first element is svg.
func isSVG(head []byte) bool {
	start := leading(head)
	for _, first := range []string{"<svg", "<?xml", "<!--", "<!doctype svg"} {
		if bytes.HasPrefix(start, []byte(first)) {
			return firstElement(head) == "svg"
		}
	}
	return false
}
