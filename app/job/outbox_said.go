package job

import (
	"encoding/json"

	"selfhelp/app/fault"
)

// said is why a message was not done, as it is kept beside it: the key of a
// sentence and its values.
type said struct {
	Key  string   `json:"key"`
	Args []string `json:"args,omitempty"`
}

func sayOf(err error) string {
	var s said
	var args []any
	s.Key, args = fault.TextOf(err)
	for _, a := range args {
		if text, is := a.(string); is {
			s.Args = append(s.Args, text)
		}
	}
	b, _ := json.Marshal(s) // texts only
	return string(b)
}

// Said is the sentence for people of why a message was not done.
func Said(kept string) (key string, args []any) {
	var s said
	if json.Unmarshal([]byte(kept), &s) != nil || s.Key == "" {
		return "fault.internal", nil
	}
	for _, a := range s.Args {
		args = append(args, a)
	}
	return s.Key, args
}
