package views

// AdminImport is the form that takes a list of people in, why one was refused,
// and what one would change.
type AdminImport struct {
	Office
	Choices                  []Option // domains
	Domain                   string   // of new accounts whose line names none
	Text                     string   // pasted, when it was refused
	Most                     int64    // bytes
	MostLines, MostPasswords int
	Refused                  string
	Plan                     *RosterPlan // nil until a list was read
	Said                     string      // what was done, once it is
	Noted                    RosterPart  // lines that were kept, with what the plan noted of them
}

// domains are the choices of a domain for lines that name none.
func (p AdminImport) domains() []Option {
	return append([]Option{{"", p.T("roster.domain.none")}}, p.Choices...)
}

// RosterPlan is what bringing a list in would change.
type RosterPlan struct {
	File      string // "" when it was pasted
	Columns   []Difference
	Parts     []RosterPart
	Seen      string // what is posted to agree
	Overtaken bool   // something changed since a plan was shown
	Done      int    // lines that were kept before that was found
	Skip      string // why it was not taken in: nobody said that wrong lines are left out
}

// RosterPart are the lines that would do the same.
type RosterPart struct {
	Deed     string
	Count    int
	Repeated []RosterProblem // said once for many of them
	Listed   int             // those of which that does not say all
	Lines    []RosterLine    // the first of the listed
}

// RosterProblem is what is wrong with many lines.
type RosterProblem struct {
	Says  string
	Count int
	Lines string // their numbers
}

// RosterLine is a line with what it would do, or what is wrong with it.
type RosterLine struct {
	Number int
	Login  string
	Says   []string
	Notes  []string // which groups it was taken to mean
}

// of is how many lines would do something.
func (p RosterPlan) of(deeds ...string) (n int) {
	for _, part := range p.Parts {
		for _, deed := range deeds {
			if part.Deed == deed {
				n += part.Count
			}
		}
	}
	return n
}

// rosterColumns are the columns that an import knows, with what goes into them.
var rosterColumns = []string{"login", "title", "first_name", "last_name", "mail", "language", "role", "active", "password", "domains", "groups", "attribute"}
