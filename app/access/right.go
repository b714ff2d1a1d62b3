package access

import "slices"

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
func Rights() []Right { return allRights }

var allRights = []Right{Administration, Modification, Duplication, Execution, Publication, Approval}

// rights is a set of them.
type rights uint8

// ownership is no right that a project grants: its owner has it, with
// administration.
const ownership rights = 1 << 7

var everyRight = setOf(allRights...)

// setOf is the set of rights; those that nobody knows are not in it.
func setOf(list ...Right) (all rights) {
	for _, r := range list {
		if i := slices.Index(allRights, r); i >= 0 {
			all |= 1 << i
		}
	}
	return all
}

// list is the set in the order of Rights.
func (s rights) list() (all []Right) {
	for i, r := range allRights {
		if s>>i&1 != 0 {
			all = append(all, r)
		}
	}
	return all
}

// Grant gives a right on a project to a user or to a group.
type Grant struct {
	Right Right
	User  string // an identity's ID; or
	Group string
}

// Grants are what a project gives, ready to be looked up: there may be a
// thousand. The zero value gives nothing.
type Grants struct {
	users  map[string]rights
	groups []groupGrant
}

// groupGrant is all that a project gives one group.
type groupGrant struct {
	name   string
	mark   uint64
	rights rights
}

// GrantsOf returns the grants of a list, each of a user or else of a group.
func GrantsOf(list ...Grant) Grants {
	g := Grants{users: map[string]rights{}}
	at := map[string]int{}
	for _, one := range list {
		if one.User != "" {
			g.users[one.User] |= setOf(one.Right)
			continue
		}
		if one.Group == "" {
			continue
		}
		i, known := at[one.Group]
		if !known {
			i = len(g.groups)
			at[one.Group] = i
			g.groups = append(g.groups, groupGrant{name: one.Group, mark: markOf(one.Group)})
		}
		g.groups[i].rights |= setOf(one.Right)
	}
	return g
}

// give reports whether someone has one of the rights, and how: the group they
// have it by, "" when it is theirs.
func (g *Grants) give(user string, in *Groups, one rights) (given rights, by string) {
	if given := g.users[user] & one; given != 0 {
		return given, ""
	}
	for i := range g.groups {
		if e := &g.groups[i]; e.rights&one != 0 && in.may(e.mark) && in.Has(e.name) {
			return e.rights & one, e.name
		}
	}
	return 0, ""
}
