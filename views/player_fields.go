package views

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
	"selfhelp/views/ui"
)

// control are the attributes that every control of a field has.
func control(f execution.Field) templ.Attributes {
	attributes := templ.Attributes{"id": controlID(f)}
	for name, value := range limits(f) {
		attributes[name] = value
	}
	if f.Required && f.Visible && f.Type != procedure.FieldSignature { // a typed name does as well as a drawing
		attributes["required"] = true
	}
	if !f.Enabled || !f.Visible {
		attributes["disabled"] = true
	}
	if f.Problem != "" {
		attributes["aria-invalid"] = "true"
	}
	if ids := described(f); ids != "" {
		attributes["aria-describedby"] = ids
	}
	return attributes
}

// conditions are the attributes by which a script shows, hides and enables a
// field as the person fills in the others.
func conditions(f execution.Field) templ.Attributes {
	attributes := templ.Attributes{"data-field": f.ID}
	if !f.Visible {
		attributes["hidden"] = true
	}
	if f.Required {
		attributes["data-required"] = true
	}
	condition(attributes, "show", f.ShowIf)
	condition(attributes, "enable", f.EnableIf)
	return attributes
}

func condition(attributes templ.Attributes, what string, c *execution.Condition) {
	if c == nil {
		return
	}
	attributes["data-"+what+"-if"] = c.Input
	attributes["data-"+what+"-is"] = c.Is
	if c.Not {
		attributes["data-"+what+"-not"] = true
	}
}

func cellType(f execution.Field) string {
	if t, known := inputTypes[f.Type]; known {
		return t
	}
	return "text"
}

func cellLabel(w *ui.Words, f execution.Field, row int) string {
	return w.T("player.cell", f.Label, strconv.Itoa(row+1))
}

// sentAddress is where a file sent before is found again.
func sentAddress(address string, f execution.File) string {
	return address + "/files/" + f.Hash + "/" + url.PathEscape(f.Name)
}

func joined(types []string) string { return strings.Join(types, ",") }

// kinds are the types people know by the end of a file's name.
var kinds = map[string]string{
	"message/rfc822": "EML", "text/csv": "CSV", "text/plain": "TXT", "application/zip": "ZIP", "application/json": "JSON",
	"application/msword": "DOC", "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
	"application/vnd.ms-excel": "XLS", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
	"application/vnd.ms-powerpoint": "PPT", "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPTX",
	"application/vnd.oasis.opendocument.text": "ODT", "application/vnd.oasis.opendocument.spreadsheet": "ODS",
}

// typeNames says which files are wanted as people call them.
func typeNames(w *ui.Words, types []string) string {
	var names []string
	for _, t := range types {
		family, kind, _ := strings.Cut(t, "/")
		switch {
		case kind == "*" && w.Has("type."+family):
			names = append(names, w.T("type."+family))
		case kinds[t] != "":
			names = append(names, kinds[t])
		case kind == "pdf", family == "image", family == "audio", family == "video":
			names = append(names, strings.ToUpper(kind))
		default:
			names = append(names, t)
		}
	}
	return strings.Join(names, ", ")
}
