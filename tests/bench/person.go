package main

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
)

// person runs procedures one after the other, as the player's script does: each
// answer's reply is the next page.
type person struct {
	host       string
	procedures int
	turn       int // of the load, to choose another procedure each time
	cookies    map[string]string
	cookie     string // all of them, as they are sent
	from       string // address that a proxy would say; "" for none
	start      string // address to be got, "" while answering
	form       form
	page       []byte // the last that an answer led to and that has a form
	token      []byte
}

// form is what a page asks to be posted.
type form struct {
	action, state, pass, turn string
}

// next starts an execution, follows to its page, or answers it.
func (p *person) next() []byte {
	switch {
	case p.form.action != "":
		values := url.Values{"state": {p.form.state}, "pass": {p.form.pass}, "turn": {p.form.turn}, "answer": {"green"}}
		p.token = []byte(values.Encode())
		return postRequest(p.host, p.form.action, "application/x-www-form-urlencoded", p.token, "Swap: 1\r\nSec-Fetch-Site: same-origin\r\n"+p.headers())
	case p.start != "":
		return getRequest(p.host, p.start, p.headers())
	}
	p.turn++
	return getRequest(p.host, "/r/"+alias(1+p.turn*7919%p.procedures), p.headers())
}

// headers say who asks.
func (p *person) headers() string {
	h := "Cookie: " + p.cookie + "\r\n"
	if p.from != "" {
		h += "X-Forwarded-For: " + p.from + "\r\n"
	}
	return h
}

// keep keeps the cookies of a reply, but for what a browser would bring to a journey
// that is over.
func (p *person) keep(set []string) {
	for _, c := range set {
		pair, about, _ := strings.Cut(c, ";")
		if strings.Contains(about, "Path=/x/") {
			continue // the page has it, too
		}
		if p.cookies == nil {
			p.cookies = map[string]string{}
		}
		name, value, _ := strings.Cut(pair, "=")
		p.cookies[name] = value
	}
	if len(set) == 0 {
		return
	}
	all := make([]string, 0, len(p.cookies))
	for name, value := range p.cookies {
		all = append(all, name+"="+value)
	}
	p.cookie = strings.Join(all, "; ")
}

// counted is true for answers only: what is measured.
func (p *person) counted() bool { return p.form.action != "" }

func (p *person) reply(status int, h http.Header, body []byte) error {
	answered := p.form.action != ""
	p.form = form{}
	p.keep(h["Set-Cookie"])
	if status == http.StatusSeeOther {
		p.start = h.Get("Location")
		return nil
	}
	p.start = ""
	if status != http.StatusOK {
		return fmt.Errorf("answered %d: %.200s", status, body)
	}
	p.form = readForm(body)
	if answered && p.form.action != "" {
		p.page = append(p.page[:0], body...)
	}
	return nil
}

// readForm finds what the page asks for; nothing on an outcome page, after
// which another execution begins.
func readForm(body []byte) form {
	if !bytes.Contains(body, []byte(`value="green"`)) {
		return form{}
	}
	at := bytes.Index(body, []byte(`id="turn"`))
	if at < 0 {
		return form{}
	}
	rest := body[at:]
	return form{action: attribute(rest, `action="`), state: attribute(rest, `name="state" value="`), pass: attribute(rest, `name="pass" value="`), turn: attribute(rest, `name="turn" value="`)}
}

func attribute(body []byte, before string) string {
	i := bytes.Index(body, []byte(before))
	if i < 0 {
		return ""
	}
	value := body[i+len(before):]
	if end := bytes.IndexByte(value, '"'); end >= 0 {
		return html.UnescapeString(string(value[:end]))
	}
	return ""
}
