package app

import (
	"context"
	"fmt"
	"io"
)

// Terminal is what a command line gives the program.
type Terminal struct {
	Args      []string // without the program's name
	In        io.Reader
	Out, Err  io.Writer
	LockError error // why the databases cannot be locked safely, nil when they can
}

// Main runs one command line and returns its exit code.
func Main(_ context.Context, t Terminal) int {
	fmt.Fprintln(t.Err, "selfhelp: no command yet")
	return 2
}
