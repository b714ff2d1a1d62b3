package editor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"selfhelp/app/check"
	"selfhelp/app/procedure"
	"selfhelp/app/procedure/edit"
	"selfhelp/app/reference"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// inspector is what stands on the right: the properties of the chosen step or
// of the procedure, the menu of types, or the history.
func (s *Editor) inspector(v *frame.Visit, b bench, whole *procedure.Project, found []check.Problem) (views.Inspector, error) {
	f := former{site: s, v: v, b: b, whole: whole, wrong: map[string]string{}, todo: map[string]bool{}}
	var err error
	if f.groups, err = s.groupWords(v, b); err != nil {
		return views.Inspector{}, err
	}
	if step := b.proc.Data.Step(b.look.step); step != nil && step.Call != nil {
		if f.sharing, err = s.Edition.Sharing(v.Context(), b.project); err != nil {
			return views.Inspector{}, err
		}
	}
	for _, p := range found {
		if b.look.begins(p) {
			f.todo[p.Place.Path] = true
		} else if p.Place.Step == b.look.step && p.Severity == check.Error {
			f.wrong[p.Place.Path] = p.Sentence(v.Words.Lang())
		}
	}
	switch step := b.proc.Data.Step(b.look.step); {
	case b.look.history:
		lines, err := s.historyLines(v, b)
		return views.Inspector{Mode: "history", History: lines}, err
	case step != nil && b.look.add:
		return s.inspectorAdd(v, b, step), nil
	case step != nil:
		return f.step(step), nil
	}
	in := views.Inspector{Mode: "procedure", Icon: "settings", Title: v.Words.T("editor.procedure"), Help: v.Words.T("editor.procedure_help"), Of: v.Words.T("editor.procedure")}
	in.Fields = f.grouped(procedure.DescribeProcedure(b.proc.Data), procedureGroups)
	in.Scope = f.scope()
	return in, nil
}

// group is a part of a long form, folded; one without a name stands open.
type group struct {
	name  string
	holds []string
}

// procedureGroups is the form of a procedure; what is in none comes last.
var procedureGroups = []group{
	{"", []string{"title", "description", "entry", "alias", "category", "variables"}},
	{"find", []string{"keywords", "phrasings", "tags", "related", "icon", "new", "popular", "minutes"}},
	{"who", []string{"audience", "shared", "owner", "review", "folder", "note"}},
	{"display", []string{"toolbar", "theme", "agent"}},
}

// logicGroups is the form of the logic of a step.
var logicGroups = []group{
	{"", []string{"when", "no_back"}},
	{"look", []string{"icon", "colour", "theme", "frame"}},
	{"reports", []string{"label", "tags", "unlogged", "seconds"}},
}

// grouped puts properties in the groups of a form.
func (f former) grouped(all []procedure.Described, groups []group) (props []views.Prop) {
	for _, g := range groups {
		fields := f.fields(inOrder(all, g.holds))
		if g.name == "" {
			props = append(props, fields...)
		} else if len(fields) > 0 {
			props = append(props, views.Prop{Control: "group", Label: f.v.Words.T("group." + g.name), Fields: fields})
		}
	}
	return props
}

func inOrder(all []procedure.Described, names []string) (some []procedure.Described) {
	for _, name := range names {
		some = append(some, pick(all, func(n string) bool { return n == name })...)
	}
	return some
}

// step is the form of a step.
func (f former) step(step *procedure.Step) views.Inspector {
	v, b, kind := f.v, f.b, string(step.Kind())
	in := views.Inspector{Mode: "step", Kind: kind, Icon: stepIcon(step.Kind()), Title: kindName(v, step.Kind()), Scope: f.scope()}
	in.Of = in.Title + " · " + cmp.Or(f.site.Words(v, step.Title), step.ID)
	f.kind = kind
	if kind != "" {
		in.Help = v.Words.T("step." + kind + ".help")
	}
	common, part := procedure.DescribeStep(step)
	switch b.look.tab {
	case "logic":
		in.Fields = f.grouped(common, logicGroups)
		in.Edges = f.site.edgeLines(v, b, step)
	case "preview":
		in.Preview = step.Family() == procedure.Interactive || step.End != nil
	default:
		in.Fields = append(f.fields(pick(common, func(name string) bool { return f.isContent(step, name) })), f.fields(part)...)
		in.Files = f.files("image", "audio", "video", "pdf", "download")
	}
	for i := range b.proc.Data.Steps {
		from := &b.proc.Data.Steps[i]
		for _, e := range from.Edges() {
			if e.To == step.ID {
				look := b
				look.look = look.look.at(from.ID)
				in.Where = append(in.Where, ui.Place{Name: f.site.stepTitle(v, b, from), URL: editorURL(look)})
			}
		}
	}
	return in
}

