package load

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// Script is a scenario as somebody at the portal plays it.
type Script struct {
	ID    string
	start string // address that begins it
	moves []move
}

// move is one thing somebody does.
type move struct {
	procedure.Move
	fields map[string]string // name of a variable → the field that fills it
}

// ScriptsOf are the scenarios of a project whose procedures may be started. Who plays
// them is a stranger, comes now, and what is called really answers: a scenario that
// needs somebody, a moment or a reply goes another way than its writer meant.
func ScriptsOf(p *procedure.Project) (all []Script) {
	names := fieldNames(p)
	for _, s := range p.Scenarios {
		for _, proc := range p.Procedures {
			if proc.UID != s.Procedure || !proc.Entry {
				continue
			}
			script := Script{ID: s.ID, start: startOf(proc.Alias, s)}
			for _, m := range s.Moves {
				script.moves = append(script.moves, move{m, names[m.Step]})
			}
			all = append(all, script)
		}
	}
	return all
}

// startOf is the address that begins a scenario: with its language and inputs.
func startOf(alias string, s *procedure.Scenario) string {
	query := url.Values{}
	if s.Language != "" {
		query.Set("lang", s.Language)
	}
	for name, value := range s.Params {
		query.Set("ctx."+name, entry.MachineText(value))
	}
	return (&url.URL{Path: "/r/" + alias, RawQuery: query.Encode()}).String()
}

// fieldNames says by step which field fills which variable.
func fieldNames(p *procedure.Project) map[string]map[string]string {
	names := map[string]map[string]string{}
	for _, proc := range p.Procedures {
		for _, step := range proc.Steps {
			for _, f := range fieldsOf(p, &step) {
				if names[step.ID] == nil {
					names[step.ID] = map[string]string{}
				}
				names[step.ID][f.ID], names[step.ID][program.NameOf(&f)] = f.ID, f.ID
				for _, column := range f.Columns {
					names[step.ID][f.ID+"."+program.NameOf(&column)] = column.ID
				}
			}
		}
	}
	return names
}

// fieldsOf are the fields of a form, its own or those of its resource.
func fieldsOf(p *procedure.Project, step *procedure.Step) []procedure.Field {
	if step.Form == nil {
		return nil
	}
	for _, r := range p.Resources {
		if r.ID == step.Form.Resource && r.Form != nil {
			return r.Form.Fields
		}
	}
	return step.Form.Fields
}

// post puts what a move gives over what stands in a form. It reports whether the form
// has room for it.
func (m move) post(f *form) bool {
	object, is := m.Answer.(map[string]any)
	switch {
	case m.Do != "":
		return f.press("do", m.Do)
	case m.Answer == nil:
		f.goOn(0)
	case is:
		return m.postObject(f, object)
	case f.has("score"):
		f.values.Set("score", entry.MachineText(m.Answer))
	case f.has("visited"):
		f.values.Set("visited", "true")
	case f.takesFile("files"):
		f.attach("files")
	default:
		f.answer(entry.TextsOf(m.Answer))
	}
	return true
}

// postObject fills in a form, by the ids of its fields or by the variables they fill,
// and what somebody thinks of a procedure.
func (m move) postObject(f *form, object map[string]any) bool {
	for name, value := range object {
		input := "f." + cmp.Or(m.fields[name], name)
		if name == "score" || name == "comment" {
			if f.has(name) {
				input = name
			}
		}
		rows, table := value.([]any)
		switch {
		case f.takesFile(input):
			f.attach(input)
		case table && f.hasRows(input):
			m.postRows(f, input, rows)
		case f.has(input):
			f.values[input] = entry.TextsOf(value)
		default:
			return false
		}
	}
	return true
}

// postRows fills in a field of rows.
func (m move) postRows(f *form, input string, rows []any) {
	for i, row := range rows {
		cells, _ := row.(map[string]any)
		for name, value := range cells {
			column := cmp.Or(m.fields[strings.TrimPrefix(input, "f.")+"."+name], name)
			f.values[input+"."+strconv.Itoa(i)+"."+column] = entry.TextsOf(value)
		}
	}
}
