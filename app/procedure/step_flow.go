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

// Failed is no outcome, and no list of them has it: it stands beside them in
// lists and counts for what a problem stopped, until the person goes on.
const Failed = "failed"

// Start is where a procedure begins; exactly one per procedure.
type Start struct {
	Inputs []Parameter `json:"inputs,omitempty"`
}

// End closes a branch. The step's Title and Text are the closing message.
type End struct {
	Outcome  Outcome  `json:"outcome"`
	Redirect string   `json:"redirect,omitempty" is:"template,url"` // template of an http(s) address or a local path, offered as a link
	Feedback bool     `json:"feedback,omitempty"`                   // ask for satisfaction on the outcome page
	Outputs  []Output `json:"outputs,omitempty"`
}

// Output gives one output of the procedure a value, read by the step that
// called it as step.ID.result.NAME.
type Output struct {
	Name     string       `json:"name" is:"id"`
	Type     VariableType `json:"type"`
	Value    string       `json:"value" is:"formula"` // formula
	Personal bool         `json:"personal,omitempty"`
}

// Call runs a sub-procedure and comes back.
type Call struct {
	Procedure string    `json:"procedure" is:"procedure"`       // UID, of the same project or shared in the domain
	Inputs    []Binding `json:"inputs,omitempty"`               // its inputs, each a formula here
	Outputs   []Binding `json:"outputs,omitempty" is:",result"` // variables here, each a formula over result.NAME
	Share     bool      `json:"share,omitempty"`                // the sub-procedure also reads and writes this procedure's variables
	Outcomes  []OnEnd   `json:"outcomes,omitempty"`             // where to go by the outcome it reached; others: Next
}

// Binding gives a name the value of a formula.
type Binding struct {
	Name  string `json:"name" is:"word"`
	Value string `json:"value" is:"formula"` // formula
}

// OnEnd is the edge taken when the called procedure ended with an outcome.
type OnEnd struct {
	Outcome Outcome `json:"outcome"`
	To      string  `json:"to" is:"step"`
}

// Jump goes to another step, often backwards. After Max times in one
// execution it goes to Next instead, or fails when there is none.
type Jump struct {
	To      string `json:"to" is:"step"`
	Max     int    `json:"max,omitempty" range:"0 1000"`    // 0: 20
	Counter string `json:"counter,omitempty" is:"variable"` // variable that holds the count, if any
}

// Each runs the steps from Body once per item of a list; a branch of the body
// that comes back to this step ends the iteration. Then it goes to Next.
type Each struct {
	List    string `json:"list" is:"formula,list"`                  // formula
	Item    string `json:"item" is:"variable"`                      // variable that holds the item
	Index   string `json:"index,omitempty" is:"variable"`           // variable that holds its place from 0, if any
	Body    string `json:"body" is:"step"`                          // first step of the body
	Until   string `json:"until,omitempty" is:"formula,truth,item"` // formula read after each iteration; true ends it
	Collect string `json:"collect,omitempty" is:"formula,item"`     // formula read after each iteration
	Into    string `json:"into,omitempty" is:"variable"`            // list variable that gets what was collected
	Max     int    `json:"max,omitempty" range:"0 10000"`           // 0: 200
}

// Box is a frame drawn around the steps that name it.
type Box struct {
	Folded bool `json:"folded,omitempty"`
}

// Sticky is a note on the canvas; the step's Note is what it says.
type Sticky struct {
	Beside string `json:"beside,omitempty" is:"step,any"` // step it is stuck to
}
