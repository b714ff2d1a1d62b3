package entry

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// MaxNesting bounds the depth of values a journey keeps, far from what its
// packed state can hold.
const MaxNesting = 30

// maxJSON bounds a value written as JSON, in bytes.
const maxJSON = 64 << 10

// Convert makes a value one of a declared type. No value stays no value, and
// an empty text is no value for the types that are not text. ok is false when
// the value cannot be of the type.
func Convert(v any, t procedure.VariableType, zone *time.Location) (out any, ok bool) {
	v, err := formula.Normalize(v)
	if err != nil {
		return nil, false
	}
	if v == nil {
		return nil, true
	}
	if s, is := v.(string); is {
		return convertText(s, t, zone)
	}
	switch t {
	case procedure.TypeText, procedure.TypeSecret:
		return plainText(v)
	case procedure.TypeNumber:
		_, ok = v.(float64)
	case procedure.TypeBoolean:
		_, ok = v.(bool)
	case procedure.TypeList:
		if _, is := v.([]any); !is {
			return []any{v}, true
		}
		return v, true
	case procedure.TypeObject:
		_, ok = v.(map[string]any)
	case procedure.TypeFile:
		return v, isFileValue(v)
	}
	return v, ok
}

// convertText reads a value written as text: from an address, a host
// application or a formula.
func convertText(s string, t procedure.VariableType, zone *time.Location) (any, bool) {
	switch t {
	case procedure.TypeText, procedure.TypeSecret:
		return s, true
	}
	s = strings.TrimSpace(s)
	if s == "" {
		return nil, true
	}
	switch t {
	case procedure.TypeNumber:
		f, ok := ReadNumber(s)
		return f, ok
	case procedure.TypeBoolean:
		b, ok := ReadBoolean(s)
		return b, ok
	case procedure.TypeDate:
		d, ok := ReadDate(s, "")
		return d, ok
	case procedure.TypeDateTime:
		d, ok := ReadDateTime(s, zone)
		return d, ok
	case procedure.TypeList:
		if list, ok := ReadJSON(s).([]any); ok {
			return list, true
		}
		return []any{s}, true
	case procedure.TypeObject:
		m, ok := ReadJSON(s).(map[string]any)
		return m, ok
	}
	return nil, false
}

// ReadJSON returns nil for what is not JSON of a bearable depth.
func ReadJSON(s string) any {
	var v any
	if len(s) > maxJSON || json.Unmarshal([]byte(s), &v) != nil {
		return nil
	}
	v, err := formula.Normalize(v)
	if err != nil || DepthOf(v) > MaxNesting {
		return nil
	}
	return v
}

// DepthOf counts how deep lists and objects are nested.
func DepthOf(v any) int {
	deepest := 0
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			deepest = max(deepest, DepthOf(item))
		}
	case map[string]any:
		for _, item := range v {
			deepest = max(deepest, DepthOf(item))
		}
	default:
		return 0
	}
	return deepest + 1
}

// plainText writes a number or a boolean for a text variable, as machines do.
func plainText(v any) (any, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return nil, false
}

// MachineText writes any value for a machine to read: what stands in queries,
// headers and keys.
func MachineText(v any) string {
	if v == nil {
		return ""
	}
	if s, ok := plainText(v); ok {
		return s.(string)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

// ReadNumber reads a number as machines write it.
func ReadNumber(s string) (float64, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) || strings.ContainsAny(s, "xXpP_") {
		return 0, false
	}
	return f + 0, true // -0 + 0 is 0
}

func ReadBoolean(s string) (value, ok bool) {
	switch strings.ToLower(s) {
	case "true", "on", "1", "yes", "oui", "vrai":
		return true, true
	case "false", "off", "0", "no", "non", "faux":
		return false, true
	}
	return false, false
}

// ReadDate reads a day: 2026-11-23 everywhere, 23/11/2026 or 23.11.2026 where
// people write the day first, 11/23/2026 in American English.
func ReadDate(s, lang string) (string, bool) {
	layouts := []string{time.DateOnly}
	switch {
	case lang == "en" || lang == "en-US":
		layouts = append(layouts, "1/2/2006")
	case lang != "":
		layouts = append(layouts, "2/1/2006", "2.1.2006", "2-1-2006")
	default:
		layouts = append(layouts, time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04")
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}

// ReadDateTime reads an Instant; one without a zone is in the given one.
func ReadDateTime(s string, zone *time.Location) (string, bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.Format(time.RFC3339), true
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t.Format(time.RFC3339), true
		}
	}
	return "", false
}

// isFileValue reports whether a value is a file reference or a list of them.
func isFileValue(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		_, ok := v["hash"].(string)
		return ok
	case []any:
		for _, item := range v {
			if !isFileValue(item) {
				return false
			}
		}
		return true
	}
	return false
}

// Instant reads what ReadDateTime wrote.
func Instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t
}
