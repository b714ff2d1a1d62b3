package index

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// The bounds of what one word of a query may stand for.
const (
	minPrefix  = 3  // letters
	maxEndings = 24 // words that start like it
	maxNear    = 12 // words that it may be a slip of
)

// How much a word counts that is not the one typed.
const (
	asBegun = 0.6
	asPart  = 0.7
	asSlip  = 0.6 // once for each slip
)

// candidate is a word of the index that a word of a query may stand for.
type candidate struct {
	at     int // its place in the index
	weight float32
}

// Match is what the words of a query stand for in one index.
type Match struct {
	words  [][]candidate     // by word of the query
	Counts []int             // about how many documents hold each word of the query
	stems  map[string]uint16 // the words of the query, as a set, that a word of the index stands for
}

// Match looks up the words of a query.
func (ix *Index) Match(q Query) Match {
	m := Match{stems: map[string]uint16{}}
	for i, w := range q.words {
		found := ix.candidates(w)
		docs := 0
		for _, c := range found {
			docs += int(ix.counts[c.at])
			m.stems[ix.words[c.at]] |= 1 << i
		}
		m.words = append(m.words, found)
		m.Counts = append(m.Counts, min(docs, ix.docs))
	}
	return m
}

// candidates finds the word itself; when it is not there, or not typed to its
// end, the words that start like it; failing all, those it may be a slip of.
func (ix *Index) candidates(w wanted) (found []candidate) {
	at := ix.find(w.stem)
	if at >= 0 {
		found = append(found, candidate{at, 1})
	}
	if w.hollow {
		return found
	}
	for _, p := range w.parts {
		if at := ix.find(p); at >= 0 {
			found = append(found, candidate{at, asPart})
		}
	}
	if len(found) == 0 || w.begun {
		found = append(found, ix.endings(w.stem)...)
	}
	if len(found) == 0 {
		found = ix.nearest(w.stem, false)
	}
	if len(found) == 0 && w.begun {
		found = ix.nearest(w.stem, true)
	}
	return found
}

// endings returns the words that start like w, those of most documents.
func (ix *Index) endings(w string) (found []candidate) {
	n := utf8.RuneCountInString(w)
	if n < minPrefix {
		return nil
	}
	from, to := ix.starting(w)
	for at := from; at < to; at++ {
		if ix.words[at] != w {
			found = append(found, candidate{at, asBegun * float32(n) / float32(ix.runes[at])})
		}
	}
	return ix.widest(found, maxEndings)
}

// nearest returns the words that w, or a beginning of them when it is only
// begun, may be a slip of. Numbers are never taken one for another.
func (ix *Index) nearest(w string, begun bool) (found []candidate) {
	n := utf8.RuneCountInString(w)
	forgiven := slips(n)
	if begun {
		forgiven = min(forgiven, 1) // what is short starts like much
	}
	if forgiven == 0 || strings.ContainsAny(w, "0123456789") {
		return nil
	}
	ix.near(w, forgiven, begun, func(at, slips int) {
		weight := float32(asSlip)
		if slips == 2 {
			weight *= asSlip
		}
		if begun {
			weight *= asBegun * float32(n) / float32(max(n, int(ix.runes[at])))
		}
		found = append(found, candidate{at, weight})
	})
	return ix.widest(found, maxNear)
}

// widest keeps the candidates that weigh most, then those of most documents.
func (ix *Index) widest(found []candidate, most int) []candidate {
	if len(found) <= most {
		return found
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Compare(b.weight*float32(ix.counts[b.at]), a.weight*float32(ix.counts[a.at]))
	})
	return found[:most]
}
