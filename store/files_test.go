package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"selfhelp/app/fault"
)

func TestFiles(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	content := bytes.Repeat([]byte("contenu "), 100_000)
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])
	if s.Files.Has(hash) {
		t.Error("it is here before it was put")
	}
	kept := must[Stored](t)(s.Files.Put(ctx, iotest.HalfReader(bytes.NewReader(content)), int64(len(content))))
	if kept != (Stored{Hash: hash, Size: int64(len(content))}) || !s.Files.Has(hash) {
		t.Errorf("got %+v", kept)
	}
	r, size, err := s.Files.Open(hash)
	check(t, err)
	defer r.Close()
	if got := must[[]byte](t)(io.ReadAll(r)); !bytes.Equal(got, content) || size != int64(len(content)) {
		t.Errorf("%d bytes of %d came back", len(got), size)
	}
	path := filepath.Join(s.dir, "files", hash[:2], hash[2:4], hash)
	if info := must[os.FileInfo](t)(os.Stat(path)); info.Mode().Perm() != 0o400 {
		t.Errorf("it has mode %o", info.Mode().Perm())
	}
	if empty := must[Stored](t)(s.Files.Put(ctx, strings.NewReader(""), 0)); empty.Size != 0 || !s.Files.Has(empty.Hash) {
		t.Errorf("nothing was kept as %+v", empty)
	}
}

func TestFilesRefused(t *testing.T) {
	s, _ := open(t)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		r    io.Reader
		kind fault.Kind
	}{
		"one byte too many": {t.Context(), strings.NewReader("12345678901"), fault.TooLarge},
		"endless":           {t.Context(), endless{}, fault.TooLarge},
		"cut off":           {t.Context(), io.MultiReader(strings.NewReader("12345"), iotest.ErrReader(io.ErrUnexpectedEOF)), fault.Internal},
		"given up":          {ended, strings.NewReader("1"), fault.Internal},
	} {
		if _, err := s.Files.Put(c.ctx, c.r, 10); !fault.Is(err, c.kind) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	var left []string
	check(t, filepath.WalkDir(filepath.Join(s.dir, "files"), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			left = append(left, path)
		}
		return err
	}))
	if len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	for _, hash := range []string{"", "..", "../../keys/publication.key", strings.Repeat("a", 63), strings.Repeat("A", 64), strings.Repeat("../", 21) + "a", strings.Repeat("0", 64)} {
		_, _, err := s.Files.Open(hash)
		refused(t, err, fault.NotFound, "fault.not_found")
		if s.Files.Has(hash) {
			t.Errorf("%q is here", hash)
		}
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

func TestTheSameFileAtOnce(t *testing.T) {
	s, _ := open(t)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			kept, err := s.Files.Put(t.Context(), strings.NewReader(fmt.Sprint("file ", i%4)), 100)
			if err != nil || !s.Files.Has(kept.Hash) {
				t.Errorf("got %+v, %v", kept, err)
			}
		})
	}
	wg.Wait()
	if names := must[[]string](t)(filepath.Glob(filepath.Join(s.dir, "files", "??", "??", "*"))); len(names) != 4 {
		t.Errorf("%d files", len(names))
	}
}

// TestHalfAFile leaves what a crash would: it is gone at the next start.
func TestHalfAFile(t *testing.T) {
	s, c := open(t)
	check(t, os.WriteFile(filepath.Join(s.dir, "files", "tmp", "put-1"), []byte("half"), 0o600))
	check(t, s.Close())
	again := must[*Store](t)(Open(t.Context(), s.dir, Options{Now: c.now, Log: quiet()}))
	*s = *again
	if _, err := os.Stat(filepath.Join(s.dir, "files", "tmp", "put-1")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
