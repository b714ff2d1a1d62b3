package index

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"
)

// Field is a part of a document; a word weighs more in some than in others.
type Field int

// The fields, from the one that weighs most.
const (
	Title Field = iota
	Keywords
	Description
	Body
	fields
)

// Document is what is indexed of one document, by field.
type Document [fields][]string

// Builder indexes a run of documents in one language. Several can work side by
// side on runs that follow each other; Join makes one index of them.
type Builder struct {
	words   terms
	ids     map[string]int
	posts   []postings
	counts  [][fields]int // by term, of the document being read
	touched []int         // terms of the document being read
	lengths []byte
	first   int // number of its first document
	docs    int
}

// postings are the documents that hold one term. The first document is kept
// apart, so that runs can be joined without reading them again.
type postings struct {
	first, last int
	docs        int
	data        []byte
}

// NewBuilder returns a builder for documents numbered from first on.
func NewBuilder(lang string, first int) *Builder {
	return &Builder{words: terms{lang: languageOf(lang)}, ids: map[string]int{}, first: first}
}

// Add indexes the next document.
func (b *Builder) Add(d Document) {
	for f := range fields {
		length := 0
		for _, text := range d[f] {
			length += b.read(f, text)
		}
		b.lengths = binary.AppendUvarint(b.lengths, uint64(length))
	}
	doc := b.first + b.docs
	b.docs++
	for _, id := range b.touched {
		b.posts[id].add(doc, b.counts[id])
		b.counts[id] = [fields]int{}
	}
	b.touched = b.touched[:0]
}

// read counts the terms of a text and returns how many there are. Words that
// say little count only where a document says what it is called, so that
// something is found by them when nothing else was typed.
func (b *Builder) read(f Field, text string) (length int) {
	b.words.termsOf(text)
	for {
		t, ok := b.words.next()
		if !ok {
			return length
		}
		if t.stop && f != Title && f != Keywords {
			continue
		}
		length++
		id := b.id(t.stem)
		if b.counts[id] == ([fields]int{}) {
			b.touched = append(b.touched, id)
		}
		b.counts[id][f]++
	}
}

func (b *Builder) id(stem []byte) int {
	id, known := b.ids[string(stem)]
	if !known {
		id = len(b.posts)
		b.ids[string(stem)] = id
		b.posts = append(b.posts, postings{})
		b.counts = append(b.counts, [fields]int{})
	}
	return id
}

// add appends a document: its distance from the one before (but for the
// first), a byte that tells the fields that hold the term in its low bits and
// those that hold it once in its high bits, and the other counts.
func (p *postings) add(doc int, counts [fields]int) {
	if p.docs == 0 {
		p.first = doc
	} else {
		p.data = binary.AppendUvarint(p.data, uint64(doc-p.last))
	}
	p.docs, p.last = p.docs+1, doc
	head := len(p.data)
	p.data = append(p.data, 0)
	for f, n := range counts {
		switch {
		case n == 1:
			p.data[head] |= 0x11 << f
		case n > 1:
			p.data[head] |= 0x01 << f
			p.data = binary.AppendUvarint(p.data, uint64(n))
		}
	}
}

// blockSize is how many bytes of postings stand together at least: rows of a
// few bytes cost more than what they hold.
const blockSize = 4 << 10

// Image is an index as it is kept.
type Image struct {
	Words   []byte   // the terms in order, each followed by a line feed
	Counts  []byte   // how many documents hold each, as varints
	Sizes   []byte   // bytes of the postings of each, as varints
	Blocks  [][]byte // the postings, one after the other
	Lengths []byte   // terms by document and field, as varints
}

// Join makes one index of runs of documents given in their order.
func Join(runs ...*Builder) Image {
	image := Image{Counts: []byte{}, Sizes: []byte{}, Lengths: []byte{}} // no document, no bytes, but not nothing
	all := map[string]bool{}
	for _, b := range runs {
		image.Lengths = append(image.Lengths, b.lengths...)
		for w := range b.ids {
			all[w] = true
		}
	}
	var words strings.Builder
	var block []byte
	for _, w := range slices.Sorted(maps.Keys(all)) {
		words.WriteString(w)
		words.WriteByte('\n')
		before := len(block)
		var docs int
		block, docs = joinPostings(block, runs, w)
		image.Counts = binary.AppendUvarint(image.Counts, uint64(docs))
		image.Sizes = binary.AppendUvarint(image.Sizes, uint64(len(block)-before))
		if len(block) >= blockSize {
			image.Blocks, block = append(image.Blocks, block), nil
		}
	}
	if len(block) > 0 {
		image.Blocks = append(image.Blocks, block)
	}
	image.Words = []byte(words.String())
	return image
}

// joinPostings appends the documents of a term in every run, one after the
// other, and counts them.
func joinPostings(data []byte, runs []*Builder, term string) (_ []byte, docs int) {
	last := 0
	for _, b := range runs {
		id, ok := b.ids[term]
		if !ok {
			continue
		}
		p := &b.posts[id]
		data = binary.AppendUvarint(data, uint64(p.first-last))
		data = append(data, p.data...)
		last, docs = p.last, docs+p.docs
	}
	return data, docs
}
