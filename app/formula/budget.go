package formula

// What the formulas of one turn may cost together. A tick is the evaluation of
// one node, some 20 to 60 ns; so the whole budget is spent in a few tens of
// milliseconds, and what it lets exist at once stays far under 64 MiB.
const (
	maxTicks = 1_000_000
	maxBytes = 16 << 20
)

// What one formula may look like and one value may be.
const (
	MaxSource   = 8 << 10 // bytes of a formula
	MaxPattern  = 1 << 10 // bytes of all patterns of a formula
	maxNodes    = 2000    // of the tree
	maxDepth    = 100     // of brackets
	maxText     = 1 << 20 // bytes of a text that a formula builds
	maxValue    = 4 << 20 // bytes of a whole result, shared parts counted each time
	maxNesting  = 64      // lists in lists in …
	maxMatching = 64 << 10
)

// Prices of what is kept, in bytes.
const (
	priceItem  = 24 // of a list, boxed number included
	priceEntry = 96 // of an object, its share of the buckets included
)

// Budget is what the formulas of one turn may cost together, counted and not
// timed. It is not safe for concurrent use.
type Budget struct {
	ticks, bytes int
}

// NewBudget returns the budget of one turn.
func NewBudget() *Budget { return &Budget{ticks: maxTicks, bytes: maxBytes} }

// Spent returns how much of the budget is gone: evaluated nodes and built
// bytes.
func (b *Budget) Spent() (ticks, bytes int) { return maxTicks - b.ticks, maxBytes - b.bytes }

// spend pays for work before it is done.
func (b *Budget) spend(ticks int) error {
	if ticks > b.ticks {
		b.ticks = -1 // nothing more in this turn, however cheap
		return &Error{Key: "formula.budget.time", offset: nowhere, cause: ErrBudget}
	}
	b.ticks -= ticks
	return nil
}

// grow pays for memory before it is taken.
func (b *Budget) grow(bytes int) error {
	if bytes > b.bytes {
		b.bytes = -1
		return &Error{Key: "formula.budget.memory", offset: nowhere, cause: ErrBudget}
	}
	b.bytes -= bytes
	return nil
}

// take pays for work and memory together.
func (b *Budget) take(ticks, bytes int) error {
	if err := b.spend(ticks); err != nil {
		return err
	}
	return b.grow(bytes)
}

// text pays for a text that is about to be built.
func (b *Budget) text(length int) error {
	if length > maxText {
		return fail("formula.long_text")
	}
	return b.take(length/64, length)
}

// weigh walks a whole value, counting what it shares with itself each time, as
// whoever writes it down will: sixty lists that each hold the one before twice
// are small in memory and endless on paper. The walk ends by itself at the
// size of the largest value, and costs the same in whichever order it met the
// entries of objects.
func (b *Budget) weigh(v any) error {
	switch v.(type) {
	case nil, bool, float64, string:
		return nil
	}
	var s scale
	if s.holds(v, 0) {
		return b.spend(s.parts)
	}
	if err := b.spend(maxValue / priceItem); err != nil {
		return err
	}
	return fail("formula.large_value")
}

// scale adds up the parts of a value and their bytes.
type scale struct{ parts, bytes int }

// holds weighs one part; false means that the value is too large or too deep.
func (s *scale) holds(v any, depth int) bool {
	switch v := v.(type) {
	case string:
		s.bytes += len(v)
	case []any:
		if !s.adds(len(v), depth) {
			return false
		}
		for _, item := range v {
			if !s.holds(item, depth+1) {
				return false
			}
		}
	case map[string]any:
		if !s.adds(2*len(v), depth) {
			return false
		}
		for name, item := range v {
			s.bytes += len(name)
			if !s.holds(item, depth+1) {
				return false
			}
		}
	}
	return s.bytes <= maxValue
}

func (s *scale) adds(parts, depth int) bool {
	s.parts += parts
	s.bytes += priceItem * parts
	return s.bytes <= maxValue && depth <= maxNesting
}
