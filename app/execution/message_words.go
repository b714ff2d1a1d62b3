package execution

// sentences is the catalogue: what the engine itself says to people. French
// has no-break spaces before high punctuation.
var sentences = map[string]sentence{
	"button.next": {"Suivant", "Next"},
}
