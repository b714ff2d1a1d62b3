package app

import (
	"context"
	"slices"

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
	return slices.Concat(
		[]command.Command{serveCommand, demoCommand},
		command.OfArchives(), command.OfFolders(),
		[]command.Command{healthCommand, versionCommand},
	)
}
