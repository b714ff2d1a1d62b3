package execution

import (
	"strings"

	"selfhelp/app/execution/effect"
	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/extract"
	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/fault"
	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// maxReply bounds what a step keeps of a reply, in packed bytes; what Extract
// reads is kept from larger ones too.
const maxReply = 24 << 10

// reply takes the reply to the effect the execution waits for.
func (r *run) reply(res *EffectResult) (string, error) {
	if res == nil || r.s.Stand != journey.AtEffect || res.Key != r.s.Key {
		return "", fault.New(fault.Conflict, "execution.stale")
	}
	n := r.here()
	if n == nil {
		r.stop(message.Fails("step.unknown"))
		return "", nil
	}
	slot := r.s.Slot
	r.s.Stand, r.s.Key, r.s.Slot, r.s.Until = journey.AtPage, "", "", 0
	body, err := formula.Normalize(res.Body)
	if err != nil || entry.DepthOf(body) > entry.MaxNesting {
		return r.fail(n, message.Fails("step.nested")), nil
	}
	r.logReply(n, slot, res, body)
	if slot != "" {
		return r.takeList(n, slot, res, body), nil
	}
	edge, to, err := r.settle(n, res, body)
	if err != nil {
		return r.fail(n, err), nil
	}
	return r.leave(n, edge, to), nil
}

func (r *run) logReply(n *program.Node, slot string, res *EffectResult, body any) {
	shown := effect.Outline(body, r.Secrecy["step."+n.Step.ID] != program.Open)
	if ticket, ok := body.(map[string]any); ok && n.Kind == procedure.StepTicket {
		shown = map[string]any{"number": ticket["number"], "url": ticket["url"]}
	}
	e := Event{Kind: EventReplied, Key: res.Key, Status: string(res.Status), Millis: res.Millis, Note: res.Error, Value: shown}
	if body != nil {
		e.Masked = true
		e.Private = map[string]any{"code": float64(res.Code), "body": body, "headers": headersOf(res)}
	}
	for _, x := range effect.ExtractsOf(n.Step) {
		if slot == "" && r.Secrecy.OfVariable(x.Name) == program.Never {
			e.Private = nil
		}
	}
	r.log(e)
}

// settle keeps the result of a call and chooses the way on.
func (r *run) settle(n *program.Node, res *EffectResult, body any) (edge, to string, err error) {
	s := n.Step
	edge, to, err = effect.BranchOf(s, res)
	if err != nil {
		return "", "", err
	}
	if res.Status == EffectTimeout {
		r.setResult(s.ID, map[string]any{"error": "effect.timeout"}, program.Open)
		return edge, to, nil
	}
	result := body
	switch n.Kind {
	case procedure.StepREST, procedure.StepSOAP:
		if result, err = r.replyResult(s, res, body); err != nil {
			return "", "", err
		}
	case procedure.StepDirectory:
		if m, ok := body.(map[string]any); !ok || res.Status == EffectMissing {
			result = map[string]any{"found": false, "attributes": map[string]any{}}
		} else if _, ok := m["attributes"].(map[string]any); !ok {
			return "", "", message.Fails("effect.reply")
		}
	case procedure.StepTicket:
		if err := r.keepTicket(body); err != nil {
			return "", "", err
		}
	case procedure.StepSearch:
		if _, ok := body.([]any); !ok {
			result = []any{}
		}
	}
	if journey.SizeOf(result) > maxReply {
		return "", "", message.Fails("effect.too_large")
	}
	r.setResult(s.ID, result, program.Open)
	return edge, to, nil
}

// replyResult is {status, body, headers} and what Extract reads, each also
// given to its variable.
func (r *run) replyResult(s *procedure.Step, res *EffectResult, body any) (any, error) {
	result := map[string]any{"status": float64(res.Code), "body": body, "headers": headersOf(res)}
	extracts := effect.ExtractsOf(s)
	for _, x := range extracts {
		value, err := extract.Read(body, x.Path)
		if err != nil {
			return nil, message.Fails("effect.path", x.Name).Because(err.Error())
		}
		if err := r.assign(x.Name, value, program.Open); err != nil {
			return nil, err
		}
		if _, taken := result[x.Name]; !taken {
			result[x.Name] = value
		}
	}
	if len(extracts) > 0 && journey.SizeOf(result) > maxReply {
		delete(result, "body")
		delete(result, "headers")
	}
	return result, nil
}

func headersOf(res *EffectResult) map[string]any {
	headers := make(map[string]any, len(res.Headers))
	for k, v := range res.Headers {
		headers[strings.ToLower(k)] = v
	}
	return headers
}

// keepTicket remembers the ticket for the outcome page.
func (r *run) keepTicket(body any) error {
	m, ok := body.(map[string]any)
	if !ok {
		return message.Fails("effect.reply")
	}
	number := entry.MachineText(m["number"])
	if number == "" {
		return message.Fails("effect.reply")
	}
	r.put(journey.SlotCell, 0, journey.CellTicket, map[string]any{"number": number, "url": entry.WebAddress(m["url"])})
	return nil
}
