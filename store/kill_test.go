package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"selfhelp/store/db"
)

// workHard is a child's job: answer, write and publish, all at once, and say
// each thing on its own line once it is acknowledged, until killed.
func workHard(dir string) error {
	ctx := context.Background()
	s, err := Open(ctx, dir, Options{Log: quiet()})
	if err != nil {
		return err
	}
	fmt.Println("open")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { answerForEver(ctx, s) })
	}
	wg.Go(func() { writeForEver(ctx, s) })
	wg.Wait()
	return nil
}

func answerForEver(ctx context.Context, s *Store) {
	for {
		e := Execution{ID: NewID(), Project: "p", Procedure: "u", Alias: "a", Version: "1.0", Started: time.Now()}
		if err := s.Activity.StartExecution(ctx, e, Turn{Step: "ask", State: []byte("sealed")}); err != nil {
			panic(err)
		}
		fmt.Printf("turn %s 1 \n", e.ID)
		for k := range 20 {
			u, _, err := s.Activity.AppendTurn(ctx, Turn{
				Execution: e.ID, Parent: int64(k) + 1, Input: fmt.Sprint("i", k), Step: "ask", State: []byte("sealed"),
				Edges: []Passage{{"u", "ask", "next"}}, Events: []byte(`[{"kind":"edge","procedure":"u","step":"ask","edge":"next"}]`),
			})
			if err != nil {
				panic(err)
			}
			fmt.Printf("turn %s %d i%d\n", e.ID, u.Seq, k)
		}
	}
}

// writeForEver imports projects of three procedures and publishes them.
func writeForEver(ctx context.Context, s *Store) {
	for {
		data := aProject(NewID(), 3)
		p, err := s.Content.CreateProject(ctx, "sandbox", data, "child")
		if err != nil {
			panic(err)
		}
		fmt.Printf("project %s\n", p.ID)
		v, err := s.Content.FreezeVersion(ctx, Freeze{Project: p.ID, Data: data, By: "child"})
		if err != nil {
			panic(err)
		}
		_, err = s.Content.Publish(ctx, p.ID, v.Number, "hash", "child", func(serial int64, active []Publication) ([]byte, error) {
			return fmt.Appendf(nil, "%d %s", serial, active[len(active)-1].Bundle), nil
		})
		if err != nil {
			panic(err)
		}
		fmt.Printf("publication %s\n", p.ID)
	}
}

// TestKilled kills the process at random moments and looks whether all
// that was acknowledged is there and nothing is half there. make test and CI do
// it sixty times.
func TestKilled(t *testing.T) {
	kills := 8
	if thorough() {
		kills = 60
	}
	dir := t.TempDir()
	acknowledged := 0
	for range kills {
		cmd, out := child(t, "work", dir)
		must[string](t)(out.ReadString('\n'))
		timer := time.AfterFunc(time.Duration(rand.IntN(120))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		said := linesOf(out)
		timer.Stop()
		_ = cmd.Wait()
		s := must[*Store](t)(Open(t.Context(), dir, Options{Log: quiet()}))
		allThere(t, s, said)
		nothingHalf(t, s)
		check(t, s.Close())
		acknowledged += len(said)
		if t.Failed() {
			return
		}
	}
	t.Logf("%d kills, %d things acknowledged, none lost", kills, acknowledged)
	if acknowledged == 0 {
		t.Error("the child did nothing")
	}
}

// linesOf reads whole lines until the other end is closed.
func linesOf(out *bufio.Reader) (lines []string) {
	for {
		line, err := out.ReadString('\n')
		if err != nil {
			return lines
		}
		lines = append(lines, strings.TrimSuffix(line, "\n"))
	}
}

// allThere looks for every thing that the child said it had done.
func allThere(t *testing.T, s *Store, said []string) {
	t.Helper()
	for _, line := range said {
		what, rest, _ := strings.Cut(line, " ")
		word := strings.Split(rest, " ")
		var err error
		switch what {
		case "turn":
			var seq int64
			fmt.Sscan(word[1], &seq)
			var u Turn
			if u, err = s.Activity.Turn(t.Context(), word[0], seq); err == nil && u.Input != word[2] {
				err = fmt.Errorf("it answers %q", u.Input)
			}
		case "project":
			_, err = s.Content.WholeProject(t.Context(), word[0])
		case "publication":
			var v Version
			if v, err = s.Content.Version(t.Context(), word[0], Number{1, 0}); err == nil && v.State != VersionActive {
				err = fmt.Errorf("it is %s", v.State)
			}
		default:
			err = fmt.Errorf("not understood")
		}
		if err != nil {
			t.Errorf("acknowledged, and lost: %s: %v", line, err)
		}
	}
}

// nothingHalf looks for what only half a transaction could have left.
func nothingHalf(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	for _, d := range []*db.DB{s.Content.DB, s.Activity.DB} {
		if v := must[string](t)(db.One(ctx, d, db.ScanText, "PRAGMA integrity_check")); v != "ok" {
			t.Errorf("%s: %s", d.Name, v)
		}
	}
	for name, query := range map[string]string{
		"projects without their procedures":   "SELECT count(*) FROM project p WHERE (SELECT count(*) FROM procedure WHERE project = p.id) <> 3",
		"procedures without a revision":       "SELECT count(*) FROM procedure p WHERE NOT EXISTS (SELECT 1 FROM revision r WHERE r.project = p.project AND r.procedure = p.uid)",
		"active versions without publication": "SELECT count(*) FROM version v WHERE (v.state = 'active') <> EXISTS (SELECT 1 FROM publication WHERE project = v.project AND active = 1)",
		"publications without a catalogue":    "SELECT (SELECT count(*) FROM publication) <> (SELECT count(*) FROM catalogue)",
	} {
		if n := must[int64](t)(db.One(ctx, s.Content.DB, db.ScanNumber, query)); n != 0 {
			t.Errorf("%d %s", n, name)
		}
	}
	for name, query := range map[string]string{
		"executions whose turns do not add up": "SELECT count(*) FROM execution e WHERE turns <> (SELECT count(*) FROM turn WHERE execution = e.n)",
		"ways not counted":                     "SELECT (SELECT count(*) FROM turn WHERE parent > 0) <> (SELECT coalesce(sum(times), 0) FROM passage)",
		"executions not counted":               "SELECT (SELECT count(*) FROM execution) <> (SELECT coalesce(sum(started), 0) FROM popular)",
	} {
		if n := must[int64](t)(db.One(ctx, s.Activity.DB, db.ScanNumber, query)); n != 0 {
			t.Errorf("%d %s", n, name)
		}
	}
	if _, err := s.Content.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
	if leftovers, _ := os.ReadDir(filepath.Join(s.dir, "files", "tmp")); len(leftovers) != 0 {
		t.Errorf("%d half files", len(leftovers))
	}
}
