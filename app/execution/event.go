package execution

import (
	"time"

	"selfhelp/app/procedure"
)

// EventKind says what happened.
type EventKind string

// The kinds of event.
const (
	EventStarted  EventKind = "started"  // Key: the execution; Value: language, channel, params, user; Private: the whole context
	EventShown    EventKind = "shown"    // a page; Text: its title
	EventAnswered EventKind = "answered" // Value: the answer; Text: its words
	EventRefused  EventKind = "refused"  // an answer with problems; Value: input name → message key
	EventEdge     EventKind = "edge"     // from Step by Edge to To
	EventCalled   EventKind = "called"   // a sub-procedure began; Text: its UID
	EventReturned EventKind = "returned" // it ended; Status: outcome
	EventChanged  EventKind = "changed"  // Value: variable → value
	EventAsked    EventKind = "asked"    // an effect; Text: its kind; Value: the masked request
	EventReplied  EventKind = "replied"  // its reply; Status, Millis; Value: the masked reply; Private: the reply
	EventFailed   EventKind = "failed"   // the step failed; Text: message key; Value: its values; Note: cause, for writers
	EventBack     EventKind = "back"     // Step: where from; To: the page shown again
	EventRestart  EventKind = "restart"
	EventPaused   EventKind = "paused"
	EventResumed  EventKind = "resumed"  // after a pause, a wait or a breakpoint
	EventSpoken   EventKind = "spoken"   // the person chose another language; Text: its tag
	EventTrimmed  EventKind = "trimmed"  // Value: edges and changes of a long turn that were not written down
	EventLogged   EventKind = "logged"   // a log step; Text: key; Value: value
	EventHandover EventKind = "handover" // accepted; Text: queue; Status: "transcript" when it is wanted
	EventEnded    EventKind = "ended"    // Status: outcome; Value: outputs
	EventFeedback EventKind = "feedback" // Value: {score, comment}
	EventPostit   EventKind = "postit"   // Text: words for the writer
)

// Event is one thing that happened, for the log, the report and statistics.
// The order of the log is the order of appending, then Seq; the clock may go
// back.
type Event struct {
	Seq       int                `json:"seq"` // along the journey that led to it
	At        time.Time          `json:"at"`
	Kind      EventKind          `json:"kind"`
	Procedure string             `json:"procedure,omitempty"` // UID
	Version   string             `json:"version,omitempty"`
	Step      string             `json:"step,omitempty"`
	Type      procedure.StepType `json:"type,omitempty"` // of the step
	Edge      string             `json:"edge,omitempty"`
	To        string             `json:"to,omitempty"`
	Place     int                `json:"place,omitempty"` // of the page on the trail, from 1
	Depth     int                `json:"depth,omitempty"` // of sub-procedures
	Key       string             `json:"key,omitempty"`   // of an effect
	Status    string             `json:"status,omitempty"`
	Millis    int64              `json:"ms,omitempty"`
	Text      string             `json:"text,omitempty"`
	Note      string             `json:"note,omitempty"`
	Why       *Why               `json:"why,omitempty"`    // Note of a formula, to be told in any language
	Value     any                `json:"value,omitempty"`  // personal values, secrets and unlogged answers are masked
	Masked    bool               `json:"masked,omitempty"` // Value holds less than what happened
	// Private is the value without masks, when Masked; what replays an
	// execution. Secrets are never in it. A driver keeps it only as long, and
	// shows it only to whom, the platform's rules allow.
	Private any `json:"private,omitempty"`
}
