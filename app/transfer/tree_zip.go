package transfer

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// errDirectory is what reading the table of contents gives past its limit.
var errDirectory = errors.New("the table of contents is too large")

// OpenZip lists the files of a zip, refusing it when one of them could harm.
func OpenZip(r io.ReaderAt, size int64, limits Limits) (*Tree, error) {
	bounded := &directoryReader{from: r, left: limits.Directory}
	z, err := zip.NewReader(bounded, size)
	switch {
	case errors.Is(err, errDirectory):
		return nil, &Refusal{[]Problem{{Key: "transfer.zip.entries", Args: []any{limits.Entries}}}}
	case err != nil:
		return nil, &Refusal{[]Problem{{Key: "transfer.zip.unreadable", Args: []any{err.Error()}}}}
	case len(z.File) > limits.Entries:
		return nil, &Refusal{[]Problem{{Key: "transfer.zip.entries", Args: []any{limits.Entries}}}}
	}
	bounded.open = true
	f := &findings{most: limits.Problems}
	entries := zipEntries(z, f)
	refuseOverlaps(z, f)
	if err := f.refusal(); err != nil {
		return nil, err
	}
	return newTree(entries, limits), nil
}

func newTree(entries []entry, limits Limits) *Tree {
	entries = lift(slices.DeleteFunc(entries, func(e entry) bool { return beside(e.name) }))
	entries = slices.DeleteFunc(entries, func(e entry) bool { return beside(e.name) })
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return &Tree{entries: entries, limits: limits}
}

func zipEntries(z *zip.Reader, f *findings) []entry {
	var entries []entry
	seen := map[string]string{}
	for _, file := range z.File {
		name, isFolder := strings.CutSuffix(file.Name, "/")
		if f.full() || !admit(name, seen, f) || isFolder && badFolder(file, f) {
			continue
		}
		switch {
		case isFolder:
		case !file.Mode().IsRegular():
			f.add(name, 0, "transfer.entry.irregular")
		case file.Flags&1 != 0:
			f.add(name, 0, "transfer.entry.encrypted")
		case file.Method != zip.Store && file.Method != zip.Deflate:
			f.add(name, 0, "transfer.entry.method", file.Method)
		default:
			entries = append(entries, entry{name, packedSize(file), file.Open})
		}
	}
	return entries
}

// packedSize is never 0, so that a file that claims to take no room at all is
// held to the ratio like any other.
func packedSize(file *zip.File) int64 { return max(1, int64(file.CompressedSize64)) }

// badFolder reports a folder that carries contents or is a link.
func badFolder(file *zip.File, f *findings) bool {
	if !file.Mode().IsDir() || file.UncompressedSize64 != 0 {
		f.add(printable(file.Name), 0, "transfer.entry.irregular")
		return true
	}
	return false
}

// refuseOverlaps finds entries that share bytes of the zip, the way a small
// file is made to unpack to a huge one.
func refuseOverlaps(z *zip.Reader, f *findings) {
	type span struct {
		from, to int64
		name     string
	}
	var spans []span
	for _, file := range z.File {
		from, err := file.DataOffset()
		if err != nil {
			f.add(printable(file.Name), 0, "transfer.zip.unreadable", err.Error())
			return
		}
		if file.CompressedSize64 > 0 {
			spans = append(spans, span{from, from + int64(file.CompressedSize64), file.Name})
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			f.add(printable(spans[i].name), 0, "transfer.entry.overlap", printable(spans[i-1].name))
		}
	}
}

// directoryReader bounds what reading the table of contents may cost, whatever
// number of entries it claims to have.
type directoryReader struct {
	from io.ReaderAt
	left int64
	open bool // the table is read, contents may be
}

func (d *directoryReader) ReadAt(b []byte, at int64) (int, error) {
	if !d.open {
		if d.left -= int64(len(b)); d.left < 0 {
			return 0, fmt.Errorf("read at %d: %w", at, errDirectory)
		}
	}
	return d.from.ReadAt(b, at)
}
