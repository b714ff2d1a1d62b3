package form

import (
	"regexp"
	"slices"
	"strings"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// Show makes the fields of a page. Refresh says that some depend on others in
// a way only the server can follow.
func (f *Form) Show() (fields []Field, refresh bool, err error) {
	if err := f.kept(); err != nil {
		return nil, false, err
	}
	f.Let("form", f.values)
	defer f.Forget() // form was its
	fields = make([]Field, 0, len(f.fields))
	for _, field := range f.fields {
		out, err := f.showField(field)
		if err != nil {
			return nil, false, err
		}
		fields = append(fields, *out)
		refresh = refresh || readsForm(field.Visible) && out.ShowIf == nil ||
			readsForm(field.Enabled) && out.EnableIf == nil || f.depends(field)
	}
	return fields, refresh, nil
}

// showField makes one field of a page.
func (f *Form) showField(field *filled) (*Field, error) {
	out := &Field{
		ID: field.ID, Input: field.input, Type: field.Type, Visible: field.visible, Enabled: field.enabled,
		Pattern: field.Pattern, Width: field.Width, Files: field.files, Types: typesOf(field.Field), Among: field.Among,
	}
	if m, ok := f.Problems[field.input]; ok && field.input != "" {
		out.Problem = m.In(f.Language())
	}
	if err := f.showWords(out, field); err != nil {
		return nil, err
	}
	switch field.Type {
	case procedure.FieldLabel, procedure.FieldHeading, procedure.FieldSeparator:
		out.Input = ""
		return out, nil
	case procedure.FieldCaptcha:
		out.Question, _ = f.captcha(field.ID)
		out.Required, out.Values = true, field.raw
		return out, nil
	}
	if field.Type != procedure.FieldSecret && field.Type != procedure.FieldRows && !field.Type.TakesFiles() {
		out.Values = field.raw
	}
	return out, f.showRules(out, field)
}

func (f *Form) showWords(out *Field, field *filled) (err error) {
	if out.Label, err = f.Text(field.Label); err != nil {
		return err
	}
	if out.Help, err = f.Text(field.Help); err != nil {
		return err
	}
	out.Placeholder, err = f.Text(field.Placeholder)
	return err
}

// showRules gives a field its limits, options and conditions.
func (f *Form) showRules(out *Field, field *filled) error {
	if field.Required != "" {
		required, err := f.Truth(field.Required)
		if err != nil {
			return err
		}
		out.Required = required
	}
	low, high, step, err := f.bounds(field.Field)
	if err != nil {
		return err
	}
	out.Min, out.Max, out.Step = entry.MachineText(low), entry.MachineText(high), entry.MachineText(step)
	if hasOptions(field.Field) {
		if err := f.list(field); err != nil {
			return err
		}
		f.showOptions(out, field)
	}
	if field.Type == procedure.FieldRows {
		if field.rows == nil && field.value != nil {
			f.rowsFrom(field)
		}
		if err := f.showRows(out, field); err != nil {
			return err
		}
	}
	out.ShowIf, out.EnableIf = f.condition(field.Visible), f.condition(field.Enabled)
	return nil
}

// showOptions marks as chosen what stands in the field, whether it stands
// there by key or by value.
func (f *Form) showOptions(out *Field, field *filled) {
	chosen := map[string]bool{}
	for _, raw := range field.raw {
		if o := Pick(field.offers, raw); o != nil {
			chosen[o.Key] = true
		}
	}
	out.Options = make([]Option, len(field.offers))
	for i, o := range field.offers {
		out.Options[i] = Option{Key: o.Key, Text: o.Text, Chosen: chosen[o.Key]}
	}
}

// simple is a condition a script in the page can follow: form.x, not form.x,
// form.x == "a", form.x != 2.
var simple = regexp.MustCompile(`^\s*(not\s+|!\s*)?form\.([a-z][a-z0-9_]*)\s*(?:(==|!=)\s*("[^"\\]*"|'[^'\\]*'|true|false|-?[0-9]+(?:\.[0-9]+)?))?\s*$`)

// condition returns a formula as a condition for a script, nil when it is not
// that simple.
func (f *Form) condition(source string) *Condition {
	m := simple.FindStringSubmatch(source)
	if m == nil || m[1] != "" && m[3] != "" {
		return nil
	}
	i := slices.IndexFunc(f.fields, func(other *filled) bool { return program.NameOf(other.Field) == m[2] })
	if i < 0 {
		return nil
	}
	other := f.fields[i]
	c := &Condition{Input: other.input, Is: strings.Trim(m[4], `"'`), Not: m[1] != "" || m[3] == "!="}
	switch {
	case m[4] == "" || m[4] == "true":
		c.Is = "true"
	case m[4] == "false":
		c.Is, c.Not = "true", !c.Not
	case hasOptions(other.Field):
		if o := Pick(other.offers, c.Is); o != nil {
			c.Is = o.Key
		}
	}
	return c
}
