package views

import (
	"net/url"
	"slices"

	"selfhelp/views/ui"
)

// List is what a table is narrowed to, and in which order
// it stands: what its address says.
type List struct {
	Path        string      // of the page
	Kept        [][2]string // filters in force, by the names the form has
	Sort        string      // column
	Down        bool        // the last come first
	Further     bool        // it is not the first page
	First, Next string      // addresses
	Count       int64       // on all pages
}

// Value is what a filter is set to.
func (l List) Value(name string) string {
	for _, k := range l.Kept {
		if k[0] == name {
			return k[1]
		}
	}
	return ""
}

// Filtered reports whether any filter is set.
func (l List) Filtered() bool {
	return slices.ContainsFunc(l.Kept, func(k [2]string) bool { return k[1] != "" })
}

// Query writes the filters and the order as an address has them, with more.
func (l List) Query(more ...string) string {
	q := url.Values{}
	for _, k := range l.Kept {
		if k[1] != "" {
			q.Set(k[0], k[1])
		}
	}
	if l.Sort != "" {
		q.Set("sort", l.Sort)
	}
	if l.Down {
		q.Set("down", "1")
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return q.Encode()
}

// Address is that of the list, or of what its path ends with, with more.
func (l List) Address(ending string, more ...string) string {
	query := l.Query(more...)
	if query == "" {
		return l.Path + ending
	}
	return l.Path + ending + "?" + query
}

// sorted is the address of the list by a column: the other way round when it is
// by that one already.
func (l List) sorted(column string) string {
	l.Down = l.Sort == column && !l.Down
	l.Sort = column
	return l.Address("")
}

func (l List) ariaSort(column string) string {
	switch {
	case l.Sort != column:
		return "none"
	case l.Down:
		return "descending"
	}
	return "ascending"
}

func (l List) sortIcon(column string) string {
	if l.Sort == column && !l.Down {
		return "chevron-up"
	}
	return "chevron-down"
}

// AdminChosen asks whether something is to be done to several things.
type AdminChosen struct {
	Office
	Action  string      // where the answer goes
	Do      string      // what is to be done
	Ask     string      // the question, with how many
	Button  string      // the answer, with how many
	Danger  bool        // it takes something away
	Hidden  [][2]string // what goes with the answer
	IDs     []string
	Names   []string // of the first ones
	More    int      // beyond those named
	LeftOut []string // names and reasons of those it is not done to
	Back    string   // address

	Stranded *Stranded // who would no longer come in; nil: nobody
	Heirs    Heirs     // of accounts that are suspended
	Wrong    map[string]string
}

// Stranded are people who would lose their last entry.
type Stranded struct {
	Text   string // how many, and what they lose
	People []ui.Place
	More   int    // beyond those named
	Do     string // what keeps them in
}
