package form

import (
	"errors"
	"math"
	"unicode/utf8"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/message"
	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// maxFile is how large a file of a form may be, in bytes.
const maxFile = 10 << 20

// check says what is wrong with the values of the form; nothing when the
// answer can be taken.
func (f *Form) check(p *entry.Posted) error {
	for _, field := range f.fields {
		if field.Type == procedure.FieldCaptcha && field.visible {
			f.checkCaptcha(field, p)
		}
		if !f.editable(field) {
			continue
		}
		f.Let("form", f.values)
		m, err := f.wrongWith(field)
		if err != nil {
			return err
		}
		if m != nil {
			f.refuse(field.input, m.Key, m.Args...)
		}
		if err := f.checkRows(field); err != nil {
			return err
		}
	}
	return nil
}

// editable reports whether a person gives a field its value.
func (f *Form) editable(field *filled) bool {
	return field.visible && field.enabled && field.Type.GivesValue() && field.Type != procedure.FieldHidden
}

// wrongWith returns what is wrong with the value of a field.
func (f *Form) wrongWith(field *filled) (*message.Message, error) {
	if field.bad != nil || field.masked {
		return field.bad, nil
	}
	for _, file := range field.files {
		if key := entry.RefusesFile(file, typesOf(field.Field), maxFile); key != "" {
			return message.Wrong(key, file.Name), nil
		}
	}
	if isEmpty(field.value) {
		m, err := f.wrongWhenEmpty(field)
		if _, counted := field.value.([]any); m == nil && err == nil && counted && field.Min != "" {
			return f.wrongBounds(field)
		}
		return m, err
	}
	if field.Pattern != "" {
		if m, err := f.wrongPattern(field); m != nil || err != nil {
			return m, err
		}
	}
	if m, err := f.wrongBounds(field); m != nil || err != nil {
		return m, err
	}
	if field.Check == "" {
		return nil, nil
	}
	f.Let("value", field.value)
	holds, err := f.Truth(field.Check)
	if err != nil || holds {
		return nil, err
	}
	return f.message(field, "field.check"), nil
}

func (f *Form) wrongWhenEmpty(field *filled) (*message.Message, error) {
	if field.Required == "" {
		return nil, nil
	}
	required, err := f.Truth(field.Required)
	if err != nil || !required {
		return nil, err
	}
	if field.Type == procedure.FieldCheck {
		return message.Wrong("field.tick"), nil
	}
	return message.Wrong("field.required"), nil
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case []any:
		return len(v) == 0
	}
	return false
}

func (f *Form) wrongPattern(field *filled) (*message.Message, error) {
	text, ok := field.value.(string)
	if !ok {
		text = entry.MachineText(field.value)
	}
	re, err := f.Scene.Pattern(field.Pattern)
	if err != nil {
		return nil, message.Fails("step.pattern", field.ID).Because(err.Error())
	}
	matches, err := re.Match(text, f.Budget)
	if err != nil || matches {
		return nil, err
	}
	return f.message(field, "field.pattern"), nil
}

// message is the writer's message for a field, else the engine's.
func (f *Form) message(field *filled, key string) *message.Message {
	if field.Message.IsZero() {
		return message.Wrong(key)
	}
	words, err := f.Text(field.Message)
	if err != nil || words == "" {
		return message.Wrong(key)
	}
	return message.Wrong("field.message", words)
}

