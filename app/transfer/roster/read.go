package roster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"selfhelp/app/fault"
)

// What a file may hold. Passwords are bounded apart: keeping one takes a
// fraction of a second, on purpose.
const (
	MostBytes     = 10_000_000
	MostLines     = 20_000
	MostPasswords = 500
)

// Sheet is a file that was read.
type Sheet struct {
	Columns []Column
	Lines   []Line
}

// Line is a line of a file.
type Line struct {
	Number int      // in the file, the first being 1
	Cells  []string // one for each column, "" where the line is shorter
	Beyond bool     // it has more cells than there are columns
}

// Read reads a file of comma-separated values, in any encoding and with any
// separator that spreadsheets write.
func Read(content []byte) (Sheet, error) {
	text, err := decoded(content)
	if err != nil {
		return Sheet{}, err
	}
	text, separator, skipped := separated(text)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = separator, -1
	heads, err := r.Read()
	if errors.Is(err, io.EOF) {
		return Sheet{}, fault.New(fault.Invalid, "fault.roster.empty")
	}
	if err != nil {
		return Sheet{}, unread(err, skipped)
	}
	for len(heads) > 1 && strings.TrimSpace(heads[len(heads)-1]) == "" {
		heads = heads[:len(heads)-1] // spreadsheets end lines with empty cells
	}
	s := Sheet{}
	if s.Columns, err = columnsOf(heads); err != nil {
		return Sheet{}, err
	}
	return s, s.readLines(r, skipped)
}

// readLines reads the lines below the first.
func (s *Sheet) readLines(r *csv.Reader, skipped int) error {
	passwords := 0
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return unread(err, skipped)
		}
		if !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			continue
		}
		number, _ := r.FieldPos(0)
		line := s.line(number+skipped, cells)
		for i, c := range s.Columns {
			if c.Field == Password && line.Cells[i] != "" {
				passwords++
			}
		}
		if s.Lines = append(s.Lines, line); len(s.Lines) > MostLines {
			return fault.New(fault.TooLarge, "fault.roster.lines", MostLines)
		}
	}
	switch {
	case len(s.Lines) == 0:
		return fault.New(fault.Invalid, "fault.roster.empty")
	case passwords > MostPasswords:
		return fault.New(fault.TooLarge, "fault.roster.passwords", MostPasswords)
	}
	return nil
}

func (s *Sheet) line(number int, cells []string) Line {
	l := Line{Number: number, Cells: make([]string, len(s.Columns))}
	copy(l.Cells, cells)
	for _, c := range cells[min(len(cells), len(s.Columns)):] {
		l.Beyond = l.Beyond || strings.TrimSpace(c) != ""
	}
	return l
}

// unread says where a file cannot be read on.
func unread(err error, skipped int) error {
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		return fault.Because(fault.Invalid, err, "fault.roster.quote", wrong.StartLine+skipped)
	}
	return fault.Because(fault.Invalid, err, "fault.roster.text")
}

// decoded is the text of a file: UTF-8 or UTF-16 by its mark, UTF-8 without one
// where it is that, else what Windows writes in western Europe.
func decoded(content []byte) (string, error) {
	if len(content) > MostBytes {
		return "", fault.New(fault.TooLarge, "fault.roster.large")
	}
	if isWorkbook(content) {
		return "", fault.New(fault.Invalid, "fault.roster.workbook")
	}
	marked := bytes.HasPrefix(content, []byte{0xff, 0xfe}) || bytes.HasPrefix(content, []byte{0xfe, 0xff})
	var from transform.Transformer
	switch {
	case marked:
		from = xunicode.UTF16(xunicode.LittleEndian, xunicode.ExpectBOM).NewDecoder()
	case utf8.Valid(content):
		content = bytes.TrimPrefix(content, []byte("\ufeff"))
	default:
		from = charmap.Windows1252.NewDecoder()
	}
	if from != nil {
		var err error
		if content, _, err = transform.Bytes(from, content); err != nil {
			return "", fault.Because(fault.Invalid, err, "fault.roster.text")
		}
	}
	if bytes.IndexByte(content, 0) >= 0 {
		return "", fault.New(fault.Invalid, "fault.roster.text")
	}
	return string(content), nil
}

// isWorkbook reports whether a file is one that a spreadsheet keeps as its own: a
// zip (Office Open XML, ECMA-376; OpenDocument) or a compound file ([MS-CFB] 2.2).
func isWorkbook(content []byte) bool {
	return bytes.HasPrefix(content, []byte("PK\x03\x04")) || bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
}

// separated finds what stands between cells: what the file says of itself in a
// line that spreadsheets know, else what its first line has most of; and returns
// the text without that line.
func separated(text string) (rest string, separator rune, skipped int) {
	first, after, _ := strings.Cut(text, "\n")
	first = strings.TrimRight(first, "\r")
	if said, is := strings.CutPrefix(strings.ToLower(first), "sep="); is && len(said) == 1 && strings.Contains(",;\t", said) {
		return after, rune(said[0]), 1
	}
	separator = ','
	most := 0
	for _, c := range ",;\t" {
		if n := strings.Count(first, string(c)); n > most {
			separator, most = c, n
		}
	}
	return text, separator, 0
}
