package message

// Failure is why a step could not do its work: the key of a sentence for
// people, and the cause for writers, in which no value of a person stands.
type Failure struct {
	Key   string
	Args  []any
	Cause string
	Why   *Why // of a formula, to be told in the reader's language
	Final bool // no error branch may follow: there would be nothing left to run it with
}

// Why is what was wrong with a formula, and where in it.
type Why struct {
	Key    string `json:"key"` // of a sentence of package formula
	Args   []any  `json:"args,omitempty"`
	Line   int    `json:"line,omitempty"` // from 1; 0 when there is no place
	Column int    `json:"column,omitempty"`
}

// Error is for logs.
func (f *Failure) Error() string { return f.Key + ": " + f.Cause }

// Fails returns a failure with the key of its sentence.
func Fails(key string, args ...any) *Failure { return &Failure{Key: key, Args: args} }

// Because adds the cause.
func (f *Failure) Because(cause string) *Failure {
	f.Cause = cause
	return f
}
