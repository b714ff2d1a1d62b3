package effect

import (
	"slices"
	"strings"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// Request is what an effect asks, and the same as logs may show it.
type Request struct {
	Kind      Kind
	Connector string
	Real      map[string]any
	Shown     map[string]any
	Secret    program.Secret
	Retries   int
}

func newRequest(kind Kind, connector string) *Request {
	return &Request{Kind: kind, Connector: connector, Real: map[string]any{}, Shown: map[string]any{}}
}

// set gives a value to a name of the request.
func (q *Request) set(name string, value any, is program.Secret) {
	shown := value
	if is != program.Open && value != nil {
		shown = mask
	}
	q.setBoth(name, value, shown, is)
}

// setBoth gives a value of which parts are masked already.
func (q *Request) setBoth(name string, real, shown any, is program.Secret) {
	q.Real[name], q.Shown[name] = real, shown
	q.Secret = max(q.Secret, is)
}

// mask stands for a value that logs do not show.
const mask = "•••"

// Person is what a request may take of the person's journey besides what
// formulas read.
type Person struct {
	Groups []string
	Sent   func(hash string) (entry.File, bool) // a file they sent, by its hash
}

// asker computes the request of one step.
type asker struct {
	*program.Scene
	Person
}

// Ask computes what a step asks of the outside.
func Ask(scene *program.Scene, s *procedure.Step, who Person) (*Request, error) {
	a := &asker{scene, who}
	switch {
	case s.REST != nil:
		return a.rest(s.REST)
	case s.SOAP != nil:
		return a.soap(s.SOAP)
	case s.Ticket != nil:
		return a.ticket(s.Ticket)
	case s.Mail != nil:
		return a.mail(s)
	case s.Directory != nil:
		return a.directory(s.Directory)
	case s.Search != nil:
		return a.search(s.Search)
	}
	return nil, message.Fails("step.not_runnable")
}

// AskList computes the call that fetches a list.
func AskList(scene *program.Scene, c *procedure.REST) (*Request, error) {
	return (&asker{Scene: scene}).rest(c)
}

// maxRecipients bounds the addresses of one mail, of all sorts together.
const maxRecipients = 50

// methods are the HTTP methods a step may use.
var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"}

// rest makes {method, url, query: [{name, value}…], headers: [{name,
// value}…], body}: the URL encoded, the values of query and headers as text
// without line breaks, the body as a value to be sent as JSON, or a text.
func (a *asker) rest(c *procedure.REST) (*Request, error) {
	q := newRequest(REST, c.Connector)
	q.Retries = min(max(c.Retries, 0), 5)
	method := strings.ToUpper(c.Method)
	if method == "" {
		method = "GET"
	}
	if !slices.Contains(methods, method) {
		return nil, message.Fails("effect.method", method)
	}
	q.set("method", method, program.Open)
	real, shown, is, err := a.Address(c.URL)
	if err != nil {
		return nil, err
	}
	q.setBoth("url", real, shown, is)
	if err := a.pairs(q, "query", c.Query, textual); err != nil {
		return nil, err
	}
	if err := a.pairs(q, "headers", c.Headers, headerValue); err != nil {
		return nil, err
	}
	body, is, err := a.Known(c.Body)
	if err != nil {
		return nil, err
	}
	q.set("body", body, is)
	return q, nil
}

// soap makes {operation, namespace, values: [{name, value}…]}: the
// values are inserted as typed elements, never glued into XML here.
func (a *asker) soap(c *procedure.SOAP) (*Request, error) {
	q := newRequest(SOAP, c.Connector)
	q.Retries = min(max(c.Retries, 0), 5)
	q.set("operation", c.Operation, program.Open)
	q.set("namespace", c.Namespace, program.Open)
	return q, a.pairs(q, "values", c.Values, elementValue)
}

// ticket makes {fields: [{name, value}…], files: [file…], attach_report};
// without files where the step names none.
func (a *asker) ticket(c *procedure.Ticket) (*Request, error) {
	q := newRequest(Ticket, c.Connector)
	q.set("attach_report", c.AttachReport, program.Open)
	if err := a.files(q, c.Files); err != nil {
		return nil, err
	}
	return q, a.pairs(q, "fields", c.Fields, anyValue)
}

// directory makes {by, value, attributes}.
func (a *asker) directory(c *procedure.Directory) (*Request, error) {
	q := newRequest(Directory, c.Connector)
	value, is, err := a.Known(c.Value)
	if err != nil {
		return nil, err
	}
	q.set("by", c.By, program.Open)
	q.set("value", entry.MachineText(value), is)
	q.set("attributes", list(c.Attributes), program.Open)
	return q, nil
}

// search makes {query, category, max, language, groups}.
func (a *asker) search(c *procedure.Search) (*Request, error) {
	q := newRequest(Search, "")
	value, is, err := a.Known(c.Query)
	if err != nil {
		return nil, err
	}
	most := c.Max
	if most <= 0 {
		most = 5
	}
	q.set("query", entry.MachineText(value), is)
	q.set("category", c.Category, program.Open)
	q.set("max", float64(min(most, 50)), program.Open)
	q.set("language", a.Language(), program.Open)
	q.set("groups", list(a.Groups), program.Open)
	return q, nil
}

func list(texts []string) []any {
	out := make([]any, len(texts))
	for i, s := range texts {
		out[i] = s
	}
	return out
}

// pairs computes bindings as a list of names and values, in order, each made
// fit for its place.
func (a *asker) pairs(q *Request, name string, bindings []procedure.Binding, fit func(name string, v any) (any, *message.Failure)) error {
	real, shown, most := make([]any, 0, len(bindings)), make([]any, 0, len(bindings)), program.Open
	for _, b := range bindings {
		v, is, err := a.Known(b.Value)
		if err != nil {
			return err
		}
		v, f := fit(b.Name, v)
		if f != nil {
			return f
		}
		real = append(real, map[string]any{"name": b.Name, "value": v})
		if is != program.Open && v != nil {
			v = mask
		}
		shown = append(shown, map[string]any{"name": b.Name, "value": v})
		most = max(most, is)
	}
	q.setBoth(name, real, shown, most)
	return nil
}

func anyValue(_ string, v any) (any, *message.Failure) { return v, nil }

// textual makes the value of a query: a text, or a list of them.
func textual(_ string, v any) (any, *message.Failure) {
	items, ok := v.([]any)
	if !ok {
		return entry.MachineText(v), nil
	}
	out := make([]any, len(items))
	for i, item := range items {
		out[i] = entry.MachineText(item)
	}
	return out, nil
}

// headerValue refuses what would end a header and begin another.
func headerValue(name string, v any) (any, *message.Failure) {
	value := entry.MachineText(v)
	if name == "" || strings.ContainsFunc(name, notToken) {
		return nil, message.Fails("effect.header", name)
	}
	if strings.ContainsFunc(value, entry.IsControl) {
		return nil, message.Fails("effect.header", name)
	}
	return value, nil
}

func notToken(c rune) bool {
	return c <= ' ' || c >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?={}`, c)
}

// elementValue refuses names that are not those of XML elements.
func elementValue(name string, v any) (any, *message.Failure) {
	letter := func(c rune) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c > 0x7f }
	for i, c := range name {
		if !letter(c) && (i == 0 || c != '-' && c != '.' && (c < '0' || c > '9')) {
			return nil, message.Fails("effect.element", name)
		}
	}
	if name == "" {
		return nil, message.Fails("effect.element", name)
	}
	return v, nil
}
