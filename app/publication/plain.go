package publication

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain returns the words of a CommonMark text, as search needs them: without
// marks, addresses and placeholders. It is some hundred times faster than
// reading the text properly, and need not be as exact: every text of a
// publication passes here twice.
func plain(source string) string {
	if !strings.ContainsAny(source, "#>*_`~[]|{&\\\n-<") {
		return source
	}
	var b strings.Builder
	b.Grow(len(source))
	for line := range strings.Lines(source) {
		line = bareLine(line)
		if line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		bareWords(&b, line)
	}
	return html.UnescapeString(b.String())
}

// bareLine drops what starts a line and says only what the line is: a quote, a
// heading, an item, a fence, a row of a table.
func bareLine(line string) string {
	line = strings.TrimSpace(line)
	for line != "" && strings.ContainsRune(">#-*+", rune(line[0])) {
		rest := strings.TrimLeft(line, ">#-*+")
		if rest != "" && rest[0] != ' ' && line[0] != '>' {
			break // **bold** at the start of a line
		}
		line = strings.TrimSpace(rest)
	}
	if strings.HasPrefix(line, "[!") || strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~") || strings.Trim(line, "|-: ") == "" {
		return ""
	}
	return line
}

// bareWords writes the words of a line without the marks inside it.
func bareWords(b *strings.Builder, line string) {
	before := ' ' // last letter written or passed over
	for i := 0; i < len(line); {
		r, size := utf8.DecodeRuneInString(line[i:])
		switch {
		case r == '\\' && i+1 < len(line) && unicode.IsPunct(rune(line[i+1])):
			b.WriteByte(line[i+1])
			size = 2
		case strings.HasPrefix(line[i:], "{{"):
			size = upTo(line[i:], "}}")
			b.WriteString("…")
		case strings.HasPrefix(line[i:], "]("):
			size = upTo(line[i:], ")")
		case strings.HasPrefix(line[i:], "!["):
			size = 2
		case r == '[' || r == ']' || r == '*' || r == '`' || r == '~':
		case r == '_' && !(isWord(before) && isWord(next(line, i+1))):
		case r == '|':
			b.WriteByte(' ')
		default:
			b.WriteString(line[i : i+size])
		}
		before = r
		i += size
	}
}

// upTo returns the length of s up to the end of a mark, all of it when the mark
// is missing.
func upTo(s, end string) int {
	if at := strings.Index(s, end); at >= 0 {
		return at + len(end)
	}
	return len(s)
}

func next(s string, at int) rune {
	r, _ := utf8.DecodeRuneInString(s[at:])
	return r
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
