package login

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha1" // what lists of breached passwords are made with
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Breached is a list of passwords that became known elsewhere, which an operator
// gives as a file. It is one of two kinds: lines "SHA-1:count" sorted by hash, as
// haveibeenpwned.com offers them, of any size, searched where they lie; or
// passwords, one a line, read into memory. A nil list is empty.
type Breached struct {
	file  *os.File
	size  int64
	plain []uint64 // sorted beginnings of SHA-1; without a file of hashes
}

// Why a list is not taken.
var (
	ErrListFormat   = errors.New("the list has a line that is neither a SHA-1 hash with its count, nor a password")
	ErrListUnsorted = errors.New("the list is not sorted by hash")
	ErrListTooLarge = errors.New("the list of passwords is too large to be read into memory: take one of hashes")
)

// The bounds of lists.
const (
	maxPlain = 64 << 20 // bytes
	hexSize  = 2 * sha1.Size
	maxLine  = 80 // bytes of a line with a hash
	probes   = 64 // places where the order is looked at when a list is opened
)

// OpenBreached opens a list. What is wrong with it is told by ErrListFormat,
// ErrListUnsorted and ErrListTooLarge, as far as a look at some places finds it.
func OpenBreached(path string) (*Breached, error) {
	b := &Breached{}
	var err error
	if b.file, err = os.Open(path); err != nil {
		return nil, fmt.Errorf("open the list of breached passwords: %w", err)
	}
	if err := b.prepare(); err != nil {
		return nil, errors.Join(fmt.Errorf("open the list of breached passwords %s: %w", path, err), b.file.Close())
	}
	return b, nil
}

// Close ends the use of the list.
func (b *Breached) Close() error {
	if b == nil {
		return nil
	}
	return b.file.Close()
}

// Facts are how large the list is, and how many passwords it has; 0 when it is
// too large to be counted.
func (b *Breached) Facts() (bytes int64, passwords int) { return b.size, len(b.plain) }

// Has reports whether a password is in the list.
func (b *Breached) Has(password string) (bool, error) {
	if b == nil {
		return false, nil
	}
	sum := sha1.Sum([]byte(norm.NFC.String(password)))
	if b.plain != nil {
		_, found := slices.BinarySearch(b.plain, binary.BigEndian.Uint64(sum[:]))
		return found, nil
	}
	found, err := b.search(strings.ToUpper(hex.EncodeToString(sum[:])))
	if err != nil {
		return false, fmt.Errorf("look into the list of breached passwords: %w", err)
	}
	return found, nil
}

// prepare finds out which kind of list it is.
func (b *Breached) prepare() error {
	info, err := b.file.Stat()
	if err != nil {
		return err
	}
	b.size = info.Size()
	if first, err := b.lineAt(0); err != nil || b.size == 0 || first.hash == "" {
		return b.read()
	}
	before := ""
	for i := range int64(probes) {
		e, err := b.lineAt(b.size / probes * i)
		if err != nil {
			return err
		}
		if e.hash != "" && e.hash < before {
			return ErrListUnsorted
		}
		before = cmp.Or(e.hash, before)
	}
	return nil
}

// read takes passwords into memory.
func (b *Breached) read() error {
	if b.size > maxPlain {
		return ErrListTooLarge
	}
	b.plain = []uint64{}
	lines := bufio.NewScanner(io.NewSectionReader(b.file, 0, b.size))
	for lines.Scan() {
		line := bytes.TrimSuffix(lines.Bytes(), []byte("\r"))
		if bytes.IndexByte(line, 0) >= 0 {
			return ErrListFormat
		}
		if len(line) > 0 {
			sum := sha1.Sum(norm.NFC.Bytes(line))
			b.plain = append(b.plain, binary.BigEndian.Uint64(sum[:]))
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return ErrListFormat
	}
	slices.Sort(b.plain)
	b.plain = slices.Clip(slices.Compact(b.plain))
	return lines.Err()
}

// entry is a line with a hash; without one, it is where the file ends.
type entry struct {
	hash        string
	start, next int64
}

// search halves the file until it has found the hash, or the place where it
// would stand: some thirty-five reads for a thousand million lines.
func (b *Breached) search(want string) (bool, error) {
	low, high := int64(0), b.size
	above, below := "", "~" // what was seen before low, and from high on
	for low < high {
		middle := low + (high-low)/2
		e, err := b.lineAt(middle)
		if err != nil {
			return false, err
		}
		if e.hash == "" || e.start >= high {
			high = middle
			continue
		}
		if e.hash < above || e.hash > below {
			return false, ErrListUnsorted
		}
		switch strings.Compare(e.hash, want) {
		case 0:
			return true, nil
		case -1:
			low, above = e.next, e.hash
		default:
			high, below = middle, e.hash
		}
	}
	return false, nil
}

// lineAt reads the first line that starts at a place or behind it.
func (b *Breached) lineAt(place int64) (entry, error) {
	buffer := make([]byte, 2*maxLine)
	from := max(place-1, 0) // where the line before ends, when one starts right here
	n, err := b.file.ReadAt(buffer, from)
	if err != nil && !errors.Is(err, io.EOF) {
		return entry{}, err
	}
	ended := errors.Is(err, io.EOF)
	text, start := buffer[:n], from
	if place > 0 {
		end := bytes.IndexByte(text, '\n')
		if end < 0 && ended {
			return entry{}, nil
		} else if end < 0 {
			return entry{}, ErrListFormat
		}
		text, start = text[end+1:], from+int64(end)+1
	}
	end := bytes.IndexByte(text, '\n')
	if end < 0 && !ended {
		return entry{}, ErrListFormat
	} else if end < 0 {
		end = len(text)
	}
	if len(bytes.TrimSpace(text[:end])) == 0 && start+int64(end)+1 >= b.size {
		return entry{}, nil // behind the last
	}
	hash, err := hashOf(text[:end])
	return entry{hash, start, start + int64(end) + 1}, err
}

// hashOf reads a line: a hash, and how often it was seen.
func hashOf(text []byte) (string, error) {
	hash, count, _ := strings.Cut(strings.TrimSuffix(string(text), "\r"), ":")
	if _, err := hex.DecodeString(hash); err != nil || len(hash) != hexSize || strings.Trim(count, "0123456789") != "" {
		return "", ErrListFormat
	}
	return strings.ToUpper(hash), nil
}