// wrongBounds holds Min, Max and Step: of a number, a date, a length, or how
// many are given.
func (f *Form) wrongBounds(field *filled) (*message.Message, error) {
	low, high, step, err := f.bounds(field.Field)
	if err != nil {
		return nil, err
	}
	if field.Type.TakesFiles() {
		return wrongCount(len(field.files), low, high, "files.too_few", "files.too_many"), nil
	}
	switch field.Type {
	case procedure.FieldNumber, procedure.FieldSlider, procedure.FieldRating:
		return f.wrongNumber(field.value.(float64), low, high, step), nil
	case procedure.FieldDate, procedure.FieldTime, procedure.FieldDateTime:
		return f.wrongDate(field.value.(string), low, high), nil
	case procedure.FieldText, procedure.FieldLongText, procedure.FieldRichText, procedure.FieldSecret, procedure.FieldMail, procedure.FieldURL, procedure.FieldPhone:
		return wrongCount(utf8.RuneCountInString(field.value.(string)), low, high, "field.too_short", "field.too_long"), nil
	case procedure.FieldMulti:
		return wrongCount(len(field.value.([]any)), low, high, "answer.too_few", "answer.too_many"), nil
	case procedure.FieldRows:
		return wrongCount(len(field.value.([]any)), low, high, "rows.too_few", "rows.too_many"), nil
	}
	return nil, nil
}

// bounds computes the limits of a field; those every field of the type has
// stand in for what the writer leaves out.
func (f *Form) bounds(field *procedure.Field) (low, high, step any, err error) {
	get := func(source string) any {
		if source == "" {
			return nil
		}
		v, e := f.Eval(source)
		err = errors.Join(err, e)
		return v
	}
	low, high, step = get(field.Min), get(field.Max), get(field.Step)
	orElse := func(v *any, usual float64) {
		if *v == nil {
			*v = usual
		}
	}
	switch field.Type {
	case procedure.FieldRating:
		low, step = 1.0, 1.0
		orElse(&high, 5)
	case procedure.FieldSlider:
		orElse(&low, 0)
		orElse(&high, 100)
		orElse(&step, 1)
	case procedure.FieldRows:
		orElse(&high, usualRows)
	}
	if field.Type.TakesFiles() {
		orElse(&high, 1)
	}
	return low, high, step, err
}

func (f *Form) wrongNumber(v float64, low, high, step any) *message.Message {
	if l, ok := low.(float64); ok && v < l {
		return message.Wrong("field.min", formula.Show(l, f.Language()))
	}
	if h, ok := high.(float64); ok && v > h {
		return message.Wrong("field.max", formula.Show(h, f.Language()))
	}
	by, ok := step.(float64)
	if !ok || by <= 0 {
		return nil
	}
	from, _ := low.(float64)
	if n := (v - from) / by; math.Abs(n-math.Round(n)) > 1e-9 {
		return message.Wrong("field.step", formula.Show(by, f.Language()))
	}
	return nil
}

func (f *Form) wrongDate(v string, low, high any) *message.Message {
	if l, ok := low.(string); ok && l != "" && f.earlier(v, l) {
		return message.Wrong("field.not_before", formula.Show(l, f.Language()))
	}
	if h, ok := high.(string); ok && h != "" && f.earlier(h, v) {
		return message.Wrong("field.not_after", formula.Show(h, f.Language()))
	}
	return nil
}

// earlier compares days, times, or instants of any zones.
func (f *Form) earlier(a, b string) bool {
	zone := f.Now.Location()
	x, okX := entry.ReadDateTime(a, zone)
	y, okY := entry.ReadDateTime(b, zone)
	if !okX || !okY || len(a) <= len("2006-01-02") && len(b) <= len("2006-01-02") {
		return a < b
	}
	return entry.Instant(x).Before(entry.Instant(y))
}

func wrongCount(n int, low, high any, few, many string) *message.Message {
	if l, ok := low.(float64); ok && float64(n) < l {
		return message.Wrong(few, int(l))
	}
	if h, ok := high.(float64); ok && float64(n) > h {
		return message.Wrong(many, int(h))
	}
	return nil
}

// typesOf returns the media types a field takes, nil for fields without files.
func typesOf(field *procedure.Field) []string {
	switch field.Type {
	case procedure.FieldFile:
		return field.Types
	case procedure.FieldPhoto, procedure.FieldSignature:
		if len(field.Types) > 0 {
			return field.Types
		}
		return []string{"image/*"}
	}
	return nil
}
