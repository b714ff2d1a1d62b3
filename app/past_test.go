package app

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/edition"
	"selfhelp/app/procedure"
	"selfhelp/store"
	"selfhelp/store/replica"
)

// lampOf is a project with one procedure of a title.
func lampOf(title string) *procedure.Project {
	return &procedure.Project{Schema: procedure.Schema, UID: "cccccccccccccccccccccccccc", Alias: "office", Name: procedure.T("Bureau", "Office"), Languages: []string{"fr", "en"}, Procedures: []*procedure.Procedure{{
		Schema: procedure.Schema, UID: "aaaaaaaaaaaaaaaaaaaaaaaaaa", Alias: "lamp", Title: procedure.T(title, title), Entry: true, Steps: []procedure.Step{
			{ID: "start", Start: &procedure.Start{}, Next: "end"}, {ID: "end", Title: procedure.T("Fin", "End"), End: &procedure.End{Outcome: procedure.Solved}},
		}}}}
}

func TestOnePartFromTheCommandLine(t *testing.T) {
	t.Parallel()
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	s, end := started(t, copied(t, data, target))
	project, err := s.store.Content.CreateProject(t.Context(), "sandbox", lampOf("First"), "ann")
	if err == nil {
		err = s.store.Secure(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond)
	at := time.Now().UTC().Format(time.RFC3339)
	time.Sleep(1100 * time.Millisecond)
	if project, err = s.store.Content.ReplaceProject(t.Context(), project.ID, project.Version, lampOf("Second"), "ann"); err == nil {
		err = s.store.Secure(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	part := func(args ...string) (int, string, string) {
		return ran(t, target, append([]string{"restore", "--data", data, "--at", at, "--project", "office"}, args...)...)
	}
	var dry struct {
		DryRun     bool `json:"dry_run"`
		Procedures []struct{ Alias, Now string }
	}
	code, out, errs := part("--dry-run", "--json")
	if err := json.Unmarshal([]byte(out), &dry); err != nil || code != 0 || !dry.DryRun || len(dry.Procedures) != 1 || dry.Procedures[0].Now != "changed" {
		t.Errorf("dry run beside a server that runs: %d %s %s", code, out, errs)
	}
	if code, _, errs := part(); code != 3 || !strings.Contains(errs, "/admin/past") {
		t.Errorf("beside a server that runs: %d %s", code, errs)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"takes --project":         {"restore", "--data", data, "--at", at, "--procedure", "lamp"},
		"takes --at":              {"restore", "--data", data, "--project", "office"},
		"neither --epoch":         {"restore", "--data", data, "--at", at, "--project", "office", "--anyway"},
		"takes copy or draft":     {"restore", "--data", data, "--at", at, "--project", "office", "--as", "it"},
		"There was no project":    {"restore", "--data", data, "--at", at, "--project", "house"},
		"but there was one in: s": {"restore", "--data", data, "--at", at, "--project", "office", "--domain", "production"},
		"There was no procedure":  {"restore", "--data", data, "--at", at, "--project", "office", "--procedure", "roof"},
		"is still to come":        {"restore", "--data", data, "--at", "2126-01-01 10:00", "--project", "office"},
		"Nothing that is kept re": {"restore", "--data", data, "--at", "2020-01-01 10:00", "--project", "office"},
	} {
		if code, _, errs := ran(t, target, args...); code == 0 || !strings.Contains(errs, want) {
			t.Errorf("%v: %d %s", args, code, errs)
		}
	}
	if code, out, errs := part("--procedure", "lamp"); code != 0 || !strings.Contains(out, "brought back as procedure lamp-2") {
		t.Errorf("a procedure: %d %s %s", code, out, errs)
	}
	if code, out, errs := part("--procedure", "lamp", "--as", "draft"); code != 0 || !strings.Contains(out, "brought back as procedure lamp\n") {
		t.Errorf("a draft: %d %s %s", code, out, errs)
	}
	if code, out, errs := part(); code != 0 || !strings.Contains(out, "brought back as project office-2; nobody owns it") {
		t.Errorf("a project: %d %s %s", code, out, errs)
	}
	st, err := store.Open(t.Context(), data, store.Options{Existing: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	lamp, err := st.Content.Procedure(t.Context(), project.ID, "aaaaaaaaaaaaaaaaaaaaaaaaaa")
	if err != nil || lamp.Data.Title.In["en"] != "First" || lamp.Revision != 3 {
		t.Errorf("the draft: %+v %v", lamp, err)
	}
}

// TestStartSweepsWhatKilledRestoresLeft beside the data.
func TestStartSweepsWhatKilledRestoresLeft(t *testing.T) {
	data := t.TempDir()
	left := filepath.Join(data, ".restore-123", "files")
	if err := os.MkdirAll(left, 0o700); err != nil {
		t.Fatal(err)
	}
	_, end := started(t, config.Config{Data: data})
	if _, err := os.Stat(filepath.Dir(left)); !os.IsNotExist(err) {
		t.Errorf("it is still there: %v", err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
}

// TestWhatARestoreWouldLose is named before it is lost.
func TestWhatARestoreWouldLose(t *testing.T) {
	t.Parallel()
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	s, end := started(t, copied(t, data, target))
	ctx := t.Context()
	project, err := s.store.Content.CreateProject(ctx, "sandbox", lampOf("First"), "ann")
	if err != nil {
		t.Fatal(err)
	}
	publish := func() {
		t.Helper()
		if _, err := s.edition.Publish(ctx, edition.Order{Project: project.ID, By: "ann"}); err != nil {
			t.Fatal(err)
		}
	}
	begin := func(id string, test bool) {
		t.Helper()
		e := store.Execution{ID: id, Project: project.ID, Procedure: "aaaaaaaaaaaaaaaaaaaaaaaaaa", Alias: "lamp", Version: "1.0", Test: test, Started: time.Now()}
		if err := s.store.Activity.StartExecution(ctx, e, store.Turn{Step: "start", Input: id, At: time.Now(), State: []byte("sealed")}); err != nil {
			t.Fatal(err)
		}
	}
	publish()
	begin("early", false)
	if err := s.store.Secure(ctx); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond)
	at := time.Now().UTC().Format(time.RFC3339)
	time.Sleep(1100 * time.Millisecond)
	publish()
	begin("late", false)
	begin("later", false)
	begin("tried", true)
	if err := s.store.Secure(ctx); err != nil {
		t.Fatal(err)
	}
	var dry struct{ Lost store.Lost }
	code, out, errs := ran(t, target, "restore", "--data", data, "--at", at, "--dry-run", "--json")
	if err := json.Unmarshal([]byte(out), &dry); err != nil || code != 0 {
		t.Fatalf("dry run: %d %v %s", code, err, errs)
	}
	if l := dry.Lost; l.Executions != 2 || len(l.Publications) != 1 || l.Publications[0].Project != "office" || l.Publications[0].By != "ann" || l.Publications[0].Version == "1.0" || !l.Publications[0].Active {
		t.Errorf("lost: %+v", dry.Lost)
	}
	if code, out, _ := ran(t, target, "restore", "--data", data, "--dry-run"); code != 0 || strings.Contains(out, "of now and not in it") {
		t.Errorf("the last state lacks something: %d %s", code, out)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	code, out, errs = ran(t, target, "restore", "--data", data, "--at", at)
	if code != 0 || !strings.Contains(out, "of now and not in it: 1 publication, 0 changed procedures, 2 executions\n  office ") || !strings.Contains(out, "goes on as e0002-lyon") {
		t.Errorf("restore: %d %s %s", code, out, errs)
	}
}
