package procedure

// Outcome is how an execution ended.
type Outcome string

// The outcomes. Abandoned is never written on an End: it is what an execution
// gets that nobody finished.
const (
	Solved    Outcome = "solved"
	Unsolved  Outcome = "unsolved"
	Escalated Outcome = "escalated"
	Informed  Outcome = "informed"
	Abandoned Outcome = "abandoned"
)

// Start is where a procedure begins; exactly one per procedure.
type Start struct {
	Inputs []Parameter `json:"inputs,omitempty" yaml:"inputs,omitempty"`
}

// End closes a branch. The step's Title and Text are the closing message.
type End struct {
	Outcome  Outcome  `json:"outcome" yaml:"outcome"`
	Redirect string   `json:"redirect,omitempty" yaml:"redirect,omitempty"` // template of an http(s) address or a local path, offered as a link
	Feedback bool     `json:"feedback,omitempty" yaml:"feedback,omitempty"` // ask for satisfaction on the outcome page
	Outputs  []Output `json:"outputs,omitempty" yaml:"outputs,omitempty"`
}

// Output gives one output of the procedure a value, read by the step that
// called it as step.ID.result.NAME.
type Output struct {
	Name     string       `json:"name" yaml:"name"`
	Type     VariableType `json:"type" yaml:"type"`
	Value    string       `json:"value" yaml:"value"` // formula
	Personal bool         `json:"personal,omitempty" yaml:"personal,omitempty"`
}

// Call runs a sub-procedure and comes back.
type Call struct {
	Procedure string    `json:"procedure" yaml:"procedure"`                   // UID, of the same project or shared in the domain
	Inputs    []Binding `json:"inputs,omitempty" yaml:"inputs,omitempty"`     // its inputs, each a formula here
	Outputs   []Binding `json:"outputs,omitempty" yaml:"outputs,omitempty"`   // variables here, each a formula over result.NAME
	Share     bool      `json:"share,omitempty" yaml:"share,omitempty"`       // the sub-procedure also reads and writes this procedure's variables
	Outcomes  []OnEnd   `json:"outcomes,omitempty" yaml:"outcomes,omitempty"` // where to go by the outcome it reached; others: Next
}

// Binding gives a name the value of a formula.
type Binding struct {
	Name  string `json:"name" yaml:"name"`
	Value string `json:"value" yaml:"value"` // formula
}

// OnEnd is the edge taken when the called procedure ended with an outcome.
type OnEnd struct {
	Outcome Outcome `json:"outcome" yaml:"outcome"`
	To      string  `json:"to" yaml:"to"`
}

// Jump goes to another step, often backwards. After Max times in one
// execution it goes to Next instead, or fails when there is none.
type Jump struct {
	To      string `json:"to" yaml:"to"`
	Max     int    `json:"max,omitempty" yaml:"max,omitempty"`         // 0: 20
	Counter string `json:"counter,omitempty" yaml:"counter,omitempty"` // variable that holds the count, if any
}

// Each runs the steps from Body once per item of a list; a branch of the body
// that comes back to this step ends the iteration. Then it goes to Next.
type Each struct {
	List    string `json:"list" yaml:"list"`                           // formula
	Item    string `json:"item" yaml:"item"`                           // variable that holds the item
	Index   string `json:"index,omitempty" yaml:"index,omitempty"`     // variable that holds its place from 0, if any
	Body    string `json:"body" yaml:"body"`                           // first step of the body
	Until   string `json:"until,omitempty" yaml:"until,omitempty"`     // formula read after each iteration; true ends it
	Collect string `json:"collect,omitempty" yaml:"collect,omitempty"` // formula read after each iteration
	Into    string `json:"into,omitempty" yaml:"into,omitempty"`       // list variable that gets what was collected
	Max     int    `json:"max,omitempty" yaml:"max,omitempty"`         // 0: 200
}

// Box is a frame drawn around the steps that name it.
type Box struct {
	Folded bool `json:"folded,omitempty" yaml:"folded,omitempty"`
}

// Sticky is a note on the canvas; the step's Note is what it says.
type Sticky struct {
	Beside string `json:"beside,omitempty" yaml:"beside,omitempty"` // step it is stuck to
}
