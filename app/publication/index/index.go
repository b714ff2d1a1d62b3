package index

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// Index answers queries in one language. Its words are in memory, its postings
// are fetched when a query needs them. It is safe for concurrent use.
type Index struct {
	lang   string
	docs   int
	words  []string
	counts []uint32          // documents by word
	places []extent          // of the postings of each word
	spread []letters         // of each word, to pass over the ones that are far
	runes  []uint8           // length of each word
	level  [fields][]float32 // by document: how much one occurrence counts, the longer the field the less
	fetch  func(block int) ([]byte, error)
}

// extent is where postings stand: some bytes of a block.
type extent struct{ block, start, size uint32 }

// errDamaged says that what was kept is no index.
var errDamaged = errors.New("the index is damaged")

// Open returns the index of documents in a language from what was kept of its
// image, without its blocks: fetch returns them by their place in the order,
// and what it returns is not changed.
func Open(lang string, docs int, kept Image, fetch func(block int) ([]byte, error)) (*Index, error) {
	ix := &Index{lang: lang, docs: docs, fetch: fetch}
	if err := ix.readWords(string(kept.Words), kept.Counts); err != nil {
		return nil, err
	}
	if err := ix.readSizes(kept.Sizes); err != nil {
		return nil, err
	}
	return ix, ix.readLengths(kept.Lengths)
}

func (ix *Index) readWords(kept string, counts []byte) error {
	ix.words = strings.SplitAfter(kept, "\n")
	if last := len(ix.words) - 1; ix.words[last] == "" {
		ix.words = ix.words[:last]
	}
	ix.counts = make([]uint32, len(ix.words))
	ix.spread = make([]letters, len(ix.words))
	ix.runes = make([]uint8, len(ix.words))
	for i, w := range ix.words {
		w = strings.TrimSuffix(w, "\n")
		n, size := binary.Uvarint(counts)
		if size <= 0 || n > uint64(ix.docs) || (i > 0 && w <= ix.words[i-1]) {
			return errDamaged
		}
		counts = counts[size:]
		ix.words[i], ix.counts[i] = w, uint32(n)
		ix.spread[i], ix.runes[i] = lettersOf(w), uint8(min(utf8.RuneCountInString(w), 255))
	}
	return nil
}

// readSizes finds where the postings of each word stand, as Join laid them.
func (ix *Index) readSizes(sizes []byte) error {
	ix.places = make([]extent, len(ix.words))
	var at extent
	for i := range ix.places {
		n, size := binary.Uvarint(sizes)
		if size <= 0 || n > 1<<31 {
			return errDamaged
		}
		sizes = sizes[size:]
		at.size = uint32(n)
		ix.places[i] = at
		if at.start += at.size; at.start >= blockSize {
			at = extent{block: at.block + 1}
		}
	}
	return nil
}

// flat says how little the length of each field matters: a word of a long body
// counts for less than one of a short body, hardly so in keywords.
var flat = [fields]float64{Title: 0.6, Keywords: 0.8, Description: 0.5, Body: 0.3}

func (ix *Index) readLengths(kept []byte) error {
	var lengths [fields][]uint64
	var total [fields]uint64
	for range ix.docs {
		for f := range fields {
			n, size := binary.Uvarint(kept)
			if size <= 0 || n > 1<<32 {
				return errDamaged
			}
			kept = kept[size:]
			lengths[f] = append(lengths[f], n)
			total[f] += n
		}
	}
	for f := range fields {
		mean := max(float64(total[f])/float64(max(ix.docs, 1)), 1)
		ix.level[f] = make([]float32, ix.docs)
		for doc, n := range lengths[f] {
			ix.level[f][doc] = float32(1 / (flat[f] + (1-flat[f])*float64(n)/mean))
		}
	}
	return nil
}

// find returns the place of a word, -1 when the index does not hold it.
func (ix *Index) find(w string) int {
	if at, ok := slices.BinarySearch(ix.words, w); ok {
		return at
	}
	return -1
}

// starting returns the places of the words that start with a prefix.
func (ix *Index) starting(prefix string) (from, to int) {
	from, _ = slices.BinarySearch(ix.words, prefix)
	to = from
	for to < len(ix.words) && strings.HasPrefix(ix.words[to], prefix) {
		to++
	}
	return from, to
}

// posting is one document that holds a term, and how often by field.
type posting struct {
	doc    int
	counts [fields]uint32
}

// each reads the postings of a word.
func (ix *Index) each(at int, yield func(posting)) error {
	where := ix.places[at]
	data, err := ix.fetch(int(where.block))
	if err != nil {
		return err
	}
	if uint64(len(data)) < uint64(where.start)+uint64(where.size) {
		return errDamaged
	}
	data = data[where.start:][:where.size]
	var p posting
	for first := true; len(data) > 0; first = false {
		step, size := binary.Uvarint(data)
		if size <= 0 || size >= len(data) || (step == 0 && !first) || step > uint64(ix.docs) {
			return errDamaged
		}
		if p.doc += int(step); p.doc >= ix.docs {
			return errDamaged
		}
		if data = p.read(data[size], data[size+1:]); data == nil {
			return errDamaged
		}
		yield(p)
	}
	return nil
}

// read reads the counts of a document after their head, and returns what
// follows, nil when they are damaged.
func (p *posting) read(head byte, data []byte) []byte {
	p.counts = [fields]uint32{}
	for left := head & 0x0f; left != 0; left &= left - 1 {
		f := bits.TrailingZeros8(left)
		if head&(0x10<<f) != 0 {
			p.counts[f] = 1
			continue
		}
		n, size := binary.Uvarint(data)
		if size <= 0 {
			return nil
		}
		p.counts[f], data = uint32(min(n, 1<<16)), data[size:]
	}
	return data
}
