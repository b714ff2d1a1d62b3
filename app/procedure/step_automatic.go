package procedure

// Test goes to the first rule that holds, else to Next.
type Test struct {
	Rules []Rule `json:"rules" yaml:"rules"`
}

// Rule is one condition of a test.
type Rule struct {
	ID   string `json:"id" yaml:"id"`
	If   string `json:"if" yaml:"if"` // formula giving a boolean
	To   string `json:"to" yaml:"to"`
	Note string `json:"note,omitempty" yaml:"note,omitempty"`
}

// Switch goes to the first case whose value is the formula's, else to Next.
type Switch struct {
	On    string `json:"on" yaml:"on"` // formula
	Cases []Case `json:"cases" yaml:"cases"`
}

// Case is one value of a switch; numbers and booleans are written as in
// formulas (12.5, true), texts bare.
type Case struct {
	ID string `json:"id" yaml:"id"`
	Is string `json:"is" yaml:"is"`
	To string `json:"to" yaml:"to"`
}

// Set gives variables values, in order.
type Set struct {
	Values []Assignment `json:"values" yaml:"values"`
}

// Assignment gives one variable a value. Name is "x" for var.x or "session.x".
type Assignment struct {
	ID    string `json:"id" yaml:"id"`
	Name  string `json:"name" yaml:"name"`
	Value string `json:"value" yaml:"value"` // formula
}

// Script runs a small program over formulas (package formula, Script). It
// reads its declared inputs only and writes its declared outputs only.
type Script struct {
	Inputs  []Binding `json:"inputs,omitempty" yaml:"inputs,omitempty"` // names in the script, each a formula here
	Source  string    `json:"source" yaml:"source"`
	Outputs []string  `json:"outputs,omitempty" yaml:"outputs,omitempty"` // variables of the procedure it may set
	Codes   []Code    `json:"codes,omitempty" yaml:"codes,omitempty"`     // where to go by what it returned; others: Next
}

// Code is the edge taken when a script returned a value.
type Code struct {
	ID string `json:"id" yaml:"id"`
	Is string `json:"is" yaml:"is"`
	To string `json:"to" yaml:"to"`
}

// REST calls a web service. Its result is {status, body, headers} plus what
// Extract reads; it goes to Next, to OnStatus when the reply is an HTTP error,
// to OnTimeout when none came, to OnError otherwise.
type REST struct {
	Connector string    `json:"connector,omitempty" yaml:"connector,omitempty"` // id; its base address comes before URL
	Method    string    `json:"method,omitempty" yaml:"method,omitempty"`       // empty: GET
	URL       string    `json:"url" yaml:"url"`                                 // template; values are encoded
	Query     []Binding `json:"query,omitempty" yaml:"query,omitempty"`
	Headers   []Binding `json:"headers,omitempty" yaml:"headers,omitempty"`
	Body      string    `json:"body,omitempty" yaml:"body,omitempty"` // formula giving the JSON value to send, or a text
	Retries   int       `json:"retries,omitempty" yaml:"retries,omitempty"`
	Extract   []Extract `json:"extract,omitempty" yaml:"extract,omitempty"`
	OnStatus  string    `json:"on_status,omitempty" yaml:"on_status,omitempty"`
	OnTimeout string    `json:"on_timeout,omitempty" yaml:"on_timeout,omitempty"`
	Mock      string    `json:"mock,omitempty" yaml:"mock,omitempty"` // formula giving the result in test mode
}

// Extract reads a part of a reply into a variable.
type Extract struct {
	Name string `json:"name" yaml:"name"`
	Path string `json:"path" yaml:"path"` // JSONPath (RFC 9535) for JSON, XPath for XML
}

