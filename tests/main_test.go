package tests

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"testing"

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
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
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
