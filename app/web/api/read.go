package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
)

// maxJSONDepth bounds how deep values stand in values.
const maxJSONDepth = 32

// readJSON reads the body of a call into T: one JSON object, whose names are
// those of T's fields, each once. This is the one reader of the API, so that no
// two parts of it read the same bytes differently.
func readJSON[T any](v *frame.Visit) (body T, err error) {
	kind, said, err := mime.ParseMediaType(v.Header.Get("Content-Type"))
	if charset, given := said["charset"]; err != nil || kind != mediaJSON || given && !strings.EqualFold(charset, "utf-8") {
		return body, fault.Because(fault.Unsupported, err, "fault.api.media")
	}
	content, err := io.ReadAll(http.MaxBytesReader(nil, v.Body, apiBody))
	if err != nil {
		return body, frame.Unreadable(err)
	}
	return decode[T](content)
}

// decode is readJSON of bytes that were read already.
func decode[T any](content []byte) (body T, err error) {
	if !utf8.Valid(content) {
		return body, fault.New(fault.Invalid, "fault.api.json")
	}
	if err := checkJSON(content, fieldNames(reflect.TypeFor[T]())); err != nil {
		return body, err
	}
	if err := json.Unmarshal(content, &body); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
			return body, fault.InField(wrong.Field, "fault.api.type")
		}
		return body, fault.Because(fault.Invalid, err, "fault.api.json")
	}
	return body, nil
}

// fieldNames lists the names a struct has in JSON.
func fieldNames(t reflect.Type) (names []string) {
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

// checkJSON refuses what readers may disagree about: names that stand twice,
// also but for their case, names that are not known, more than one value.
func checkJSON(content []byte, known []string) error {
	d := json.NewDecoder(bytes.NewReader(content))
	d.UseNumber()
	first, err := d.Token()
	if err != nil || first != json.Delim('{') {
		return fault.Because(fault.Invalid, err, "fault.api.json")
	}
	if err := checkObject(d, known, 1); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fault.Because(fault.Invalid, err, "fault.api.json")
	}
	return nil
}

// checkObject reads an object whose brace was read. No list of names allows
// any.
func checkObject(d *json.Decoder, known []string, depth int) error {
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return fault.Because(fault.Invalid, err, "fault.api.json")
		}
		name, _ := token.(string) // names are strings, or Token fails
		folded := strings.ToLower(name)
		if seen[folded] {
			return fault.InField(name, "fault.api.twice")
		}
		seen[folded] = true
		if known != nil && !slices.Contains(known, name) {
			return fault.InField(name, "fault.api.unknown")
		}
		if err := checkValue(d, depth); err != nil {
			return err
		}
	}
	_, err := d.Token() // the brace
	return asInvalid(err)
}

func checkValue(d *json.Decoder, depth int) error {
	token, err := d.Token()
	switch {
	case err != nil:
		return asInvalid(err)
	case depth >= maxJSONDepth:
		return fault.New(fault.Invalid, "fault.api.deep")
	case token == json.Delim('{'):
		return checkObject(d, nil, depth+1)
	case token == json.Delim('['):
		for d.More() {
			if err := checkValue(d, depth+1); err != nil {
				return err
			}
		}
		_, err = d.Token() // the bracket
	}
	return asInvalid(err)
}

func asInvalid(err error) error {
	if err == nil {
		return nil
	}
	return fault.Because(fault.Invalid, err, "fault.api.json")
}