// SOAP calls a SOAP 1.2 operation. Its result and edges are those of REST,
// with OnFault for a fault.
type SOAP struct {
	Connector string    `json:"connector" yaml:"connector"`
	Operation string    `json:"operation" yaml:"operation"`
	Namespace string    `json:"namespace,omitempty" yaml:"namespace,omitempty"`
	Values    []Binding `json:"values,omitempty" yaml:"values,omitempty"` // elements of the body, in order
	Extract   []Extract `json:"extract,omitempty" yaml:"extract,omitempty"`
	OnFault   string    `json:"on_fault,omitempty" yaml:"on_fault,omitempty"`
	OnTimeout string    `json:"on_timeout,omitempty" yaml:"on_timeout,omitempty"`
	Mock      string    `json:"mock,omitempty" yaml:"mock,omitempty"`
}

// Ticket creates a ticket in the company's tool. Its result is {number, url}.
type Ticket struct {
	Connector    string    `json:"connector" yaml:"connector"`
	Fields       []Binding `json:"fields" yaml:"fields"` // the tool's field → formula
	AttachReport bool      `json:"attach_report,omitempty" yaml:"attach_report,omitempty"`
	OnTimeout    string    `json:"on_timeout,omitempty" yaml:"on_timeout,omitempty"`
	Mock         string    `json:"mock,omitempty" yaml:"mock,omitempty"`
}

// Mail sends an e-mail. Its result is {id}. The step's Title is the subject and
// its Text the message, both with placeholders.
type Mail struct {
	To           string   `json:"to" yaml:"to"` // formula giving an address or a list of them
	CC           string   `json:"cc,omitempty" yaml:"cc,omitempty"`
	BCC          string   `json:"bcc,omitempty" yaml:"bcc,omitempty"`
	ReplyTo      string   `json:"reply_to,omitempty" yaml:"reply_to,omitempty"`
	Attach       []string `json:"attach,omitempty" yaml:"attach,omitempty"` // resources
	AttachReport bool     `json:"attach_report,omitempty" yaml:"attach_report,omitempty"`
	Mock         string   `json:"mock,omitempty" yaml:"mock,omitempty"`
}

// Breakpoint stops a test run when its formula holds (or always); anywhere
// else it does nothing.
type Breakpoint struct {
	If string `json:"if,omitempty" yaml:"if,omitempty"`
}

// Wait holds the execution back; the person sees a page that goes on by itself.
type Wait struct {
	Seconds string `json:"seconds,omitempty" yaml:"seconds,omitempty"` // formula; or
	Until   string `json:"until,omitempty" yaml:"until,omitempty"`     // formula giving a date-time
}

// Log writes a key and a value in the report and the statistics.
type Log struct {
	Key   string `json:"key" yaml:"key"`
	Value string `json:"value" yaml:"value"` // formula
}

// Locale changes the language or the theme's hue of the execution.
type Locale struct {
	Language string `json:"language,omitempty" yaml:"language,omitempty"` // formula giving a language tag
	Hue      string `json:"hue,omitempty" yaml:"hue,omitempty"`           // formula giving degrees
}

// Directory looks a person up in the company's directory. Its result is
// {found, attributes}.
type Directory struct {
	Connector  string   `json:"connector,omitempty" yaml:"connector,omitempty"`
	Attributes []string `json:"attributes" yaml:"attributes"`
	By         string   `json:"by" yaml:"by"`       // attribute it is found by, like mail
	Value      string   `json:"value" yaml:"value"` // formula
	OnMissing  string   `json:"on_missing,omitempty" yaml:"on_missing,omitempty"`
	OnTimeout  string   `json:"on_timeout,omitempty" yaml:"on_timeout,omitempty"`
	Mock       string   `json:"mock,omitempty" yaml:"mock,omitempty"`
}

// Search looks procedures up like the portal does. Its result is the list of
// {title, alias, url, score}.
type Search struct {
	Query    string `json:"query" yaml:"query"` // formula
	Category string `json:"category,omitempty" yaml:"category,omitempty"`
	Max      int    `json:"max,omitempty" yaml:"max,omitempty"` // 0: 5
	Mock     string `json:"mock,omitempty" yaml:"mock,omitempty"`
}
