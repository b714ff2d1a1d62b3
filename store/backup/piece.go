package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"slices"
	"strings"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"selfhelp/app/fault"
)

// Recipients are who can open what is encrypted; none where nothing is.
type Recipients []age.Recipient

// Identities open what is encrypted to them.
type Identities []age.Identity

// mark tells recipients from others, "" for none. What is encrypted to some of them is of
// no use to others.
func (r Recipients) mark() string {
	if len(r) == 0 {
		return ""
	}
	var all []string
	for _, one := range r {
		all = append(all, fmt.Sprint(one)) // the public key
	}
	slices.Sort(all)
	return hashOf([]byte(strings.Join(slices.Compact(all), "\n")))[:16]
}

// ReadRecipients reads the public keys in a file, one a line.
func ReadRecipients(file string) (r Recipients, err error) {
	b, err := os.ReadFile(file)
	if err == nil {
		r, err = age.ParseRecipients(bytes.NewReader(b))
	}
	if err != nil {
		return nil, fmt.Errorf("read the recipients of backups in %s: %w", file, err)
	}
	return r, nil
}

// ReadIdentities reads the private keys in a file.
func ReadIdentities(file string) (i Identities, err error) {
	b, err := os.ReadFile(file)
	if err == nil {
		i, err = age.ParseIdentities(bytes.NewReader(b))
	}
	if err != nil {
		return nil, fmt.Errorf("read the identity that opens backups in %s: %w", file, err)
	}
	return i, nil
}

// summing counts and sums what goes through it.
type summing struct {
	w   io.Writer
	sum hash.Hash
	n   int64
}

func (s *summing) Write(b []byte) (int, error) {
	n, err := s.w.Write(b)
	s.n += int64(n)
	s.sum.Write(b[:n])
	return n, err
}

// writePiece writes a file, which is on the disk when it returns: encrypted where
// there are recipients.
func writePiece(path string, to Recipients, fill func(io.Writer) error) (p Piece, err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return p, err
	}
	s := &summing{w: f, sum: sha256.New()}
	if len(to) == 0 {
		err = fill(s)
	} else {
		err = encrypted(s, to, fill)
	}
	if err == nil {
		err = f.Sync()
	}
	return Piece{Bytes: s.n, Hash: hex.EncodeToString(s.sum.Sum(nil))}, errors.Join(err, f.Close())
}

func encrypted(w io.Writer, to Recipients, fill func(io.Writer) error) error {
	sealed, err := age.Encrypt(w, to...)
	if err != nil {
		return err
	}
	if err := fill(sealed); err != nil {
		return err
	}
	return sealed.Close()
}

// compressed is a filling that is compressed, by one thread: people are answered
// meanwhile.
func compressed(fill func(io.Writer) error) func(io.Writer) error {
	return func(w io.Writer) error {
		z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
		if err != nil {
			return err
		}
		if err := fill(z); err != nil {
			return err
		}
		return z.Close()
	}
}

// opened reads a file as it was before it was encrypted.
func opened(path string, sealed bool, by Identities, read func(io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if !sealed {
		return read(f)
	}
	if len(by) == 0 {
		return fault.New(fault.Invalid, "fault.backup.sealed")
	}
	plain, err := age.Decrypt(f, by...)
	if _, other := errors.AsType[*age.NoIdentityMatchError](err); other {
		return fault.Because(fault.Invalid, err, "fault.backup.identity")
	}
	if err != nil {
		return fmt.Errorf("decrypt %s: %w", path, err)
	}
	return read(plain)
}

// uncompressed is a reading of what was compressed.
func uncompressed(read func(io.Reader) error) func(io.Reader) error {
	return func(r io.Reader) error {
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return err
		}
		defer z.Close()
		return read(z)
	}
}

// holds compares a file with what was written.
func (p Piece) holds(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); n != p.Bytes || got != p.Hash {
		return fmt.Errorf("%s is damaged: it has %d bytes and the sum %s instead of %d and %s", path, n, got, p.Bytes, p.Hash)
	}
	return nil
}