// at is the same look at another step.
func (l look) at(step string) look {
	l.step, l.tab, l.edge, l.add, l.history = step, "content", "", false, false
	return l
}

// logicNames are the common properties that people never read.
var logicNames = []string{"when", "no_back", "icon", "colour", "theme", "frame", "label", "tags", "unlogged", "seconds", "next", "on_error"}

// isContent says which common properties of a step are its content: the text
// only where somebody reads it.
func (f former) isContent(step *procedure.Step, name string) bool {
	switch name {
	case "title", "note":
		return true
	case "text":
		return step.Family() == procedure.Interactive || step.End != nil || step.Mail != nil || step.Wait != nil || !step.Text.IsZero()
	}
	return false
}

// scope names what formulas and texts can read at the chosen step, each as
// people know it: what a form asks by the words it asks with.
func (f former) scope() (names []views.ScopeName) {
	p := f.b.proc.Data
	known := f.asked()
	for _, n := range reference.NamesAt(f.whole, p, f.b.look.step) {
		what := cmp.Or(known[n.Read], n.Note)
		if id, of, _ := strings.Cut(n.Read, "."); id == "step" {
			id, _, _ = strings.Cut(of, ".")
			what = f.site.stepTitle(f.v, f.b, p.Step(id))
		}
		names = append(names, views.ScopeName{Name: n.Read, What: what})
	}
	for _, root := range []string{"user", "date", "env"} {
		for _, name := range procedure.RootNames[root] {
			names = append(names, views.ScopeName{Name: root + "." + name})
		}
	}
	return names
}

// asked are the words with which forms and inputs ask for values.
func (f former) asked() map[string]string {
	words := map[string]string{}
	for i := range f.b.proc.Data.Steps {
		s := &f.b.proc.Data.Steps[i]
		if s.Start != nil {
			for _, in := range s.Start.Inputs {
				words["param."+in.Name] = f.site.Words(f.v, in.Label)
			}
		}
		if s.Form != nil {
			for _, field := range s.Form.Fields {
				words["var."+cmp.Or(field.Name, field.ID)] = f.site.Words(f.v, field.Label)
			}
		}
	}
	return words
}

// files are the resources of some kinds.
func (f former) files(kinds ...string) (places []ui.Place) {
	for _, r := range f.whole.Resources {
		if len(kinds) == 0 || slices.Contains(kinds, string(r.Kind)) {
			places = append(places, ui.Place{Name: cmp.Or(f.site.Words(f.v, r.Name), r.ID), URL: r.ID})
		}
	}
	return places
}

func pick(all []procedure.Described, keep func(name string) bool) (some []procedure.Described) {
	for _, d := range all {
		if keep(d.Property.Name) {
			some = append(some, d)
		}
	}
	return some
}

// former makes the controls of a form from described properties.
type former struct {
	site  *Editor
	v     *frame.Visit
	b     bench
	whole *procedure.Project
	kind  string            // of the step, whose properties may have words of their own
	wrong map[string]string // what Check says, by path
	todo  map[string]bool   // what is only to be filled in, by path

	groups  string               // those of the domain in words
	sharing []*procedure.Project // what a call may name besides the project's own
}

func (f former) fields(all []procedure.Described) (props []views.Prop) {
	for _, d := range all {
		props = append(props, f.field(d)...)
	}
	return props
}

