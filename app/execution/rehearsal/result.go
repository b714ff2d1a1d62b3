// Package rehearsal knows how a scenario is run by a machine, and says what
// differs from what its writer expects and which ways it went. It refuses to
// know where scenarios are kept and when they must hold.
//
// Its main names are Run, Result and Difference.
package rehearsal

import (
	"fmt"

	"selfhelp/app/execution"
)

// Result is what differs between a scenario and what happened.
type Result struct {
	ID          string            `json:"id"`
	Name        string            `json:"name"`
	OK          bool              `json:"ok"`
	Differences []Difference      `json:"differences,omitempty"`
	Coverage    Coverage          `json:"coverage"`
	Events      []execution.Event `json:"events,omitempty"` // the log, for who wants to look closer

	Happened Happened `json:"-"`
}

// Difference is one thing that is not as expected.
type Difference struct {
	Place  string `json:"place"` // like "move 3 (ask_lamp)" or "variable colour"
	Wanted string `json:"wanted"`
	Got    string `json:"got"`

	// The same, to be told in any language.
	Spot Spot `json:"-"`
	Want Fact `json:"-"`
	Have Fact `json:"-"`
}

// String returns the difference as one line.
func (d Difference) String() string {
	return fmt.Sprintf("%s: wanted %s, got %s", d.Place, d.Wanted, d.Got)
}

// Coverage is what a journey went through, by procedure UID: step ids, and
// edges as "step edge".
type Coverage struct {
	Steps map[string][]string `json:"steps"`
	Edges map[string][]string `json:"edges"`
}
