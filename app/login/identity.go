package login

import "time"

// Identity is what a method found out about somebody who proved who they are,
// the same whichever method it was. It says nothing of what they may do.
type Identity struct {
	Subject string            // never changes and never names anybody else, at this method
	Login   string            // as the other side has it
	Fields  map[string]string // what the method was told to read, by our names: those below, and attributes
	Groups  []string          // as the other side names them, sorted
	Proved  time.Time         // when they last proved who they are at the other side; zero: not told
}

// The fields that are not attributes.
const (
	FieldTitle     = "title"
	FieldFirstName = "first_name"
	FieldLastName  = "last_name"
	FieldName      = "name" // in full, where first and last come in one
	FieldMail      = "mail"
	FieldLanguage  = "language"
)
