package execution

import "time"

// EffectKind says what is asked of the outside world.
type EffectKind string

// The kinds of effect. What Request holds for each is written beside the code
// that makes it.
const (
	EffectREST      EffectKind = "rest"
	EffectSOAP      EffectKind = "soap"
	EffectTicket    EffectKind = "ticket"
	EffectMail      EffectKind = "mail"
	EffectDirectory EffectKind = "directory"
	EffectSearch    EffectKind = "search"
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
	Kind      EffectKind     `json:"kind"`
	Connector string         `json:"connector,omitempty"`
	Request   map[string]any `json:"request"` // typed values, never text glued together
	Timeout   time.Duration  `json:"timeout,omitempty"`
	Retries   int            `json:"retries,omitempty"`
	Test      bool           `json:"test,omitempty"` // nothing may really be called
	Mock      any            `json:"mock,omitempty"` // in a test: what to answer instead
}

// EffectStatus says how a call went.
type EffectStatus string

// The statuses. A step without a branch for one takes its error branch, but a
// missing person goes to Next.
const (
	EffectOK      EffectStatus = "ok"
	EffectHTTP    EffectStatus = "status"  // REST: the reply is an HTTP error; Body holds it
	EffectFault   EffectStatus = "fault"   // SOAP: the reply is a fault
	EffectTimeout EffectStatus = "timeout" // no reply in time
	EffectMissing EffectStatus = "missing" // directory: nobody found
	EffectError   EffectStatus = "error"   // it could not be done
)

// EffectResult is the reply to an effect.
type EffectResult struct {
	Key     string            `json:"key"`
	Status  EffectStatus      `json:"status"`
	Code    int               `json:"code,omitempty"`    // HTTP status of a REST or SOAP reply
	Headers map[string]string `json:"headers,omitempty"` // of a REST reply, lower-case names
	// Body is what came back: the parsed reply of REST and SOAP, {number, url}
	// of a ticket, {id} of a mail, {found, attributes} of a directory look-up,
	// the list of a search.
	Body   any    `json:"body,omitempty"`
	Error  string `json:"error,omitempty"` // for the report; no secret in it
	Millis int64  `json:"ms,omitempty"`
}
