package edit

import "strings"

// Piece is a run of words of a text that was changed.
type Piece struct {
	Words          string
	Removed, Added bool
}

// maxCompared bounds the work of a comparison: the words of one text times those
// of the other.
const maxCompared = 1 << 20

// Pieces compares two texts word by word: what was taken out, what came in, and
// what stayed. Texts too long for that are taken out and come in whole.
func Pieces(was, is string) (pieces []Piece) {
	a, b := inWords(was), inWords(is)
	if len(a)*len(b) > maxCompared {
		return []Piece{{Words: was, Removed: true}, {Words: is, Added: true}}
	}
	add := func(p Piece) {
		if n := len(pieces); n > 0 && pieces[n-1].Removed == p.Removed && pieces[n-1].Added == p.Added {
			pieces[n-1].Words += p.Words
			return
		}
		pieces = append(pieces, p)
	}
	common := commonTails(a, b)
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			add(Piece{Words: a[i]})
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			add(Piece{Words: a[i], Removed: true})
			i++
		default:
			add(Piece{Words: b[j], Added: true})
			j++
		}
	}
	for ; i < len(a); i++ {
		add(Piece{Words: a[i], Removed: true})
	}
	for ; j < len(b); j++ {
		add(Piece{Words: b[j], Added: true})
	}
	return pieces
}

// inWords cuts a text into words, each with the space behind it.
func inWords(text string) []string { return strings.SplitAfter(text, " ") }

// commonTails says how many words two texts have in common, in order, from a
// word of each on.
func commonTails(a, b []string) [][]int32 {
	common := make([][]int32, len(a)+1)
	for i := range common {
		common[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	return common
}
