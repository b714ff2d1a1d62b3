package execution

import (
	"time"

	"selfhelp/app/procedure"
)

// ExecutionReport tells one execution for people: what product and writers
// want to know of it, personal values masked.
type ExecutionReport struct {
	Execution string            `json:"execution"`
	Entry     string            `json:"entry"` // UID of the procedure
	Title     string            `json:"title,omitempty"`
	Version   string            `json:"version"`
	User      string            `json:"user,omitempty"` // login or pseudonym, from user.login
	Channel   string            `json:"channel,omitempty"`
	Language  string            `json:"language"`
	Started   time.Time         `json:"started"`
	Ended     time.Time         `json:"ended,omitzero"` // zero: not yet
	Millis    int64             `json:"duration_ms"`
	Outcome   procedure.Outcome `json:"outcome,omitempty"`
	Failed    bool              `json:"failed,omitempty"` // a problem stopped it, and nobody went on since
	Params    any               `json:"params,omitempty"`
	Steps     []ReportedStep    `json:"steps"`
	Tickets   []TicketLink      `json:"tickets,omitempty"`
	Feedback  any               `json:"feedback,omitempty"` // {score, comment}, the last one given
	Comments  []ReportedComment `json:"comments,omitempty"` // post-its
	Logs      []ReportedLog     `json:"logs,omitempty"`
	Events    []Event           `json:"events,omitempty"` // what it was made from, without Private
}

// Stands is its outcome, procedure.Failed at a problem, or nothing while it goes
// on.
func (r ExecutionReport) Stands() procedure.Outcome {
	if r.Failed {
		return procedure.Failed
	}
	return r.Outcome
}

// Duration is how long the execution took so far.
func (r ExecutionReport) Duration() time.Duration { return time.Duration(r.Millis) * time.Millisecond }

// ReportedStep is one visit of one step.
type ReportedStep struct {
	Order     int                `json:"order"` // from 1
	Procedure string             `json:"procedure"`
	Step      string             `json:"step"`
	Title     string             `json:"title,omitempty"`
	Type      procedure.StepType `json:"type"`
	Depth     int                `json:"depth,omitempty"`
	Entered   time.Time          `json:"entered"`
	Left      time.Time          `json:"left,omitzero"`
	Edge      string             `json:"edge,omitempty"` // it was left by
	By        string             `json:"by,omitempty"`   // condition of the rule that led on
	To        string             `json:"to,omitempty"`
	OffPath   bool               `json:"off_path,omitempty"` // on a branch the person left by going back
	Answer    any                `json:"answer,omitempty"`
	Words     string             `json:"words,omitempty"` // of the answer
	Changed   map[string]any     `json:"changed,omitempty"`
	Calls     []ReportedCall     `json:"calls,omitempty"`
	Error     string             `json:"error,omitempty"`    // message key
	Args      []any              `json:"args,omitempty"`     // values of its sentence
	Note      string             `json:"note,omitempty"`     // cause, for writers
	Why       *Why               `json:"why,omitempty"`      // Note of a formula, to be told in any language
	Refusals  int                `json:"refusals,omitempty"` // answers that were refused

	place int // on the trail, of a page
}

// ReportedCall is one call to the outside.
type ReportedCall struct {
	Kind    EffectKind `json:"kind"`
	Status  string     `json:"status,omitempty"` // empty: no reply yet
	Millis  int64      `json:"ms,omitempty"`
	Request any        `json:"request,omitempty"`
	Files   []string   `json:"files,omitempty"` // names of those it carried that people sent
	Reply   any        `json:"reply,omitempty"`

	key string
}

// ReportedComment is a post-it.
type ReportedComment struct {
	At    time.Time `json:"at"`
	Step  string    `json:"step"`
	Words string    `json:"words"`
}

// ReportedLog is what a log step wrote.
type ReportedLog struct {
	At    time.Time `json:"at"`
	Step  string    `json:"step"`
	Key   string    `json:"key"`
	Value any       `json:"value"`
}
