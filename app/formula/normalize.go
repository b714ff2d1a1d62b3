package formula

import (
	"encoding/json"
	"math"
)

// Normalize turns a Go, JSON or YAML value into the six kinds formulas know:
// nil, bool, float64, string, []any, map[string]any. NaN and infinities are
// refused.
func Normalize(v any) (any, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, &Error{Key: "formula.value", Args: []any{err.Error()}, cause: err}
	}
	var out any
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, &Error{Key: "formula.value", Args: []any{err.Error()}, cause: err}
	}
	if f, ok := out.(float64); ok && f == 0 {
		return math.Abs(f), nil
	}
	return out, nil
}
