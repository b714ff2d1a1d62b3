package form

import (
	"strings"
	"unicode/utf8"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/message"
	"selfhelp/app/procedure"
)

// read makes the value of a field from what was posted, or says why it cannot.
func (f *Form) read(field *filled) (any, *message.Message) {
	if field.masked = f.Masked && len(field.raw) == 1 && field.raw[0] == Mask; field.masked {
		return unknown(field), nil
	}
	if field.Type == procedure.FieldMulti {
		return readMulti(field)
	}
	if len(field.raw) > 1 {
		return nil, message.Wrong("answer.one")
	}
	raw := ""
	if len(field.raw) == 1 {
		raw = field.raw[0]
	}
	switch field.Type {
	case procedure.FieldCheck:
		return readCheck(raw)
	case procedure.FieldLongText, procedure.FieldRichText:
		return readWords(strings.TrimSpace(entry.Clean(raw)), entry.MaxText)
	case procedure.FieldSecret:
		return readWords(strings.ToValidUTF8(raw, ""), entry.MaxLine)
	}
	line := entry.CleanLine(raw)
	if hasOptions(field.Field) {
		return readOption(field, raw, line)
	}
	if field.Type == procedure.FieldText || field.Type == procedure.FieldPerson {
		return readWords(line, entry.MaxLine)
	}
	if line == "" {
		return nil, nil
	}
	value, wrong := entry.Line(field.Type, line, f.Language(), f.Now.Location())
	if wrong != "" {
		return nil, message.Wrong(wrong)
	}
	return value, nil
}

func readWords(s string, most int) (any, *message.Message) {
	if len(s) > most && utf8.RuneCountInString(s) > most {
		return nil, message.Wrong("field.too_long", most)
	}
	return s, nil
}

func readCheck(raw string) (any, *message.Message) {
	if raw == "" {
		return false, nil
	}
	value, ok := entry.ReadBoolean(raw)
	if !ok {
		return nil, message.Wrong("answer.not_offered")
	}
	return value, nil
}

// readOption finds the option meant: by key or value; a look-up also by its
// words, as people type them.
func readOption(field *filled, raw, line string) (any, *message.Message) {
	if line == "" {
		return nil, nil
	}
	if o := Pick(field.offers, raw); o != nil {
		return o.Value, nil
	}
	if field.Type == procedure.FieldLookup || field.Type == procedure.FieldPerson {
		wanted := entry.Fold(line)
		for i := range field.offers {
			if entry.Fold(field.offers[i].Text) == wanted {
				field.raw = []string{field.offers[i].Key}
				return field.offers[i].Value, nil
			}
		}
	}
	return nil, message.Wrong("answer.not_offered")
}

func readMulti(field *filled) (any, *message.Message) {
	values := []any{}
	seen := map[string]bool{}
	for _, raw := range field.raw {
		if raw == "" {
			continue
		}
		o := Pick(field.offers, raw)
		if o == nil {
			return nil, message.Wrong("answer.not_offered")
		}
		if seen[o.Key] {
			return nil, message.Wrong("answer.twice")
		}
		seen[o.Key] = true
		values = append(values, o.Value)
	}
	return values, nil
}

// unknown stands for a value that is masked.
func unknown(field *filled) any {
	if field.Type == procedure.FieldSecret {
		return Mask
	}
	return nil
}
