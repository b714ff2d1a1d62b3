package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store/shape"
)

// shapes is a schema of our own to migrate through.
func shapes(n int) shape.Schema {
	all := []shape.Step{
		{Name: "1", SQL: "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT; INSERT INTO note (text) VALUES ('un'), ('deux')"},
		{Name: "2", SQL: "ALTER TABLE note ADD COLUMN at INTEGER NOT NULL DEFAULT 0"},
		{Name: "3", SQL: "CREATE TABLE other (note INTEGER NOT NULL REFERENCES note (id)) STRICT; INSERT INTO other SELECT id FROM note"},
	}
	return shape.Schema{Name: "test", ID: 0x53480099, Steps: all[:n]}
}

func shapeOf(t *testing.T, path string) (n int) {
	t.Helper()
	check(t, rawly(t, path, "").QueryRow(shape.SQLShape).Scan(&n))
	return n
}

func migrated(t *testing.T, path string, s shape.Schema) error {
	t.Helper()
	return shape.Migrate(t.Context(), path, s, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), quiet())
}

func copies(t *testing.T, path string) []string {
	t.Helper()
	return must[[]string](t)(filepath.Glob(filepath.Join(filepath.Dir(path), "before-migration", "*.db")))
}

func TestMigrationKeepsACopy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	check(t, migrated(t, path, shapes(1)))
	if c := copies(t, path); len(c) != 0 {
		t.Errorf("a new database was copied: %v", c)
	}
	check(t, migrated(t, path, shapes(1)))
	if c := copies(t, path); len(c) != 0 {
		t.Errorf("copied with nothing to do: %v", c)
	}
	check(t, migrated(t, path, shapes(3)))
	if n := shapeOf(t, path); n != 3 {
		t.Errorf("shape %d", n)
	}
	c := copies(t, path)
	if len(c) != 1 || !strings.Contains(c[0], "test-shape1-20261123T090000") {
		t.Fatalf("got %v", c)
	}
	if info := must[os.FileInfo](t)(os.Stat(c[0])); info.Mode().Perm() != 0o600 {
		t.Errorf("the copy has mode %o", info.Mode().Perm())
	}
	var n int
	check(t, rawly(t, c[0], "").QueryRow("SELECT count(*) FROM note").Scan(&n))
	if n != 2 || shapeOf(t, c[0]) != 1 {
		t.Errorf("the copy has %d notes and shape %d", n, shapeOf(t, c[0]))
	}
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	check(t, migrated(t, path, shapes(3)))
	err := migrated(t, path, shapes(2))
	refused(t, err, fault.Unavailable, "fault.store.newer")
	if shapeOf(t, path) != 3 {
		t.Error("the newer database was changed")
	}
}

func TestAnotherProgramsDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	_, err := rawly(t, path, "").Exec("CREATE TABLE recipe (a); PRAGMA user_version = 1")
	check(t, err)
	refused(t, migrated(t, path, shapes(2)), fault.Unavailable, "fault.store.foreign")
}

func TestAFailedMigrationLeavesTheShapeBefore(t *testing.T) {
	for name, bad := range map[string]string{
		"error":        "CREATE TABLE half (a) STRICT; INSERT INTO nowhere VALUES (1)",
		"broken links": "CREATE TABLE other (note INTEGER NOT NULL REFERENCES note (id)) STRICT; INSERT INTO other VALUES (99)",
	} {
		s := shapes(2)
		s.Steps = append(s.Steps, shape.Step{Name: "3", SQL: bad})
		fresh := filepath.Join(t.TempDir(), "test.db")
		if err := migrated(t, fresh, s); err == nil || shapeOf(t, fresh) != 0 {
			t.Errorf("%s: a new database has shape %d (%v)", name, shapeOf(t, fresh), err)
		}
		path := filepath.Join(t.TempDir(), "test.db")
		check(t, migrated(t, path, shapes(2)))
		if err := migrated(t, path, s); err == nil || !strings.Contains(err.Error(), "migration 3") {
			t.Errorf("%s: got %v", name, err)
		}
		if n := shapeOf(t, path); n != 2 {
			t.Errorf("%s: shape %d", name, n)
		}
		var left int
		check(t, rawly(t, path, "").QueryRow("SELECT count(*) FROM sqlite_schema WHERE name IN ('half', 'other')").Scan(&left))
		if left != 0 {
			t.Errorf("%s: half a migration is left", name)
		}
		check(t, shape.Migrate(t.Context(), path, shapes(3), time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), quiet())) // once mended
	}
}

// longMigration takes long enough to be killed in the middle.
const longMigration = `CREATE TABLE wide (a BLOB) STRICT;
INSERT INTO wide WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT zeroblob(3000) FROM n;
UPDATE wide SET a = zeroblob(3500);`

func longShapes() shape.Schema {
	s := shapes(2)
	s.Steps = append(s.Steps, shape.Step{Name: "long", SQL: longMigration})
	return s
}

// migrateLong is a child's job: migrate, slowly.
func migrateLong(path string) error {
	fmt.Println("go")
	return shape.Migrate(context.Background(), path, longShapes(), time.Now(), quiet())
}

