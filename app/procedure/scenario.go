package procedure

// Scenario is a journey that must keep working: a context, the answers given,
// and what is expected of it.
type Scenario struct {
	Schema    int            `json:"schema"`
	ID        string         `json:"id" is:"id"`               // unique in its project
	Procedure string         `json:"procedure" is:"procedure"` // UID
	Name      string         `json:"name" is:"word"`
	Language  string         `json:"language,omitempty" is:"language"` // empty: the project's first
	At        string         `json:"at,omitempty" is:"instant"`        // RFC 3339 instant it happens at; empty: 2026-01-15T09:00:00Z
	User      map[string]any `json:"user,omitempty"`                   // user.* of formulas
	Params    map[string]any `json:"params,omitempty"`                 // inputs
	Moves     []Move         `json:"moves,omitempty"`
	Mocks     []Reply        `json:"mocks,omitempty"` // replies to effects, by step; others use the step's own Mock
	Expect    Expect         `json:"expect"`
}

// Move is one thing the person does: an answer to a step, or back or restart.
type Move struct {
	Step    string `json:"step,omitempty" is:"step"`        // step that must be showing
	Answer  any    `json:"answer,omitempty"`                // id, value, list, or object of a form's values
	Do      string `json:"do,omitempty" one:"back restart"` // "", back or restart
	Refused bool   `json:"refused,omitempty"`               // the answer must be refused
}

// Reply is what a call to the outside answers in a scenario.
type Reply struct {
	Step   string `json:"step" is:"step"`
	Result any    `json:"result,omitempty"`
	Fails  string `json:"fails,omitempty" one:"error timeout status fault"` // error, timeout, status or fault instead of a result
}

// Expect is what must have happened. What is left out is not looked at.
type Expect struct {
	Outcome   Outcome        `json:"outcome,omitempty"`
	Showing   string         `json:"showing,omitempty" is:"step"` // step that shows when the moves are done
	Steps     []string       `json:"steps,omitempty" is:"step"`   // every step visited, in order
	Texts     []string       `json:"texts,omitempty" is:"note"`   // words that some shown page held
	Variables map[string]any `json:"variables,omitempty"`
	Effects   []WantedEffect `json:"effects,omitzero"` // in order; an empty list: nothing may be asked for
}

// WantedEffect is a call to the outside that must have been asked for.
type WantedEffect struct {
	Step  string         `json:"step" is:"step"`
	Holds map[string]any `json:"holds,omitempty"` // values its request must hold, by name
}
