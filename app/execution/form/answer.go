package form

import (
	"slices"
	"strings"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// Mask stands for a value that may not be shown.
const Mask = "•••"

// Seen is the name under which a page may post the ids of the fields the person
// saw, when a script shows and hides them.
const Seen = "seen"

// Answer is a form that was filled in rightly.
type Answer struct {
	Values []Value        // of the variables, in the order of the fields
	Result map[string]any // of the step: without secrets
	Given  map[string]any // field id → value, what would give the same answer again
	Shown  map[string]any // the same as logs may show it; nil when nothing is masked
	Secret map[string]any // the same without secrets only; nil when nothing is masked
	Words  string         // one line a field, as logs may show it
	Posted *entry.Posted  // to stand on the page again
	Is     program.Secret // how far the result may be told, beyond what fields declare
}

// Value is what a variable gets.
type Value struct {
	Name  string
	Value any
	Is    program.Secret // how far it may be told
}

// Answer takes what was posted: every value is checked here, whatever the page
// in the browser has checked. When something is wrong Problems says what, and
// the answer holds Posted only.
func (f *Form) Answer(p *entry.Posted) (*Answer, error) {
	if p.TooMuch() {
		f.refuse("", "form.too_much")
		return &Answer{}, nil
	}
	for _, name := range p.Strange {
		f.refuse(InputOf(name), "field.unknown")
	}
	if err := f.posted(p); err != nil {
		return nil, err
	}
	unseen, err := f.unseen(p)
	if err != nil {
		return nil, err
	}
	defer f.Forget() // form and value were its
	if err := f.check(p); err != nil {
		return nil, err
	}
	if unseen && len(f.Problems) == 0 {
		f.refuse("", "form.more")
	}
	a := &Answer{Posted: f.repost()}
	if len(f.Problems) == 0 {
		f.describe(a)
		return a, nil
	}
	for _, field := range f.fields { // a captcha that was right need not be read again
		if _, wrong := f.Problems[field.input]; field.Type == procedure.FieldCaptcha && !wrong {
			a.Posted.Values[field.input] = p.Values[field.input]
		}
	}
	return a, nil
}

// Refill takes what was posted only to show it again with the conditions that
// hold now.
func (f *Form) Refill(p *entry.Posted) (*entry.Posted, error) {
	if err := f.posted(p); err != nil {
		return nil, err
	}
	return f.repost(), nil
}

// describe gives the values and describes them for the log, field by field.
func (f *Form) describe(a *Answer) {
	a.Result, a.Given = map[string]any{}, map[string]any{}
	shown, secret := map[string]any{}, map[string]any{}
	var lines []string
	for _, field := range f.fields {
		if !field.Type.GivesValue() {
			continue
		}
		name := program.NameOf(field.Field)
		is := max(program.SecretOfField(field.Field), f.secretOfStart(field), f.SecretOfVariable(name))
		if field.value == nil {
			is = program.Open
		}
		a.Values = append(a.Values, Value{name, field.value, is})
		if field.Type != procedure.FieldSecret {
			a.Result[name], a.Is = field.value, max(a.Is, is)
		}
		if !f.editable(field) {
			continue
		}
		words := f.words(field)
		a.Given[field.ID], shown[field.ID], secret[field.ID] = field.value, field.value, field.value
		if is != program.Open && !isEmpty(field.value) {
			a.Shown, a.Secret = shown, secret
			shown[field.ID], words = Mask, Mask
			if is == program.Never {
				secret[field.ID] = Mask
			}
		}
		if words != "" {
			lines = append(lines, f.said(f.reportName(field.Field), words))
		}
	}
	a.Words = strings.Join(lines, "\n")
}

// secretOfStart returns how far the value that a field starts with may be told,
// or those it offers: what a person leaves as it was, or changes a little, is
// no less theirs.
func (f *Form) secretOfStart(field *filled) program.Secret {
	is := f.SecretOf(f.startOf(field))
	if field.From != nil {
		is = max(is, f.SecretOf(field.From.List))
	}
	return is
}

// words is the value of a field as a person reads it: the words of what was
// chosen, the names of files, the rows of a table.
func (f *Form) words(field *filled) string {
	switch {
	case field.Type.TakesFiles():
		_, names := entry.FileValues(field.files)
		return strings.Join(names, ", ")
	case field.Type == procedure.FieldRows:
		var rows []string
		for _, cells := range field.rows {
			var words []string
			for _, cell := range cells {
				words = append(words, f.words(cell))
			}
			rows = append(rows, strings.Join(words, " · "))
		}
		return strings.Join(rows, "; ")
	}
	if !hasOptions(field.Field) {
		return formula.Show(field.value, f.Language())
	}
	var words []string
	for _, raw := range field.raw {
		if o := Pick(field.offers, raw); o != nil {
			words = append(words, o.Text)
		}
	}
	return strings.Join(words, ", ")
}

// said is the line of a field in a report; a question is answered without a
// colon.
func (f *Form) said(name, words string) string {
	if strings.HasSuffix(name, "?") || strings.HasSuffix(name, "!") {
		return name + " " + words
	}
	return message.Say("field.said", name, words).In(f.Language())
}

// reportName is what reports call a field.
func (f *Form) reportName(field *procedure.Field) string {
	if field.Report != "" {
		return field.Report
	}
	if words, err := f.Text(field.Label); err == nil && words != "" {
		return words
	}
	return program.NameOf(field)
}

// repost writes the form back as it was posted, to stand there again: fields
// left empty too, secrets and captchas not.
func (f *Form) repost() *entry.Posted {
	out := &entry.Posted{Values: map[string][]string{}, Files: map[string][]entry.File{}}
	for _, field := range f.fields {
		if !f.editable(field) {
			continue
		}
		switch {
		case field.Type == procedure.FieldSecret:
		case field.Type == procedure.FieldRows:
			out.Values[field.input] = nil
			rowsPosted(out.Values, field)
		case field.Type.TakesFiles():
			out.Values[field.input] = nil
			out.Files[field.input] = field.files
		default:
			out.Values[field.input] = field.raw
		}
	}
	return out
}

// unseen reports whether the values of the answer make a field visible that
// the person has not seen: without a script in the page, it must be shown
// before its emptiness can be taken for an answer.
func (f *Form) unseen(p *entry.Posted) (bool, error) {
	if p.Whole || !slices.ContainsFunc(f.fields, func(field *filled) bool { return field.Visible != "" }) {
		return false, nil
	}
	page := f.again()
	if err := page.kept(); err != nil {
		return false, err
	}
	for i, field := range f.fields {
		if !f.editable(field) || page.fields[i].visible || slices.Contains(p.Values[Seen], field.ID) {
			continue
		}
		_, sent := p.Values[field.input]
		if !sent && len(field.rows) == 0 && len(field.files) == 0 {
			return true, nil
		}
	}
	return false, nil
}

// Refuse says what is wrong with the value of a field that was taken already.
func (f *Form) Refuse(field string, m message.Message) {
	f.refuse(InputOf(field), m.Key, m.Args...)
}
