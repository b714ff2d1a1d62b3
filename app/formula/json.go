package formula

import (
	"bytes"
	"encoding/json"
)

// jsonOf writes a value as JSON, objects sorted by name. The value must have
// been weighed: what it shares with itself is written each time.
func jsonOf(v any) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil { // only what is none of our kinds
		return ""
	}
	return string(bytes.TrimSuffix(out.Bytes(), []byte("\n")))
}

// jsonSize is how long jsonOf would be, at most.
func jsonSize(v any) int {
	size := 2
	switch v := v.(type) {
	case float64:
		size += 24
	case string:
		size += jsonTextSize(v)
	case []any:
		for _, item := range v {
			size += 1 + jsonSize(item)
		}
	case map[string]any:
		for name, item := range v {
			size += 4 + jsonTextSize(name) + jsonSize(item)
		}
	default:
		size += 3
	}
	return size
}

func jsonTextSize(s string) int {
	size := len(s)
	for i := range len(s) {
		switch b := s[i]; {
		case b < 0x20 || b == 0x7f:
			size += 5
		case b == '"' || b == '\\':
			size++
		case b == 0xE2: // U+2028 and U+2029 are escaped
			size += 3
		}
	}
	return size
}
