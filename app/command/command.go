// Package command knows the command line: its table, flags and operands, help
// and exit codes, and the commands that work on archives and on a data folder
// nobody serves. It refuses to know how a server is built, started and stopped.
//
// Its main names are Command, Run and Terminal.
package command

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
)

// Command is one word of the command line.
type Command struct {
	Name     string
	Operands string // as they stand in the usage line
	Summary  string // one line
	Text     string // what it does, in a few lines
	Lacks    string // what it does not do yet, in one line, "" when nothing
	Facts    []any  // a value of each type that --json prints; none where it takes no --json
	Mute     string // why it takes no --json, "" when it does
	// Prepare declares the flags and returns what runs once they are read.
	Prepare func(*flag.FlagSet) Deed
}

// Deed is what a command does, once its line is read.
type Deed func(ctx context.Context, t Terminal, operands []string) error

// OfArchives are the commands that work on archives, the last one at a server.
func OfArchives() []Command {
	return []Command{checkCommand, scenariosCommand, runCommand, loadtestCommand}
}

// OfFolders are the commands that work on a data folder nobody serves.
func OfFolders() []Command {
	return []Command{exportCommand, importCommand, userCommand, statusCommand, verifyCommand, backupCommand, restoreCommand, promoteCommand, failbackCommand, recoveryCommand, replicaCommand, doctorCommand, guideCommand}
}

func named(table []Command, name string) (Command, bool) {
	for _, c := range table {
		if c.Name == name {
			return c, true
		}
	}
	return Command{}, false
}

func printTable(w io.Writer, table []Command) {
	fmt.Fprintln(w, "Self Help: guided procedures, from the tree to the report.")
	fmt.Fprintln(w, "\nUsage: selfhelp COMMAND [FLAGS] [OPERANDS]")
	fmt.Fprintln(w)
	for _, c := range table {
		fmt.Fprintf(w, "  %-12s %s\n", c.Name, c.Summary)
	}
	fmt.Fprintln(w, "\n`selfhelp COMMAND --help` explains one. Exit codes: 0 good, 1 not good,")
	fmt.Fprintln(w, "2 the command line makes no sense, 3 it could not be done. With --json there is one")
	fmt.Fprintln(w, `document on the output, {"error": {…}} where nothing else can be said.`)
}

// print explains the command.
func (c Command) print(w io.Writer, set *flag.FlagSet) {
	fmt.Fprintf(w, "selfhelp %s: %s\n\nUsage: %s\n\n%s\n", c.Name, c.Summary,
		strings.TrimRight(fmt.Sprintf("selfhelp %s [FLAGS] %s", c.Name, c.Operands), " "), strings.TrimSpace(c.Text))
	if c.Lacks != "" {
		fmt.Fprintf(w, "\nNot there yet: %s\n", c.Lacks)
	}
	first := true
	set.VisitAll(func(f *flag.Flag) {
		if first {
			fmt.Fprintln(w, "\nFlags:")
			first = false
		}
		value, usage := flag.UnquoteUsage(f)
		fmt.Fprintf(w, "  --%s\n      %s%s\n", strings.TrimSpace(f.Name+" "+value), usage, defaultOf(f))
	})
	c.printShapes(w)
}

func defaultOf(f *flag.Flag) string {
	if f.DefValue == "" || f.DefValue == "false" {
		return ""
	}
	return " (default " + f.DefValue + ")"
}