// field is the control of a property; a text has one in the language being
// edited.
func (f former) field(d procedure.Described) []views.Prop {
	p := views.Prop{Name: "p:" + d.Path, Path: d.Path, Label: f.label(d.Property.Name), Help: f.help(d.Property), Wrong: f.wrong[d.Path], Todo: f.todo[d.Path]}
	switch d.Shape {
	case procedure.ShapeText:
		return f.text(p, d)
	case procedure.ShapeFlag:
		p.Control, p.Value = "flag", fmt.Sprint(d.Value)
	case procedure.ShapeNumber:
		p.Control, p.Value = "number", numberText(d.Value)
		if d.Property.Max > 0 {
			p.Min, p.Max = fmt.Sprint(d.Property.Min), fmt.Sprint(d.Property.Max)
		}
	case procedure.ShapeDate:
		p.Control, p.Value = "date", fmt.Sprint(d.Value)
	case procedure.ShapeWords:
		words, _ := d.Value.([]string)
		p.Control, p.Value = "lines", strings.Join(words, "\n")
	case procedure.ShapeByLang:
		byLang, _ := d.Value.(map[string][]string)
		p.Name, p.Lang = "l:"+d.Path+":"+f.b.look.lang, f.b.look.lang
		p.Control, p.Value = "lines", strings.Join(byLang[f.b.look.lang], "\n")
	case procedure.ShapeObject:
		p.Control, p.Fields = "group", f.fields(d.Parts)
		p.Filled = slices.ContainsFunc(p.Fields, func(in views.Prop) bool { return in.Filled || in.Value != "" && in.Value != "false" })
	case procedure.ShapeEntries:
		p.Control, p.Add = "list", f.adding(d.Property.Name, p.Label)
		p.Entries = f.entries(d)
	case procedure.ShapeWord:
		f.word(&p, d)
	default:
		return nil
	}
	return []views.Prop{p}
}

func numberText(value any) string {
	if text := fmt.Sprint(value); text != "0" {
		return text
	}
	return ""
}

// text is the control of a text in the language being edited.
func (f former) text(p views.Prop, d procedure.Described) []views.Prop {
	t, _ := d.Value.(procedure.Text)
	p.Name, p.Lang, p.Value = "t:"+d.Path+":"+f.b.look.lang, f.b.look.lang, t.In[f.b.look.lang]
	p.Control = "line"
	if d.Property.Is("markdown") {
		p.Control = "markdown"
	}
	if first := f.b.project.Data.Languages[0]; first != f.b.look.lang {
		p.Source = t.In[first]
	}
	props := []views.Prop{p}
	for _, w := range procedure.DescribeWindows(d) {
		at := views.Prop{Name: "p:" + w.Path, Path: w.Path, Control: "date", Label: f.label("dated." + w.Property.Name), Value: edit.Said(w)}
		if words, isText := edit.Words(w, f.b.look.lang); isText {
			at = views.Prop{Name: "t:" + w.Path + ":" + f.b.look.lang, Path: w.Path, Control: p.Control, Lang: f.b.look.lang, Label: p.Label, Value: words}
			props = append(props, views.Prop{Control: "group", Label: f.v.Words.T("editor.dated", p.Label), Filled: true})
		}
		last := &props[len(props)-1]
		last.Fields = append(last.Fields, at)
	}
	if d.Property.Is("markdown") {
		props = append(props, views.Prop{Control: "append", Append: d.Path + ".dated", Add: f.v.Words.T("editor.add_dated")})
	}
	return props
}

// word is the control of a string: a choice when its role closes the list.
func (f former) word(p *views.Prop, d procedure.Described) {
	p.Value, p.Control = fmt.Sprint(d.Value), "line"
	if way := strings.Split(d.Path, "."); len(way) > 2 && (d.Property.Name == "value" && d.Property.Role == "word" || d.Property.Name == "name" && d.Property.Role == "variable") {
		p.Instead = way[len(way)-2] // the id of the answer or field
	}
	switch {
	case d.Property.One != nil:
		p.Control, p.Options = "select", f.closed(d)
	case d.Property.Role == "formula" && d.Property.Name == "required":
		p.Control = "need"
	case d.Property.Role == "formula" || d.Property.Role == "template":
		p.Control = "formula"
	case d.Property.Role == "script":
		p.Control = "script"
	case d.Property.Role == "note":
		p.Control = "area"
	default:
		if options := f.choices(d); options != nil {
			p.Control, p.Options, p.Edge = "select", options, f.freeEdge(d.Path)
			if d.Property.Role == "connector" && !slices.ContainsFunc(f.whole.Connectors, func(c procedure.Connector) bool { return d.Property.Is(c.Kind) }) {
				p.Lacking = ui.Place{Name: f.v.Words.T("editor.no_connector"), URL: "/studio/p/" + f.b.project.ID + "/settings#connectors"}
			}
		}
	}
}

// freeEdge is the way out that a property leads, while it leads nowhere.
func (f former) freeEdge(path string) string {
	step := f.b.proc.Data.Step(f.b.look.step)
	if step == nil {
		return ""
	}
	for _, e := range step.AllEdges() {
		if e.Path == path && e.To == "" {
			return e.ID
		}
	}
	return ""
}

