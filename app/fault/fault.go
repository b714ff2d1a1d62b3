// Package fault knows the closed list of ways a request can fail, and the
// sentence a person may read about it. It refuses to know HTTP, SQL, languages
// of pages or logs: the doors turn kinds into status codes and keys into words.
//
// Its main names are Kind, Error and TextOf.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what sort of failure happened. The list is closed: every door
// handles each of them.
type Kind int

// The kinds, from the caller's fault to ours. Internal is the zero value, so
// that an error nobody classified is never shown to a person.
const (
	Internal Kind = iota
	Invalid
	NotFound
	Conflict
	Unauthenticated
	Forbidden
	TooLarge
	Unsupported // what was sent is of a kind that is not taken
	Late        // what was sent came too slowly
	Limited
	Unavailable
)

var kindNames = [...]string{"internal", "invalid", "not-found", "conflict", "unauthenticated", "forbidden", "too-large", "unsupported", "late", "limited", "unavailable"}

// String returns the kind as it stands in logs and in problem+json types.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return "internal"
	}
	return kindNames[k]
}

// Bytes is a size among the values of a sentence: people read it with its unit.
type Bytes int64

// Error is a failure with a kind, the key of the sentence a person may read,
// and the cause that only operators see.
type Error struct {
	Kind   Kind
	Key    string            // message key of the interface catalogue, like "fault.step.unknown"
	Args   []any             // values for the message's %s verbs
	Fields map[string]string // field name → message key, for forms
	Hint   string            // what an operator can do, in English, may be empty
	Cause  error             // may be nil
}

// Error is for logs: kind, key and cause.
func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s (%s): %v", e.Key, e.Kind, e.Cause)
	}
	return fmt.Sprintf("%s (%s)", e.Key, e.Kind)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// New returns a failure of a kind whose sentence has the given key.
func New(kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// Because returns a failure that keeps its cause for the logs.
func Because(kind Kind, cause error, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args, Cause: cause}
}

// InField returns an Invalid failure of one form field.
func InField(field, key string) *Error {
	return &Error{Kind: Invalid, Key: "fault.form", Fields: map[string]string{field: key}}
}

// KindOf returns the kind of the first Error in err's chain, Internal when
// there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is a failure of the given kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// TextOf returns the message key and its values for a person. An Internal
// failure never tells its cause: its key is always "fault.internal".
func TextOf(err error) (key string, args []any) {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Kind == Internal {
		return "fault.internal", nil
	}
	return e.Key, e.Args
}

// FieldText returns the message key of a field of err and its values, which only the
// field has that the whole failure is about; "" when nothing is wrong with it.
func FieldText(err error, field string) (key string, args []any) {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return "", nil
	}
	if key = e.Fields[field]; key == e.Key {
		args = e.Args
	}
	return key, args
}

// FieldsOf returns the field messages of err, nil when it has none.
func FieldsOf(err error) map[string]string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Fields
	}
	return nil
}
