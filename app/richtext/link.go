package richtext

import (
	"net/url"
	"strings"
	"unicode"

	"selfhelp/app/formula"
)

// link is an address that holds placeholders.
type link struct{ parts []linkPart }

// linkPart is a fixed stretch of an address, or a value.
type linkPart struct {
	text string
	slot *formula.Formula
}

// reach is where an address leads.
type reach int

const (
	nowhere reach = iota
	here          // a place on this server or this page
	outside       // another site
	person        // a mail or a call
)

// judge says where an address leads, and whether it may be followed at all:
// only http, https, mailto, tel and paths on this server may. It judges the
// text that stands in the page, so what browsers would pass over (tabs, line
// ends, backslashes) is refused.
func judge(address string) (reach, bool) {
	if address == "" || strings.ContainsFunc(address, confuses) {
		return nowhere, false
	}
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return nowhere, false
	}
	switch u.Scheme {
	case "http", "https":
		return outside, u.Host != "" && u.Opaque == ""
	case "mailto", "tel":
		return person, u.Opaque != ""
	case "":
		local := address[0] == '#' || address[0] == '/' && !strings.HasPrefix(address, "//")
		return here, local && u.Host == ""
	}
	return nowhere, false
}

// confuses reports whether a letter may be read otherwise by a browser than by
// us, or ends an attribute.
func confuses(r rune) bool {
	return r <= ' ' || r == 0x7f || strings.ContainsRune("\\\"'<>`", r) || unicode.IsControl(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar
}

// address reads the destination of a link: a fixed one that may be followed,
// or one with placeholders, to be judged when they are filled. Where neither
// is so, ok is false.
func (w *writer) address(destination string) (fixed string, dynamic *link, ok bool) {
	if !strings.Contains(destination, markBegin) {
		_, ok = judge(destination)
		return destination, nil, ok
	}
	l := &link{}
	for {
		before, number, after, found := nextMark(destination)
		if before != "" {
			l.parts = append(l.parts, linkPart{text: before})
		}
		if !found {
			return "", l, true
		}
		if number < 0 || number >= len(w.marks) || w.marks[number].kind != slotPiece {
			return "", nil, false
		}
		l.parts = append(l.parts, linkPart{slot: w.marks[number].slot})
		destination = after
	}
}

// fill puts the address together; ok tells whether it may be followed. A value
// at the very beginning is a whole address or the start of one; any other is
// encoded so that it stays what it is in the middle of: a host name, a part of
// a path, a value of a query.
func (l *link) fill(v formula.Vars, b *formula.Budget) (address string, to reach, ok bool, err error) {
	var out strings.Builder
	safe := true
	for i, p := range l.parts {
		if p.slot == nil {
			out.WriteString(p.text)
			continue
		}
		value, err := p.slot.Eval(v, b)
		if err != nil {
			return "", nowhere, false, err
		}
		shown := asAddress(value)
		switch before := out.String(); {
		case before == "":
			out.WriteString(strings.TrimSpace(shown))
		case inHost(before):
			safe = safe && fitsHost(shown, before, l.after(i))
			out.WriteString(shown)
		default:
			safe = safe && shown != "." && shown != ".."
			out.WriteString(encode(shown, before))
		}
	}
	to, ok = judge(out.String())
	return out.String(), to, ok && safe, nil
}

// after is the fixed text right after a part, "" when there is none.
func (l *link) after(i int) string {
	if i+1 < len(l.parts) {
		return l.parts[i+1].text
	}
	return ""
}

// asAddress is a value as machines write it: dates and numbers as they are.
func asAddress(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return formula.Plain(v)
	}
	return formula.Show(v, "en")
}

// inHost reports whether an address so far has a host that is not yet ended.
func inHost(before string) bool {
	_, rest, found := strings.Cut(before, "://")
	return found && !strings.ContainsAny(rest, "/?#")
}

// fitsHost reports whether a value may stand in the host's name: letters of
// names only, and not so that it makes the fixed beginning of a name go on into
// another one: x.org must not become x.org.evil.example.
func fitsHost(value, before, after string) bool {
	if strings.Trim(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") != "" {
		return false
	}
	ends := after == "" || strings.ContainsAny(after[:1], "/?#:")
	switch {
	case !ends || strings.HasSuffix(before, "://"):
		return value != ""
	case strings.HasSuffix(before, ":"): // a port
		return strings.Trim(value, "0123456789") == ""
	}
	return value == ""
}

// encode writes a value so that it cannot end the part of the address it
// stands in.
func encode(value, before string) string {
	out := url.QueryEscape(value)
	out = strings.ReplaceAll(out, "+", "%20")
	switch {
	case strings.HasPrefix(before, "tel:"):
		return strings.NewReplacer("%2B", "+", "%20", "", "%2A", "*", "%28", "", "%29", "").Replace(out)
	case strings.HasPrefix(before, "mailto:") && !strings.Contains(before, "?"):
		return strings.NewReplacer("%40", "@", "%2B", "+").Replace(out)
	}
	return out
}
