package access

import "slices"

// Role is the duty of a person on the server.
type Role string

// The roles, from the widest to the narrowest.
const (
	Administrator Role = "administrator" // of the domains listed; of the server with EveryDomain
	Manager       Role = "manager"       // of the knowledge: reads, tries and approves every project of the domains
	Writer        Role = "writer"        // works in the Studio, as far as the rights of projects go
	Expert        Role = "expert"        // tries and approves, where projects grant it
	Designer      Role = "designer"      // gives every project of the domains its look
	User          Role = "user"          // runs what is published
)

// Roles returns every role, the widest first.
func Roles() []Role { return allRoles }

var allRoles = []Role{Administrator, Manager, Writer, Expert, Designer, User}

// EntersStudio reports whether a role opens the Studio.
func (r Role) EntersStudio() bool { return duties[r].studio }

// Owns reports whether somebody of a role may own projects: it takes one who may
// administer them.
func (r Role) Owns() bool { return duties[r].holds&ownership != 0 }

// duty is what a role amounts to in the Studio.
type duty struct {
	studio  bool         // opens it
	creates bool         // makes projects in the domains
	gives   []Permission // on every project of the domains, whatever it grants
	holds   rights       // those that have an effect when a project gives them
}

// duties are those of each role. Administrators have every permission in their
// domains besides; see AdministerDomain.
var duties = map[Role]duty{
	Administrator: {studio: true, creates: true, holds: everyRight | ownership},
	Manager:       {studio: true, gives: []Permission{ReadProject, TestProject, ApproveProject, ReadReports}, holds: everyRight | ownership},
	Writer:        {studio: true, creates: true, holds: everyRight | ownership},
	Expert:        {studio: true, holds: setOf(Execution, Approval)},
	Designer:      {studio: true, gives: []Permission{ReadProject, TestProject, DesignProject}, holds: everyRight | ownership},
	User:          {},
}

// includes reports whether a role allows something on every project of its
// domains.
func (d duty) includes(do Permission) bool { return slices.Contains(d.gives, do) }
