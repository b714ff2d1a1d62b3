package check

import (
	"slices"
	"strings"

	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// step checks one step by itself.
func (c *checker) step(s *procedure.Step) {
	at := Place{Step: s.ID}
	switch kinds := s.Kinds(); len(kinds) {
	case 0:
		c.error(at, "check.no_part")
		return
	case 1:
	default:
		c.error(at, "check.several_parts", kinds[0], kinds[1])
	}
	c.walk(s, at)
	c.titled(s, at)
	if s.When != "" && (s.Start != nil || s.End != nil || s.Family() == procedure.Layout) {
		at.Path = "when"
		c.error(at, "check.no_condition").Fix = &procedure.Operation{Do: "set", Step: s.ID, Path: "when"}
		at.Path = ""
	}
	c.interactive(s, at)
	c.automatic(s, at)
	c.flowing(s, at)
}

// titled checks that a step says what people must read.
func (c *checker) titled(s *procedure.Step, at Place) {
	title, text := at, at
	title.Path, text.Path = "title", "text"
	switch {
	case s.Family() == procedure.Interactive && s.Title.IsZero():
		c.error(title, "check.no_title")
	case s.End != nil && s.Title.IsZero():
		c.warn(title, "check.no_closing")
	case s.Mail != nil && s.Title.IsZero():
		c.error(title, "check.no_subject")
	case s.Page != nil && s.Text.IsZero(), s.Mail != nil && s.Text.IsZero():
		c.warn(text, "check.no_text")
	}
}

func (c *checker) interactive(s *procedure.Step, at Place) {
	switch {
	case s.Page != nil:
		c.layout(at, s)
	case s.Question != nil:
		c.answers(at, s.Question.Answers, s.Question.From)
	case s.Choices != nil:
		c.answers(at, s.Choices.Answers, s.Choices.From)
		c.choices(at, s.Choices)
	case s.Form != nil:
		c.form(at, s.Form)
	case s.Table != nil:
		c.source(at, "from", &s.Table.From)
	case s.Upload != nil:
		if s.Upload.Min > max(s.Upload.Max, 1) {
			at.Path = "min"
			c.error(at, "check.min_over_max", s.Upload.Min, max(s.Upload.Max, 1))
		}
	}
}

// layout warns of a page that places media and shows none.
func (c *checker) layout(at Place, s *procedure.Step) {
	if s.Page.Layout != procedure.LayoutMediaFirst && s.Page.Layout != procedure.LayoutBeside {
		return
	}
	placed := []procedure.ResourceKind{procedure.KindImage, procedure.KindVideo, procedure.KindAudio, procedure.KindSnippet}
	for _, id := range s.Text.Shows() {
		if r := c.resources[id]; r == nil || slices.Contains(placed, r.Kind) {
			return
		}
	}
	at.Path = "layout"
	c.warn(at, "check.no_media").Fix = &procedure.Operation{Do: "set", Step: s.ID, Path: "layout"}
}

// answers checks those of a question or of choices.
func (c *checker) answers(at Place, answers []procedure.Answer, from *procedure.Options) {
	at.Path = "answers"
	if from != nil {
		c.source(at, "from", from)
	} else if len(answers) == 0 {
		c.error(at, "check.no_answers")
	}
	seen := map[string]bool{}
	for i, a := range answers {
		value := a.Value
		if value == "" {
			value = a.ID
		}
		if seen[value] {
			at.Path = pathOf("answers", a.ID, i)
			c.error(at, "check.same_value", value)
		}
		seen[value] = true
	}
}

func (c *checker) choices(at Place, s *procedure.Choices) {
	at.Path = "min"
	most := s.Max
	if s.From == nil && (most == 0 || most > len(s.Answers)) {
		most = len(s.Answers)
	}
	if most > 0 && s.Min > most {
		c.error(at, "check.min_over_max", s.Min, most)
	}
	for i, a := range s.Answers {
		if a.To != "" {
			at.Path = pathOf("answers", a.ID, i) + ".to"
			c.warn(at, "check.to_unused").Fix = &procedure.Operation{Do: "set", Step: at.Step, Path: at.Path}
		}
	}
}

// source checks that options come from one place.
func (c *checker) source(at Place, path string, o *procedure.Options) {
	at.Path = path
	n := 0
	for _, given := range []bool{o.List != "", o.Table != "", o.REST != nil} {
		if given {
			n++
		}
	}
	if n != 1 {
		c.error(at, "check.one_source")
	}
	if o.REST != nil {
		c.rest(at, path+".rest.", o.REST)
	}
}

func (c *checker) automatic(s *procedure.Step, at Place) {
	switch {
	case s.Switch != nil:
		values := map[string]bool{}
		for i, k := range s.Switch.Cases {
			c.differs(at, pathOf("cases", k.ID, i), k.Is, values)
		}
	case s.Set != nil:
		c.assignments(at, s.Set)
	case s.Script != nil:
		c.script(at, s.Script)
	case s.REST != nil:
		c.rest(at, "", s.REST)
	case s.SOAP != nil:
		c.extracts(at, "extract", s.SOAP.Extract)
		c.secrets(at, "values", s.SOAP.Values)
	case s.Ticket != nil:
		c.secrets(at, "fields", s.Ticket.Fields)
	case s.Log != nil:
		at.Path = "value"
		for _, name := range c.compile(s.Log.Value).reads {
			c.notSecret(at, name)
		}
	case s.Wait != nil:
		if (s.Wait.Seconds == "") == (s.Wait.Until == "") {
			c.error(at, "check.one_wait")
		}
	case s.Locale != nil:
		if s.Locale.Language == "" && s.Locale.Hue == "" {
			c.error(at, "check.no_locale")
		}
	}
}

// differs checks that a value of a list is not there twice.
func (c *checker) differs(at Place, path, value string, seen map[string]bool) {
	if seen[value] && value != "" {
		at.Path = path
		c.error(at, "check.same_value", value)
	}
	seen[value] = true
}

func (c *checker) assignments(at Place, s *procedure.Set) {
	scope := c.scope(c.p)
	for i, a := range s.Values {
		at.Path = pathOf("values", a.ID, i) + ".value"
		wanted := scope.types[a.Name]
		if name, ok := strings.CutPrefix(a.Name, "session."); ok {
			wanted = c.sessions[name]
		}
		c.mayHold(at, a.Value, wanted, scope)
		if wanted == procedure.TypeSecret && isLiteral(strings.TrimSpace(a.Value)) && len(a.Value) > 2 {
			c.error(at, "check.literal_secret")
		}
	}
}

// script checks a script, and that it is given what it reads and gives what
// it should.
func (c *checker) script(at Place, s *procedure.Script) {
	at.Path = "source"
	program, err := formula.CompileScript(s.Source)
	if err != nil {
		c.formulaError(at, asError(err))
		return
	}
	given, sets := map[string]bool{}, map[string]bool{}
	for i, in := range s.Inputs {
		given[in.Name] = true
		if !procedure.IsID(in.Name) {
			at.Path = pathOf("inputs", in.Name, i)
			c.error(at, "check.id", in.Name)
		}
	}
	at.Path = "inputs"
	for _, name := range program.Inputs() {
		if !given[name] {
			c.error(at, "check.script_input", name)
		}
	}
	for _, name := range program.Outputs() {
		sets[name] = true
	}
	for i, name := range s.Outputs {
		if at.Path = pathOf("outputs", "", i); !sets[strings.TrimPrefix(name, "session.")] {
			c.warn(at, "check.script_output", name)
		}
	}
	values := map[string]bool{}
	for i, k := range s.Codes {
		c.differs(at, pathOf("codes", k.ID, i), k.Is, values)
	}
}

// rest checks a call of a web service; prefix is where it stands in its step.
func (c *checker) rest(at Place, prefix string, r *procedure.REST) {
	c.secrets(at, prefix+"query", r.Query)
	c.secrets(at, prefix+"headers", r.Headers)
	c.extracts(at, prefix+"extract", r.Extract)
	for i, h := range r.Headers {
		if strings.ContainsAny(h.Name, " :\r\n\t") {
			at.Path = pathOf(prefix+"headers", "", i)
			c.error(at, "check.header", h.Name)
		}
	}
}

func (c *checker) extracts(at Place, path string, list []procedure.Extract) {
	for i, e := range list {
		if e.Path != "" && !strings.HasPrefix(e.Path, "$") && !strings.HasPrefix(e.Path, "/") {
			at.Path = pathOf(path, e.Name, i) + ".path"
			c.error(at, "check.extract_path", e.Path)
		}
	}
}

// secretNames are parts of names whose value is a secret.
var secretNames = []string{"authorization", "password", "passwd", "secret", "token", "api-key", "apikey", "api_key", "cookie", "mot_de_passe"}

// secrets refuses passwords and keys written out in a procedure: they belong
// to a connector.
func (c *checker) secrets(at Place, path string, list []procedure.Binding) {
	for i, b := range list {
		literal := isLiteral(strings.TrimSpace(b.Value)) && len(b.Value) > 2
		for _, name := range secretNames {
			if literal && strings.Contains(strings.ToLower(b.Name), name) {
				at.Path = pathOf(path, b.Name, i)
				c.error(at, "check.literal_secret")
				break
			}
		}
	}
}
