package tests

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// visitor is a person without a script who reads pages and sends forms, at
// random but always the same for a seed.
type visitor struct {
	client *http.Client
	from   string // address the proxy says they come from
	speaks string // Accept-Language, when it matters
	random *rand.Rand
	seen   map[int]int // status → how often
}

func newVisitor(t *testing.T, seed uint64) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{
		client: &http.Client{Jar: jar},
		from:   fmt.Sprintf("10.%d.%d.%d", seed>>16&255, seed>>8&255, seed&255),
		random: rand.New(rand.NewPCG(seed, 1)), seen: map[int]int{},
	}
}

// page is what the visitor has before their eyes.
type page struct {
	status int
	url    *url.URL
	root   *html.Node
}

// open reads a page, following redirections.
func (v *visitor) open(address string) (page, error) {
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return page{}, err
	}
	return v.do(request)
}

func (v *visitor) do(request *http.Request) (page, error) {
	request.Header.Set("X-Forwarded-For", v.from)
	if v.speaks != "" {
		request.Header.Set("Accept-Language", v.speaks)
	}
	reply, err := v.client.Do(request)
	if err != nil {
		return page{}, err
	}
	defer reply.Body.Close()
	v.seen[reply.StatusCode]++
	root, err := html.Parse(io.LimitReader(reply.Body, 8<<20))
	return page{reply.StatusCode, reply.Request.URL, root}, err
}

// send fills a form and presses one of its buttons.
func (v *visitor) send(p page, form *html.Node, own map[string]string) (page, error) {
	fields, files := v.fill(form)
	for name, value := range own {
		fields.Set(name, value)
	}
	target, err := p.url.Parse(attribute(form, "action"))
	if err != nil {
		return page{}, err
	}
	body, kind := encode(fields, files, attribute(form, "enctype"))
	request, err := http.NewRequest(http.MethodPost, target.String(), body)
	if err != nil {
		return page{}, err
	}
	request.Header.Set("Content-Type", kind)
	return v.do(request)
}

func encode(fields url.Values, files []string, kind string) (io.Reader, string) {
	if kind != "multipart/form-data" {
		return strings.NewReader(fields.Encode()), "application/x-www-form-urlencoded"
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range fields {
		for _, value := range values {
			w.WriteField(name, value)
		}
	}
	for _, name := range files {
		part, _ := w.CreateFormFile(name, "note.txt") // a buffer takes everything
		io.WriteString(part, "Une note.\n")
	}
	w.Close()
	return &b, w.FormDataContentType()
}

// fill chooses values for the fields of a form and one of its buttons.
func (v *visitor) fill(form *html.Node) (fields url.Values, files []string) {
	fields = url.Values{}
	var buttons []*html.Node
	for _, n := range within(form) {
		name, value := attribute(n, "name"), attribute(n, "value")
		switch n.Data {
		case "button":
			if attribute(n, "type") != "button" && name != "" {
				buttons = append(buttons, n)
			}
		case "select":
			if options := choicesOf(n); len(options) > 0 {
				fields.Set(name, options[v.random.IntN(len(options))])
			}
		case "textarea":
			fields.Set(name, []string{"", "C’est écrit « comme ça » <b>&amp;"}[v.random.IntN(2)])
		case "input":
			switch attribute(n, "type") {
			case "file":
				files = append(files, name)
			case "radio", "checkbox":
				if v.random.IntN(2) == 0 || fields.Get(name) == "" && has(n, "required") {
					fields.Add(name, value)
				}
			default:
				fields.Set(name, v.typed(n))
			}
		}
	}
	if b := v.press(buttons); b != nil {
		fields.Set(attribute(b, "name"), attribute(b, "value"))
	}
	return fields, files
}

// typed is what the visitor types into a field: mostly what it wants.
func (v *visitor) typed(n *html.Node) string {
	if value := attribute(n, "value"); value != "" {
		return value
	}
	if v.random.IntN(20) == 0 {
		return "{{ 7*7 }}\u202e"
	}
	switch attribute(n, "type") {
	case "number", "range":
		return max(attribute(n, "min"), "1")
	case "date":
		return "2026-12-01"
	case "time":
		return "09:30"
	case "datetime-local":
		return "2026-12-01T09:30"
	case "email":
		return "ada@a.example"
	case "tel":
		return "+33 4 72 00 00 00"
	case "url":
		return "https://a.example/"
	}
	return "Ada"
}

// press chooses a button: nearly always an answer, at times another tool.
func (v *visitor) press(buttons []*html.Node) *html.Node {
	var answers, tools []*html.Node
	for _, b := range buttons {
		if attribute(b, "name") == "do" && attribute(b, "value") != "answer" {
			tools = append(tools, b)
		} else if !has(b, "aria-hidden") {
			answers = append(answers, b)
		}
	}
	if len(tools) > 0 && (len(answers) == 0 || v.random.IntN(12) == 0) {
		return tools[v.random.IntN(len(tools))]
	}
	if len(answers) > 0 {
		return answers[v.random.IntN(len(answers))]
	}
	return nil
}

// choicesOf lists the values of a select.
func choicesOf(n *html.Node) (values []string) {
	for _, o := range within(n) {
		if o.Data == "option" && attribute(o, "value") != "" {
			values = append(values, attribute(o, "value"))
		}
	}
	return values
}

// formWith finds the first form that is posted to an address.
func (p page) formWith(action string) *html.Node {
	for _, n := range within(p.root) {
		if n.Data == "form" && strings.EqualFold(attribute(n, "method"), "post") && strings.HasPrefix(attribute(n, "action"), action) {
			return n
		}
	}
	return nil
}

// has reports whether an element of the page has a class.
func (p page) has(class string) bool {
	for _, n := range within(p.root) {
		if strings.Contains(" "+attribute(n, "class")+" ", " "+class+" ") {
			return true
		}
	}
	return false
}

// links lists where a page leads that begins with a path.
func (p page) links(prefix string) (list []string) {
	for _, n := range within(p.root) {
		if to := attribute(n, "href"); n.Data == "a" && strings.HasPrefix(to, prefix) {
			list = append(list, to)
		}
	}
	return list
}

// within lists the elements below a node, in order.
func within(n *html.Node) (list []*html.Node) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode {
			list = append(list, d)
		}
	}
	return list
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}