// closed are the words of a closed list.
func (f former) closed(d procedure.Described) (options []ui.Place) {
	if !slices.Contains(d.Property.One, "") {
		options = append(options, ui.Place{Name: "—"})
	}
	for _, word := range d.Property.One {
		options = append(options, ui.Place{Name: f.wordName(d.Property.Name, word), URL: word})
	}
	return options
}

// wordName is a word of a closed list as people read it: some have a name
// wherever they show.
func (f former) wordName(property, word string) string {
	if word == "" {
		word = "none"
	}
	for _, key := range []string{"word." + property + "." + word, "word." + word, property + "." + word} {
		if f.v.Words.Has(key) {
			return f.v.Words.T(key)
		}
	}
	return word
}

// choices are what a property of a role may name.
func (f former) choices(d procedure.Described) (options []ui.Place) {
	switch d.Property.Role {
	case "step":
		for i := range f.b.proc.Data.Steps {
			to := &f.b.proc.Data.Steps[i]
			if to.Start == nil && to.Family() != procedure.Layout {
				options = append(options, ui.Place{Name: f.site.stepTitle(f.v, f.b, to), URL: to.ID})
			}
		}
	case "frame":
		for i := range f.b.proc.Data.Steps {
			if frame := &f.b.proc.Data.Steps[i]; frame.Box != nil {
				options = append(options, ui.Place{Name: f.site.stepTitle(f.v, f.b, frame), URL: frame.ID})
			}
		}
	case "resource":
		options = f.files(d.Property.More()...)
	case "category":
		for _, c := range f.whole.Categories {
			options = append(options, ui.Place{Name: f.site.Words(f.v, c.Name), URL: c.ID})
		}
	case "connector":
		for _, c := range f.whole.Connectors {
			if !d.Property.Is(c.Kind) && c.ID != d.Value {
				continue
			}
			options = append(options, ui.Place{Name: cmp.Or(f.site.Words(f.v, c.Name), c.ID), URL: c.ID})
		}
	case "procedure":
		for _, p := range f.whole.Procedures {
			if p.UID != f.b.proc.UID {
				options = append(options, ui.Place{Name: f.site.Words(f.v, p.Title), URL: p.UID})
			}
		}
		for _, other := range f.sharing {
			for _, p := range other.Procedures {
				if p.Shared {
					options = append(options, ui.Place{Name: f.site.Words(f.v, p.Title) + " · " + f.site.Words(f.v, other.Name), URL: p.UID})
				}
			}
		}
	default:
		return nil
	}
	value := fmt.Sprint(d.Value)
	options = append([]ui.Place{{Name: f.none(d)}}, options...)
	if !slices.ContainsFunc(options, func(o ui.Place) bool { return o.URL == value }) {
		options = append(options, ui.Place{Name: value, URL: value}) // what is gone is still said
	}
	return options
}

// none is what it means that a property names nothing: of a way out, where it
// leads then.
func (f former) none(d procedure.Described) string {
	if step := f.b.proc.Data.Step(f.b.look.step); step != nil && d.Property.Role == "step" {
		for _, e := range step.AllEdges() {
			if e.Path == d.Path {
				return f.site.elseWords(f.v, f.b, step, e.ID)
			}
		}
	}
	return "—"
}

// adding says what is added to a list.
func (f former) adding(name, label string) string {
	if key := "append." + name; f.v.Words.Has(key) {
		return f.v.Words.T(key)
	}
	return f.v.Words.T("editor.append", label)
}

// label is what a property is called: in its type of step, else anywhere.
func (f former) label(name string) string {
	if key := "prop." + f.kind + "." + name; f.v.Words.Has(key) {
		return f.v.Words.T(key)
	}
	if key := "prop." + name; f.v.Words.Has(key) {
		return f.v.Words.T(key)
	}
	return name
}

func (f former) help(p *procedure.Property) string {
	key := "prophelp." + p.Name
	if own := "prophelp." + f.kind + "." + p.Name; f.kind != "" && f.v.Words.Has(own) {
		return f.v.Words.T(own)
	}
	if p.Name == "audience" && f.groups != "" {
		return f.v.Words.T(key) + " " + f.groups
	}
	if p.Name == "text" && !p.Is("markdown") || !f.v.Words.Has(key) {
		return ""
	}
	return f.v.Words.T(key, f.b.look.step) // that of "into" names the step
}
