// Package portal is the room of people who look for an answer: what is published,
// the search, starting a procedure, answering its pages, coming back to it. It
// knows which page follows which; it refuses to know how procedures are run, how
// a turn is kept, and how pages look.
//
// Its main names are Portal and its Routes.
package portal

import "selfhelp/app/web/drive"

// Portal is where people look for an answer and follow it.
type Portal struct {
	*drive.Driver
	use use
}

// New builds the room.
func New(d *drive.Driver) *Portal { return &Portal{Driver: d} }
