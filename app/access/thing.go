package access

// Thing is what a permission is asked on. Fill in what the permission is
// about; what is missing never opens anything.
type Thing struct {
	Domain    string   // id; that of the project, when there is one
	Project   *Project // nil: the domain or the server itself
	Procedure Audience // of the procedure; none: as the project
	Owner     string   // whose execution it is: an identity's ID
}

// Project is what access needs to know of a project.
type Project struct {
	Public   bool     // visitors need not sign in, and the audience is everyone
	Audience Audience // who it is for, once published
	Grants   []Grant  // who may do what with it in the Studio
}

// Audience is the list of groups that something published is for; none:
// everyone who reaches what it stands in.
type Audience []string

// Right is what a project lets someone do with it in the Studio.
type Right string

// The rights. Administration holds all the others; each of the others lets its
// holder read the project, and nothing more than its name says.
const (
	Administration Right = "administration"
	Modification   Right = "modification"
	Duplication    Right = "duplication"
	Execution      Right = "execution"
	Publication    Right = "publication"
	Approval       Right = "approval"
)

// Rights returns every right, in the order the rights page shows them.
func Rights() []Right {
	return []Right{Administration, Modification, Duplication, Execution, Publication, Approval}
}

// Grant gives a right on a project to a user or to a group.
type Grant struct {
	Right Right
	User  string // an identity's ID; or
	Group string
}

// holds reports whether the grant is for the identity.
func (g Grant) holds(who Identity) bool {
	if g.User != "" {
		return g.User == who.ID
	}
	return g.Group != "" && who.amongst([]string{g.Group})
}

// gives reports whether the project gives the identity one of the rights.
func (p *Project) gives(who Identity, rights []Right) bool {
	if p == nil {
		return false
	}
	for _, g := range p.Grants {
		if !g.holds(who) {
			continue
		}
		for _, r := range rights {
			if g.Right == r {
				return true
			}
		}
	}
	return false
}
