package transfer

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// errTooLarge is what reading a file gives past what it may hold.
var errTooLarge = errors.New("more bytes than allowed")

// entry is one regular file of an archive.
type entry struct {
	name   string // from the top of the archive
	packed int64  // bytes it takes in a zip, 0 when it is not packed
	open   func() (io.ReadCloser, error)
}

// Tree is the files of an archive, whose names and kinds are known to be
// harmless. Nothing of their contents is known yet.
type Tree struct {
	entries []entry // sorted by name
	limits  Limits
	spent   int64 // bytes unpacked so far, over all files
	close   func() error
}

// Close releases the zip file or the folder.
func (t *Tree) Close() error {
	if t.close == nil {
		return nil
	}
	return t.close()
}

// read unpacks a whole file into memory, at most limit bytes of it.
func (t *Tree) read(e entry, limit int64) ([]byte, error) {
	r, err := t.open(e, limit)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// open starts reading a file; the reader fails past limit bytes, past the
// ratio, and past what the archive as a whole may unpack to.
func (t *Tree) open(e entry, limit int64) (io.ReadCloser, error) {
	r, err := e.open()
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", e.name, err)
	}
	return &metered{from: r, entry: e, tree: t, limit: limit}, nil
}

// metered counts what comes out of a packed file and stops it in time.
type metered struct {
	from  io.ReadCloser
	entry entry
	tree  *Tree
	limit int64
	out   int64
}

func (m *metered) Read(b []byte) (int, error) {
	n, err := m.from.Read(b)
	m.out += int64(n)
	m.tree.spent += int64(n)
	l := m.tree.limits
	switch {
	case m.out > m.limit, m.tree.spent > l.Bytes:
		return 0, errTooLarge
	case m.entry.packed > 0 && m.out > l.RatioFree && m.out/m.entry.packed > l.Ratio:
		return 0, errTooLarge
	}
	return n, err
}

func (m *metered) Close() error { return m.from.Close() }

// admit refuses names that are unsafe, or that another entry has already, and
// reports whether the entry may be looked at.
func admit(name string, seen map[string]string, f *findings) bool {
	if key := unsafeName(name); key != "" {
		f.add(printable(name), 0, key)
		return false
	}
	same := sameName(name)
	if other, taken := seen[same]; taken {
		f.add(name, 0, "transfer.name.duplicate", other)
		return false
	}
	seen[same] = name
	return true
}

// printable keeps a hostile name from writing over a terminal or a log.
func printable(name string) string {
	const most = 80
	name = strings.Map(func(r rune) rune {
		if unprintable(r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(name, "?"))
	if r := []rune(name); len(r) > most {
		name = string(r[:most]) + "…"
	}
	return name
}

// lift takes away the one folder that holds everything, which is what people
// get who pack a folder with their file manager or download one from a forge.
func lift(entries []entry) []entry {
	top := ""
	for _, e := range entries {
		first, _, below := strings.Cut(e.name, "/")
		if !below || top != "" && first != top {
			return entries
		}
		top = first
	}
	if isOurs(top) {
		return entries
	}
	lifted := make([]entry, len(entries))
	for i, e := range entries {
		e.name = strings.TrimPrefix(e.name, top+"/")
		lifted[i] = e
	}
	return lifted
}

func isOurs(folder string) bool {
	return folder == "procedures" || folder == "scenarios" || folder == "resources"
}

// beside reports whether a file is one that people and tools keep next to a
// project in Git or that file managers leave in zip files: it is passed over.
func beside(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	base := path.Base(name)
	switch {
	case strings.HasPrefix(first, ".git"), first == "__MACOSX", base == ".DS_Store", base == "Thumbs.db":
		return true
	case first != name:
		return false
	}
	upper := strings.ToUpper(base)
	return strings.HasPrefix(upper, "README") || strings.HasPrefix(upper, "LICENSE") || strings.HasPrefix(upper, "CHANGELOG")
}
