package execution

import (
	"time"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/form"
	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/fault"
	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// Start begins an execution.
func Start(lib Library, c Context, now time.Time) (Turn, error) {
	if c.ID == "" || len(c.ID) > 100 {
		return Turn{}, fault.New(fault.Invalid, "execution.no_id")
	}
	context, err := contextOf(c)
	if err != nil {
		return Turn{}, fault.Because(fault.Invalid, err, "execution.context")
	}
	r := begin(lib, State{Context: context}, now)
	if err := r.enter(); err != nil {
		return Turn{}, err
	}
	if r.s.Context.Language == "" && len(r.Project.Languages) > 0 {
		r.s.Context.Language = r.Project.Languages[0]
		r.speak()
	}
	r.logStart()
	r.walk(r.first())
	return r.turn(keyFrom("start", c.ID))
}

// maxContext bounds what a context brings, in packed bytes.
const maxContext = 32 << 10

// contextOf keeps what the engine needs, as values formulas know.
func contextOf(c Context) (journey.Given, error) {
	g := journey.Given{
		ID: c.ID, Entry: c.Entry, Version: c.Version, Language: c.Language, Channel: c.Channel, Test: c.Test, Mock: c.Mock,
		Languages: c.Languages, Groups: c.Groups,
	}
	if c.Test {
		g.From = c.From
	}
	var b journey.Brought
	size := 0
	for _, part := range []struct {
		from map[string]any
		to   *map[string]any
	}{{c.User, &b.User}, {c.Params, &b.Params}, {c.Conv, &b.Conv}, {c.Env, &b.Env}, {c.Given, &b.Vars}} {
		if len(part.from) == 0 {
			continue
		}
		v, err := formula.Normalize(part.from)
		if err != nil {
			return g, err
		}
		*part.to, _ = v.(map[string]any)
		size += journey.SizeOf(v)
		if entry.DepthOf(v) > entry.MaxNesting || size > maxContext {
			return g, fault.New(fault.TooLarge, "execution.context")
		}
	}
	if !c.Test {
		b.Vars = nil
	}
	g.Bring(b)
	return g, nil
}

// enter begins the frame of the entry procedure.
func (r *run) enter() error {
	prog, err := r.lib.Program(r.s.Context.Entry)
	if err != nil {
		return fault.Because(fault.KindOf(err), err, "execution.unavailable")
	}
	r.turnTo(prog)
	r.push(journey.Frame{Procedure: r.s.Context.Entry, Step: prog.Start.Step.ID})
	r.s.Undo = journey.Undo{Keep: 0}
	return r.err
}

// logStart writes the context, its personal parts in the private value. Values
// for inputs that are not declared are forgotten here.
func (r *run) logStart() {
	c := &r.s.Context
	b := c.Brought()
	kept, public, private := map[string]any{}, map[string]any{}, map[string]any{}
	for name, value := range b.Params {
		if r.Input(name) == nil {
			continue
		}
		kept[name], public[name], private[name] = value, value, value
		if is := r.Secrecy["param."+name]; is != program.Open {
			public[name] = Mask
			if is == program.Never {
				private[name] = Mask
			}
		}
	}
	b.Params = kept
	value := map[string]any{"language": c.Language, "channel": c.Channel, "params": public}
	if login, ok := b.User["login"].(string); ok {
		value["user"] = login
	}
	r.log(Event{
		Kind: EventStarted, Key: c.ID, Value: value, Masked: true,
		Private: map[string]any{
			"params": private, "user": object(b.User), "conv": object(b.Conv), "env": object(b.Env), "groups": listOf(c.Groups),
			"languages": listOf(c.Languages), "test": c.Test, "mock": c.Mock, "from": c.From, "given": object(b.Vars),
		},
	})
}

// first takes the inputs and returns the first step: the Start, whose page
// asks for what is missing, or goes on at once.
func (r *run) first() string {
	n, brought := r.Program.Start, r.s.Context.Brought()
	for _, in := range n.Step.Start.Inputs {
		value, ok := entry.Convert(brought.Params[in.Name], in.Type, r.Now.Location())
		if !ok || entry.DepthOf(value) > entry.MaxNesting {
			continue
		}
		if value == nil && in.Default != "" {
			v, err := r.Eval(in.Default)
			if err != nil {
				return r.fail(n, err)
			}
			if value, ok = entry.Convert(v, in.Type, r.Now.Location()); !ok {
				continue
			}
		}
		if value == nil && in.Required {
			continue
		}
		r.put(journey.SlotParam, 0, in.Name, value)
	}
	return r.begun()
}

// begun goes on once the inputs are known.
func (r *run) begun() string {
	n := r.Program.Start
	if r.s.Context.From == "" && len(r.fields(n)) > 0 {
		return r.present(n)
	}
	return r.declared(n)
}

// declared gives the variables their first values and leaves the Start.
func (r *run) declared(n *program.Node) string {
	if err := r.declare(); err != nil {
		return r.fail(n, err)
	}
	vars := r.s.Context.Brought().Vars
	for _, name := range journey.SortedKeys(vars) {
		if err := r.assign(name, vars[name], program.Open); err != nil {
			return r.fail(n, err)
		}
	}
	r.changed = nil
	if from := r.s.Context.From; from != "" && r.Node(from) != nil {
		return from
	}
	return r.visit(n)
}

// askedInputs are the fields of the page that asks for missing inputs.
func (r *run) askedInputs(n *program.Node) []*procedure.Field {
	var fields []*procedure.Field
	for i := range n.Step.Start.Inputs {
		in := &n.Step.Start.Inputs[i]
		if _, there := r.top().Params[in.Name]; there {
			continue
		}
		f := &procedure.Field{ID: in.Name, Type: inputTypes[in.Type], Label: in.Label, Personal: in.Personal, Default: in.Default}
		if in.Required {
			f.Required = "true"
		}
		if in.Label.IsZero() {
			f.Label = procedure.T(in.Name, in.Name)
		}
		fields = append(fields, f)
	}
	return fields
}

// inputTypes says what asks for an input of a type. A list is written one item
// a line.
var inputTypes = map[procedure.VariableType]procedure.FieldType{
	procedure.TypeText: procedure.FieldText, procedure.TypeNumber: procedure.FieldNumber, procedure.TypeBoolean: procedure.FieldCheck,
	procedure.TypeDate: procedure.FieldDate, procedure.TypeDateTime: procedure.FieldDateTime, procedure.TypeList: procedure.FieldLongText,
	procedure.TypeObject: procedure.FieldLongText, procedure.TypeFile: procedure.FieldFile, procedure.TypeSecret: procedure.FieldSecret,
}

// takeInputs gives the inputs the values of the page that asked for them.
func (r *run) takeInputs(n *program.Node, f *form.Form, a *form.Answer) (edge, to string, err error) {
	for _, v := range a.Values {
		in := r.Input(v.Name)
		value, ok := entry.Convert(lines(v.Value, in.Type), in.Type, r.Now.Location())
		if !ok {
			f.Refuse(v.Name, message.Say("field.value"))
			r.problems = f.Problems
			r.keep(a.Posted)
			r.given = a.Posted
			return "", "", nil
		}
		r.put(journey.SlotParam, 0, in.Name, value)
	}
	r.acceptForm(n, a)
	return "", r.declared(n), nil
}

// lines makes a list of the lines of a text.
func lines(v any, t procedure.VariableType) any {
	text, ok := v.(string)
	if !ok || t != procedure.TypeList {
		return v
	}
	items := []any{}
	for _, line := range splitLines(text) {
		items = append(items, line)
	}
	return items
}