// TestMigrationCutByPower kills the process in a migration: what was done
// before is whole, and the next start does the rest.
func TestMigrationCutByPower(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	check(t, migrated(t, path, shapes(1)))
	for i, wait := range []time.Duration{10, 40, 80} {
		cmd, out := child(t, "migrate", path)
		must[string](t)(out.ReadString('\n'))
		ctx, cancel := context.WithTimeout(t.Context(), wait*time.Millisecond)
		<-ctx.Done()
		cancel()
		check(t, cmd.Process.Kill())
		_ = cmd.Wait()
		db := rawly(t, path, "")
		var verdict string
		check(t, db.QueryRow("PRAGMA integrity_check").Scan(&verdict))
		t.Logf("killed after %d ms at shape %d", wait, shapeOf(t, path))
		if n := shapeOf(t, path); verdict != "ok" || n < 1 || n > 3 {
			t.Fatalf("kill %d: shape %d, %s", i, n, verdict)
		}
		var wide int
		check(t, db.QueryRow("SELECT count(*) FROM sqlite_schema WHERE name = 'wide'").Scan(&wide))
		if (shapeOf(t, path) == 3) != (wide == 1) {
			t.Fatalf("kill %d: half a migration is left", i)
		}
		check(t, db.Close())
	}
	check(t, migrated(t, path, longShapes()))
	if shapeOf(t, path) != 3 {
		t.Error("the rest was not done")
	}
}

// TestMigrationsAreInOrder: a file is never renamed nor taken out, and the next
// one has the next number.
func TestMigrationsAreInOrder(t *testing.T) {
	for _, s := range []shape.Schema{contentSchema, activitySchema} {
		for i, m := range s.Steps {
			if want := fmt.Sprintf("migrations/%s/%04d_", s.Name, i+1); !strings.HasPrefix(m.Name, want) {
				t.Errorf("%s does not begin with %s", m.Name, want)
			}
		}
	}
}

// TestTurnsSurviveTheirNewIndex brings executions of the second shape, with turns
// found by what was answered, to the present one.
func TestTurnsSurviveTheirNewIndex(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "activity.db")
	old := activitySchema
	old.Steps = old.Steps[:2]
	check(t, migrated(t, path, old))
	db := rawly(t, path, "")
	for _, query := range []string{
		"INSERT INTO execution (id, project, procedure, alias, version, started, touched, turns, step) VALUES ('one', 'p', 'u', 'a', '1.0', 1, 2, 2, 'b')",
		"INSERT INTO turn (execution, seq, parent, input, step, at, events, state) VALUES (1, 1, 0, '', 'a', 1, '[]', x'01'), (1, 2, 1, 'i', 'b', 2, '[]', x'02')",
	} {
		if _, err := db.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	check(t, db.Close())
	s := must[*Store](t)(Open(t.Context(), dir, Options{Log: quiet()}))
	defer func() { check(t, s.Close()) }()
	at := must[Standing](t)(s.Activity.Standing(t.Context(), "one"))
	if turns := must[[]Turn](t)(s.Activity.Turns(t.Context(), "one")); len(turns) != 2 || at.Last.Seq != 2 || string(at.Last.State) != "\x02" {
		t.Errorf("%+v came through, standing at %+v", turns, at.Last)
	}
	if u, again, err := s.Activity.AppendTurn(t.Context(), Turn{Execution: "one", Parent: 1, Input: "i", Step: "x", At: time.Now()}); err != nil || !again || u.Seq != 2 {
		t.Errorf("an answer of before, sent again, is turn %d (%v, %v)", u.Seq, again, err)
	}
}

// TestFailuresOfBeforeAreFound brings executions of the fourth shape, which did
// not say that they had failed, to the present one.
func TestFailuresOfBeforeAreFound(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "activity.db")
	old := activitySchema
	old.Steps = old.Steps[:4]
	check(t, migrated(t, path, old))
	day := time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC)
	db := rawly(t, path, "")
	for i, x := range []struct {
		events string
		ended  int64
		test   bool
	}{
		{`[{"kind":"answered"},{"kind":"failed"}]`, 0, false},
		{`[{"kind":"failed"},{"kind":"edge"},{"kind":"shown"}]`, 0, false}, // an error branch took it
		{`[{"kind":"failed"}]`, 9, false},
		{`[{"kind":"failed"}]`, 0, true},
		{`[]`, 0, false},
		{`null`, 0, false},
	} {
		_, err := db.Exec("INSERT INTO execution (n, id, project, procedure, alias, version, started, touched, ended, turns, test) VALUES (?1, 'e' || ?1, 'p', 'u', 'a', '1.0', ?2, ?2, ?3, 2, ?4)", i, day.UnixMicro(), x.ended, x.test)
		check(t, err)
		_, err = db.Exec(`INSERT INTO turn (execution, seq, parent, input, step, at, events, state) VALUES (?1, 1, 0, '', 'a', 1, '[{"kind":"failed"}]', x''), (?1, 2, 1, 'i', 'b', 2, ?2, x'')`, i, x.events)
		check(t, err)
	}
	_, err := db.Exec("INSERT INTO popular (project, procedure, day, started) VALUES ('p', 'u', '2026-11-20', 5), ('p', 'u', '2026-11-21', 1)")
	check(t, err)
	check(t, db.Close())
	s := must[*Store](t)(Open(t.Context(), dir, Options{Log: quiet()}))
	defer func() { check(t, s.Close()) }()
	for i, want := range []bool{true, false, false, true, false, false} {
		if e := must[Execution](t)(s.Activity.Execution(t.Context(), fmt.Sprint("e", i))); e.Failed != want {
			t.Errorf("execution %d failed: %v", i, e.Failed)
		}
	}
	days := must[[]Day](t)(s.Activity.Days(t.Context(), "p", "", day, day.AddDate(0, 0, 1)))
	if len(days) != 2 || days[0].Outcomes[procedure.Failed] != 1 || days[1].Outcomes[procedure.Failed] != 0 {
		t.Errorf("counted %+v", days)
	}
}
