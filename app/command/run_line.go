package command

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"

	"selfhelp/app/config"
)

// Terminal is what a command line gives the program. Tests give their own.
type Terminal struct {
	Args      []string // without the program's name
	In        io.Reader
	Out, Err  io.Writer
	Env       config.Environment // nil: the process's own
	LockError error              // why the databases cannot be locked safely, nil when they can
}

// The exit codes, the same for every command.
const (
	exitOK     = 0 // done, and what was asked about is good
	exitBad    = 1 // done, and what was asked about is not good
	exitUsage  = 2 // the command line makes no sense
	exitFailed = 3 // it could not be done
)

// ErrBad says that the command did its work and that its finding, already
// printed, is not good.
var ErrBad = errors.New("not good")

// usageError is a command line that makes no sense.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

// Misused says what makes no sense in a command line.
func Misused(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// Run runs one command line over a table of commands and returns its exit code.
func Run(ctx context.Context, t Terminal, table []Command) int {
	if t.Env == nil {
		t.Env = os.LookupEnv
	}
	if len(t.Args) == 0 {
		printTable(t.Err, table)
		return exitUsage
	}
	name, args := t.Args[0], t.Args[1:]
	if name == "help" || name == "-h" || name == "--help" {
		return help(t, args, table)
	}
	c, known := named(table, name)
	if !known {
		return unknown(t, name, slices.Contains(args, "--json"))
	}
	return c.main(ctx, t, args)
}

func help(t Terminal, args []string, table []Command) int {
	if len(args) == 0 {
		printTable(t.Out, table)
		return exitOK
	}
	c, known := named(table, args[0])
	if !known {
		return unknown(t, args[0], false)
	}
	set := flag.NewFlagSet(c.Name, flag.ContinueOnError)
	c.Prepare(set)
	c.print(t.Out, set)
	return exitOK
}

func unknown(t Terminal, name string, asJSON bool) int {
	said := failure{Kind: misuse, Sentence: fmt.Sprintf("there is no command %q", name), Hint: "`selfhelp help` lists them"}
	if asJSON {
		return said.print(t, exitUsage)
	}
	fmt.Fprintf(t.Err, "selfhelp: %s; %s\n", said.Sentence, said.Hint)
	return exitUsage
}

// main parses the command's own line, runs it and turns what came of it into
// an exit code.
func (c Command) main(ctx context.Context, t Terminal, args []string) int {
	set := flag.NewFlagSet(c.Name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	run := c.Prepare(set)
	out := &noticed{Writer: t.Out}
	t.Out = out
	operands, err := parseAll(set, args)
	if errors.Is(err, flag.ErrHelp) {
		c.print(t.Out, set)
		return exitOK
	}
	if err != nil {
		err = usageError{err.Error()}
	} else {
		err = run(ctx, t, operands)
	}
	return c.exit(t, err, len(c.Facts) > 0 && wantsJSON(set, args) && !out.used)
}

// wantsJSON reports whether programs read what is printed. A line that makes no
// sense was read up to its mistake only.
func wantsJSON(set *flag.FlagSet, args []string) bool {
	f := set.Lookup("json")
	return f != nil && (f.Value.String() == "true" || slices.Contains(args, "--json"))
}

// noticed notices that something was printed: there is one document, so that an
// error that comes after it is told as to people.
type noticed struct {
	io.Writer
	used bool
}

func (n *noticed) Write(p []byte) (int, error) {
	n.used = true
	return n.Writer.Write(p)
}

// exit turns what came of a command into its exit code, and tells an error: as the
// one document when programs read, else as a sentence.
func (c Command) exit(t Terminal, err error, asJSON bool) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, ErrBad):
		return exitBad
	case asJSON && isUsage(err):
		return failureOf(c.Name, err).print(t, exitUsage)
	case asJSON:
		return failureOf(c.Name, err).print(t, exitFailed)
	}
	fmt.Fprintf(t.Err, "selfhelp %s: %s\n", c.Name, describe(err))
	if isUsage(err) {
		fmt.Fprintf(t.Err, "`selfhelp %s --help` explains it.\n", c.Name)
		return exitUsage
	}
	return exitFailed
}

func isUsage(err error) bool {
	_, misused := errors.AsType[usageError](err)
	_, wrong := errors.AsType[config.Wrong](err)
	return misused || wrong
}

// parseAll accepts flags before, between and after the operands.
func parseAll(set *flag.FlagSet, args []string) (operands []string, err error) {
	for {
		if err := set.Parse(args); err != nil {
			return nil, err
		}
		rest := set.Args()
		if len(rest) == 0 {
			return operands, nil
		}
		if n := len(args) - len(rest); n > 0 && args[n-1] == "--" {
			return append(operands, rest...), nil
		}
		operands, args = append(operands, rest[0]), rest[1:]
	}
}

// PrintJSON prints facts for programs.
func PrintJSON(w io.Writer, facts any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(facts)
}
