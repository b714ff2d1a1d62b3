package command

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/transfer"
	"selfhelp/views/ui"
)

// describe says an error to whoever typed the command: what was being done,
// and the sentence of the failure instead of its key.
func describe(err error) string {
	if refusal, ok := errors.AsType[*transfer.Refusal](err); ok {
		return describeRefusal(refusal)
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err.Error()
	}
	text := strings.Replace(err.Error(), f.Error(), sentence(f.Key, f.Args), 1)
	for _, field := range slices.Sorted(maps.Keys(f.Fields)) {
		text += fmt.Sprintf("\n  %s: %s", field, sentence(f.Fields[field], nil))
	}
	if f.Cause != nil && f.Kind == fault.Internal {
		text += ": " + f.Cause.Error()
	}
	if f.Hint != "" {
		text += "\n  " + f.Hint
	}
	return text
}

func describeRefusal(r *transfer.Refusal) string {
	var b strings.Builder
	b.WriteString("the archive is refused as a whole:")
	for _, p := range r.Problems {
		b.WriteString("\n  ")
		if where := p.Where(); where != "" {
			b.WriteString(where + ": ")
		}
		b.WriteString(p.Sentence("en"))
	}
	return b.String()
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
