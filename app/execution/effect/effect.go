// Package effect knows what a step asks of the outside world and what a reply
// makes of its result: requests as typed values, replies as a driver gives
// them, mock replies for tests. It refuses to know how anything is called, and
// journeys.
//
// Its main names are Effect, Ask and Result.
package effect

import "time"

// Kind says what is asked of the outside world.
type Kind string

// The kinds of effect. What Request holds for each is written beside the code
// that makes it.
const (
	REST      Kind = "rest"
	SOAP      Kind = "soap"
	Ticket    Kind = "ticket"
	Mail      Kind = "mail"
	Directory Kind = "directory"
	Search    Kind = "search"
)

// Effect is a call to the outside world, as data. The driver carries it out
// and gives the reply back as a DoResult.
type Effect struct {
	// Key is the same whenever the same journey asks the same thing at the same
	// place, after a crash, a double click or Back: a driver that has a good
	// reply under this key gives it again and calls nobody.
	Key       string         `json:"key"`
	Procedure string         `json:"procedure"`
	Step      string         `json:"step"`
	Kind      Kind           `json:"kind"`
	Connector string         `json:"connector,omitempty"`
	Request   map[string]any `json:"request"` // typed values, never text glued together
	Timeout   time.Duration  `json:"timeout,omitempty"`
	Retries   int            `json:"retries,omitempty"`
	Test      bool           `json:"test,omitempty"` // nothing may really be called
	Mock      any            `json:"mock,omitempty"` // in a test: what to answer instead
}

// Status says how a call went.
type Status string

// The statuses. A step without a branch for one takes its error branch, but a
// missing person goes to Next.
const (
	OK      Status = "ok"
	HTTP    Status = "status"  // REST: the reply is an HTTP error; Body holds it
	Fault   Status = "fault"   // SOAP: the reply is a fault
	Timeout Status = "timeout" // no reply in time
	Missing Status = "missing" // directory: nobody found
	Error   Status = "error"   // it could not be done
)

// Result is the reply to an effect.
type Result struct {
	Key     string            `json:"key"`
	Status  Status            `json:"status"`
	Code    int               `json:"code,omitempty"`    // HTTP status of a REST or SOAP reply
	Headers map[string]string `json:"headers,omitempty"` // of a REST reply, lower-case names
	// Body is what came back: the parsed reply of REST and SOAP, {number, url}
	// of a ticket, {id} of a mail, {found, attributes} of a directory look-up,
	// the list of a search.
	Body   any    `json:"body,omitempty"`
	Error  string `json:"error,omitempty"` // for the report; no secret in it
	Millis int64  `json:"ms,omitempty"`
}
