package formula

// Function describes one function formulas may call, for help and completion.
type Function struct {
	Name      string
	Signature string
	French    string
	English   string
	Example   string // a formula
	Result    string // what the example gives, as JSON
}

// Functions returns every function, sorted by name.
func Functions() []Function { return nil }
