package check

import (
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/procedure"
)

// form checks the form of a step.
func (c *checker) form(at Place, f *procedure.FormStep) {
	at.Path = "fields"
	switch {
	case len(f.Fields) > 0 && f.Resource != "":
		c.error(at, "check.two_forms")
	case len(f.Fields) == 0 && f.Resource == "":
		c.error(at, "check.no_fields")
	}
	c.fields(at, "fields", f.Fields)
	names := map[string]bool{}
	for _, field := range c.fieldsOf(f) {
		names[fieldName(&field)] = true
	}
	for i, b := range f.Prefill {
		if !names[b.Name] {
			at.Path = pathOf("prefill", b.Name, i)
			c.error(at, "check.unknown_field", b.Name)
		}
	}
}

// The types of field by what they need.
var (
	withoutLabel = []procedure.FieldType{procedure.FieldSeparator, procedure.FieldCaptcha, procedure.FieldHidden}
	notInRows    = []procedure.FieldType{procedure.FieldRows, procedure.FieldFile, procedure.FieldPhoto, procedure.FieldSignature,
		procedure.FieldCaptcha, procedure.FieldLabel, procedure.FieldHeading, procedure.FieldSeparator, procedure.FieldRichText}
)

// fields checks the fields of a form, or the columns of a field of rows.
func (c *checker) fields(at Place, path string, fields []procedure.Field) {
	names := map[string]bool{}
	for i := range fields {
		f := &fields[i]
		at.Path = pathOf(path, f.ID, i)
		if f.Type.GivesValue() {
			c.differsName(at, fieldName(f), f.ID, names)
		}
		c.field(at, f)
	}
}

// differsName checks that two fields do not fill the same variable. Two of
// the same id are found elsewhere.
func (c *checker) differsName(at Place, name, id string, names map[string]bool) {
	if names[name] && name != id {
		c.error(at, "check.same_name", name)
	}
	names[name] = true
}

func (c *checker) field(at Place, f *procedure.Field) {
	path := at.Path
	if f.Label.IsZero() && !slices.Contains(withoutLabel, f.Type) {
		at.Path = path + ".label"
		c.error(at, "check.no_label")
	}
	c.options(at, path, f)
	c.limits(at, path, f)
	at.Path = path + ".default"
	if f.Type == procedure.FieldSecret && isLiteral(strings.TrimSpace(f.Default)) && len(f.Default) > 2 {
		c.error(at, "check.literal_secret")
	}
	if f.Type != procedure.FieldRows {
		return
	}
	at.Path = path + ".columns"
	if len(f.Columns) == 0 {
		c.error(at, "check.required_list")
	}
	for i := range f.Columns {
		c.column(at, pathOf(path+".columns", f.Columns[i].ID, i), &f.Columns[i])
	}
	c.fields(at, path+".columns", f.Columns)
}

// column checks that a column says nothing that rows cannot do: each row shows
// every column, empty until it is filled in, and lists are fetched for fields
// only.
func (c *checker) column(at Place, path string, f *procedure.Field) {
	if at.Path = path + ".type"; slices.Contains(notInRows, f.Type) {
		c.error(at, "check.column_type")
	}
	for _, said := range []struct {
		name string
		is   bool
	}{{"default", f.Default != ""}, {"visible", f.Visible != ""}, {"enabled", f.Enabled != ""}, {"width", f.Width != ""}, {"from.rest", f.From != nil && f.From.REST != nil}} {
		if at.Path = path + "." + said.name; said.is {
			c.warn(at, "check.column_unused", said.name)
		}
	}
}

func (c *checker) options(at Place, path string, f *procedure.Field) {
	at.Path = path + ".options"
	if f.Type.Offers() && len(f.Options) == 0 && f.From == nil {
		c.error(at, "check.no_options")
	}
	if f.From != nil {
		c.source(at, path+".from", f.From)
	}
	values := map[string]bool{}
	for i, o := range f.Options {
		if value := o.Value; value != "" {
			c.differs(at, pathOf(path+".options", o.ID, i), value, values)
		} else {
			values[o.ID] = true
		}
	}
}

// limits checks that the smallest is not over the largest, where both are
// written as values.
func (c *checker) limits(at Place, path string, f *procedure.Field) {
	at.Path = path + ".min"
	low, errLow := strconv.ParseFloat(strings.TrimSpace(f.Min), 64)
	high, errHigh := strconv.ParseFloat(strings.TrimSpace(f.Max), 64)
	if errLow == nil && errHigh == nil {
		if low > high {
			c.error(at, "check.min_over_max", f.Min, f.Max)
		}
		return
	}
	from, until := strings.TrimSpace(f.Min), strings.TrimSpace(f.Max)
	if isLiteral(from) && isLiteral(until) && from[1:len(from)-1] > until[1:len(until)-1] {
		c.error(at, "check.min_over_max", f.Min, f.Max)
	}
}
