package check

import (
	"fmt"
	"slices"
	"time"

	"selfhelp/app/procedure"
)

// scenario checks that a scenario speaks of what is there. Whether it holds is
// found by running it.
func (c *checker) scenario(s *procedure.Scenario) {
	at := func(path string) Place { return Place{Scenario: s.ID, Path: path} }
	c.walk(s, at(""))
	for _, other := range c.proj.Scenarios {
		if other == s {
			break
		}
		if other.ID == s.ID {
			c.error(at("id"), "check.duplicate", s.ID)
		}
	}
	if s.Language != "" && !slices.Contains(c.languages, s.Language) {
		c.error(at("language"), "check.other_language", s.Language)
	}
	if _, err := time.Parse(time.RFC3339, s.At); s.At != "" && err != nil {
		c.error(at("at"), "check.instant", s.At)
	}
	p := c.procedures[s.Procedure]
	if p == nil {
		return // the role of its UID has said so
	}
	passed := c.passedBy(p, map[*procedure.Procedure]bool{})
	step := func(path, id string) {
		if id != "" && !slices.ContainsFunc(passed, func(p *procedure.Procedure) bool { return p.Step(id) != nil }) {
			c.error(at(path), "check.unknown_step", id)
		}
	}
	for i, m := range s.Moves {
		step(fmt.Sprintf("moves.%d.step", i), m.Step)
	}
	for i, r := range s.Mocks {
		step(fmt.Sprintf("mocks.%d.step", i), r.Step)
	}
	step("expect.showing", s.Expect.Showing)
	for i, id := range s.Expect.Steps {
		step(fmt.Sprintf("expect.steps.%d", i), id)
	}
	for i, e := range s.Expect.Effects {
		step(fmt.Sprintf("expect.effects.%d.step", i), e.Step)
	}
}

// passedBy returns a procedure and all that it calls, whose pages show in its
// executions like its own.
func (c *checker) passedBy(p *procedure.Procedure, seen map[*procedure.Procedure]bool) []*procedure.Procedure {
	if p == nil || seen[p] {
		return nil
	}
	seen[p] = true
	list := []*procedure.Procedure{p}
	for i := range p.Steps {
		if call := p.Steps[i].Call; call != nil {
			list = append(list, c.passedBy(c.procedures[call.Procedure], seen)...)
		}
	}
	return list
}
