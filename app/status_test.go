package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/watch"
	"selfhelp/store/replica"
)

// status runs the command on a folder.
func status(t *testing.T, more ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := Main(t.Context(), Terminal{
		Args: append([]string{"status"}, more...), In: strings.NewReader(""), Out: &out, Err: io.Discard,
		Env: func(string) (string, bool) { return "", false },
	})
	return code, out.String()
}

// TestStatusOfARunningServer: the command says what the server knows, and what is
// wrong makes it fail.
func TestStatusOfARunningServer(t *testing.T) {
	t.Parallel()
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	c := copied(t, data, target)
	c.Drain = "1s"
	s, end := started(t, c)
	code, text := status(t, "--data", data)
	if code != 0 || !strings.Contains(text, "epoch e0001-lyon") || strings.Contains(text, "No server runs") {
		t.Errorf("%d\n%s", code, text)
	}
	code, text = status(t, "--data", data, "--json")
	var report struct {
		Wrong bool
		Rows  []struct{ Subject, State, Figure, Mend string }
		Facts watch.Report
	}
	if err := json.Unmarshal([]byte(text), &report); err != nil || code != 0 || report.Wrong || !report.Facts.Served || len(report.Rows) != 10 {
		t.Errorf("%d %v\n%s", code, err, text)
	}
	s.store.Fence("e0002-metz")
	s.watch.Drain()
	waitForFacts(t, s)
	if code, text = status(t, "--data", data); code != 1 || !strings.Contains(text, "wrong") || !strings.Contains(text, "warning  server") {
		t.Errorf("%d\n%s", code, text)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	if code, text = status(t, "--data", data); code != 0 || !strings.Contains(text, "No server runs") {
		t.Errorf("%d\n%s", code, text)
	}
}

// TestStatusOfTheKeys: what became of the keys since the start is told while the server still
// has them, and at rest by what they were copied with.
func TestStatusOfTheKeys(t *testing.T) {
	t.Parallel()
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	c := copied(t, data, target)
	s, end := started(t, c)
	says := func(want string, more ...string) {
		t.Helper()
		var text string
		for range 60 { // facts are those of a second ago at most
			if _, text = status(t, append([]string{"--data", data}, more...)...); strings.Contains(text, want) {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Errorf("no %q in\n%s", want, text)
	}
	says("well     keys         6 files, closed to others, keep a copy elsewhere")
	keys := filepath.Join(data, "keys")
	secret := filepath.Join(keys, "secret.key")
	kept, err := os.ReadFile(secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(secret, 0o644); err != nil {
		t.Fatal(err)
	}
	says("wrong    keys         Other accounts of the machine can read a key: " + secret)
	if err := os.WriteFile(secret, kept[:20], 0o600); err != nil {
		t.Fatal(err)
	}
	says("wrong    keys         A key is missing or cannot be read: " + secret)
	if err := os.Rename(keys, keys+".away"); err != nil {
		t.Fatal(err)
	}
	says("wrong    keys         The folder of the keys is not there, or empty")
	if err := s.store.Secure(t.Context()); err != nil { // it goes on
		t.Error(err)
	}
	other, endOther := started(t, config.Config{})
	if err := os.CopyFS(keys, os.DirFS(filepath.Join(other.config.Data, "keys"))); err != nil {
		t.Fatal(err)
	}
	says("wrong    keys         They are not the ones")
	if err := errors.Join(end(), endOther()); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	Main(t.Context(), Terminal{
		Args: []string{"status", "--data", data, "--config", "../litestream.yml", "--site", "lyon", "--json"}, In: strings.NewReader(""), Out: &out, Err: io.Discard, Env: c.Environment,
	})
	var report struct{ Facts watch.Report }
	if err := json.Unmarshal(out.Bytes(), &report); err != nil || report.Facts.Served || !report.Facts.Keys.Other {
		t.Errorf("at rest: %v %s", err, out.String())
	}
}

// waitForFacts returns when the server knows that it is fenced: its facts are those
// of a second ago at most.
func waitForFacts(t *testing.T, s *Server) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 100 {
		if s.watch.Facts(t.Context()).Databases[0].Trouble != nil {
			return
		}
		<-tick.C
	}
	t.Fatal("it is not known")
}

// TestStatusAtRest: with its file, the command asks the target of the replica.
func TestStatusAtRest(t *testing.T) {
	data, target := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	_, end := started(t, copied(t, data, target))
	if err := end(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	code := Main(t.Context(), Terminal{
		Args: []string{"status", "--data", data, "--config", "../litestream.yml", "--site", "lyon"}, In: strings.NewReader(""), Out: &out, Err: io.Discard,
		Env: copied(t, data, target).Environment,
	})
	if code != 0 || !strings.Contains(out.String(), "Whole") || !strings.Contains(out.String(), "e0001-lyon") {
		t.Errorf("%d\n%s", code, out.String())
	}
}

// A target that takes the connection and never answers: the rest is told all the same,
// and that it is silent.
func TestStatusBesideATargetThatHangs(t *testing.T) {
	t.Parallel()
	sites := newTwoSites(t)
	a, end := started(t, sites.config("a"))
	data := a.config.Data
	_ = end() // nobody is there
	over := make(chan struct{})
	silent := &http.Server{Addr: sites.listen, ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		select {
		case <-over:
		case <-q.Context().Done():
		}
	})}
	listener, err := net.Listen("tcp", sites.listen)
	if err != nil {
		t.Fatal(err)
	}
	go silent.Serve(listener) //nolint // it ends with the test
	defer silent.Close()
	defer close(over)
	backups := sites.backup(t)
	var out, errs said
	args := []string{"status", "--config", sites.file("a"), "--data", data, "--site", "lyon", "--replication", "embedded", "--backup", backups}
	code := Main(t.Context(), Terminal{Args: args, Out: &out, Err: &errs, Env: sites.look})
	for _, want := range []string{"well     content", "warning  replica      The target gave no answer", "unknown  moments", "well     backup", "well     restore"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%d: no %q in\n%s%s", code, want, out.String(), errs.String())
		}
	}
}
