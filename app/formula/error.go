package formula

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"selfhelp/app/fault"
)

// ErrBudget is in the chain of every error of a formula that cost too much.
var ErrBudget = errors.New("formula budget exceeded")

// Error is what is wrong with a formula, where, and the key of the sentence a
// person may read about it. It is also a fault: Limited when the budget is
// spent, Invalid otherwise.
type Error struct {
	Line, Column int // from 1, in characters; 0 when there is no place
	Key          string
	Args         []any // strings, and Kinds, which have an In of their own
	offset       int   // characters before the place, nowhere when unknown
	cause        error
}

// nowhere is the offset of an error that has not been given its place yet.
const nowhere = -1

func fail(key string, args ...any) *Error { return failAt(nowhere, key, args...) }

func failAt(offset int, key string, args ...any) *Error {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = quotable(s)
		}
	}
	return &Error{Key: key, Args: args, offset: offset}
}

// quotable is as much of what was written as a sentence can quote.
func quotable(s string) string {
	const most = 80
	s = strings.ToValidUTF8(s, "\uFFFD")
	if short := byteOffset(s, most); short < len(s) {
		return s[:short] + "…"
	}
	return s
}

// Error is the English sentence with its place.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.In("en")
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.In("en"))
}

// In is the sentence in a language, without its place: French or English.
func (e *Error) In(lang string) string { return Sentence(e.Key, e.Args, lang) }

// Sentence says what a message key of this package means with its arguments,
// which may have been kept as texts meanwhile. An unknown key stands for
// itself.
func Sentence(key string, args []any, lang string) string {
	m, ok := messages[key]
	if !ok {
		return key
	}
	words := make([]any, len(args))
	for i, a := range args {
		words[i] = a
		k := Kind(fmt.Sprint(a))
		if _, isKind := frenchKinds[k]; isKind {
			words[i] = k.In(lang)
		}
	}
	if isFrench(lang) {
		return fmt.Sprintf(m.french, words...)
	}
	return fmt.Sprintf(m.english, words...)
}

// Unwrap returns the fault that doors show to people, and ErrBudget when that
// is what happened.
func (e *Error) Unwrap() []error {
	if e.cause != nil {
		return []error{e.cause, fault.New(fault.Limited, e.Key, e.Args...)}
	}
	return []error{fault.New(fault.Invalid, e.Key, e.Args...)}
}

// placed gives an error the place of the node that met it, unless a node
// further inside already did.
func placed(err error, offset int) error {
	if e, ok := err.(*Error); ok && e.offset == nowhere {
		e.offset = offset
	}
	return err
}

// origin is where a formula begins in the text it was written in.
type origin struct{ line, column int }

// locate turns the error's offset in source into a line and a column, counted
// from the origin.
func (o origin) locate(err error, source string) error {
	e, ok := err.(*Error)
	if !ok || e.Line != 0 {
		return err
	}
	before := source[:byteOffset(source, max(e.offset, 0))]
	e.Line = o.line + strings.Count(before, "\n")
	e.Column = 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	if e.Line == o.line {
		e.Column += o.column - 1
	}
	return e
}

// byteOffset returns where the character with an index begins.
func byteOffset(s string, index int) int {
	for i := range s {
		if index == 0 {
			return i
		}
		index--
	}
	return len(s)
}

// Kind is what a value is, as people call it.
type Kind string

// The kinds of value.
const (
	KindNothing Kind = "nothing"
	KindTruth   Kind = "yes or no"
	KindNumber  Kind = "a number"
	KindText    Kind = "a text"
	KindList    Kind = "a list"
	KindObject  Kind = "an object"
)

var frenchKinds = map[Kind]string{
	KindNothing: "rien", KindTruth: "oui ou non", KindNumber: "un nombre",
	KindText: "un texte", KindList: "une liste", KindObject: "un objet",
}

// In names the kind in a language: French or English.
func (k Kind) In(lang string) string {
	if isFrench(lang) {
		return frenchKinds[k]
	}
	return string(k)
}

// KindOf says what a value is.
func KindOf(v any) Kind {
	switch v.(type) {
	case bool:
		return KindTruth
	case float64:
		return KindNumber
	case string:
		return KindText
	case []any:
		return KindList
	case map[string]any:
		return KindObject
	}
	return KindNothing
}

func isFrench(lang string) bool { return lang == "fr" || strings.HasPrefix(lang, "fr-") }
