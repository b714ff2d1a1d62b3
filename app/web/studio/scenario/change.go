package scenario

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/execution"
	"selfhelp/app/execution/rehearsal"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/studio"
	"selfhelp/views/ui"
)

const (
	maxTexts = 50   // texts one scenario expects
	maxText  = 2000 // characters of one of them
)

// versionOf is the version of the scenario that a form was made from.
func versionOf(v *frame.Visit) (int64, error) {
	n, err := strconv.ParseInt(v.PostFormValue("version"), 10, 64)
	if err != nil || n < 1 {
		return 0, fault.Because(fault.Invalid, err, "fault.form.unreadable")
	}
	return n, nil
}

// save changes a scenario: its name, its answers, what it expects.
func (s *Room) save(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	version, err := versionOf(v)
	if err != nil {
		return err
	}
	d, err := s.deskOf(v)
	if err != nil {
		return err
	}
	typed, err := s.typed(v, d)
	if err == nil {
		cut := *typed
		if cut.Moves, err = cutAt(v.PostFormValue("do"), typed.Moves); err == nil {
			_, err = s.Content.SaveScenario(v.Context(), d.project.ID, version, &cut)
		}
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return s.refuse(w, v, d, typed, version, err)
	}
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, "scenario.saved", typed.Name)
	return frame.GoTo(w, v, studio.ScenariosURL(d.project.ID, d.kept.Data.ID))
}

// refuse shows a scenario as it was typed, and why it was not saved. When
// someone else saved meanwhile it says what theirs has otherwise, and saving
// again puts this in place of it.
func (s *Room) refuse(w http.ResponseWriter, v *frame.Visit, d desk, typed *procedure.Scenario, version int64, why error) error {
	page, err := s.page(w, v, d, typed)
	if err != nil {
		return err
	}
	page.Wrong = v.FieldTexts(why)
	if fault.Is(why, fault.Conflict) {
		page.Stale, page.Theirs = true, s.changes(v, d, typed, d.kept.Data)
	} else {
		page.Version = version
		if page.Wrong == nil {
			page.Refused = v.Why(why)
		}
	}
	return frame.ShowStatus(w, v, frame.Statuses[fault.KindOf(why)], page.View())
}

// typed is the scenario as the form has it. What is wrong comes with it.
func (s *Room) typed(v *frame.Visit, d desk) (*procedure.Scenario, error) {
	sc := *d.kept.Data
	before, err := s.run(v, d, &sc)
	if err != nil {
		return &sc, err
	}
	sc.Name = frame.OneLine(v.PostFormValue("name"))
	sc.Moves = typedMoves(v, sc.Moves, before.Happened.Moves)
	old, h := sc.Expect, before.Happened
	sc.Expect = procedure.Expect{Outcome: procedure.Outcome(v.PostFormValue("outcome")), Showing: v.PostFormValue("showing")}
	for _, line := range strings.Split(v.PostFormValue("texts"), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			sc.Expect.Texts = append(sc.Expect.Texts, line)
		}
	}
	if v.PostFormValue("check_steps") != "" {
		sc.Expect.Steps = append([]string{}, v.PostForm["step"]...)
	}
	if v.PostFormValue("check_effects") != "" {
		sc.Expect.Effects = typedEffects(v.PostForm["effect"], old.Effects)
	}
	sc.Expect.Variables = typedVariables(v, variablesOf(old, h))
	return &sc, wrongIn(d, &sc)
}

// wrongIn says what is wrong with what was typed.
func wrongIn(d desk, sc *procedure.Scenario) error {
	e := sc.Expect
	switch {
	case sc.Name == "" || len([]rune(sc.Name)) > maxName:
		return fault.InField("name", "fault.scenario.name")
	case len(e.Texts) > maxTexts || slices.ContainsFunc(e.Texts, func(t string) bool { return len([]rune(t)) > maxText }):
		return fault.InField("texts", "fault.scenario.texts")
	case e.Outcome != "" && !slices.Contains(outcomes, e.Outcome):
		return fault.New(fault.Invalid, "fault.form.unreadable")
	case e.Showing != "" && !slices.Contains(pagesOf(d, d.kept.Data.Expect.Showing), e.Showing):
		return fault.New(fault.Invalid, "fault.form.unreadable")
	}
	for _, id := range slices.Concat(e.Steps, stepsOf(e.Effects)) {
		if !d.tell.Has(id) && !slices.Contains(slices.Concat(d.kept.Data.Expect.Steps, stepsOf(d.kept.Data.Expect.Effects)), id) {
			return fault.New(fault.Invalid, "fault.form.unreadable")
		}
	}
	return nil
}

