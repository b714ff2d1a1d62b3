package execution

import (
	"strings"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/formula"
)

// assign gives a variable a value of its declared type. The name is "x", for
// var.x or a declared session variable, or "session.x"; is says how far the
// value may be told.
func (r *run) assign(name string, value any, is program.Secret) error {
	bare, session := strings.CutPrefix(name, "session.")
	declared := r.Variable(bare)
	if declared != nil {
		session = session || declared.Session
		converted, ok := entry.Convert(value, declared.Type, r.Now.Location())
		if !ok {
			return message.Fails("step.type", name, string(declared.Type)).Because("it is " + string(formula.KindOf(value)))
		}
		value = converted
	}
	if entry.DepthOf(value) > entry.MaxNesting {
		return message.Fails("step.nested")
	}
	at, frame, full := journey.SlotVar, r.top().Owner, "var."+bare
	if session {
		at, frame, full = journey.SlotSession, 0, "session."+bare
	}
	r.put(at, frame, bare, value)
	if session { // other procedures read it that do not declare it
		is = max(is, r.Secrecy[full])
	} else if is <= r.Secrecy[full] {
		is = program.Open // nothing to add to what is declared
	}
	if value != nil {
		r.noteTold(frame, full, is)
	}
	r.tell(full, value)
	return nil
}

// tell notes that the present step changed a variable.
func (r *run) tell(full string, value any) {
	if r.changed == nil {
		r.changed = map[string]any{}
	}
	r.changed[full] = value
}

// tellChanges logs what the present step changed.
func (r *run) tellChanges() {
	if len(r.changed) == 0 {
		return
	}
	e := Event{Kind: EventChanged}
	shown := make(map[string]any, len(r.changed))
	for name, value := range r.changed {
		shown[name] = value
		if value != nil && r.secretOf(name) != program.Open {
			shown[name], e.Masked = Mask, true
		}
	}
	e.Value = shown
	r.log(e)
	r.changed = nil
}

// declare gives the variables a procedure declares their first values.
func (r *run) declare() error {
	for i := range r.Procedure.Variables {
		v := &r.Procedure.Variables[i]
		if v.Session {
			if _, there := r.s.Shared[v.Name]; there {
				continue
			}
		}
		value, is, err := r.Known(v.Default)
		if err != nil {
			return err
		}
		if err := r.assign(v.Name, value, is); err != nil {
			return err
		}
	}
	r.changed = nil
	return nil
}
