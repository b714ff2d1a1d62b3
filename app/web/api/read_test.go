package api

import (
	"encoding/json"
	"testing"
)

// FuzzCheckJSON: whatever is let through is one object with each name once.
func FuzzCheckJSON(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":1,"A":2}`, `{"a":{"b":[1,{"c":null}]}}`, `{"a":1}{}`, `{"a"`, `[`, `{"a":1e999}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if checkJSON(content, nil) != nil {
			return
		}
		var object map[string]json.RawMessage
		if err := json.Unmarshal(content, &object); err != nil {
			t.Errorf("%q was let through: %v", content, err)
		}
	})
}