func stepsOf(effects []procedure.WantedEffect) (steps []string) {
	for _, w := range effects {
		steps = append(steps, w.Step)
	}
	return steps
}

// typedMoves are the moves with the answers that were chosen anew.
func typedMoves(v *frame.Visit, moves []procedure.Move, went []rehearsal.Moved) []procedure.Move {
	moves = slices.Clone(moves)
	for i := range min(len(moves), len(went)) {
		key := v.PostFormValue("move." + strconv.Itoa(i+1))
		offered := slices.ContainsFunc(went[i].Options, func(o rehearsal.Option) bool { return o.Key == key })
		if key == "" || key == went[i].Chosen || !offered || moves[i].Do != "" {
			continue
		}
		switch {
		case went[i].Kind == execution.PageConfirm:
			moves[i].Answer = key == "yes"
		case went[i].Kind == execution.PageHandover:
			moves[i].Answer = key == "accept"
		default:
			moves[i].Answer = key
		}
	}
	return moves
}

// cutAt is the moves up to the one that a button cuts at: "cut|3" leaves two.
func cutAt(do string, moves []procedure.Move) ([]procedure.Move, error) {
	at, cuts := strings.CutPrefix(do, "cut|")
	if !cuts {
		return moves, nil
	}
	n := number(at)
	if n < 1 || n > len(moves) {
		return nil, fault.New(fault.Invalid, "fault.form.unreadable")
	}
	return moves[:n-1], nil
}

// typedEffects are the calls that stay expected, with what is looked at in
// each.
func typedEffects(steps []string, old []procedure.WantedEffect) []procedure.WantedEffect {
	list, from := []procedure.WantedEffect{}, 0
	for _, step := range steps {
		w := procedure.WantedEffect{Step: step}
		if i := slices.IndexFunc(old[min(from, len(old)):], func(o procedure.WantedEffect) bool { return o.Step == step }); i >= 0 {
			w.Holds, from = old[from+i].Holds, from+i+1
		}
		list = append(list, w)
	}
	return list
}

// typedVariables are the variables that are expected, each a value of the kind
// it was where that can be read.
func typedVariables(v *frame.Visit, known []rehearsal.Observed) map[string]any {
	var list map[string]any
	for row, name := range v.PostForm["variable_name"] {
		if !slices.Contains(v.PostForm["variable"], name) || row >= len(v.PostForm["variable_value"]) {
			continue
		}
		i := slices.IndexFunc(known, func(o rehearsal.Observed) bool { return o.Name == name })
		if i < 0 {
			continue
		}
		if list == nil {
			list = map[string]any{}
		}
		list[name] = valueLike(known[i].Value, v.PostForm["variable_value"][row])
	}
	return list
}

// valueLike reads a value as it was written: text stays text.
func valueLike(known any, typed string) any {
	if studio.Value(known) == typed {
		return known
	}
	if _, isText := known.(string); isText {
		return typed
	}
	var value any
	if json.Unmarshal([]byte(typed), &value) == nil {
		return value
	}
	return typed
}

// copy makes another scenario like one.
func (s *Room) copy(w http.ResponseWriter, v *frame.Visit) error {
	d, err := s.deskOf(v)
	if err != nil {
		return err
	}
	sc := *d.kept.Data
	sc.Expect.Variables = maps.Clone(sc.Expect.Variables)
	name := []rune(v.Words.T("procedures.copy_title", sc.Name))
	sc.Name = string(name[:min(len(name), maxName)])
	if err := s.keepNew(v, d, &sc); err != nil {
		return err
	}
	s.Say(w, ui.OK, "scenario.copied", sc.Name)
	return frame.GoTo(w, v, studio.ScenariosURL(d.project.ID, sc.ID))
}

// delete removes a scenario that is as it was when the person saw it.
func (s *Room) delete(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	version, err := versionOf(v)
	if err != nil {
		return err
	}
	d, err := s.deskOf(v)
	if err != nil {
		return err
	}
	if err := s.Content.DeleteScenario(v.Context(), d.project.ID, d.kept.Data.ID, version); err != nil {
		return err
	}
	s.Say(w, ui.OK, "scenarios.deleted", d.kept.Data.Name)
	return frame.GoTo(w, v, studio.ScenariosURL(d.project.ID, ""))
}
