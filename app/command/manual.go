package command

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"

	"selfhelp/app/config"
)

// Made is which program it is, and of what day; "" where nobody knows.
type Made struct{ Version, Day string }

func manualCommand(table func() []Command, made Made) Command {
	return Command{
		Name:    "man",
		Summary: "print the manual page, as man reads it",
		Text: `Prints the page in roff, made from what the commands say of themselves:

  selfhelp man | man -l -`,
		Mute: "it prints a page",
		Prepare: func(*flag.FlagSet) Deed {
			return func(_ context.Context, t Terminal, operands []string) error {
				if len(operands) > 0 {
					return Misused("it takes no operand, but got %q", operands[0])
				}
				printManual(t.Out, table(), made)
				return nil
			}
		},
	}
}

// roff writes text so that nothing of it is taken for a request.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "’", "\\(cq", "…", "...", "→", "\\(->").Replace(text)
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}

// printManual writes the one page, in the macros of man(7).
func printManual(w io.Writer, table []Command, made Made) {
	fmt.Fprintf(w, ".TH SELFHELP 1 \"%s\" \"selfhelp %s\" \"Self Help\"\n", made.Day, made.Version)
	fmt.Fprint(w, ".SH NAME\nselfhelp \\- guided procedures, from the tree to the report\n.SH SYNOPSIS\n.B selfhelp\n.I COMMAND\n[\\fIFLAGS\\fR] [\\fIOPERANDS\\fR]\n.SH COMMANDS\n")
	for _, c := range table {
		c.printManual(w)
	}
	fmt.Fprint(w, ".SH FILES\n")
	for _, f := range [][2]string{
		{"/etc/selfhelp/litestream.yml", "The settings, in Litestream's format. What stands below x-app is ours."},
		{"/var/lib/selfhelp", "The data folder of the service: content.db, activity.db, and the folders files, keys and bundles. The folder keys is in no replica: keep a copy of it elsewhere."},
	} {
		fmt.Fprintf(w, ".TP\n.I %s\n%s\n", roff(f[0]), roff(f[1]))
	}
	fmt.Fprint(w, ".SH ENVIRONMENT\nA setting comes from its flag, else from its variable, else from the file, else from its default.\n")
	for _, v := range config.Variables() {
		fmt.Fprintf(w, ".TP\n.B %s\n%s\n", roff(v.Name), roff(v.Usage))
	}
	fmt.Fprint(w, ".SH \"EXIT STATUS\"\n")
	for code, what := range []string{"Done, and what was asked about is good.", "Done, and what was asked about is not good.", "The command line makes no sense.", "It could not be done."} {
		fmt.Fprintf(w, ".TP\n.B %d\n%s\n", code, what)
	}
	fmt.Fprint(w, ".PP\nWith \\-\\-json there is one document on the output, an error as {\"error\": {...}}; its shape is told by\n.BR \"selfhelp help\" .\n")
}

func (c Command) printManual(w io.Writer) {
	fmt.Fprintf(w, ".SS \"%s\"\n%s.\n", roff(strings.TrimSpace(c.Name+" "+c.Operands)), roff(strings.ToUpper(c.Summary[:1])+c.Summary[1:]))
	for paragraph := range strings.SplitSeq(strings.TrimSpace(c.Text), "\n\n") {
		if strings.HasPrefix(paragraph, "  ") { // lines to be typed
			fmt.Fprintf(w, ".PP\n.nf\n%s\n.fi\n", roff(paragraph))
			continue
		}
		fmt.Fprintf(w, ".PP\n%s\n", roff(paragraph))
	}
	for _, f := range flagsOf(c) {
		value, usage := flag.UnquoteUsage(f)
		if value != "" {
			value = " \\fI" + roff(value) + "\\fR"
		}
		fmt.Fprintf(w, ".TP\n\\fB\\-\\-%s\\fR%s\n%s\n", roff(f.Name), value, roff(usage+defaultOf(f)))
	}
}
