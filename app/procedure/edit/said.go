package edit

import (
	"fmt"
	"strings"

	"selfhelp/app/procedure"
)

// Index returns every property of a step, or of the procedure when step is "",
// by its path: those of objects and entries too, and the windows of texts.
func Index(p *procedure.Procedure, step string) map[string]procedure.Described {
	index := map[string]procedure.Described{}
	if step == "" {
		enter(index, procedure.DescribeProcedure(p))
		return index
	}
	if s := p.Step(step); s != nil {
		common, part := procedure.DescribeStep(s)
		enter(index, common)
		enter(index, part)
	}
	return index
}

func enter(index map[string]procedure.Described, all []procedure.Described) {
	for _, d := range all {
		index[d.Path] = d
		enter(index, d.Parts)
		for _, e := range d.Entries {
			enter(index, e.Parts)
		}
		enter(index, procedure.DescribeWindows(d))
	}
}

// Said is the value of a property as a form shows it.
func Said(d procedure.Described) string {
	switch value := d.Value.(type) {
	case nil:
		return ""
	case string:
		return value
	case []string:
		return strings.Join(value, "\n")
	case bool:
		if value {
			return "true"
		}
		return ""
	case procedure.Date:
		return value.String()
	}
	if text := fmt.Sprint(d.Value); text != "0" || d.Shape == procedure.ShapeWord {
		return text
	}
	return ""
}

// Words are those of a text, or of a window of one, in a language.
func Words(d procedure.Described, lang string) (string, bool) {
	switch value := d.Value.(type) {
	case procedure.Text:
		return value.In[lang], true
	case procedure.DatedText:
		return value.In[lang], true
	}
	return "", false
}
