package tests

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"modernc.org/sqlite"

	"selfhelp/app"
)

// TestMain lets this very binary be the product when a story calls it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"selfhelp": selfhelp})
}

// selfhelp is what main.go does.
func selfhelp() {
	breakOnSignal(os.Getenv(breakable))
	_, lockErr := sqlite.OFDLocking(true)
	ctx, stop := app.UntilTold()
	defer stop()
	os.Exit(app.Main(ctx, app.Terminal{Args: os.Args[1:], In: os.Stdin, Out: os.Stdout, Err: os.Stderr, LockError: lockErr}))
}

// TestStories runs the stories of the commands, which anyone can read.
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "stories", RequireExplicitExec: true, RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "json": document, "until": until},
	})
}

// document checks that the last command printed one JSON document and nothing
// else, in which the texts stand: json '"login": "ada"'.
func document(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("json cannot be negated")
	}
	printed := ts.ReadFile("stdout")
	var read any
	d := json.NewDecoder(strings.NewReader(printed))
	ts.Check(d.Decode(&read))
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		ts.Fatalf("there is more than one document:\n%s", printed)
	}
	for _, want := range args {
		if !strings.Contains(printed, want) {
			ts.Fatalf("%s is not in\n%s", want, printed)
		}
	}
}

// until waits for a file: until replica/epochs/0001.json.
func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: until FILE")
	}
	for range 400 {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("%s did not come", args[0])
}

// exits runs a command that must end with a code: exits 2 selfhelp dance.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		failed, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("run %s: %v", args[1], err)
		}
		got = failed.ExitCode()
	}
	if got != want {
		ts.Fatalf("%v ended with %d, not %d", args[1:], got, want)
	}
}
