package app

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
)

// command is one word of the command line.
type command struct {
	name     string
	operands string // as they stand in the usage line
	summary  string // one line
	text     string // what it does, in a few lines
	lacks    string // what it does not do yet, in one line, "" when nothing
	// prepare declares the flags and returns what runs once they are read.
	prepare func(*flag.FlagSet) runFunc
}

type runFunc func(ctx context.Context, t Terminal, operands []string) error

// commands is every command, in the order they are listed.
func commands() []command {
	return []command{
		serveCommand, exportCommand, importCommand, userCommand, healthCommand, versionCommand,
	}
}

func commandNamed(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

func printCommands(w io.Writer) {
	fmt.Fprintln(w, "Self Help: guided procedures, from the tree to the report.")
	fmt.Fprintln(w, "\nUsage: selfhelp COMMAND [FLAGS] [OPERANDS]")
	fmt.Fprintln(w)
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-12s %s\n", c.name, c.summary)
	}
	fmt.Fprintln(w, "\n`selfhelp COMMAND --help` explains one. Exit codes: 0 good, 1 not good,")
	fmt.Fprintln(w, "2 the command line makes no sense, 3 it could not be done.")
}

// print explains the command.
func (c command) print(w io.Writer, set *flag.FlagSet) {
	fmt.Fprintf(w, "selfhelp %s: %s\n\nUsage: %s\n\n%s\n", c.name, c.summary,
		strings.TrimRight(fmt.Sprintf("selfhelp %s [FLAGS] %s", c.name, c.operands), " "), strings.TrimSpace(c.text))
	if c.lacks != "" {
		fmt.Fprintf(w, "\nNot there yet: %s\n", c.lacks)
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
}

func defaultOf(f *flag.Flag) string {
	if f.DefValue == "" || f.DefValue == "false" {
		return ""
	}
	return " (default " + f.DefValue + ")"
}
