package access

import "slices"

// Groups are those that somebody is in, in one domain, ready to be looked up:
// there may be a thousand. The zero value is none.
type Groups struct {
	names []string // in order
	marks []uint64 // two bits for each name: a name without both is not among them
}

// marksPerName is how many bits there are for each name: of names that are not
// in, one in some 250 is looked up all the same.
const marksPerName = 32

// GroupsOf returns the groups of these names.
func GroupsOf(names ...string) Groups {
	if len(names) == 0 {
		return Groups{}
	}
	g := Groups{names: slices.Compact(slices.Sorted(slices.Values(names)))}
	words := 1
	for words*64 < len(g.names)*marksPerName {
		words *= 2
	}
	g.marks = make([]uint64, words)
	for _, name := range g.names {
		a, b := g.bits(markOf(name))
		g.marks[a/64] |= 1 << (a % 64)
		g.marks[b/64] |= 1 << (b % 64)
	}
	return g
}

// Names lists the groups by name. The list is not the caller's to change.
func (g Groups) Names() []string { return g.names }

// Has reports whether a group is among them.
func (g Groups) Has(name string) bool {
	_, found := slices.BinarySearch(g.names, name)
	return found
}

// may reports whether a name with this mark may be among them: most that are not
// are known by it.
func (g *Groups) may(mark uint64) bool {
	if len(g.marks) == 0 {
		return false
	}
	a, b := g.bits(mark)
	return g.marks[a/64]>>(a%64)&1 != 0 && g.marks[b/64]>>(b%64)&1 != 0
}

func (g *Groups) bits(mark uint64) (a, b uint64) {
	mask := uint64(len(g.marks))*64 - 1
	return mark & mask, mark >> 32 & mask
}

// markOf is a number that tells most names apart (FNV-1a, its bits stirred).
func markOf(name string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	h ^= h >> 29
	return h * 0x9e3779b97f4a7c15 >> 4
}

// amongst lists which of the groups are among them.
func (g Groups) amongst(groups []string) (mine []string) {
	for _, name := range groups {
		if g.Has(name) {
			mine = append(mine, name)
		}
	}
	return mine
}

// meets reports whether one of the groups is among them.
func (g Groups) meets(groups []string) bool {
	return slices.ContainsFunc(groups, func(name string) bool { return g.may(markOf(name)) && g.Has(name) })
}
