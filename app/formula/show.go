package formula

import (
	"fmt"
	"strings"
)

// Show writes a value as a person reads it in a language.
func Show(v any, lang string) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if strings.HasPrefix(lang, "fr") {
			return map[bool]string{true: "oui", false: "non"}[v]
		}
		return map[bool]string{true: "yes", false: "no"}[v]
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = Show(item, lang)
		}
		return strings.Join(parts, ", ")
	}
	return fmt.Sprint(v)
}
