package journey

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"slices"

	"selfhelp/app/execution/entry"
)

// packer writes a state in few bytes. It is written by hand because every
// answer packs and unpacks a state: this takes a tenth of the time of JSON.
type packer struct {
	b      []byte
	sorted bool // keys in order, so that equal values give equal bytes
}

// The tags of packed values.
const (
	tagNil byte = iota
	tagFalse
	tagTrue
	tagInt
	tagFloat
	tagText
	tagList
	tagObject
)

func (p *packer) uint(n uint64) { p.b = binary.AppendUvarint(p.b, n) }
func (p *packer) int(n int64)   { p.b = binary.AppendVarint(p.b, n) }

func (p *packer) text(s string) {
	p.uint(uint64(len(s)))
	p.b = append(p.b, s...)
}

func (p *packer) flag(on bool) {
	if on {
		p.b = append(p.b, 1)
	} else {
		p.b = append(p.b, 0)
	}
}

func (p *packer) texts(list []string) {
	p.uint(uint64(len(list)))
	for _, s := range list {
		p.text(s)
	}
}

// value writes one of the six kinds of value; anything else is nil.
func (p *packer) value(v any) {
	switch v := v.(type) {
	case bool:
		if v {
			p.b = append(p.b, tagTrue)
		} else {
			p.b = append(p.b, tagFalse)
		}
	case float64:
		p.number(v)
	case string:
		p.b = append(p.b, tagText)
		p.text(v)
	case []any:
		p.b = append(p.b, tagList)
		p.uint(uint64(len(v)))
		for _, item := range v {
			p.value(item)
		}
	case map[string]any:
		p.b = append(p.b, tagObject)
		p.object(v)
	default:
		p.b = append(p.b, tagNil)
	}
}

func (p *packer) number(f float64) {
	if n := int64(f); float64(n) == f && n > -1<<53 && n < 1<<53 {
		p.b = append(p.b, tagInt)
		p.int(n)
		return
	}
	p.b = append(p.b, tagFloat)
	p.b = binary.LittleEndian.AppendUint64(p.b, math.Float64bits(f))
}

func (p *packer) object(m map[string]any) {
	p.uint(uint64(len(m)))
	if !p.sorted {
		for k, v := range m {
			p.text(k)
			p.value(v)
		}
		return
	}
	for _, k := range SortedKeys(m) {
		p.text(k)
		p.value(m[k])
	}
}

func (p *packer) posted(m map[string][]string) {
	p.uint(uint64(len(m)))
	if len(m) == 1 { // most answers
		for k, v := range m {
			p.text(k)
			p.texts(v)
		}
		return
	}
	for _, k := range SortedKeys(m) {
		p.text(k)
		p.texts(m[k])
	}
}

func (p *packer) files(m map[string][]entry.File) {
	p.uint(uint64(len(m)))
	for _, k := range SortedKeys(m) {
		p.text(k)
		p.uint(uint64(len(m[k])))
		for _, f := range m[k] {
			p.text(f.Name)
			p.text(f.Type)
			p.int(f.Size)
			p.text(f.Hash)
		}
	}
}

// SortedKeys returns the keys of a map in order.
func SortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Bytes writes values so that equal ones give equal bytes: what keys of turns
// and effects are made of.
type Bytes struct{ p packer }

// Text adds a text.
func (b *Bytes) Text(s string) { b.p.text(s) }

// Number adds a number.
func (b *Bytes) Number(f float64) { b.p.number(f) }

// Posted adds an answer as it was posted.
func (b *Bytes) Posted(values map[string][]string, files map[string][]entry.File) {
	b.p.posted(values)
	b.p.files(files)
}

// Object adds an object.
func (b *Bytes) Object(m map[string]any) {
	b.p.sorted = true
	b.p.object(m)
}

// Digest returns 128 bits of the SHA-256 of what was added, in hex.
func (b *Bytes) Digest() string {
	sum := sha256.Sum256(b.p.b)
	return hex.EncodeToString(sum[:16])
}

// SizeOf returns the packed bytes of a value.
func SizeOf(v any) int {
	p := packer{}
	p.value(v)
	return len(p.b)
}
