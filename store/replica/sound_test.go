package replica_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"selfhelp/store/replica"
)

// TestADamagedSnapshotWhoseChangesAreThere turns a bit of the snapshot while the changes
// that it was put together of are there: what was copied comes back by them, and looking
// through the target names the file.
func TestADamagedSnapshotWhoseChangesAreThere(t *testing.T) {
	places(t, func(t *testing.T, s *site, p place) {
		r := s.started(t)
		begun(t, p)
		s.says(t, r, 3)
		s.closeAll(t, r)
		for _, file := range p.list(t, p.snapshots()) {
			b := p.read(t, file)
			b[len(b)/2] ^= 1
			p.write(t, file, b)
		}
		gaps, err := s.settings(t).Gaps(t.Context(), s.epoch(t))
		if err != nil || len(gaps) != 1 || gaps[0].Open() || !strings.Contains(gaps[0].String(), "other files stand in for it") {
			t.Errorf("found: %v, %v", gaps, err)
		}
		dir, _, err := s.restored(t, replica.Wanted{})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(t, open(t, filepath.Join(dir, "content.db"))); n != 3 {
			t.Errorf("%d rows came back, not 3", n)
		}
	})
}

// TestADamagedContent turns a bit of a file at the target: looking through it names the
// file, a restore says that it lacks, and a server that runs brings it again.
func TestADamagedContent(t *testing.T) {
	places(t, func(t *testing.T, s *site, p place) {
		r := s.started(t)
		hash := s.file(t, "the leaflet")
		r.NewFile(hash)
		s.says(t, r, 1)
		file := "files/" + hash[:2] + "/" + hash
		p.write(t, file, []byte("the leaflat"))
		own := filepath.Join(s.data, "files")
		wrong, err := s.settings(t).Contents(t.Context(), own)
		if err != nil || len(wrong) != 1 || !strings.Contains(wrong[0], hash) {
			t.Errorf("found: %q, %v", wrong, err)
		}
		_, back, err := s.restored(t, replica.Wanted{})
		if err != nil || len(back.Lacking) != 1 || !strings.Contains(back.Lacking[0], hash) {
			t.Errorf("came back lacking %q, %v", back.Lacking, err)
		}
		if err := r.Examine(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := string(p.read(t, file)); got != "the leaflet" {
			t.Errorf("the target has %q", got)
		}
		p.remove(t, file)
		if wrong, err = s.settings(t).Contents(t.Context(), own); err != nil || len(wrong) != 1 || !strings.Contains(wrong[0], "not at the target") {
			t.Errorf("found: %q, %v", wrong, err)
		}
		s.closeAll(t, r)
	})
}

// TestWhatIsSoundIsBelieved: contents are read again a day later, not with each look.
func TestWhatIsSoundIsBelieved(t *testing.T) {
	s := newSite(t)
	r := s.started(t)
	hash := s.file(t, "the leaflet")
	r.NewFile(hash)
	s.says(t, r, 1)
	at := filepath.Join(s.target, "files", hash[:2], hash)
	look := func() string {
		t.Helper()
		if err := r.Examine(t.Context()); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(at)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	look()
	if err := os.Remove(at); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := look(); got != "damaged" {
		t.Errorf("it was read again at once: %q", got)
	}
	r.Doubt()
	if got := look(); got != "the leaflet" {
		t.Errorf("the target has %q", got)
	}
	s.closeAll(t, r)
}
