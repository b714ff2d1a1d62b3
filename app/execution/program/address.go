package program

import (
	"fmt"
	"net/url"
	"strings"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/message"
)

// Address renders the template of an address: values are encoded for the part
// they stand in, so that none can leave it. It says what a log may show.
func (s *Scene) Address(source string) (real, shown string, is Secret, err error) {
	if !HasPlaceholders(source) {
		return source, source, Open, nil
	}
	t, err := s.Template(source)
	if err != nil {
		return "", "", Open, err
	}
	var out, log strings.Builder
	escape := escapePath
	for _, part := range t.Parts() {
		if part.Formula == nil {
			out.WriteString(part.Text)
			log.WriteString(part.Text)
			if strings.ContainsAny(part.Text, "?#") {
				escape = url.QueryEscape
			}
			continue
		}
		v, err := part.Formula.Eval(s.Values(), s.Budget)
		if err != nil {
			return "", "", Open, err
		}
		text := entry.MachineText(v)
		if text == "." || text == ".." {
			return "", "", Open, message.Fails("effect.address")
		}
		of := s.secretOf(part.Formula, s.Secrecy.OfFormula(part.Formula))
		is = max(is, of)
		out.WriteString(escape(text))
		if of != Open {
			text = "•••"
		}
		log.WriteString(escape(text))
	}
	return out.String(), log.String(), is, nil
}

// escapePath leaves nothing that could end a part of an address and begin
// another: not even the signs a path may hold, since a writer may put a
// placeholder beside the host.
func escapePath(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// Target renders an address people are led to: http or https elsewhere, or a
// local path. A template that is one placeholder only may hold a whole
// address; in any other, values are encoded where they stand.
func (s *Scene) Target(source string) (string, error) {
	address, err := s.wholeAddress(source)
	if err != nil {
		return "", err
	}
	if address == "" {
		if address, _, _, err = s.Address(source); err != nil {
			return "", err
		}
	}
	address = strings.TrimSpace(address)
	if entry.IsLocalPath(address) {
		return address, nil
	}
	if checked := entry.WebAddress(address); checked != "" {
		return checked, nil
	}
	return "", message.Fails("step.address").Because("neither http(s) nor a local path")
}

// wholeAddress returns the value of a template that is one placeholder, "" for
// any other template.
func (s *Scene) wholeAddress(source string) (string, error) {
	if !HasPlaceholders(source) {
		return "", nil
	}
	t, err := s.Template(strings.TrimSpace(source))
	if err != nil {
		return "", err
	}
	parts := t.Parts()
	if len(parts) != 1 || parts[0].Formula == nil {
		return "", nil
	}
	v, err := parts[0].Formula.Eval(s.Values(), s.Budget)
	return entry.MachineText(v), err
}
