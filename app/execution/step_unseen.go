package execution

import (
	"math"
	"time"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// maxWait bounds a wait: a longer one would outlive the keys of its state.
const maxWait = 31 * 24 * time.Hour

// doWait holds the execution back until an instant.
func (r *run) doWait(s *procedure.Step) (edge, to string, err error) {
	until, err := r.waitUntil(s.Wait)
	if err != nil {
		return "", "", err
	}
	if !until.After(r.Now) {
		return "next", s.Next, nil
	}
	r.tellChanges()
	r.s.Stand, r.s.Until = journey.AtWait, until.UnixMilli()
	return "", "", nil
}

func (r *run) waitUntil(w *procedure.Wait) (time.Time, error) {
	if w.Until != "" {
		v, err := r.Eval(w.Until)
		if err != nil {
			return time.Time{}, err
		}
		text, _ := v.(string)
		written, ok := entry.ReadDateTime(text, r.Now.Location())
		if !ok {
			return time.Time{}, message.Fails("step.type", "until", string(procedure.TypeDateTime)).Because("it is " + string(formula.KindOf(v)))
		}
		until, err := time.Parse(time.RFC3339, written)
		return r.bounded(until), err
	}
	v, err := r.Eval(w.Seconds)
	if err != nil {
		return time.Time{}, err
	}
	seconds, ok := v.(float64)
	if !ok {
		return time.Time{}, message.Fails("step.type", "seconds", string(procedure.TypeNumber)).Because("it is " + string(formula.KindOf(v)))
	}
	seconds = math.Min(seconds, maxWait.Seconds())
	return r.Now.Add(time.Duration(seconds * float64(time.Second))), nil
}

func (r *run) bounded(until time.Time) time.Time {
	if last := r.Now.Add(maxWait); until.After(last) {
		return last
	}
	return until
}

// doLog writes a key and a value in the report.
func (r *run) doLog(s *procedure.Step) (edge, to string, err error) {
	value, is, err := r.Known(s.Log.Value)
	if err != nil {
		return "", "", err
	}
	e := Event{Kind: EventLogged, Text: s.Log.Key, Value: value}
	r.log(masked(e, is))
	return "next", s.Next, nil
}

// masked hides the value of an event as far as it must be.
func masked(e Event, is program.Secret) Event {
	if is == program.Open || e.Value == nil {
		return e
	}
	e.Masked = true
	if is == program.Personal {
		e.Private = e.Value
	}
	e.Value = Mask
	return e
}

// doLocale changes the language or the hue.
func (r *run) doLocale(s *procedure.Step) (edge, to string, err error) {
	if s.Locale.Language != "" {
		v, err := r.Eval(s.Locale.Language)
		if err != nil {
			return "", "", err
		}
		lang, ok := v.(string)
		if !ok || lang == "" || len(lang) > 35 {
			return "", "", message.Fails("step.type", "language", string(procedure.TypeText)).Because("it is " + string(formula.KindOf(v)))
		}
		r.put(journey.SlotCell, 0, journey.CellLanguage, lang)
		r.speak()
	}
	if s.Locale.Hue != "" {
		v, err := r.Eval(s.Locale.Hue)
		if err != nil {
			return "", "", err
		}
		hue, ok := v.(float64)
		if !ok {
			return "", "", message.Fails("step.type", "hue", string(procedure.TypeNumber)).Because("it is " + string(formula.KindOf(v)))
		}
		r.put(journey.SlotCell, 0, journey.CellHue, math.Mod(math.Mod(math.Round(hue), 360)+360, 360))
	}
	return "next", s.Next, nil
}

// doBreakpoint stops a test.
func (r *run) doBreakpoint(s *procedure.Step) (edge, to string, err error) {
	if !r.s.Context.Test {
		return "next", s.Next, nil
	}
	holds, err := r.Truth(s.Breakpoint.If)
	if err != nil {
		return "", "", err
	}
	if !holds {
		return "next", s.Next, nil
	}
	r.s.Stand = journey.AtBreak
	return "", "", nil
}

// doJump goes to its step until it has done so as often as it may.
func (r *run) doJump(s *procedure.Step) (edge, to string, err error) {
	name := journey.CellJump + r.Procedure.UID + "/" + s.ID
	done, _ := r.s.Cells[name].(float64)
	most := float64(s.Jump.Max)
	if most <= 0 {
		most = 20
	}
	if done >= most {
		if s.Next == "" {
			return "", "", message.Fails("step.jumped_out", formula.Show(most, r.Language()))
		}
		return "next", s.Next, nil
	}
	r.put(journey.SlotCell, 0, name, done+1)
	if s.Jump.Counter != "" {
		if err := r.assign(s.Jump.Counter, done+1, program.Open); err != nil {
			return "", "", err
		}
	}
	return "jump", s.Jump.To, nil
}
