package command

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// OfTable are the commands that print what they know of every command. The table
// is asked for when they run, since they stand in it themselves.
func OfTable(table func() []Command, made Made) []Command {
	return []Command{completionCommand(table), manualCommand(table, made)}
}

// shells are those that completion is written for.
var shells = map[string]func(io.Writer, []option){"bash": bash, "fish": fish, "zsh": zsh}

func completionCommand(table func() []Command) Command {
	return Command{
		Name:     "completion",
		Operands: "bash|zsh|fish",
		Summary:  "print the completion of commands, flags and files for a shell",
		Text: `Prints what a shell reads to complete a command line:

  selfhelp completion bash > /usr/share/bash-completion/completions/selfhelp
  selfhelp completion zsh > /usr/share/zsh/vendor-completions/_selfhelp
  selfhelp completion fish > /usr/share/fish/vendor_completions.d/selfhelp.fish`,
		Mute: "it prints a script",
		Prepare: func(*flag.FlagSet) Deed {
			return func(_ context.Context, t Terminal, operands []string) error {
				if len(operands) != 1 || shells[operands[0]] == nil {
					return Misused("it takes one shell: bash, zsh or fish")
				}
				shells[operands[0]](t.Out, optionsOf(table()))
				return nil
			}
		},
	}
}

// option is a command as a shell completes it.
type option struct {
	name, summary string
	words         []string // what may stand first among its operands
	flags         []flagOption
}

// flagOption is a flag as a shell completes it.
type flagOption struct {
	name, usage string
	takes       bool // a value
}

func optionsOf(table []Command) (all []option) {
	for _, c := range table {
		o := option{name: c.Name, summary: c.Summary}
		for either := range strings.SplitSeq(strings.TrimPrefix(c.Operands, "["), "|") {
			word, _, _ := strings.Cut(either, " ")
			if word = strings.TrimRight(word, "]"); word != "" && word == strings.ToLower(word) {
				o.words = append(o.words, word)
			}
		}
		for _, f := range flagsOf(c) {
			value, usage := flag.UnquoteUsage(f)
			usage, _, _ = strings.Cut(usage, " (variable")
			o.flags = append(o.flags, flagOption{f.Name, usage, value != ""})
		}
		all = append(all, o)
	}
	return all
}

// flagsOf are the flags of a command, in the order of their names.
func flagsOf(c Command) (flags []*flag.Flag) {
	set := flag.NewFlagSet(c.Name, flag.ContinueOnError)
	c.Prepare(set)
	set.VisitAll(func(f *flag.Flag) { flags = append(flags, f) })
	return flags
}

func names(all []option) (names []string) {
	for _, o := range all {
		names = append(names, o.name)
	}
	return append(names, "help")
}

func (o option) flagNames() (names []string) {
	for _, f := range o.flags {
		names = append(names, "--"+f.name)
	}
	return append(names, "--help")
}

// bash completes words by the command that stands first; the rest are files.
func bash(w io.Writer, all []option) {
	fmt.Fprintf(w, `# Completion of selfhelp for bash.
_selfhelp() {
	local word=${COMP_WORDS[COMP_CWORD]} words=
	if [ "$COMP_CWORD" -eq 1 ] || { [ "${COMP_WORDS[1]}" = help ] && [ "$COMP_CWORD" -eq 2 ]; }; then
		COMPREPLY=($(compgen -W %q -- "$word"))
		return
	fi
	case ${COMP_WORDS[1]} in
`, strings.Join(names(all), " "))
	for _, o := range all {
		fmt.Fprintf(w, "\t%s)\n\t\tif [[ $word == -* ]]; then words=%q", o.name, strings.Join(o.flagNames(), " "))
		if len(o.words) > 0 {
			fmt.Fprintf(w, "; elif [ \"$COMP_CWORD\" -eq 2 ]; then words=%q", strings.Join(o.words, " "))
		}
		fmt.Fprint(w, "; fi ;;\n")
	}
	fmt.Fprint(w, `	esac
	if [ -n "$words" ]; then
		COMPREPLY=($(compgen -W "$words" -- "$word"))
	else
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}
complete -F _selfhelp selfhelp
`)
}

// quoted is a text between single quotes, for shells.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

func zsh(w io.Writer, all []option) {
	fmt.Fprint(w, "#compdef selfhelp\n# Completion of selfhelp for zsh.\n_selfhelp() {\n\tlocal -a commands\n\tcommands=(\n")
	for _, o := range all {
		fmt.Fprintf(w, "\t\t%s\n", quoted(o.name+":"+o.summary))
	}
	fmt.Fprint(w, "\t\t'help:explain a command'\n\t)\n\tif (( CURRENT == 2 )) || [[ $words[2] == help ]]; then\n\t\t_describe command commands\n\t\treturn\n\tfi\n\tlocal command=$words[2]\n\tshift words\n\t(( CURRENT-- ))\n\tcase $command in\n")
	plain := strings.NewReplacer("[", "(", "]", ")", ":", `\:`, `\`, `\\`)
	for _, o := range all {
		fmt.Fprintf(w, "\t%s)\n\t\t_arguments", o.name)
		for _, f := range o.flags {
			spec := "--" + f.name + "[" + plain.Replace(f.usage) + "]"
			if f.takes {
				spec += ":value:_files"
			}
			fmt.Fprintf(w, " \\\n\t\t\t%s", quoted(spec))
		}
		if len(o.words) > 0 {
			fmt.Fprintf(w, " \\\n\t\t\t%s", quoted("1:operand:("+strings.Join(o.words, " ")+")"))
		}
		fmt.Fprint(w, " \\\n\t\t\t'*:file:_files' ;;\n")
	}
	fmt.Fprint(w, "\tesac\n}\n_selfhelp \"$@\"\n")
}

func fish(w io.Writer, all []option) {
	fmt.Fprint(w, "# Completion of selfhelp for fish.\n")
	// Files are offered after a command, not in its place.
	fmt.Fprint(w, "complete -c selfhelp -n __fish_use_subcommand -f\n")
	for _, o := range slices.Concat(all, []option{{name: "help", summary: "explain a command", words: names(all)}}) {
		fmt.Fprintf(w, "complete -c selfhelp -n __fish_use_subcommand -a %s -d %s\n", o.name, quoted(o.summary))
		after := quoted("__fish_seen_subcommand_from " + o.name)
		if len(o.words) > 0 {
			fmt.Fprintf(w, "complete -c selfhelp -n %s -a %s\n", after, quoted(strings.Join(o.words, " ")))
		}
		for _, f := range o.flags {
			value := ""
			if f.takes {
				value = " -r"
			}
			fmt.Fprintf(w, "complete -c selfhelp -n %s -l %s%s -d %s\n", after, f.name, value, quoted(f.usage))
		}
	}
}
