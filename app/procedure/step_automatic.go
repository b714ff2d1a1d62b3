package procedure

// Test goes to the first rule that holds, else to Next.
type Test struct {
	Rules []Rule `json:"rules"`
}

// Rule is one condition of a test.
type Rule struct {
	ID   string `json:"id" is:"id"`
	If   string `json:"if" is:"formula,truth"` // formula giving a boolean
	To   string `json:"to" is:"step"`
	Note string `json:"note,omitempty" is:"note"`
}

// Switch goes to the first case whose value is the formula's, else to Next.
type Switch struct {
	On    string `json:"on" is:"formula"` // formula
	Cases []Case `json:"cases"`
}

// Case is one value of a switch; numbers and booleans are written as in
// formulas (12.5, true), texts bare.
type Case struct {
	ID string `json:"id" is:"id"`
	Is string `json:"is" is:"word"`
	To string `json:"to" is:"step"`
}

// Set gives variables values, in order.
type Set struct {
	Values []Assignment `json:"values"`
}

// Assignment gives one variable a value. Name is "x" for var.x or "session.x".
type Assignment struct {
	ID    string `json:"id" is:"id"`
	Name  string `json:"name" is:"target"`
	Value string `json:"value" is:"formula"` // formula
}

// Script runs a small program over formulas (package formula, Script). It
// reads its declared inputs only and writes its declared outputs only.
type Script struct {
	Inputs  []Binding `json:"inputs,omitempty"` // names in the script, each a formula here
	Source  string    `json:"source" is:"script"`
	Outputs []string  `json:"outputs,omitempty" is:"target"` // variables of the procedure it may set
	Codes   []Code    `json:"codes,omitempty"`               // where to go by what it returned; others: Next
}

// Code is the edge taken when a script returned a value.
type Code struct {
	ID string `json:"id" is:"id"`
	Is string `json:"is" is:"word"`
	To string `json:"to" is:"step"`
}

// REST calls a web service. Its result is {status, body, headers} plus what
// Extract reads; it goes to Next, to OnStatus when the reply is an HTTP error,
// to OnTimeout when none came, to OnError otherwise.
type REST struct {
	Connector string    `json:"connector,omitempty" is:"connector,rest"`               // id; its base address comes before URL
	Method    string    `json:"method,omitempty" one:"GET HEAD POST PUT PATCH DELETE"` // empty: GET
	URL       string    `json:"url" is:"template,url"`                                 // template; values are encoded
	Query     []Binding `json:"query,omitempty"`
	Headers   []Binding `json:"headers,omitempty"`
	Body      string    `json:"body,omitempty" is:"formula"` // formula giving the JSON value to send, or a text
	Retries   int       `json:"retries,omitempty" range:"0 5"`
	Extract   []Extract `json:"extract,omitempty"`
	OnStatus  string    `json:"on_status,omitempty" is:"step"`
	OnTimeout string    `json:"on_timeout,omitempty" is:"step"`
	Mock      string    `json:"mock,omitempty" is:"formula"` // formula giving the result in test mode
}

// Extract reads a part of a reply into a variable.
type Extract struct {
	Name string `json:"name" is:"target"`
	Path string `json:"path" is:"word"` // JSONPath (RFC 9535) for JSON, XPath for XML
}

// SOAP calls a SOAP 1.2 operation. Its result and edges are those of REST,
// with OnFault for a fault.
type SOAP struct {
	Connector string    `json:"connector" is:"connector,soap"`
	Operation string    `json:"operation" is:"word"`
	Namespace string    `json:"namespace,omitempty" is:"word"`
	Values    []Binding `json:"values,omitempty"` // elements of the body, in order
	Extract   []Extract `json:"extract,omitempty"`
	Retries   int       `json:"retries,omitempty" range:"0 5"`
	OnStatus  string    `json:"on_status,omitempty" is:"step"` // a reply that is an HTTP error, not a fault
	OnFault   string    `json:"on_fault,omitempty" is:"step"`
	OnTimeout string    `json:"on_timeout,omitempty" is:"step"`
	Mock      string    `json:"mock,omitempty" is:"formula"`
}

// Ticket creates a ticket in the company's tool. Its result is {number, url}.
type Ticket struct {
	Connector    string    `json:"connector" is:"connector,ticket"`
	Fields       []Binding `json:"fields"`                             // the tool's field → formula
	Files        string    `json:"files,omitempty" is:"formula,files"` // formula giving a file or a list of files that people sent
	AttachReport bool      `json:"attach_report,omitempty"`
	OnTimeout    string    `json:"on_timeout,omitempty" is:"step"`
	Mock         string    `json:"mock,omitempty" is:"formula"`
}

// Mail sends an e-mail. Its result is {id}. The step's Title is the subject and
// its Text the message, both with placeholders.
type Mail struct {
	To           string   `json:"to" is:"formula"` // formula giving an address or a list of them
	CC           string   `json:"cc,omitempty" is:"formula"`
	BCC          string   `json:"bcc,omitempty" is:"formula"`
	ReplyTo      string   `json:"reply_to,omitempty" is:"formula"`
	Attach       []string `json:"attach,omitempty" is:"resource"`     // resources
	Files        string   `json:"files,omitempty" is:"formula,files"` // formula giving a file or a list of files that people sent
	AttachReport bool     `json:"attach_report,omitempty"`
	Mock         string   `json:"mock,omitempty" is:"formula"`
}

// Breakpoint stops a test run when its formula holds (or always); anywhere
// else it does nothing.
type Breakpoint struct {
	If string `json:"if,omitempty" is:"formula,truth"`
}

// Wait holds the execution back; the person sees a page that goes on by itself.
type Wait struct {
	Seconds string `json:"seconds,omitempty" is:"formula,number"` // formula; or
	Until   string `json:"until,omitempty" is:"formula"`          // formula giving a date-time
}

// Log writes a key and a value in the report and the statistics.
type Log struct {
	Key   string `json:"key" is:"word"`
	Value string `json:"value" is:"formula"` // formula
}

// Locale changes the language or the theme's hue of the execution.
type Locale struct {
	Language string `json:"language,omitempty" is:"formula"`   // formula giving a language tag
	Hue      string `json:"hue,omitempty" is:"formula,number"` // formula giving degrees
}

// Directory looks a person up in the company's directory. Its result is
// {found, attributes}.
type Directory struct {
	Connector  string   `json:"connector,omitempty" is:"connector,directory"`
	Attributes []string `json:"attributes" is:"word"`
	By         string   `json:"by" is:"word"`       // attribute it is found by, like mail
	Value      string   `json:"value" is:"formula"` // formula
	OnMissing  string   `json:"on_missing,omitempty" is:"step"`
	OnTimeout  string   `json:"on_timeout,omitempty" is:"step"`
	Mock       string   `json:"mock,omitempty" is:"formula"`
}

// Search looks procedures up like the portal does. Its result is the list of
// {title, alias, url, score}.
type Search struct {
	Query    string `json:"query" is:"formula"` // formula
	Category string `json:"category,omitempty" is:"category"`
	Max      int    `json:"max,omitempty" range:"0 50"` // 0: 5
	Mock     string `json:"mock,omitempty" is:"formula"`
}
