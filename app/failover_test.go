package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/procedure"
	"selfhelp/app/recovery"
	"selfhelp/app/standby"
	"selfhelp/store"
	"selfhelp/store/replica"
)

// said is what a command prints, read while it runs.
type said struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(b)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// twoSites are two folders, the one copied to where the other receives.
type twoSites struct {
	a, b, received string
	listen         string // of the second site
	env            map[string]string
}

func newTwoSites(t *testing.T) *twoSites {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free.Close()
	s := &twoSites{a: filepath.Join(t.TempDir(), "a"), b: filepath.Join(t.TempDir(), "b"), received: t.TempDir(), listen: free.Addr().String()}
	local := t.TempDir()
	for _, dir := range []string{s.received, local} {
		if err := replica.Prepare(dir); err != nil {
			t.Fatal(err)
		}
	}
	s.env = map[string]string{"SELFHELP_RECEIVE_PASSWORD": "sixteen letters and more", "SELFHELP_REPLICA": local, "AT": s.listen}
	text := "levels: [{interval: 30s}, {interval: 5m}, {interval: 1h}]\nshutdown-sync-timeout: 1s\ndbs:\n"
	for _, db := range []string{"content", "activity"} {
		text += "  - {path: '${SELFHELP_DATA}/" + db + ".db', replica: {type: webdav, webdav-url: 'http://${AT}', webdav-username: selfhelp, webdav-password: '${SELFHELP_RECEIVE_PASSWORD}', path: 'replica/" + db + "/${SELFHELP_EPOCH}'}}\n"
	}
	if err := os.WriteFile(s.file("a"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

// file is the litestream.yml of a site: the second copies to a folder of its own.
func (s *twoSites) file(site string) string {
	if site == "b" {
		return "../litestream.yml"
	}
	return s.received + ".yml"
}

func (s *twoSites) look(name string) (string, bool) { v, given := s.env[name]; return v, given }

func (s *twoSites) config(site string) config.Config {
	c := config.Config{Replication: config.Embedded, File: s.file(site), Environment: s.look, Site: "metz", Data: s.b, Receive: s.received, ReceiveUser: "selfhelp"}
	if site == "a" {
		c.Site, c.Data, c.Receive, c.New = "lyon", s.a, "", true
	}
	return c
}

// command runs a command of the second site.
func (s *twoSites) command(ctx context.Context, out, err *said, args ...string) int {
	args = append(args, "--data", s.b, "--site", "metz", "--config", s.file("b"), "--receive", s.received)
	return Main(ctx, Terminal{Args: args, Out: out, Err: err, Env: s.look})
}

// stands starts the second site and returns what stops it.
func (s *twoSites) stands(t *testing.T) func() {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var out, errs said
	ended := make(chan int, 1)
	go func() { ended <- s.command(ctx, &out, &errs, "standby", "--listen", s.listen) }()
	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(out.String(), "receiving on"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the second site does not stand: %s", errs.String())
		}
	}
	return func() {
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("standby ended with %d: %s", code, errs.String())
		}
	}
}

func TestTheSecondSiteTakesOver(t *testing.T) {
	t.Parallel()
	sites := newTwoSites(t)
	stop := sites.stands(t)
	a, end := started(t, sites.config("a"))
	if _, err := a.store.Content.CreateDomain(t.Context(), store.Domain{ID: "north", Title: procedure.T("Nord", "North")}, "test"); err != nil {
		t.Fatal(err)
	}
	kept, err := a.store.Files.Put(t.Context(), strings.NewReader("a picture"), 100)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.store.Secure(t.Context()); err != nil {
		t.Fatal(err)
	}

	// The second site says how ready it is: not without the keys.
	reply, err := http.Get("http://" + sites.listen + "/readyz")
	if err != nil || reply.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("before anything came: %v %v", reply, err)
	}
	if err := os.CopyFS(filepath.Join(sites.b, "keys"), os.DirFS(filepath.Join(sites.a, "keys"))); err != nil {
		t.Fatal(err)
	}
	came, err := standby.New(sites.config("b"), slog.New(slog.DiscardHandler)).Check(t.Context())
	if err != nil || len(came.Wrong) > 0 || came.Epoch != "e0001-lyon" || came.Extent.Audit != 1 {
		t.Errorf("what came: %+v, %v", came, err)
	}

	// The first site is lost.
	stop()
	lost := time.Now()
	var out, errs said
	if code := sites.command(t.Context(), &out, &errs, "promote", "--json"); code != 0 {
		t.Fatalf("promote: %s", errs.String())
	}
	var report struct{ From, Epoch string }
	if err := json.Unmarshal([]byte(out.String()), &report); err != nil || report.From != "e0001-lyon" || report.Epoch != "e0002-metz" {
		t.Errorf("promoted: %s %v", out.String(), err)
	}
	c := sites.config("b")
	c.Listen = sites.listen
	b, _ := started(t, c)
	if _, err := b.store.Content.CreateDomain(t.Context(), store.Domain{ID: "east", Title: procedure.T("Est", "East")}, "test"); err != nil {
		t.Error(err)
	}
	t.Logf("RTO, without the people who decide: the second site took a write %s after the first was gone; nothing was lost that waited", time.Since(lost).Round(time.Millisecond))
	if _, err := b.store.Content.Domain(t.Context(), "north"); err != nil {
		t.Error(err)
	}
	if !b.store.Files.Has(kept.Hash) {
		t.Error("the picture did not come")
	}

	// The first one comes back: it is told, writes no more, and does not start.
	a.replicator.Look(t.Context())
	_, err = a.store.Content.CreateDomain(t.Context(), store.Domain{ID: "south", Title: procedure.T("Sud", "South")}, "test")
	if keyOf(err) != "fault.store.fenced" || !strings.Contains(fmt.Sprint(a.replicator.Status().Replaced), "e0002-metz") {
		t.Errorf("the first one writes: %v", err)
	}
	if err := end(); err != nil {
		t.Errorf("stopping what was replaced: %v", err)
	}
	again := sites.config("a")
	again.Listen, again.New = "127.0.0.1:0", false
	if _, err := Open(t.Context(), again, slog.New(slog.DiscardHandler)); keyOf(err) != "fault.store.fenced" {
		t.Errorf("the first one starts: %v", err)
	}
}

