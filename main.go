// Command selfhelp is the whole product in one binary: the Studio where guided
// procedures are written, the portal where people run them, and the tools an
// operator needs. See package app for the tour of the code.
package main

import (
	"os"

	"modernc.org/sqlite"

	"selfhelp/app"
)

func main() {
	// Open-file-description locks survive the closing of another descriptor of
	// the same file; classic POSIX locks would silently vanish when the
	// replicator closes its own descriptor. It has to come before any open.
	_, lockErr := sqlite.OFDLocking(true)

	ctx, stop := app.UntilTold()
	code := app.Main(ctx, app.Terminal{
		Args: os.Args[1:], In: os.Stdin, Out: os.Stdout, Err: os.Stderr, LockError: lockErr,
	})
	stop()
	os.Exit(code)
}
