package formula

import (
	"errors"
	"fmt"
)

// ErrBudget is in the chain of every error of a formula that cost too much.
var ErrBudget = errors.New("formula budget exceeded")

// Error is what is wrong with a formula, where, and the key of the sentence a
// person may read about it.
type Error struct {
	Line, Column int // from 1; 0 when there is no place
	Key          string
	Args         []any
	cause        error
}

// Error is the English sentence with its place.
func (e *Error) Error() string {
	return fmt.Sprintf("line %d, column %d: %s %v", e.Line, e.Column, e.Key, e.Args)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }
