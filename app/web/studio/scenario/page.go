package scenario

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/execution/rehearsal"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/studio"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// outcomes are those that a scenario may expect, the best first.
var outcomes = []procedure.Outcome{procedure.Solved, procedure.Informed, procedure.Escalated, procedure.Unsolved, procedure.Abandoned}

// show shows one scenario, and how it goes on what is written now.
func (s *Room) show(w http.ResponseWriter, v *frame.Visit) error {
	d, err := s.deskOf(v)
	if err != nil {
		return err
	}
	page, err := s.page(w, v, d, d.kept.Data)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// page gathers the page of a scenario, as it is kept or as it was typed.
func (s *Room) page(w http.ResponseWriter, v *frame.Visit, d desk, sc *procedure.Scenario) (views.StudioScenario, error) {
	around, _, err := s.Desk(w, v, "scenarios", d.kept.Data.Name)
	if err != nil {
		return views.StudioScenario{}, err
	}
	played, err := s.run(v, d, sc)
	if err != nil {
		return views.StudioScenario{}, err
	}
	page := views.StudioScenario{
		Desk: around, ID: sc.ID, Version: d.kept.Version, Name: sc.Name, Green: played.OK, Differs: d.tell.Differences(played), Context: s.contextOf(v, sc),
		Procedure: ui.Place{Name: sc.Procedure}, Outcome: string(sc.Expect.Outcome), Showing: sc.Expect.Showing, Texts: strings.Join(sc.Expect.Texts, "\n"),
		ChecksSteps: sc.Expect.Steps != nil, ChecksEffects: sc.Expect.Effects != nil, Mocked: mocked(d, sc),
	}
	for _, p := range d.whole.Procedures {
		if p.UID == sc.Procedure {
			page.Procedure = ui.Place{Name: s.Words(v, p.Title), URL: studio.ProcedureURL(d.project.ID, p.UID)}
		}
	}
	for i, m := range sc.Moves {
		page.Moves = append(page.Moves, s.moveLine(v, d, played, i, m))
	}
	s.expected(d, &page, sc.Expect, played.Happened)
	return page, nil
}

// expected fills what the scenario expects, beside what may be expected.
func (s *Room) expected(d desk, page *views.StudioScenario, e procedure.Expect, h rehearsal.Happened) {
	for _, o := range outcomes {
		page.Outcomes = append(page.Outcomes, views.Option{Value: string(o), Name: d.tell.Outcome(o)})
	}
	for _, id := range pagesOf(d, e.Showing, h.Showing) {
		page.Pages = append(page.Pages, views.Option{Value: id, Name: d.tell.Step(id)})
	}
	steps := e.Steps
	if steps == nil {
		steps = h.Steps
	}
	for _, id := range steps {
		page.Steps = append(page.Steps, views.ScenarioStep{ID: id, Title: d.tell.Step(id), Gone: !d.tell.Has(id)})
	}
	effects := e.Effects
	if effects == nil {
		for _, id := range h.Effects {
			effects = append(effects, procedure.WantedEffect{Step: id})
		}
	}
	for _, w := range effects {
		line := views.ScenarioStep{ID: w.Step, Title: d.tell.Step(w.Step), Gone: !d.tell.Has(w.Step)}
		for _, name := range sortedNames(w.Holds) {
			line.Holds = append(line.Holds, name+" = "+studio.Value(w.Holds[name]))
		}
		page.Effects = append(page.Effects, line)
	}
	for _, one := range variablesOf(e, h) {
		_, chosen := e.Variables[one.Name]
		page.Variables = append(page.Variables, views.ScenarioVariable{Name: one.Name, Value: studio.Value(one.Value), Chosen: chosen})
	}
}

// variablesOf are the variables that are expected, and those that there are.
func variablesOf(e procedure.Expect, h rehearsal.Happened) (list []rehearsal.Observed) {
	for _, name := range sortedNames(e.Variables) {
		list = append(list, rehearsal.Observed{Name: name, Value: e.Variables[name]})
	}
	for _, one := range h.Variables {
		bare := strings.TrimPrefix(one.Name, "session.")
		if _, listed := e.Variables[one.Name]; listed {
			continue
		}
		if _, listed := e.Variables[bare]; listed && bare != one.Name {
			continue
		}
		list = append(list, one)
	}
	return list
}

func sortedNames(m map[string]any) (names []string) {
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// pagesOf are the steps that a scenario may stand at in the end.
func pagesOf(d desk, more ...string) (ids []string) {
	for _, p := range rehearsal.Passed(d.whole, d.kept.Data.Procedure) {
		for i := range p.Steps {
			if p.Steps[i].Family() == procedure.Interactive || p.Steps[i].End != nil {
				ids = append(ids, p.Steps[i].ID)
			}
		}
	}
	for _, id := range more {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// moveLine is a move as it is written and as it went.
func (s *Room) moveLine(v *frame.Visit, d desk, played rehearsal.Result, i int, m procedure.Move) views.ScenarioMove {
	line := views.ScenarioMove{N: i + 1, Do: m.Do, Refused: m.Refused, Words: answerWords(m.Answer)}
	switch {
	case m.Step != "":
		line.Title, line.Gone = d.tell.Step(m.Step), !d.tell.Has(m.Step)
	case m.Do == "":
		line.Title = v.Words.T("scenario.any_step")
	}
	if m.Do != "" {
		line.Words = v.Words.T("scenario.do." + m.Do)
	}
	moves := played.Happened.Moves
	if i >= len(moves) {
		line.State = "unreached"
		return line
	}
	went := moves[i]
	line.State = "made"
	if !went.Made || slices.ContainsFunc(played.Differences, func(f rehearsal.Difference) bool { return f.Spot.Kind == rehearsal.SpotMove && f.Spot.N == i+1 }) {
		line.State = "failed"
	}
	if m.Step != "" && went.Step != m.Step || m.Do != "" || m.Refused {
		return line
	}
	if went.Words != "" && len(went.Options) == 0 && !isForm(m.Answer) {
		line.Words = went.Words
	}
	if len(went.Options) > 1 || went.Chosen == "" && len(went.Options) > 0 {
		for _, o := range went.Options {
			line.Options = append(line.Options, views.Option{Value: o.Key, Name: cmp.Or(o.Text, o.Key)})
		}
		line.Chosen = went.Chosen
		if went.Chosen == "" {
			line.Lost = cmp.Or(line.Words, "—")
		}
	} else if len(went.Options) == 1 {
		line.Words = went.Options[0].Text
	}
	return line
}

func isForm(answer any) bool {
	_, is := answer.(map[string]any)
	return is
}

// contextOf says what a scenario happens in: where nothing is said, what the
// engine takes instead.
func (s *Room) contextOf(v *frame.Visit, sc *procedure.Scenario) (facts [][2]string) {
	put := func(key, value string) {
		if value != "" {
			facts = append(facts, [2]string{v.Words.T(key), value})
		}
	}
	put("scenario.language", ui.NameOf(sc.Language))
	if at, err := time.Parse(time.RFC3339, sc.At); err == nil {
		put("scenario.at", v.Words.DateTime(at))
	} else {
		put("scenario.at", sc.At)
	}
	put("scenario.user", answerWords(sc.User))
	put("scenario.params", answerWords(sc.Params))
	return facts
}

// mocked names the steps whose calls the scenario answers itself.
func mocked(d desk, sc *procedure.Scenario) (names []string) {
	for _, m := range sc.Mocks {
		if name := d.tell.Step(m.Step); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}
