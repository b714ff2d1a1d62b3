package replica_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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

// TestAContentThatIsDamagedHereToo turns a bit of a file here and at the target: it is not
// sent, is told once with where else it is, and comes to the target when it is whole here
// again. One that is damaged here before it was sent keeps nothing else from the target.
func TestAContentThatIsDamagedHereToo(t *testing.T) {
	s := newSite(t)
	log := &heard{}
	r, err := replica.Start(t.Context(), s.settings(t), replica.Options{
		Dir: s.data, Epoch: s.epoch(t), Log: slog.New(slog.NewTextHandler(log, nil)), Now: time.Now, Replaced: func(replica.Replaced) {}, Healed: func(replica.Healed) {},
		Elsewhere: func(hash string) string { return "the backup of " + hash[:4] },
	})
	if err != nil {
		t.Fatal(err)
	}
	here := func(hash, content string) {
		t.Helper()
		name := filepath.Join(s.data, "files", hash[:2], hash[2:4], hash)
		if err := errors.Join(os.Remove(name), os.WriteFile(name, []byte(content), 0o400)); err != nil {
			t.Fatal(err)
		}
	}
	there := func(hash string) string {
		b, _ := os.ReadFile(filepath.Join(s.target, "files", hash[:2], hash))
		return string(b)
	}
	look := func(times int) {
		t.Helper()
		for range times {
			r.Doubt()
			if err := r.Examine(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	sent, unsent := s.file(t, "the leaflet"), s.file(t, "the map")
	r.NewFile(sent)
	s.says(t, r, 1)
	here(sent, "the leaflat")
	if err := errors.Join(os.Remove(filepath.Join(s.target, "files", sent[:2], sent)), os.WriteFile(filepath.Join(s.target, "files", sent[:2], sent), []byte("the leeflet"), 0o600)); err != nil {
		t.Fatal(err)
	}
	here(unsent, "the mop")
	r.NewFile(unsent)
	s.says(t, r, 1)
	look(3)
	if there(sent) != "the leeflet" || there(unsent) != "" {
		t.Errorf("what is damaged was sent: %q %q", there(sent), there(unsent))
	}
	if log.times(sent) != 1 || log.times(unsent) != 1 || log.times("the backup of "+sent[:4]) != 1 {
		t.Errorf("the log:\n%s", &log.said)
	}
	if got := r.Status().Spoilt; len(got) != 2 || got[sent] != "the backup of "+sent[:4] {
		t.Errorf("the status: %v", got)
	}
	here(sent, "the leaflet")
	here(unsent, "the map")
	look(1)
	if there(sent) != "the leaflet" || there(unsent) != "the map" || len(r.Status().Spoilt) != 0 {
		t.Errorf("it does not come: %q %q %v", there(sent), there(unsent), r.Status().Spoilt)
	}
	s.closeAll(t, r)
}
