package journey

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"sync"
)

// The shapes of what is sealed.
const (
	shapePlain byte = iota
	shapeDeflated
)

// shrinkFrom is the size from which a state is deflated: below it the bytes
// saved are worth less than the 30 µs they cost.
const shrinkFrom = 4 << 10

var deflaters = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(nil, flate.BestSpeed) // fails for unknown levels only
	return w
}}

// shrink deflates a large state if that helps.
func shrink(plain []byte) (shape byte, out []byte) {
	if len(plain) < shrinkFrom {
		return shapePlain, plain
	}
	var b bytes.Buffer
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(&b)
	if _, err := w.Write(plain); err != nil || w.Close() != nil || b.Len() >= len(plain) {
		return shapePlain, plain
	}
	return shapeDeflated, b.Bytes()
}

// grow undoes shrink, up to the size a state may have.
func grow(shape byte, b []byte) ([]byte, error) {
	switch shape {
	case shapePlain:
		return b, nil
	case shapeDeflated:
		plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b)), MaxState+1))
		if err != nil {
			return nil, fmt.Errorf("inflate state: %w", err)
		}
		if len(plain) > MaxState {
			return nil, errors.New("inflated state is too large")
		}
		return plain, nil
	}
	return nil, fmt.Errorf("unknown shape %d", shape)
}
