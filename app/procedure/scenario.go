package procedure

// Scenario is a journey that must keep working: a context, the answers given,
// and what is expected of it.
type Scenario struct {
	Schema    int            `json:"schema" yaml:"schema"`
	ID        string         `json:"id" yaml:"id"`               // unique in its project
	Procedure string         `json:"procedure" yaml:"procedure"` // UID
	Name      string         `json:"name" yaml:"name"`
	Language  string         `json:"language,omitempty" yaml:"language,omitempty"` // empty: the project's first
	At        string         `json:"at,omitempty" yaml:"at,omitempty"`             // RFC 3339 instant it happens at; empty: 2026-01-15T09:00:00Z
	User      map[string]any `json:"user,omitempty" yaml:"user,omitempty"`         // user.* of formulas
	Params    map[string]any `json:"params,omitempty" yaml:"params,omitempty"`     // inputs
	Moves     []Move         `json:"moves" yaml:"moves"`
	Mocks     []Reply        `json:"mocks,omitempty" yaml:"mocks,omitempty"` // replies to effects, by step; others use the step's own Mock
	Expect    Expect         `json:"expect" yaml:"expect"`
}

// Move is one thing the person does: an answer to a step, or back or restart.
type Move struct {
	Step    string `json:"step,omitempty" yaml:"step,omitempty"`       // step that must be showing
	Answer  any    `json:"answer,omitempty" yaml:"answer,omitempty"`   // id, value, list, or object of a form's values
	Do      string `json:"do,omitempty" yaml:"do,omitempty"`           // "", back or restart
	Refused bool   `json:"refused,omitempty" yaml:"refused,omitempty"` // the answer must be refused
}

// Reply is what a call to the outside answers in a scenario.
type Reply struct {
	Step   string `json:"step" yaml:"step"`
	Result any    `json:"result,omitempty" yaml:"result,omitempty"`
	Fails  string `json:"fails,omitempty" yaml:"fails,omitempty"` // error, timeout, status or fault instead of a result
}

// Expect is what must have happened. What is left out is not looked at.
type Expect struct {
	Outcome   Outcome        `json:"outcome,omitempty" yaml:"outcome,omitempty"`
	Showing   string         `json:"showing,omitempty" yaml:"showing,omitempty"` // step that shows when the moves are done
	Steps     []string       `json:"steps,omitempty" yaml:"steps,omitempty"`     // every step visited, in order
	Texts     []string       `json:"texts,omitempty" yaml:"texts,omitempty"`     // words that some shown page held
	Variables map[string]any `json:"variables,omitempty" yaml:"variables,omitempty"`
	Effects   []WantedEffect `json:"effects,omitempty" yaml:"effects,omitempty"` // in order
}

// WantedEffect is a call to the outside that must have been asked for.
type WantedEffect struct {
	Step  string         `json:"step" yaml:"step"`
	Holds map[string]any `json:"holds,omitempty" yaml:"holds,omitempty"` // values its request must hold, by name
}
