package command

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/transfer"
	"selfhelp/views/ui"
)

// failure is an error as it is told: what was being done, and the sentence of the
// failure instead of its key.
type failure struct {
	Command  string            `json:"command,omitempty"`
	Kind     string            `json:"kind"` // misuse, or a kind of app/fault
	Key      string            `json:"key,omitempty"`
	Sentence string            `json:"sentence"`
	Fields   map[string]string `json:"fields,omitempty"` // what was given → what is wrong with it
	Hint     string            `json:"hint,omitempty"`
}

// misuse is the kind of a command line that makes no sense.
const misuse = "misuse"

func failureOf(command string, err error) failure {
	said := failure{Command: command, Kind: fault.KindOf(err).String(), Sentence: err.Error()}
	if isUsage(err) {
		said.Kind, said.Hint = misuse, "`selfhelp "+command+" --help` explains it"
	}
	if refusal, ok := errors.AsType[*transfer.Refusal](err); ok {
		said.Kind, said.Sentence = fault.Invalid.String(), describeRefusal(refusal, "en")
		return said
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return said
	}
	said.Key, said.Hint = f.Key, f.Hint
	said.Sentence = strings.Replace(said.Sentence, f.Error(), sentence(f.Key, f.Args), 1)
	if f.Cause != nil && f.Kind == fault.Internal {
		said.Sentence += ": " + f.Cause.Error()
	}
	said.Fields = map[string]string{}
	for field := range f.Fields {
		key, args := fault.FieldText(err, field)
		said.Fields[field] = sentence(key, args)
	}
	return said
}

// Logged says an error as a line of the log does: with the sentences that people read where
// it has keys of them.
func Logged(err error) string {
	text := err.Error()
	for _, f := range faultsIn(err) {
		text = strings.Replace(text, fmt.Sprintf("%s (%s)", f.Key, f.Kind), strings.TrimSuffix(sentence(f.Key, f.Args), "."), 1)
	}
	return text
}

// faultsIn are the faults that an error is made of, as its text names them.
func faultsIn(err error) (all []*fault.Error) {
	if f, is := err.(*fault.Error); is {
		all = append(all, f)
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		all = append(all, faultsIn(e.Unwrap())...)
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			all = append(all, faultsIn(one)...)
		}
	}
	return all
}

// print tells it to programs.
func (f failure) print(t Terminal, code int) int {
	err := PrintJSON(t.Out, struct {
		Error failure `json:"error"`
	}{f})
	if err != nil { // nobody reads the output any more
		fmt.Fprintf(t.Err, "selfhelp: %s\n", f.Sentence)
	}
	return code
}

// describe says an error to whoever typed the command.
func describe(err error) string {
	if refusal, ok := errors.AsType[*transfer.Refusal](err); ok {
		return describeRefusal(refusal, "en")
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err.Error()
	}
	said := failureOf("", err)
	text := said.Sentence
	for _, field := range slices.Sorted(maps.Keys(said.Fields)) {
		text += fmt.Sprintf("\n  %s: %s", field, said.Fields[field])
	}
	if f.Hint != "" {
		text += "\n  " + f.Hint
	}
	return text
}

// refusalHeads begin what is said of an archive that is refused.
var refusalHeads = map[string]string{"en": "the archive is refused as a whole:", "fr": "l’archive est refusée en entier :"}

func describeRefusal(r *transfer.Refusal, lang string) string {
	var b strings.Builder
	b.WriteString(refusalHeads[lang])
	for _, p := range r.Problems {
		b.WriteString("\n  ")
		if where := p.Where(); where != "" {
			b.WriteString(where + ": ")
		}
		b.WriteString(p.Sentence(lang))
	}
	return b.String()
}

// refusalLine is one reason as it is printed for programs.
type refusalLine struct {
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Key      string `json:"key"`
	Sentence string `json:"sentence"`
}

// refused is what is said of an archive that cannot be read.
type refused struct {
	Refused []refusalLine `json:"refused"`
}

// refuseArchive prints why an archive is not good; anything else is returned.
func refuseArchive(w io.Writer, err error, lang string, asJSON bool) error {
	refusal, ok := errors.AsType[*transfer.Refusal](err)
	if !ok {
		return err
	}
	if !asJSON {
		fmt.Fprintln(w, describeRefusal(refusal, lang))
		return ErrBad
	}
	lines := make([]refusalLine, len(refusal.Problems))
	for i, p := range refusal.Problems {
		lines[i] = refusalLine{p.File, p.Line, p.Key, p.Sentence(lang)}
	}
	return errors.Join(ErrBad, PrintJSON(w, refused{lines}))
}

// noSuch says plainly that what a command line names is not there.
func noSuch(err error, what string, args ...any) error {
	if fault.KindOf(err) != fault.NotFound {
		return fmt.Errorf("find "+what+": %w", append(args, err)...)
	}
	return fmt.Errorf("there is no "+what, args...)
}

// speaks checks the language asked for the sentences of a command.
func speaks(lang string) error {
	if refusalHeads[lang] == "" {
		return Misused("--lang is fr or en, not %q", lang)
	}
	return nil
}

// sentence finds the English words of a key wherever they are kept; a key that
// has none stands for itself.
func sentence(key string, args []any) string {
	if words := (transfer.Problem{Key: key, Args: args}).Sentence("en"); words != key {
		return words
	}
	if words := procedure.Sentence(key, textsOf(args), "en"); words != key {
		return words
	}
	if english := ui.In("en"); english.Has(key) {
		return english.T(key, args...)
	}
	return fmt.Sprint(append([]any{key}, args...)...)
}

func textsOf(args []any) []any {
	texts := make([]any, len(args))
	for i, a := range args {
		texts[i] = fmt.Sprint(a)
	}
	return texts
}
