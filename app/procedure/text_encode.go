package procedure

import (
	"bytes"
	"encoding/json"
)

// longText is Text in its long form, without its methods.
type longText Text

// UnmarshalJSON accepts the short form {"fr": …, "en": …} besides the long one
// {"in": {…}, "dated": […]}, and no unknown key. The short form is tried first:
// procedures are made of little else.
func (t *Text) UnmarshalJSON(b []byte) error {
	var short map[string]string
	err := json.Unmarshal(b, &short)
	if err == nil && !isLongText(short) {
		*t = Text{In: short}
		return nil
	}
	var keys map[string]json.RawMessage
	if json.Unmarshal(b, &keys) != nil || !isLongText(keys) {
		return err
	}
	*t = Text{}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode((*longText)(t))
}

// MarshalJSON writes the short form unless the text has dated words.
func (t Text) MarshalJSON() ([]byte, error) {
	if len(t.In) == 0 && len(t.Dated) == 0 {
		return []byte("{}"), nil
	}
	if len(t.Dated) == 0 {
		return json.Marshal(t.In)
	}
	return json.Marshal(longText(t))
}

// isLongText tells the long form by a key that is no language tag with words.
func isLongText[V any](keys map[string]V) bool {
	_, in := keys["in"]
	_, dated := keys["dated"]
	return in || dated
}
