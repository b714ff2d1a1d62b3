package effect

import (
	"slices"

	"selfhelp/app/execution/message"
	"selfhelp/app/procedure"
)

// identifying are the names of values that tell what was made or found.
var identifying = []string{"number", "id", "status", "code", "found", "score", "alias"}

// Outline is a reply as logs show it: its shape and its numbers, the words
// masked but for those that identify what was made. Of a reply that is personal
// only its shape and the numbers that identify are left.
func Outline(v any, personal bool) any {
	switch v := v.(type) {
	case string:
		return mask
	case float64:
		if personal {
			return mask
		}
	case []any:
		out := make([]any, 0, min(len(v), 10))
		for _, item := range v[:min(len(v), 10)] {
			out = append(out, Outline(item, personal))
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, item := range v {
			out[k] = Outline(item, personal)
			if _, isText := item.(string); slices.Contains(identifying, k) && !(personal && isText) {
				out[k] = item
			}
		}
		return out
	}
	return v
}

// ExtractsOf returns what a step reads from its reply.
func ExtractsOf(s *procedure.Step) []procedure.Extract {
	switch {
	case s.REST != nil:
		return s.REST.Extract
	case s.SOAP != nil:
		return s.SOAP.Extract
	}
	return nil
}

// BranchOf returns the edge of a reply. Without one of its own the step fails,
// but a person who is not found is an answer like another.
func BranchOf(s *procedure.Step, res *Result) (edge, to string, err error) {
	switch res.Status {
	case OK:
		return "next", s.Next, nil
	case HTTP:
		switch {
		case s.REST != nil:
			to = s.REST.OnStatus
		case s.SOAP != nil:
			to = s.SOAP.OnStatus
		}
	case Fault:
		if s.SOAP != nil {
			to = s.SOAP.OnFault
		}
	case Timeout:
		to = onTimeout(s)
	case Missing:
		if s.Directory != nil && s.Directory.OnMissing == "" {
			return "next", s.Next, nil
		}
		if s.Directory != nil {
			to = s.Directory.OnMissing
		}
	}
	if to != "" {
		return string(res.Status), to, nil
	}
	switch res.Status {
	case HTTP:
		return "", "", message.Fails("effect.status", res.Code).Because(res.Error)
	case Fault, Timeout:
		return "", "", message.Fails("effect." + string(res.Status)).Because(res.Error)
	}
	return "", "", message.Fails("effect.error").Because(res.Error)
}

func onTimeout(s *procedure.Step) string {
	switch {
	case s.REST != nil:
		return s.REST.OnTimeout
	case s.SOAP != nil:
		return s.SOAP.OnTimeout
	case s.Ticket != nil:
		return s.Ticket.OnTimeout
	case s.Directory != nil:
		return s.Directory.OnTimeout
	}
	return ""
}
