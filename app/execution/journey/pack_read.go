package journey

import (
	"encoding/binary"
	"math"

	"selfhelp/app/execution/entry"
)

// maxDepth bounds the nesting of values in a state.
const maxDepth = 64

// unpacker reads what packer wrote. After the first thing that cannot be, bad
// is set and it gives nothing but zero values; counts are bounded by the bytes
// that are left, so a forged one cannot ask for memory. The texts it gives are
// parts of what it reads: they cost nothing.
type unpacker struct {
	b   string
	bad bool
}

func (u *unpacker) fail() {
	u.bad = true
	u.b = ""
}

func (u *unpacker) uint() (n uint64) {
	for i := 0; i < len(u.b) && i < binary.MaxVarintLen64; i++ {
		c := u.b[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			u.b = u.b[i+1:]
			return n
		}
	}
	u.fail()
	return 0
}

func (u *unpacker) int() int64 {
	n := u.uint() // the lowest bit is the sign
	return int64(n>>1) ^ -int64(n&1)
}

// count reads how many things follow, each of at least one byte.
func (u *unpacker) count() int {
	n := u.uint()
	if n > uint64(len(u.b)) {
		u.fail()
		return 0
	}
	return int(n)
}

func (u *unpacker) text() string {
	n := u.count()
	s := u.b[:n]
	u.b = u.b[n:]
	return s
}

func (u *unpacker) byte() byte {
	if len(u.b) == 0 {
		u.fail()
		return 0
	}
	c := u.b[0]
	u.b = u.b[1:]
	return c
}

func (u *unpacker) flag() bool { return u.byte() == 1 }

func (u *unpacker) texts() []string {
	n := u.count()
	if n == 0 {
		return nil
	}
	list := make([]string, 0, n)
	for range n {
		list = append(list, u.text())
	}
	return list
}

func (u *unpacker) value(depth int) any {
	if depth > maxDepth {
		u.fail()
		return nil
	}
	switch u.byte() {
	case tagNil:
		return nil
	case tagFalse:
		return false
	case tagTrue:
		return true
	case tagInt:
		return float64(u.int())
	case tagFloat:
		return u.float()
	case tagText:
		return u.text()
	case tagList:
		list := make([]any, u.count())
		for i := range list {
			list[i] = u.value(depth + 1)
		}
		return list
	case tagObject:
		return u.object(depth + 1)
	}
	u.fail()
	return nil
}

func (u *unpacker) float() float64 {
	if len(u.b) < 8 {
		u.fail()
		return 0
	}
	f := math.Float64frombits(binary.LittleEndian.Uint64([]byte(u.b[:8])))
	u.b = u.b[8:]
	if math.IsNaN(f) || math.IsInf(f, 0) {
		u.fail()
		return 0
	}
	return f
}

// object reads an object; an empty one is not nil.
func (u *unpacker) object(depth int) map[string]any {
	n := u.count()
	m := make(map[string]any, n)
	for range n {
		k := u.text()
		m[k] = u.value(depth)
	}
	return m
}

func (u *unpacker) posted() map[string][]string {
	n := u.count()
	if n == 0 {
		return nil
	}
	m := make(map[string][]string, n)
	for range n {
		k := u.text()
		m[k] = u.texts()
	}
	return m
}

func (u *unpacker) files() map[string][]entry.File {
	n := u.count()
	if n == 0 {
		return nil
	}
	m := make(map[string][]entry.File, n)
	for range n {
		k := u.text()
		list := make([]entry.File, u.count())
		for i := range list {
			list[i] = entry.File{Name: u.text(), Type: u.text(), Size: u.int(), Hash: u.text()}
		}
		m[k] = list
	}
	return m
}
