package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"selfhelp/app/edition"
	"selfhelp/app/execution"
	"selfhelp/app/procedure"
	"selfhelp/app/terminal"
	"selfhelp/app/transfer"
	"selfhelp/store"
)

var runCommand = Command{
	Name:     "run",
	Operands: "FILE.zip|FOLDER [PROCEDURE]",
	Summary:  "run a procedure of an archive in the terminal",
	Text: `Runs the procedure with this alias (or uid) as a test: pages as plain text,
numbered answers, the fields of a form one by one. Typing :back goes back,
:restart begins again, :quit leaves. With --answers the lines come from a file.
Exit code 1 when the procedure is left before its end.

With --replay it takes no procedure: it runs the execution of a report again,
with the same answers and replies, and says whether it takes the same path, exit
code 1 when it does not. What the report masks is not known any more; where it
decides the way, the path is another.`,
	Facts: []any{execution.ExecutionReport{}, replayed{}, refused{}},
	Lacks: "real calls to third parties; the mock answers of the steps stand in for them.",
	Prepare: func(set *flag.FlagSet) Deed {
		w := runWish{params: map[string]any{}}
		set.StringVar(&w.lang, "lang", "", "`LANGUAGE` of the pages (default the project's first)")
		set.StringVar(&w.answers, "answers", "", "`FILE` with what would be typed, one line each")
		set.BoolVar(&w.json, "json", false, "print the report as JSON at the end; the pages go to the error output")
		set.BoolVar(&w.watch, "watch", false, "print the variables with every page")
		set.StringVar(&w.replay, "replay", "", "`FILE` of a report, as --json prints it, to run again")
		set.Func("param", "`NAME=VALUE` of an input; may be repeated", w.param)
		return func(ctx context.Context, t Terminal, operands []string) error {
			if w.replay != "" && len(operands) != 1 {
				return Misused("with --replay it takes an archive, and nothing else")
			}
			if w.replay == "" && len(operands) != 2 {
				return Misused("it takes an archive and the alias of a procedure")
			}
			archive, err := openArchive(operands[0])
			if err != nil {
				return refuseArchive(t.Out, err, "en", w.json)
			}
			defer archive.Close()
			if w.replay != "" {
				return replay(t, archive.Project, w.replay, w.json)
			}
			return w.run(ctx, t, archive.Project, operands[1])
		}
	},
}

// runWish is what the command line says about a run.
type runWish struct {
	lang, answers, replay string
	json, watch           bool
	params                map[string]any
}

func (w *runWish) param(text string) error {
	name, value, found := strings.Cut(text, "=")
	if !found || name == "" {
		return errors.New("it takes NAME=VALUE")
	}
	w.params[name] = value
	return nil
}

func (w *runWish) run(ctx context.Context, t Terminal, p *procedure.Project, name string) error {
	entry := procedureNamed(p, name)
	if entry == nil {
		return Misused("the archive has no procedure %q", name)
	}
	if w.lang != "" && !slices.Contains(p.Languages, w.lang) {
		return Misused("the project has no language %q; it has %s", w.lang, strings.Join(p.Languages, ", "))
	}
	if err := w.declared(entry); err != nil {
		return err
	}
	lib := edition.NewDraft(p)
	player := &terminal.Player{Library: lib, In: t.In, Out: t.Out, Clock: time.Now, Keep: keepPath, Watch: w.watch, Echo: !typed(t.In)}
	if w.json {
		player.Out = t.Err
	}
	if w.answers != "" {
		f, err := os.Open(w.answers)
		if err != nil {
			return fmt.Errorf("open the answers: %w", err)
		}
		defer f.Close()
		player.In, player.Echo = f, true
	}
	id := store.NewID()
	if w.answers != "" {
		id = "answers" // what asks a riddle asks the same one each time
	}
	journey, err := player.Play(ctx, execution.Context{
		ID: id, Entry: entry.UID, Language: w.lang, Channel: "terminal", Params: w.params, Test: true,
	})
	if w.json {
		if err := PrintJSON(t.Out, execution.Report(lib, journey.Events)); err != nil {
			return err
		}
	}
	if errors.Is(err, terminal.ErrQuit) || errors.Is(err, terminal.ErrNoAnswers) || errors.Is(err, terminal.ErrTooManyBad) {
		fmt.Fprintf(t.Err, "selfhelp run: %v\n", err)
		return ErrBad
	}
	return err
}

// declared refuses values for inputs that the procedure does not have: they
// would be left out without a word.
func (w *runWish) declared(entry *procedure.Procedure) error {
	var inputs []string
	for _, step := range entry.Steps {
		if step.Start != nil {
			for _, in := range step.Start.Inputs {
				inputs = append(inputs, in.Name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(w.params)) {
		switch {
		case slices.Contains(inputs, name):
		case len(inputs) == 0:
			return Misused("the procedure has no input %q; it has none", name)
		default:
			return Misused("the procedure has no input %q; it has %s", name, strings.Join(inputs, ", "))
		}
	}
	return nil
}

// typed reports whether a person types what is read: what they type shows by
// itself.
func typed(r io.Reader) bool { return atTerminal(r) }

// atTerminal reports whether a person is at the other end.
func atTerminal(end any) bool {
	f, is := end.(*os.File)
	if !is {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func procedureNamed(p *procedure.Project, name string) *procedure.Procedure {
	for _, proc := range p.Procedures {
		if proc.Alias == name || proc.UID == name {
			return proc
		}
	}
	return nil
}

// keepPath looks at a file that a person names; a test keeps no contents.
func keepPath(path string) (execution.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return execution.File{}, err
	}
	defer f.Close()
	found, err := transfer.Examine(path, procedure.KindDownload, io.LimitReader(f, transfer.Usual.Resource))
	if err != nil {
		return execution.File{}, errors.New(describe(err))
	}
	return execution.File{Name: found.Name, Type: found.Type, Size: found.Size, Hash: found.Hash}, nil
}
