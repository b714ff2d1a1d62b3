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
// are small in memory and endless on paper.
func (b *Budget) weigh(v any) error {
	switch v.(type) {
	case nil, bool, float64, string:
		return nil
	}
	size := 0
	return b.weighIn(v, &size, 0)
}

func (b *Budget) weighIn(v any, size *int, depth int) error {
	switch v := v.(type) {
	case string:
		*size += len(v)
	case []any:
		*size += priceItem * len(v)
		if err := b.weighParts(len(v), *size, depth); err != nil {
			return err
		}
		for _, item := range v {
			if err := b.weighIn(item, size, depth+1); err != nil {
				return err
			}
		}
	case map[string]any:
		*size += priceItem * len(v)
		if err := b.weighParts(2*len(v), *size, depth); err != nil {
			return err
		}
		for name, item := range v {
			*size += len(name)
			if err := b.weighIn(item, size, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *Budget) weighParts(parts, size, depth int) error {
	if size > maxValue || depth > maxNesting {
		return fail("formula.large_value")
	}
	return b.spend(parts)
}
