// Package scim reads and writes accounts and groups as SCIM 2.0 has them (RFC
// 7643, RFC 7644), and changes them as its PATCH says, in the shapes that
// directories in the cloud really send. It refuses to know HTTP, and whose
// account something becomes.
//
// Its main names are User, Group and Filter.
package scim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// The schemas.
const (
	UserSchema       = "urn:ietf:params:scim:schemas:core:2.0:User"
	GroupSchema      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	EnterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	ListSchema       = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	PatchSchema      = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
	ErrorSchema      = "urn:ietf:params:scim:api:messages:2.0:Error"
)

// The bounds of what is taken.
const (
	MaxMembers    = 1000 // named in a request
	maxOperations = 1000
	maxFilter     = 500 // bytes of a filter or a path
	maxNested     = 10
	maxText       = 500 // bytes of a value
)

// Type says what is wrong with a request, as RFC 7644 §3.12 names it.
type Type string

// The types.
const (
	InvalidFilter Type = "invalidFilter"
	InvalidPath   Type = "invalidPath"
	InvalidSyntax Type = "invalidSyntax"
	InvalidValue  Type = "invalidValue"
	NoTarget      Type = "noTarget"
	Mutability    Type = "mutability"
	Uniqueness    Type = "uniqueness"
	TooMany       Type = "tooMany"
)

// Error is what is wrong with a request. Its detail is for whoever set the
// program up, in English as all of the protocol.
type Error struct {
	Type   Type
	Detail string
}

// Error is for logs.
func (e *Error) Error() string { return string(e.Type) + ": " + e.Detail }

func wrong(t Type, format string, args ...any) error {
	return &Error{t, fmt.Sprintf(format, args...)}
}

// readObject reads a body: one JSON object.
func readObject(body []byte) (map[string]any, error) {
	var object map[string]any
	if err := json.Unmarshal(body, &object); err != nil || object == nil {
		return nil, wrong(InvalidSyntax, "the body is not a JSON object")
	}
	return object, nil
}

// under returns what stands under a name, which may be written in any case.
func under(object map[string]any, name string) any {
	if value, is := object[name]; is {
		return value
	}
	for _, other := range slices.Sorted(maps.Keys(object)) { // of several spellings, always the same
		if strings.EqualFold(other, name) {
			return object[other]
		}
	}
	return nil
}

// text reads a value as a text; no value is none.
func text(name string, value any) (string, error) {
	switch value := value.(type) {
	case nil:
		return "", nil
	case string:
		if value = strings.TrimSpace(value); len(value) > maxText {
			return "", wrong(InvalidValue, "%s is longer than %d bytes", name, maxText)
		}
		if strings.ContainsFunc(value, unicode.IsControl) {
			return "", wrong(InvalidValue, "%s has control characters", name)
		}
		return value, nil
	}
	return "", wrong(InvalidValue, "%s is not a string", name)
}

// truth reads a value as yes or no, also where it was written as a text.
func truth(name string, value any) (bool, error) {
	switch value := value.(type) {
	case bool:
		return value, nil
	case string:
		switch strings.ToLower(value) {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
	}
	return false, wrong(InvalidValue, "%s is neither true nor false", name)
}
