package transfer

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"selfhelp/app/fault"
)

// firstElement returns the name of the first element of an XML text, "" when
// there is none to be found.
func firstElement(head []byte) string {
	d := xml.NewDecoder(bytes.NewReader(head))
	for {
		token, err := d.RawToken()
		if err != nil {
			return ""
		}
		if start, ok := token.(xml.StartElement); ok {
			return start.Name.Local
		}
	}
}

// checkSVG refuses a drawing that could run a script, load something from
// elsewhere or show a page inside itself. It refuses rather than repairs: a
// drawing that was changed is no longer the writer's.
func checkSVG(source []byte) error {
	if len(source) >= maxSVG { // there may be more than what was peeked at
		return fault.New(fault.TooLarge, "content.svg.size", maxSVG>>10)
	}
	d := xml.NewDecoder(bytes.NewReader(source))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fault.Because(fault.Invalid, err, "content.svg.unreadable")
		}
		line, _ := d.InputPos()
		if bad := activeSVG(token); bad != "" {
			return fault.New(fault.Invalid, "content.svg.active", bad, line)
		}
	}
}

// activeSVG names what makes a token dangerous, "" when nothing does.
func activeSVG(token xml.Token) string {
	switch t := token.(type) {
	case xml.Directive:
		if bytes.Contains(bytes.ToUpper(t), []byte("ENTITY")) {
			return "ENTITY"
		}
	case xml.ProcInst:
		if t.Target != "xml" {
			return t.Target
		}
	case xml.CharData:
		if activeCSS(string(t)) {
			return "url()"
		}
	case xml.StartElement:
		return activeElement(t)
	}
	return ""
}

func activeElement(e xml.StartElement) string {
	switch strings.ToLower(e.Name.Local) {
	case "script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler", "listener", "set":
		return e.Name.Local
	}
	for _, a := range e.Attr {
		name, value := strings.ToLower(a.Name.Local), strings.TrimSpace(a.Value)
		switch {
		case strings.HasPrefix(name, "on"):
			return name
		case (name == "href" || name == "src") && !localReference(value):
			return name
		case name == "base", name == "attributename" && strings.Contains(strings.ToLower(value), "href"):
			return name
		case activeCSS(value):
			return name
		}
	}
	return ""
}

// localReference holds for a part of the same drawing or a picture inside it.
func localReference(value string) bool {
	if value == "" || value[0] == '#' {
		return true
	}
	lower := strings.ToLower(value)
	for _, kind := range []string{"data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp"} {
		if strings.HasPrefix(lower, kind+";") || strings.HasPrefix(lower, kind+",") {
			return true
		}
	}
	return false
}

// activeCSS holds for a style that loads something: url() of anything but a
// part of the drawing, @import, or an escape that could hide one.
func activeCSS(style string) bool {
	lower := strings.ToLower(style)
	if strings.Contains(lower, "@import") || strings.Contains(lower, "expression(") || strings.Contains(lower, "javascript:") {
		return true
	}
	if strings.Contains(lower, `\`) && strings.Contains(lower, "(") {
		return true
	}
	for rest := lower; ; {
		_, after, found := strings.Cut(rest, "url(")
		if !found {
			return false
		}
		if !strings.HasPrefix(strings.TrimLeft(after, ` "'`), "#") {
			return true
		}
		rest = after
	}
}
