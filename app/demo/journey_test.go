package demo

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// programs is a library over projects that are not published.
type programs map[string]*execution.Program

func (p programs) Program(uid string) (*execution.Program, error) {
	if one := p[uid]; one != nil {
		return one, nil
	}
	return nil, fault.New(fault.NotFound, "fault.not_found")
}

// stroll walks through each entry point so many times and returns where each
// walk led.
func stroll(t *testing.T, times int) (led []string) {
	t.Helper()
	paper := execution.File{Name: "a.pdf", Type: "application/pdf", Size: 100, Hash: strings.Repeat("a", 64)}
	picture := execution.File{Name: "a.png", Type: "image/png", Size: 100, Hash: strings.Repeat("b", 64)}
	for _, project := range all(t) {
		library := programs{}
		for _, p := range project.Procedures {
			program, err := execution.Compile(p, project)
			if err != nil {
				t.Fatal(err)
			}
			library[p.UID] = program
		}
		w := &walker{library, rand.New(rand.NewPCG(seedOne, seedTwo)), paper, picture}
		for _, p := range project.Procedures {
			for i := 0; i < times && p.Entry; i++ {
				led = append(led, p.Alias+" "+w.lead(t, p, i))
			}
		}
	}
	return led
}

func (w *walker) lead(t *testing.T, p *procedure.Procedure, i int) string {
	t.Helper()
	o := outing{entry: p, language: []string{"fr", "en"}[i%2], channel: "portal", began: monday, patience: longest}
	if i%4 < 3 {
		a := accounts[len(accounts)-1-i%3]
		o.who = person{a, "someone", []string{"managers", "hr"}}
	}
	j, err := w.walk("abcdefghijklmnopqrstuvwxyz", o)
	if err != nil {
		t.Fatal(err)
	}
	for _, turn := range j.turns {
		for _, e := range turn.events {
			if e.Kind == execution.EventFailed {
				t.Errorf("%s: step %s failed: %s %v %s", p.Alias, e.Step, e.Text, e.Value, e.Note)
			}
		}
	}
	last := j.turns[len(j.turns)-1]
	return string(j.outcome) + " at " + last.Page.Step
}

// TestNoStepFails wanders through everything, and no formula fails on the way.
func TestNoStepFails(t *testing.T) { stroll(t, 24) }

// TestSameSeedSameJourneys makes the same journeys twice.
func TestSameSeedSameJourneys(t *testing.T) {
	first, second := stroll(t, 4), stroll(t, 4)
	if !slices.Equal(first, second) {
		t.Errorf("other journeys:\n%q\n%q", first, second)
	}
}
