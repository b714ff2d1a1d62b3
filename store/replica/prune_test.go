package replica_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"selfhelp/store/clocktest"
	"selfhelp/store/replica"
)

// takesOver begins the next epoch of a target in a folder of its own, with what the
// one before left, as of what the clock shows.
func (s *site) takesOver(t *testing.T, number int, name string) *site {
	t.Helper()
	b := &site{data: filepath.Join(t.TempDir(), "data"), target: s.target, dbs: map[string]*sql.DB{}, clock: s.clock, replica: s.replica}
	if _, err := s.settings(t).Restore(t.Context(), b.data, replica.Wanted{}, slog.New(slog.DiscardHandler), func(string, int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	if err := (replica.Epoch{Number: number, Site: name, Since: s.clock.Now()}).Keep(b.data); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b.dbs[name] = open(t, filepath.Join(b.data, name+".db"))
	}
	return b
}

func (s *site) has(name string) bool {
	_, err := os.Stat(filepath.Join(s.target, name))
	return err == nil
}

// TestEpochsAreKeptSixDays: an epoch that is over is taken away six days after the one
// that followed began, by who writes there now, and nothing else is.
func TestEpochsAreKeptSixDays(t *testing.T) {
	s := newSite(t)
	s.clock = clocktest.At(time.Now())
	r := s.started(t)
	s.says(t, r, 2)
	s.closeAll(t, r)
	s.clock.Pass(time.Minute)
	b := s.takesOver(t, 2, "metz")
	second := b.started(t)
	defer b.closeAll(t, second)
	second.Look(t.Context())

	if err := os.MkdirAll(filepath.Join(s.target, "content", "e0003-nice", "ltx", "0"), 0o700); err != nil { // somebody prepares
		t.Fatal(err)
	}
	s.clock.Pass(144*time.Hour - time.Minute)
	second.Look(t.Context())
	if p, err := second.Prune(t.Context()); err != nil || len(p.Epochs) > 0 || !s.has("content/e0001-lyon/ltx/0") {
		t.Errorf("before its time: %+v, %v", p, err)
	}
	s.clock.Pass(2 * time.Minute)
	p, err := second.Prune(t.Context())
	if err != nil || fmt.Sprint(p.Epochs) != "[e0001-lyon]" {
		t.Fatalf("%+v, %v", p, err)
	}
	for name, want := range map[string]bool{
		"content/e0001-lyon": false, "activity/e0001-lyon": false, "manifests/e0001-lyon.json": false,
		"epochs/0001.json": true, "content/e0002-metz/ltx/0": true, "manifests/e0002-metz.json": true, "content/e0003-nice/ltx/0": true,
	} {
		if s.has(name) != want {
			t.Errorf("%s is there: %v", name, !want)
		}
	}
	if p, err := second.Prune(t.Context()); err != nil || len(p.Epochs) > 0 {
		t.Errorf("again: %+v, %v", p, err)
	}
	dir, _, err := b.restored(t, replica.Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, open(t, filepath.Join(dir, "content.db"))); n != 2 {
		t.Errorf("%d rows", n)
	}
}

// TestWhoIsReplacedTakesNothingAway: not its own, not what is older, not what is newer.
func TestWhoIsReplacedTakesNothingAway(t *testing.T) {
	s := newSite(t)
	s.clock = clocktest.At(time.Now())
	r := s.started(t)
	s.says(t, r, 1)
	s.closeAll(t, r)
	b := s.takesOver(t, 2, "metz")
	second := b.started(t)
	second.Look(t.Context())
	later, err := json.Marshal(replica.Epoch{Number: 3, Site: "nice", Since: s.clock.Now()})
	if err == nil {
		err = replica.Receive(s.target, "epochs/0003.json", bytes.NewReader(later), true)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.clock.Pass(1000 * time.Hour)
	if p, err := second.Prune(t.Context()); len(p.Epochs) > 0 || !isReplaced(err) {
		t.Errorf("%+v, %v", p, err)
	}
	if err := second.Examine(t.Context()); !isReplaced(err) {
		t.Errorf("it looks after what is not its own: %v", err)
	}
	if !s.has("content/e0001-lyon/ltx/0") {
		t.Error("it took the first epoch away")
	}
	second.Look(t.Context())
	b.closeAll(t, second)
}

func isReplaced(err error) bool { _, is := errors.AsType[replica.Replaced](err); return is }

// TestAnEpochThatCameToNothingEndsNone: the one before it is all there is.
func TestAnEpochThatCameToNothingEndsNone(t *testing.T) {
	s := newSite(t)
	s.clock = clocktest.At(time.Now())
	r := s.started(t)
	s.says(t, r, 1)
	s.closeAll(t, r)
	nothing, err := json.Marshal(replica.Epoch{Number: 2, Site: "metz", Since: s.clock.Now()})
	if err == nil {
		err = replica.Receive(s.target, "epochs/0002.json", bytes.NewReader(nothing), true)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.clock.Pass(1000 * time.Hour)
	b := s.takesOver(t, 3, "nice")
	third := b.started(t)
	defer b.closeAll(t, third)
	third.Look(t.Context())
	if p, err := third.Prune(t.Context()); err != nil || len(p.Epochs) > 0 || !s.has("content/e0001-lyon/ltx/0") {
		t.Errorf("an epoch goes a moment after it is over: %+v, %v", p, err)
	}
}

// TestFilesThatWereRemoved: a content that was removed here goes after six days, unless
// it came again; one that is only missing here stays, and so do files being written.
func TestFilesThatWereRemoved(t *testing.T) {
	s := newSite(t)
	s.clock = clocktest.At(time.Now())
	removed, again, lost := s.file(t, "sent and left"), s.file(t, "sent, left, sent again"), s.file(t, "on a bad sector")
	r := s.started(t)
	defer s.closeAll(t, r)
	s.says(t, r, 1)
	r.Look(t.Context())
	for _, hash := range []string{removed, again, lost} {
		if err := os.Remove(filepath.Join(s.data, "files", hash[:2], hash[2:4], hash)); err != nil {
			t.Fatal(err)
		}
	}
	r.GoneFile(removed)
	r.GoneFile(again)
	s.file(t, "sent, left, sent again")
	old, fresh := filepath.Join(s.target, "manifests", ".part-1"), filepath.Join(s.target, "manifests", ".part-2")
	tmp := filepath.Join(s.target, "content", "e0001-lyon", "ltx", "0", "0000000000000009-0000000000000009.ltx.tmp")
	for _, name := range []string{old, fresh, tmp} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{old, tmp} {
		if err := os.Chtimes(name, time.Time{}, s.clock.Now().Add(-25*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	p, err := r.Prune(t.Context())
	if err != nil || p.Files != 0 || p.Parts != 2 {
		t.Errorf("at once: %+v, %v", p, err)
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Error("a file that is being written was taken away")
	}
	at := func(hash string) bool { return s.has("files/" + hash[:2] + "/" + hash) }
	s.clock.Pass(144*time.Hour + time.Minute)
	if p, err = r.Prune(t.Context()); err != nil || p.Files != 1 {
		t.Errorf("after six days: %+v, %v", p, err)
	}
	if at(removed) || !at(again) || !at(lost) {
		t.Errorf("removed is there: %v, come again: %v, lost here: %v", at(removed), at(again), at(lost))
	}
}

// TestAClockThatJumps turns the clock a year on and two back (H94): the newest state
// stays, and what was whole is told by what happens and not by the clock.
func TestAClockThatJumps(t *testing.T) {
	s := newSite(t)
	s.clock = clocktest.At(time.Now())
	r := s.started(t)
	defer s.closeAll(t, r)
	rows := 0
	for _, jump := range []time.Duration{365 * 24 * time.Hour, -730 * 24 * time.Hour, 365 * 24 * time.Hour} {
		s.clock.Pass(jump)
		s.says(t, r, 1)
		rows++
		r.Look(t.Context())
		if st := r.Status(); st.Err != nil || !st.Whole.Equal(s.clock.Now()) {
			t.Errorf("after a jump of %v: %+v", jump, st)
		}
		if p, err := r.Prune(t.Context()); err != nil || len(p.Epochs)+p.Files > 0 {
			t.Errorf("after a jump of %v: %+v, %v", jump, p, err)
		}
		if err := r.Examine(t.Context()); err != nil || len(r.Status().Gaps) > 0 {
			t.Errorf("after a jump of %v: %v, %v", jump, r.Status().Gaps, err)
		}
		dir, back, err := s.restored(t, replica.Wanted{})
		if err != nil || len(back.Lacking) > 0 {
			t.Fatalf("after a jump of %v: %v, %v", jump, back.Lacking, err)
		}
		if n := count(t, open(t, filepath.Join(dir, "content.db"))); n != rows {
			t.Errorf("after a jump of %v: %d rows, not %d", jump, n, rows)
		}
	}
}

// TestWhatIsOverGoesFromEveryKind of target; a receiver of ours refuses that from
// elsewhere, and does it itself.
func TestWhatIsOverGoesFromEveryKind(t *testing.T) {
	for _, target := range kinds(t) {
		t.Run(target.name, func(t *testing.T) {
			s := newSite(t)
			s.clock, s.replica = clocktest.At(time.Now()), target.replica(t)
			removed := s.file(t, "sent and left")
			r := s.started(t)
			s.says(t, r, 2)
			s.closeAll(t, r)
			s.clock.Pass(time.Minute)
			b := s.takesOver(t, 2, "metz")
			second := b.started(t)
			defer b.closeAll(t, second)
			second.Look(t.Context())
			if st := second.Status(); st.Err != nil {
				t.Fatal(st.Err)
			}
			if err := os.Remove(filepath.Join(b.data, "files", removed[:2], removed[2:4], removed)); err != nil {
				t.Fatal(err)
			}
			second.GoneFile(removed)
			if p, err := second.Prune(t.Context()); err != nil || p.Some() {
				t.Fatalf("at once: %+v, %v", p, err)
			}
			s.clock.Pass(145 * time.Hour)
			second.Look(t.Context())
			p, err := second.Prune(t.Context())
			if target.name == "our receiver" {
				if err != nil || p.Some() {
					t.Errorf("the receiver is told what to take away: %+v, %v", p, err)
				}
				p, err = b.settings(t).From(only(t, target.folder)).PruneReceived(t.Context(), s.clock.Now())
			}
			if err != nil || fmt.Sprint(p.Epochs) != "[e0001-lyon]" || p.Files != 1 {
				t.Errorf("%+v, %v", p, err)
			}
			held, err := b.settings(t).Held(t.Context())
			if err != nil || len(held) != 2 || held[0].Some || !held[1].Some {
				t.Errorf("%+v, %v", held, err)
			}
			dir, back, err := b.restored(t, replica.Wanted{})
			if err != nil || back.Files != 0 {
				t.Fatalf("%+v, %v", back, err)
			}
			if n := count(t, open(t, filepath.Join(dir, "content.db"))); n != 2 {
				t.Errorf("%d rows", n)
			}
		})
	}
}

// only is the one folder in a folder.
func only(t *testing.T, dir string) string {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	return filepath.Join(dir, all[0].Name())
}
