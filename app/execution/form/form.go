// Package form knows forms: what stands in their fields, which are visible and
// enabled, what can be chosen, what is wrong with an answer, and how a page
// shows them. It refuses to know steps, journeys and where values go.
//
// Its main names are Form, Field and Offer.
package form

import (
	"reflect"
	"strings"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// Form is the form of a page, being shown or answered.
type Form struct {
	*program.Scene
	Prefill  []procedure.Binding        // field name → formula, over the field's own default
	Lists    map[string]any             // lists that were fetched, by field id
	Before   *entry.Posted              // what stands on the page from before, if anything does
	Seed     string                     // of its captchas
	Test     bool                       // captchas may be left out
	Failed   bool                       // a captcha was answered wrong
	Masked   bool                       // in a replay: a value that is masked was right, whatever it was
	Problems map[string]message.Message // input name → what is wrong

	fields []*filled
	values map[string]any // the form root of formulas: variable name → value
}

// filled is a field with what stands in it.
type filled struct {
	*procedure.Field
	input            string
	raw              []string         // as posted
	value            any              // of the field's type; nil: none
	bad              *message.Message // why raw is no value
	visible, enabled bool
	offers           []Offer
	listed           bool // offers are known
	masked           bool // what was given is not known any more
	files            []entry.File
	rows             [][]*filled
}

// maxPasses bounds how often conditions are looked at again because a value
// they read was hidden by another.
const maxPasses = 5

// New makes a form with nothing in it.
func New(scene *program.Scene, fields []*procedure.Field) *Form {
	f := &Form{Scene: scene, values: make(map[string]any, len(fields)), fields: make([]*filled, len(fields))}
	all := make([]filled, len(fields))
	for i, field := range fields {
		all[i] = filled{Field: field, input: InputOf(field.ID), visible: true, enabled: true}
		f.fields[i] = &all[i]
	}
	return f
}

// again makes the same form once more, with nothing in it.
func (f *Form) again() *Form {
	fields := make([]*procedure.Field, len(f.fields))
	for i, field := range f.fields {
		fields[i] = field.Field
	}
	other := New(f.Scene, fields)
	other.Prefill, other.Lists, other.Before, other.Seed, other.Test, other.Masked = f.Prefill, f.Lists, f.Before, f.Seed, f.Test, f.Masked
	return other
}

// refuse notes what is wrong with an input, the first thing only.
func (f *Form) refuse(input, key string, args ...any) {
	if f.Problems == nil {
		f.Problems = map[string]message.Message{}
	}
	if _, already := f.Problems[input]; !already {
		f.Problems[input] = message.Say(key, args...)
	}
}

// kept fills the form with what stands on the page: what was given before,
// else the defaults.
func (f *Form) kept() error {
	for _, field := range f.fields {
		if f.Before != nil && f.take(field, f.Before, false) {
			f.values[program.NameOf(field.Field)] = field.value
			continue
		}
		if err := f.byDefault(field); err != nil {
			return err
		}
		field.raw = rawOf(field.Field, field.value)
		f.values[program.NameOf(field.Field)] = field.value
	}
	return f.settle()
}

// posted fills the form with an answer.
func (f *Form) posted(p *entry.Posted) error {
	for _, field := range f.fields {
		f.take(field, p, true)
	}
	return f.settle()
}

// take puts what was posted for a field in it, just now or before; false when
// nothing was.
func (f *Form) take(field *filled, p *entry.Posted, now bool) bool {
	switch {
	case field.Type == procedure.FieldRows:
		field.rows = f.takeRows(field, p)
		_, there := p.Values[field.input]
		return there || len(field.rows) > 0
	case field.Type.TakesFiles():
		field.files = p.Files[field.input]
		if now {
			field.files = p.Sent(f.Before, field.input, field.input)
		}
		_, there := p.Values[field.input]
		return there || len(field.files) > 0
	}
	raw, there := p.Values[field.input]
	field.raw = raw
	return there
}

// startOf returns the formula of what a field starts with.
func (f *Form) startOf(field *filled) string {
	source := field.Default
	for _, b := range f.Prefill {
		if b.Name == program.NameOf(field.Field) || b.Name == field.ID {
			source = b.Value
		}
	}
	return source
}

// byDefault gives a field the value of its prefill or default.
func (f *Form) byDefault(field *filled) error {
	source := f.startOf(field)
	field.value = nil
	if source == "" || field.Type == procedure.FieldSecret {
		return nil
	}
	f.Let("form", f.values)
	v, err := f.Eval(source)
	field.value = v
	return err
}

// settle computes conditions and values until they agree: a field that is
// hidden has no value, one that is disabled has its default, whatever was
// posted.
func (f *Form) settle() error {
	defer f.Forget() // form was its
	conditions := false
	for pass := range maxPasses {
		changed := false
		for _, field := range f.fields {
			again, err := f.settleField(field)
			if err != nil {
				return err
			}
			changed = changed || again
			conditions = conditions || field.Visible != "" || field.Enabled != ""
		}
		if !changed && (pass > 0 || !conditions) { // the first pass reads values of fields it has not reached
			break
		}
	}
	return nil
}

// settleField looks at one field again and reports whether that may matter to
// others.
func (f *Form) settleField(field *filled) (changed bool, err error) {
	f.Let("form", f.values)
	visible, err := f.Truth(field.Visible)
	if err != nil {
		return false, err
	}
	enabled := true
	if visible {
		if enabled, err = f.Truth(field.Enabled); err != nil {
			return false, err
		}
	}
	changed = visible != field.visible || enabled != field.enabled
	field.visible, field.enabled = visible, enabled
	if !field.Type.GivesValue() {
		return changed, nil
	}
	field.bad = nil
	before := field.value
	field.value = nil
	if visible {
		if err := f.compute(field); err != nil {
			return false, err
		}
	}
	if !enabled || field.Type == procedure.FieldHidden {
		changed = changed || !reflect.DeepEqual(before, field.value)
	}
	f.values[program.NameOf(field.Field)] = field.value
	return changed, nil
}

// compute gives a field that is visible its value.
func (f *Form) compute(field *filled) error {
	if err := f.list(field); err != nil {
		return err
	}
	if !field.enabled || field.Type == procedure.FieldHidden {
		if err := f.byDefault(field); err != nil {
			return err
		}
		field.raw = rawOf(field.Field, field.value)
		return nil
	}
	switch {
	case field.Type == procedure.FieldRows:
		field.value = f.rowValues(field)
	case field.Type.TakesFiles():
		value, _ := entry.FileValues(field.files)
		field.value = value
	default:
		field.value, field.bad = f.read(field)
	}
	return nil
}

// list makes the options of a field, again when they depend on other fields.
func (f *Form) list(field *filled) error {
	if field.listed || !hasOptions(field.Field) {
		return nil
	}
	field.offers = field.offers[:0]
	for i := range field.Options {
		o := &field.Options[i]
		words, err := f.Text(o.Text)
		if err != nil {
			return err
		}
		one := Offer{Key: o.ID, ID: o.ID, Text: words, Value: o.Value}
		if o.Value == "" {
			one.Value = o.ID
		}
		field.offers = append(field.offers, one)
	}
	more, err := Offers(f.Scene, field.From, f.Lists[field.ID])
	if err != nil {
		return err
	}
	field.offers = append(field.offers, more...)
	field.listed = !f.depends(field)
	f.Let("form", f.values)
	return nil
}

// depends reports whether the options of a field change with other fields.
func (f *Form) depends(field *filled) bool {
	return field.From != nil && readsForm(field.From.List+field.From.Value+field.From.Text)
}

func readsForm(source string) bool { return strings.Contains(source, "form") }

// hasOptions reports whether a field is answered from a list.
func hasOptions(f *procedure.Field) bool {
	return f.Type.Offers() || f.Type == procedure.FieldPerson && (f.From != nil || len(f.Options) > 0)
}

// rawOf writes a value the way the page posts it.
func rawOf(f *procedure.Field, value any) []string {
	if value == nil {
		return nil
	}
	if f.Type == procedure.FieldCheck && value == false {
		return nil
	}
	return entry.TextsOf(value)
}
