package index

import (
	"math/bits"
	"slices"
)

// letters is the set of letters of a word, one bit each. A slip of the finger
// changes two of them at most, so two sets tell that words are far from each
// other without comparing them.
type letters uint64

func lettersOf(w string) (set letters) {
	for i := 0; i < len(w); i++ {
		set |= 1 << (w[i] % 64)
	}
	return set
}

// slips returns how many slips of the finger a word of so many letters is
// forgiven: one from four letters on, two from eight on.
func slips(runes int) int {
	switch {
	case runes >= 8:
		return 2
	case runes >= 4:
		return 1
	}
	return 0
}

// near calls yield with the words at most so many slips away from w, or, when w
// is only begun, with those that start that near to it.
func (ix *Index) near(w string, forgiven int, begun bool, yield func(at, slips int)) {
	typed, set := []rune(w), lettersOf(w)
	var d distance
	for at, other := range ix.words {
		n := int(ix.runes[at])
		far := set ^ ix.spread[at]
		if begun {
			far = set &^ ix.spread[at] // what it goes on with is no slip
		}
		if n < len(typed)-forgiven || (!begun && n > len(typed)+forgiven) || bits.OnesCount64(uint64(far)) > 2*forgiven*maxBytes(w, other) {
			continue
		}
		slips := d.between(typed, other)
		if begun {
			slips = d.begun()
		}
		if slips <= forgiven {
			yield(at, slips)
		}
	}
}

// maxBytes is how many bytes a letter of the two words may take: 1 when both
// are ASCII, else that of the widest script we meet.
func maxBytes(a, b string) int {
	for i := 0; i < len(a); i++ {
		if a[i] >= 0x80 {
			return 4
		}
	}
	for i := 0; i < len(b); i++ {
		if b[i] >= 0x80 {
			return 4
		}
	}
	return 1
}

// distance counts the slips between words: a letter too many, missing, wrong,
// or swapped with the next. It keeps its rows from one count to the next.
type distance struct {
	other                []rune
	before, above, below []int
}

func (d *distance) between(typed []rune, other string) int {
	d.other = append(d.other[:0], []rune(other)...)
	if len(d.below) <= len(d.other) {
		n := len(d.other) + 1
		d.before, d.above, d.below = make([]int, n), make([]int, n), make([]int, n)
	}
	for j := range len(d.other) + 1 {
		d.below[j] = j
	}
	for i := range typed {
		d.before, d.above, d.below = d.above, d.below, d.before
		d.row(typed, i)
	}
	return d.below[len(d.other)]
}

// begun returns the slips between the typed letters last compared and the
// nearest beginning of the other word.
func (d *distance) begun() int { return slices.Min(d.below[:len(d.other)+1]) }

// row counts the slips between the first i+1 typed letters and every beginning
// of the other word.
func (d *distance) row(typed []rune, i int) {
	d.below[0] = i + 1
	for j, r := range d.other {
		cost := 1
		if r == typed[i] {
			cost = 0
		}
		n := min(d.above[j]+cost, d.above[j+1]+1, d.below[j]+1)
		if i > 0 && j > 0 && typed[i] == d.other[j-1] && typed[i-1] == r {
			n = min(n, d.before[j-1]+1)
		}
		d.below[j+1] = n
	}
}
