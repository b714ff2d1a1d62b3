package check

import "selfhelp/app/procedure"

// header checks what a procedure says of itself.
func (c *checker) header(p *procedure.Procedure) {
	c.walk(p, Place{})
	c.variables(p)
	for i, uid := range p.Related {
		if uid == p.UID {
			c.warn(Place{Path: pathOf("related", "", i)}, "check.related_self")
		}
	}
	if c.procedures[p.UID] != p {
		c.error(Place{Path: "uid"}, "check.duplicate", p.UID)
	}
	if p.Alias != "" && c.aliases[p.Alias] != p {
		c.error(Place{Path: "alias"}, "check.alias_taken", p.Alias)
	}
	c.starts(p)
}

// starts checks that there is one Start, and that people can use it.
func (c *checker) starts(p *procedure.Procedure) {
	first := p.Start()
	if first == nil {
		c.error(Place{Path: "steps"}, "check.no_start").Fix = &procedure.Operation{Do: "add_step", Kind: procedure.StepStart}
		return
	}
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Start != nil && s != first {
			c.error(Place{Step: s.ID}, "check.two_starts").Fix = &procedure.Operation{Do: "delete_step", Step: s.ID}
		}
	}
	scope := c.scope(p)
	for i, in := range first.Start.Inputs {
		at := Place{Step: first.ID, Path: pathOf("inputs", in.Name, i)}
		if p.Entry && in.Required && in.Default == "" {
			c.warn(at, "check.input_without_default", in.Name)
		}
		at.Path += ".default"
		c.mayHold(at, in.Default, in.Type, scope)
		if in.Type == procedure.TypeSecret && isLiteral(in.Default) && len(in.Default) > 2 {
			c.error(at, "check.literal_secret")
		}
	}
}
