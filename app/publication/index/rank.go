package index

import (
	"math"
	"math/bits"
	"sync"
)

// Weights is how much a word counts by field; none at all where it is zero.
type Weights [fields]float32

// The weights of a search, and those of suggestions, which only look at what a
// document is called.
var (
	Everywhere = Weights{Title: 8, Keywords: 4, Description: 2, Body: 1}
	InNames    = Weights{Title: 8, Keywords: 4}
)

// Corpus is what a score is relative to: the indexes searched together, so
// that the hits of one can stand among those of another.
type Corpus struct {
	Docs   int
	Counts []int // documents that hold each word of the query
}

// Corpus returns what the scores of this index alone are relative to.
func (ix *Index) Corpus(m Match) Corpus { return Corpus{ix.docs, m.Counts} }

// Plus returns two corpora searched together with the same query.
func (c Corpus) Plus(d Corpus) Corpus {
	sum := Corpus{Docs: c.Docs + d.Docs, Counts: make([]int, max(len(c.Counts), len(d.Counts)))}
	for i, n := range c.Counts {
		sum.Counts[i] += n
	}
	for i, n := range d.Counts {
		sum.Counts[i] += n
	}
	return sum
}

// rarity is the weight of a word by how few documents hold it.
func (c Corpus) rarity(word int) float32 {
	n, docs := float64(c.Counts[word]), float64(c.Docs)
	return float32(math.Log(1 + (max(docs-n, 0)+0.5)/(n+0.5)))
}

// Hit is a document found.
type Hit struct {
	Doc   int
	Score float32
}

// tally is the scratch space of one ranking.
type tally struct {
	score, best []float32 // by document: in all, and of the word at hand
	words       []uint16  // by document: the set of words found
	seen, fresh []int     // documents met, in all and by the word at hand
}

var tallies = sync.Pool{New: func() any { return new(tally) }}

// saturation says how soon more occurrences stop counting more.
const saturation = 1.6

// Rank calls yield with the documents that hold enough of the words: half of
// those the corpus knows, or every one when all is set. Documents that may does
// not allow are left out before anything is compared.
func (ix *Index) Rank(m Match, c Corpus, w Weights, all bool, may func(doc int) bool, yield func(Hit)) error {
	t := tallies.Get().(*tally)
	defer tallies.Put(t)
	t.reset(ix.docs)
	known := 0
	for word, candidates := range m.words {
		if c.Counts[word] > 0 {
			known++
		}
		if err := ix.count(t, candidates, w, may); err != nil {
			return err
		}
		t.add(word, c.rarity(word))
	}
	least := (known + 1) / 2
	if all {
		least = len(m.words)
	}
	for _, doc := range t.seen {
		found := bits.OnesCount16(t.words[doc])
		if found >= least {
			share := float32(found) / float32(max(known, 1))
			yield(Hit{doc, t.score[doc] * share * share})
		}
	}
	return nil
}

// count gives every allowed document the best of what the candidates for one
// word are worth in it.
func (ix *Index) count(t *tally, candidates []candidate, w Weights, may func(doc int) bool) error {
	for _, cand := range candidates {
		err := ix.each(cand.at, func(p posting) {
			var occurs float32
			for f, n := range p.counts {
				if n > 0 {
					occurs += w[f] * float32(n) * ix.level[f][p.doc]
				}
			}
			if occurs == 0 || !may(p.doc) {
				return
			}
			if t.best[p.doc] == 0 {
				t.fresh = append(t.fresh, p.doc)
			}
			t.best[p.doc] = max(t.best[p.doc], cand.weight*occurs/(occurs+saturation))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// add adds the word at hand to the whole.
func (t *tally) add(word int, rarity float32) {
	for _, doc := range t.fresh {
		if t.words[doc] == 0 {
			t.seen = append(t.seen, doc)
		}
		t.words[doc] |= 1 << word
		t.score[doc] += rarity * t.best[doc]
		t.best[doc] = 0
	}
	t.fresh = t.fresh[:0]
}

func (t *tally) reset(docs int) {
	for _, doc := range t.seen {
		t.score[doc], t.words[doc] = 0, 0
	}
	for _, doc := range t.fresh {
		t.best[doc] = 0
	}
	t.seen, t.fresh = t.seen[:0], t.fresh[:0]
	if len(t.score) < docs {
		t.score, t.best, t.words = make([]float32, docs), make([]float32, docs), make([]uint16, docs)
	}
}
