package app

import (
	"context"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"selfhelp/app/command"
)

// Terminal is what a command line gives the program.
type Terminal = command.Terminal

// Main runs one command line and returns its exit code.
func Main(ctx context.Context, t Terminal) int {
	return command.Run(ctx, t, commands())
}

// commands is every command, in the order they are listed.
func commands() []command.Command {
	table := slices.Concat(
		[]command.Command{serveCommand, standbyCommand, demoCommand},
		command.OfArchives(), command.OfFolders(),
		[]command.Command{healthcheckCommand, versionCommand},
	)
	return append(table, command.OfTable(commands, made())...)
}

// UntilTold returns a context that ends when the process is told to stop. Told a
// second time, it ends at once: what waits for somebody who does not come would
// never see the first.
func UntilTold() (ctx context.Context, stop func()) {
	ctx, stop = signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
