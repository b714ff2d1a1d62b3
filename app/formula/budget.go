package formula

// Budget is what the formulas of one turn may cost together, counted and not
// timed. It is not safe for concurrent use.
type Budget struct {
	ticks, bytes int
}

// NewBudget returns the budget of one turn.
func NewBudget() *Budget { return &Budget{ticks: 1_000_000, bytes: 16 << 20} }
