package backup

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/superfly/ltx"
)

// pageSum is how many bytes of the SHA-256 of a page are kept: enough that two which
// differ never look the same.
const pageSum = 16

// survey sums a database page after page.
type survey struct {
	size  uint32 // of a page
	count uint32 // pages
	lock  uint32 // the page that holds nothing
	whole hash.Hash
	check hash.Hash64
	sums  []byte // pageSum bytes for each page
	sum   ltx.Checksum
}

func (s *survey) add(no uint32, page []byte) {
	s.whole.Write(page)
	one := sha256.Sum256(page)
	s.sums = append(s.sums, one[:pageSum]...)
	if no != s.lock {
		s.sum = ltx.ChecksumFlag | (s.sum ^ ltx.ChecksumPageWithHasher(s.check, no, page))
	}
}

// differs compares a page that was just added with that of a full.
func (s *survey) differs(no uint32, full []byte) bool {
	from, to := int(no-1)*pageSum, int(no)*pageSum
	return to > len(full) || !bytes.Equal(s.sums[from:to], full[from:to])
}

func (s *survey) database(name string) Database {
	return Database{
		Name: name, Bytes: int64(s.size) * int64(s.count), Hash: hex.EncodeToString(s.whole.Sum(nil)), PageSize: s.size, Sum: s.sum,
	}
}

// surveyed reads a database that nobody has open. Begin is called before its first page.
func surveyed(path string, begin func(*survey) error, each func(s *survey, no uint32, page []byte) error) (*survey, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s := &survey{whole: sha256.New(), check: ltx.NewHasher()}
	if err := s.measure(f); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := begin(s); err != nil {
		return nil, err
	}
	r := bufio.NewReaderSize(f, 1<<20)
	page := make([]byte, s.size)
	for no := uint32(1); no <= s.count; no++ {
		if _, err := io.ReadFull(r, page); err != nil {
			return nil, err
		}
		s.add(no, page)
		if err := each(s, no, page); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// measure reads how large the pages are, and how many there are.
func (s *survey) measure(f *os.File) error {
	var head [100]byte
	if _, err := f.ReadAt(head[:], 0); err != nil {
		return fmt.Errorf("it is no database: %w", err)
	}
	if s.size = uint32(binary.BigEndian.Uint16(head[16:])); s.size == 1 {
		s.size = 1 << 16
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !ltx.IsValidPageSize(s.size) || info.Size()%int64(s.size) != 0 {
		return errors.New("it is no database")
	}
	s.count, s.lock = uint32(info.Size()/int64(s.size)), ltx.LockPgno(s.size)
	return nil
}

// writeFull writes a whole database and returns its survey.
func writeFull(w io.Writer, path string) (*survey, error) {
	return surveyed(path, func(*survey) error { return nil }, func(_ *survey, _ uint32, page []byte) error {
		_, err := w.Write(page)
		return err
	})
}

// writeIncrement writes the pages of a database that differ from those of a full, as an
// LTX file. The full counts as its first transaction, and this as the second.
func writeIncrement(w io.Writer, path string, full Database, sums []byte, at int64) (*survey, error) {
	buffered := bufio.NewWriterSize(w, 1<<20)
	enc, err := ltx.NewEncoder(buffered)
	if err != nil {
		return nil, err
	}
	s, err := surveyed(path, func(s *survey) error {
		return enc.EncodeHeader(ltx.Header{
			Version: ltx.Version, PageSize: s.size, Commit: s.count, MinTXID: 2, MaxTXID: 2, Timestamp: at, PreApplyChecksum: full.Sum,
		})
	}, func(s *survey, no uint32, page []byte) error {
		if no == s.lock || !s.differs(no, sums) {
			return nil
		}
		return enc.EncodePage(ltx.PageHeader{Pgno: no}, page)
	})
	if err != nil {
		return nil, err
	}
	enc.SetPostApplyChecksum(s.sum)
	return s, errors.Join(enc.Close(), buffered.Flush())
}

// applyIncrement turns a full's database into the one that an LTX file leads to.
func applyIncrement(r io.Reader, path string, full, want Database) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	dec := ltx.NewDecoder(bufio.NewReaderSize(r, 1<<20))
	if err := dec.DecodeHeader(); err != nil {
		return err
	}
	h := dec.Header()
	if h.PreApplyChecksum != full.Sum || h.PageSize != want.PageSize {
		return fmt.Errorf("what changed of %s belongs to another full", want.Name)
	}
	page := make([]byte, h.PageSize)
	for {
		var at ltx.PageHeader
		if err := dec.DecodePage(&at, page); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		if _, err := f.WriteAt(page, int64(at.Pgno-1)*int64(h.PageSize)); err != nil {
			return err
		}
	}
	if err := dec.Close(); err != nil {
		return err
	}
	if dec.Trailer().PostApplyChecksum != want.Sum {
		return fmt.Errorf("what changed of %s leads to another state", want.Name)
	}
	return f.Truncate(want.Bytes)
}

// same compares a database that came back with the one that was copied.
func (d Database) same(path string) error {
	if err := (Piece{Bytes: d.Bytes, Hash: d.Hash}).holds(path); err != nil {
		return fmt.Errorf("%s came back as another one: %w", filepath.Base(path), err)
	}
	return nil
}
