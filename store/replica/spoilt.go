package replica

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"maps"
	"os"
	"sync"
)

// spoilt are the contents that are damaged here, or missing, and that the target would be
// sent: it lacks them, or has them damaged too. They are not: what is there may be the
// better one, and nothing waits for them.
type spoilt struct {
	dir       string
	target    string // its name
	log       *slog.Logger
	elsewhere func(hash string) string

	mu  sync.Mutex
	all map[string]string // and where each is whole; "" where nobody knows
}

// found keeps one, and tells of it once. Known is where it is whole, "" for nowhere yet. The
// backups are asked without the lock: their disk may be slow, and the status is not to wait.
func (s *spoilt) found(hash, known string) {
	if s.has(hash) {
		return
	}
	if known == "" && s.elsewhere != nil {
		known = s.elsewhere(hash)
	}
	if !s.keep(hash, known) {
		return
	}
	hint := "no backup here is known to have it: take the damaged one out of the folder files, and have it given again"
	if known != "" {
		hint = "it is whole in " + known + ": put that one in the place of the damaged one"
	}
	s.log.Error("a file is damaged here, and is not sent to the target", "file", hash, "hint", hint)
}

func (s *spoilt) has(hash string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, has := s.all[hash]
	return has
}

// keep reports whether that is new.
func (s *spoilt) keep(hash, known string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, has := s.all[hash]; has {
		return false
	}
	if s.all == nil {
		s.all = map[string]string{}
	}
	s.all[hash] = known
	return true
}

// now are those that are known.
func (s *spoilt) now() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.all)
}

// mended forgets those that are whole here again, and returns them.
func (s *spoilt) mended() (hashes []string) {
	for hash := range s.now() {
		if f, err := os.Open(localName(s.dir, hash)); err == nil {
			if holds(f, hash) == nil {
				hashes = append(hashes, hash)
			}
			f.Close()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, hash := range hashes {
		delete(s.all, hash)
		s.log.Info("a file that was damaged is whole here again, and goes to the target", "file", hash)
	}
	return hashes
}

// holds reads a content: otherContent where it is not the one of its name.
func holds(r io.Reader, hash string) error {
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		return err
	}
	if is := hex.EncodeToString(sum.Sum(nil)); is != hash {
		return otherContent{hash, is}
	}
	return nil
}