// Who was told once that another server has taken over knows it when nobody can tell it
// any more: the line is cut, or the other site does not receive, or nothing copies it.
func TestWhoWasReplacedRemembersIt(t *testing.T) {
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
	var out, errs said
	if code := sites.command(t.Context(), &out, &errs, "promote"); code != 0 {
		t.Fatalf("promote: %s", errs.String())
	}
	a.replicator.Look(t.Context())
	stop()
	if err := end(); err != nil {
		t.Error(err)
	}
	again := sites.config("a")
	again.Listen, again.New = "127.0.0.1:0", false
	for name, change := range map[string]func(c *config.Config){
		"the line is cut":  func(*config.Config) {},
		"nothing copies":   func(c *config.Config) { c.Replication = config.Off },
		"asked to be new":  func(c *config.Config) { c.New = true },
		"another replicas": func(c *config.Config) { c.File = sites.file("b") },
	} {
		c := again
		change(&c)
		s, err := Open(t.Context(), c, slog.New(slog.DiscardHandler))
		if keyOf(err) != "fault.store.fenced" {
			t.Errorf("%s: it starts: %v", name, err)
		}
		if err == nil {
			_ = s.Close()
		}
	}
	// A restore takes its place back only when it is told to.
	restore := func(args ...string) (int, string) {
		var out, errs said
		args = append([]string{"restore", "--data", sites.a, "--site", "lyon", "--backup", sites.backup(t)}, args...)
		code := Main(t.Context(), Terminal{Args: args, Out: &out, Err: &errs, Env: sites.look})
		return code, out.String() + errs.String()
	}
	if code, told := restore(); code != 3 || !strings.Contains(told, "--take-over") {
		t.Errorf("a restore: %d %s", code, told)
	}
	if code, told := restore("--take-over"); code != 0 || !strings.Contains(told, "e0003-lyon") {
		t.Errorf("a restore that is told to: %d %s", code, told)
	}
	alone := again
	alone.Replication = config.Off
	if s, err := Open(t.Context(), alone, slog.New(slog.DiscardHandler)); err != nil {
		t.Errorf("after it: %v", err)
	} else if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// A server that was away while the other site took over starts where the target does not
// answer, says so, and is told as soon as it does, though nobody gave the other one
// --receive.
func TestWhoWasAwayIsToldAtOnce(t *testing.T) {
	t.Parallel()
	sites := newTwoSites(t)
	stop := sites.stands(t)
	a, end := started(t, sites.config("a"))
	if err := a.store.Secure(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := end(); err != nil { // and the machine is away
		t.Error(err)
	}
	var out, errs said
	if code := sites.command(t.Context(), &out, &errs, "promote"); code == 0 || !strings.Contains(errs.String()+out.String(), "keys") {
		t.Errorf("promote without keys: %d %s%s", code, out.String(), errs.String())
	}
	if epochs, _ := filepath.Glob(filepath.Join(sites.received, "epochs", "*")); len(epochs) != 1 {
		t.Errorf("it entered an epoch all the same: %v", epochs)
	}
	if err := os.CopyFS(filepath.Join(sites.b, "keys"), os.DirFS(filepath.Join(sites.a, "keys"))); err != nil {
		t.Fatal(err)
	}
	if code := sites.command(t.Context(), &out, &errs, "promote"); code != 0 {
		t.Fatalf("promote: %s", errs.String())
	}
	stop()

	// The first site comes back, and the line is not there yet.
	var log said
	again := sites.config("a")
	again.New, again.Listen = false, "127.0.0.1:0"
	a, err := Open(t.Context(), again, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if !strings.Contains(log.String(), "the target does not have everything") {
		t.Errorf("nobody is told that the target does not answer: %s", log.String())
	}
	c := sites.config("b")
	c.Listen, c.Receive = sites.listen, ""
	if _, err := Open(t.Context(), config.Config{Data: c.Data, Listen: "127.0.0.1:0", Environment: func(string) (string, bool) { return "", false }}, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "SELFHELP_RECEIVE_PASSWORD") {
		t.Errorf("without what the first site signs in with: %v", err)
	}
	own := c
	own.File = sites.file("a")
	if _, err := Open(t.Context(), own, slog.New(slog.DiscardHandler)); keyOf(err) != "fault.store.itself" {
		t.Errorf("a server that copies to itself: %v", err)
	}
	started(t, c)
	for deadline := time.Now().Add(30 * time.Second); a.replicator.Status().Replaced == nil; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it was not told: %s", log.String())
		}
	}
	// It remembers it first, then refuses.
	for n, deadline := 0, time.Now().Add(time.Minute); ; n++ {
		_, err = a.store.Content.CreateDomain(t.Context(), store.Domain{ID: fmt.Sprintf("south-%d", n), Title: procedure.T("Sud", "South")}, "test")
		if keyOf(err) == "fault.store.fenced" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("it writes: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err := replica.Lasts(sites.a); err == nil {
		t.Error("it does not remember it")
	}
}

// Who would take over with the keys of another server, or from a replica that is not
// whole, replaces nobody: the first site goes on.
func TestPromoteLooksBeforeAnybodyIsReplaced(t *testing.T) {
	t.Parallel()
	sites := newTwoSites(t)
	stop := sites.stands(t)
	a, _ := started(t, sites.config("a"))
	if err := a.store.Secure(t.Context()); err != nil {
		t.Fatal(err)
	}
	other, end := started(t, config.Config{})
	if err := end(); err != nil {
		t.Fatal(err)
	}
	refused := func(why string) {
		t.Helper()
		var out, errs said
		if code := sites.command(t.Context(), &out, &errs, "promote"); code == 0 || !strings.Contains(errs.String(), why) {
			t.Errorf("promote: %d %s%s", code, out.String(), errs.String())
		}
		if epochs, _ := filepath.Glob(filepath.Join(sites.received, "epochs", "*")); len(epochs) != 1 {
			t.Errorf("it entered an epoch all the same: %v", epochs)
		}
		if got, err := replica.Received(sites.b); got != "" || err != nil {
			t.Errorf("it keeps that it took over: %q %v", got, err)
		}
	}
	keys := filepath.Join(sites.b, "keys")
	if err := os.CopyFS(keys, os.DirFS(filepath.Join(other.config.Data, "keys"))); err != nil {
		t.Fatal(err)
	}
	refused("keys")
	if err := errors.Join(os.RemoveAll(keys), os.CopyFS(keys, os.DirFS(filepath.Join(sites.a, "keys")))); err != nil {
		t.Fatal(err)
	}
	stop() // so that nothing whole comes after
	changes, err := filepath.Glob(filepath.Join(sites.received, "content", "e0001-lyon", "ltx", "*", "*"))
	if err != nil || len(changes) == 0 {
		t.Fatal(changes, err)
	}
	for _, name := range changes {
		info, err := os.Stat(name)
		if err == nil {
			err = os.Truncate(name, info.Size()/2)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	refused("")
	defer sites.stands(t)()
	a.replicator.Look(t.Context())
	if st := a.replicator.Status(); st.Replaced != nil {
		t.Errorf("the first site is replaced: %+v", st)
	}
}

// backup makes one of the first site.
func (s *twoSites) backup(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, args := range [][]string{{"backup", "init", dir}, {"backup", "--data", s.a, "--backup", dir, "--full"}} {
		var out, errs said
		if code := Main(t.Context(), Terminal{Args: args, Out: &out, Err: &errs, Env: s.look}); code != 0 {
			t.Fatalf("%v: %s%s", args, out.String(), errs.String())
		}
	}
	return dir
}

func TestTwoPromotionsAtOnce(t *testing.T) {
	t.Parallel()
	sites := newTwoSites(t)
	stop := sites.stands(t)
	a, _ := started(t, sites.config("a"))
	if err := a.store.Secure(t.Context()); err != nil {
		t.Fatal(err)
	}
	stop()
	others := []string{sites.b, filepath.Join(t.TempDir(), "c")}
	codes, epochs := make([]int, 2), make([]string, 2)
	var both sync.WaitGroup
	for i, dir := range others {
		if err := os.CopyFS(filepath.Join(dir, "keys"), os.DirFS(filepath.Join(sites.a, "keys"))); err != nil {
			t.Fatal(err)
		}
		both.Go(func() {
			var out, errs said
			codes[i] = Main(t.Context(), Terminal{
				Args: []string{"promote", "--json", "--data", dir, "--site", fmt.Sprintf("site-%d", i), "--config", sites.file("b"), "--receive", sites.received},
				Out:  &out, Err: &errs, Env: sites.look,
			})
			var report struct{ Epoch string }
			if codes[i] == 0 {
				if err := json.Unmarshal([]byte(out.String()), &report); err != nil {
					t.Error(err)
				}
			}
			epochs[i] = report.Epoch
			if codes[i] != 0 && (!strings.Contains(out.String(), "was first") || strings.Contains(errs.String(), "is over")) {
				t.Errorf("who is not first is told: %s%s", out.String(), errs.String())
			}
		})
	}
	both.Wait()
	if (codes[0] == 0) == (codes[1] == 0) {
		t.Fatalf("codes %v, epochs %v: one is first, and the other one is told", codes, epochs)
	}
	// So it is for who comes later, while nothing was copied yet, and says nothing more.
	late := filepath.Join(t.TempDir(), "d")
	if err := os.CopyFS(filepath.Join(late, "keys"), os.DirFS(filepath.Join(sites.a, "keys"))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code bool
	}{{nil, false}, {[]string{"--anyway"}, true}} {
		var out said
		args := append([]string{"promote", "--data", late, "--site", "site-9", "--config", sites.file("b"), "--receive", sites.received}, c.args...)
		if code := Main(t.Context(), Terminal{Args: args, Out: &out, Err: &out, Env: sites.look}); (code == 0) != c.code || !c.code && !strings.Contains(out.String(), "was first") {
			t.Errorf("%q: %d %s", c.args, code, out.String())
		}
	}
}

// The first site comes back: only once the other one has stopped, with all that it
// wrote, and what the first one had and nobody else is kept and told.
func TestTheFirstSiteTakesItsPlaceBack(t *testing.T) {
	t.Parallel()
	sites := newTwoSites(t)
	stop := sites.stands(t)
	domain := func(s *Server, id string) {
		t.Helper()
		if _, err := s.store.Content.CreateDomain(t.Context(), store.Domain{ID: id, Title: procedure.T("Domaine "+id, "Domain "+id)}, "test"); err != nil {
			t.Fatal(err)
		}
	}
	a, end := started(t, sites.config("a"))
	domain(a, "north")
	if err := a.store.Secure(t.Context()); err != nil {
		t.Fatal(err)
	}
	stop() // the line is cut, and then the machine
	domain(a, "lost")
	_ = end() // it cannot copy what is left
	if err := os.CopyFS(filepath.Join(sites.b, "keys"), os.DirFS(filepath.Join(sites.a, "keys"))); err != nil {
		t.Fatal(err)
	}
	var out, errs said
	if code := sites.command(t.Context(), &out, &errs, "promote"); code != 0 || !strings.Contains(out.String(), "at least") {
		t.Fatalf("promote: %d %s%s", code, out.String(), errs.String())
	}
	c := sites.config("b")
	c.Listen = "127.0.0.1:0"
	b, endB := started(t, c)
	domain(b, "south")
	if events, err := b.store.Content.Recovery(t.Context()); err != nil || len(events) != 1 || events[0].Phase != recovery.Takeover || !strings.Contains(events[0].Text, "e0001-lyon → e0002-metz") {
		t.Errorf("the log of the recovery: %+v %v", events, err)
	}

	failback := func(args ...string) (code int, printed, told string) {
		var out, errs said
		args = append([]string{"failback", "--data", sites.a, "--site", "lyon", "--config", sites.file("b"), "--json"}, args...)
		code = Main(t.Context(), Terminal{Args: args, Out: &out, Err: &errs, Env: sites.look})
		return code, out.String(), errs.String()
	}
	code, printed, told := failback("--wait", "1s")
	if code != 3 || !strings.Contains(printed, "e0002-metz did not stop") {
		t.Errorf("while the other one runs: %d %s %s", code, printed, told)
	}
	domain(b, "west") // it was not fenced by that
	if err := endB(); err != nil {
		t.Fatal(err)
	}
	code, printed, told = failback()
	var report struct {
		From, Epoch, Kept string
		Ended             bool
		Before, After     store.Extent
		Lost              store.Lost
	}
	if err := json.Unmarshal([]byte(printed), &report); err != nil || code != 0 || report.From != "e0002-metz" || report.Epoch != "e0003-lyon" || !report.Ended {
		t.Fatalf("failback: %d %s %s %v", code, printed, told, err)
	}
	if report.Before.Audit != 2 || report.After.Audit != 4 {
		t.Errorf("audit entries before %d and after %d, want 2 and 4", report.Before.Audit, report.After.Audit)
	}
	if kept, err := store.ExtentOf(t.Context(), report.Kept); err != nil || kept.Audit != 2 {
		t.Errorf("what was there: %+v %v", kept, err)
	}
	if report.Lost.Changed.IsZero() {
		t.Errorf("nobody is told until when there is something that came nowhere: %+v", report.Lost)
	}
	if _, printed, _ := failback(); !strings.Contains(printed, "this site is the one that is written to") {
		t.Errorf("a second time: %s", printed)
	}
	if _, err := Open(t.Context(), c, slog.New(slog.DiscardHandler)); keyOf(err) != "fault.store.fenced" {
		t.Errorf("the second site starts again: %v", err)
	}
	back := sites.config("a")
	back.File, back.New = sites.file("b"), false
	a, _ = started(t, back)
	for id, there := range map[string]bool{"north": true, "south": true, "west": true, "lost": false} {
		if _, err := a.store.Content.Domain(t.Context(), id); (err == nil) != there {
			t.Errorf("domain %s: %v", id, err)
		}
	}
}
