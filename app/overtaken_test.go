package app

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/config"
	"selfhelp/store"
	"selfhelp/store/replica"
)

// The second site took over while the first one could not be reached, and the first one
// comes back without its way to there: it learns from the presentation servers that its
// term is over, writes no more, says so and does not start again.
func TestTheFirstSiteComesBackCutOff(t *testing.T) {
	t.Parallel()
	data, target, elsewhere := filepath.Join(t.TempDir(), "data"), t.TempDir(), t.TempDir()
	for _, dir := range []string{target, elsewhere} {
		if err := replica.Prepare(dir); err != nil {
			t.Fatal(err)
		}
	}
	first := copied(t, data, target)
	first.Role = config.Edition
	lyon, end := started(t, first)
	shown, _ := started(t, config.Config{Role: config.Presentation})
	if _, err := lyon.platform.Join(t.Context(), store.Server{Name: "p1", Address: shown.URL(), Target: "production"}, shown.joiningCode(), "test"); err != nil {
		t.Fatal(err)
	}
	if err := lyon.store.Secure(t.Context()); err != nil {
		t.Fatal(err)
	}
	second := copied(t, filepath.Join(t.TempDir(), "data"), elsewhere)
	second.Role, second.New = config.Edition, false
	cloneFolder(t, data, second.Data)
	if err := (replica.Epoch{Number: 2, Site: "metz", Since: time.Now()}).Keep(second.Data); err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{"fence.json", "turn.json"} {
		if err := os.RemoveAll(filepath.Join(second.Data, left)); err != nil {
			t.Fatal(err)
		}
	}
	metz, endSecond := started(t, second)
	defer endSecond()
	metz.platform.Kick()

	writes := func() error { _, err := lyon.store.Content.NewSetupToken(t.Context(), time.Hour); return err }
	for until := time.Now().Add(30 * time.Second); keyOf(writes()) != "fault.store.fenced"; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("the first site goes on writing: %v", writes())
		}
	}
	if facts := lyon.watch.Facts(t.Context()); facts.Replica.Replaced != "e0002-metz" {
		t.Errorf("its status: %+v", facts.Replica)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	first.New, first.Listen = false, "127.0.0.1:0"
	if _, err := Open(t.Context(), first, slog.New(slog.DiscardHandler)); keyOf(err) != "fault.store.fenced" {
		t.Errorf("it starts again: %v", err)
	}
	if _, err := metz.store.Content.NewSetupToken(t.Context(), time.Hour); err != nil {
		t.Errorf("the second site: %v", err)
	}
}

// What came from the other site does not take the place of what was written here after it,
// unless somebody says so: a server that did not come up after a promotion is started, not
// promoted again.
func TestPromotedAgain(t *testing.T) {
	t.Parallel()
	sites := newTwoSites(t)
	stop := sites.stands(t)
	a, end := started(t, sites.config("a"))
	if err := a.store.Secure(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(sites.b, "keys"), os.DirFS(filepath.Join(sites.a, "keys"))); err != nil {
		t.Fatal(err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	stop()
	var out, errs said
	if code := sites.command(t.Context(), &out, &errs, "promote"); code != 0 {
		t.Fatalf("promote: %s", errs.String())
	}
	if code := sites.command(t.Context(), &out, &errs, "promote"); code == 0 || !strings.Contains(errs.String(), "written since, as e0002-metz") {
		t.Errorf("promoted again: %d %s", code, errs.String())
	}
	if code := sites.command(t.Context(), &out, &errs, "promote", "--anyway"); code != 0 {
		t.Errorf("anyway: %s", errs.String())
	}
	noted := Terminal{Args: []string{"recovery", "note", "--data", sites.b, "seen"}, Out: &out, Err: &errs, Env: sites.look}
	if code := Main(t.Context(), noted); code != 0 || !strings.Contains(out.String(), "selfhelp@metz") {
		t.Errorf("noted by %s%s", out.String(), errs.String())
	}
}
