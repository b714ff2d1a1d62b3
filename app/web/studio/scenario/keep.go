package scenario

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/execution/rehearsal"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/studio"
	"selfhelp/views"
	"selfhelp/views/ui"
)

const (
	maxName    = 200 // characters
	fewEnough  = 3   // variables that are expected without being chosen one by one
	standField = "stand."
)

// keepAgain is the address of the page that makes a scenario of a test run: what
// was done has gone, so the run begins again.
func (s *Room) keepAgain(w http.ResponseWriter, v *frame.Visit) error {
	return frame.GoTo(w, v, studio.ProcedureURL(v.PathValue("project"), v.PathValue("procedure"))+"/test")
}

// keep makes a scenario of a test run: it shows what would be kept, then keeps
// it. The journal of the run is all there is: it came with the page.
func (s *Room) keep(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	j, err := s.journal(v)
	if err != nil {
		return err
	}
	d, err := s.deskFor(v)
	if err != nil {
		return err
	}
	sc, err := s.proposed(v, d, j)
	if err != nil {
		return err
	}
	if v.PostFormValue("do") != "save" {
		return s.showKeep(w, v, d, j, sc, nil)
	}
	played, err := s.run(v, d, sc)
	if err != nil {
		return err
	}
	err = s.refusalOf(v, j, sc, played)
	if err == nil {
		err = s.keepNew(v, d, sc)
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return s.showKeep(w, v, d, j, sc, err)
	}
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, "scenarios.kept", sc.Name)
	return frame.GoTo(w, v, studio.ScenariosURL(d.project.ID, sc.ID))
}

// journal opens the journal of a test run of the procedure in the address.
func (s *Room) journal(v *frame.Visit) (j rehearsal.Journal, err error) {
	if j, err = s.Journal(v.PostFormValue("journal"), v.PostFormValue("pass")); err != nil {
		return j, err
	}
	if j.Entry != v.PathValue("procedure") {
		return j, fault.New(fault.Invalid, "fault.form.unreadable")
	}
	return j, nil
}

// deskFor is a desk without a scenario yet, for the procedure in the address.
func (s *Room) deskFor(v *frame.Visit) (d desk, err error) {
	if d.project, err = s.Content.Project(v.Context(), v.PathValue("project")); err != nil {
		return d, err
	}
	if _, err = s.Content.Procedure(v.Context(), d.project.ID, v.PathValue("procedure")); err != nil {
		return d, err
	}
	d.whole, err = s.Content.WholeProject(v.Context(), d.project.ID)
	d.tell = s.TellerOf(v, d.whole, v.PathValue("procedure"))
	return d, err
}

// proposed is the scenario as the form has it, or as it is offered first.
func (s *Room) proposed(v *frame.Visit, d desk, j rehearsal.Journal) (*procedure.Scenario, error) {
	sc := j.Scenario(d.whole)
	sc.ID = "new"
	for i, m := range j.Moves {
		for _, field := range m.Hidden {
			if typed := v.PostFormValue(standName(i, field)); typed != "" {
				standIn(&sc.Moves[i], field, typed)
			}
		}
	}
	played, err := s.run(v, d, sc)
	if err != nil {
		return nil, err
	}
	h, first := played.Happened, v.PostFormValue("do") != "save"
	sc.Name = s.nameFor(v, d, j)
	if !first {
		sc.Name = frame.OneLine(v.PostFormValue("name"))
	}
	wants := func(what string) bool { return first || slices.Contains(v.PostForm["expect"], what) }
	if wants("end") {
		if sc.Expect.Outcome = j.Outcome; j.Outcome == "" {
			sc.Expect.Showing = j.Showing
		}
	}
	if wants("steps") {
		sc.Expect.Steps = h.Steps
	}
	if wants("effects") && len(h.Effects) > 0 {
		sc.Expect.Effects = []procedure.WantedEffect{}
		for _, step := range h.Effects {
			sc.Expect.Effects = append(sc.Expect.Effects, procedure.WantedEffect{Step: step})
		}
	}
	for _, one := range h.Variables {
		if first && len(h.Variables) <= fewEnough || slices.Contains(v.PostForm["variable"], one.Name) {
			if sc.Expect.Variables == nil {
				sc.Expect.Variables = map[string]any{}
			}
			sc.Expect.Variables[one.Name] = one.Value
		}
	}
	return sc, nil
}

// standName is the name of the control for what stands in for a secret.
func standName(move int, field string) string {
	return standField + strconv.Itoa(move) + "." + field
}

// standIn puts a made-up value in the place of a secret.
func standIn(m *procedure.Move, field, typed string) {
	fields, isForm := m.Answer.(map[string]any)
	if field == "" || !isForm {
		m.Answer = typed
		return
	}
	kept := map[string]any{field: typed}
	for name, value := range fields {
		kept[name] = value
	}
	m.Answer = kept
}

// nameFor is the name that is offered: the procedure's title, and where it led.
func (s *Room) nameFor(v *frame.Visit, d desk, j rehearsal.Journal) string {
	title := ""
	for _, p := range d.whole.Procedures {
		if p.UID == j.Entry {
			title = s.Words(v, p.Title)
		}
	}
	end := d.tell.Outcome(j.Outcome)
	if j.Outcome == "" {
		end = d.tell.Step(j.Showing)
	}
	name := []rune(v.Words.T("keep.name_of", title, end))
	return string(name[:min(len(name), maxName)])
}

// refusalOf says why a scenario cannot be kept: it must be whole, and hold at
// once.
func (s *Room) refusalOf(v *frame.Visit, j rehearsal.Journal, sc *procedure.Scenario, played rehearsal.Result) error {
	switch {
	case j.From != "":
		return fault.New(fault.Invalid, "fault.scenario.from")
	case sc.Name == "" || len([]rune(sc.Name)) > maxName:
		return fault.InField("name", "fault.scenario.name")
	}
	for i, m := range j.Moves {
		for _, field := range m.Hidden {
			if v.PostFormValue(standName(i, field)) == "" {
				return fault.InField(standName(i, field), "fault.scenario.secret")
			}
		}
	}
	if !played.OK {
		return fault.New(fault.Invalid, "fault.scenario.red")
	}
	return nil
}

// showKeep shows what would be kept, and why it was not.
func (s *Room) showKeep(w http.ResponseWriter, v *frame.Visit, d desk, j rehearsal.Journal, sc *procedure.Scenario, why error) error {
	around, _, err := s.Desk(w, v, "scenarios", v.Words.T("keep.title"))
	if err != nil {
		return err
	}
	played, err := s.run(v, d, sc)
	if err != nil {
		return err
	}
	h := played.Happened
	page := views.KeepScenario{
		Desk: around, Procedure: studio.ProcedureURL(d.project.ID, j.Entry), Journal: v.PostFormValue("journal"), Pass: v.PostFormValue("pass"),
		Name: sc.Name, FromMiddle: j.From != "", Context: s.contextOf(v, sc), End: d.tell.Outcome(j.Outcome), Ended: j.Outcome != "",
		WantsEnd: sc.Expect.Outcome != "" || sc.Expect.Showing != "", WantsSteps: sc.Expect.Steps != nil, WantsEffects: sc.Expect.Effects != nil,
		Sends: sendsFiles(d, h.Steps), OfPerson: len(sc.User) > 0,
	}
	if !page.Ended {
		page.End = d.tell.Step(j.Showing)
	}
	for _, id := range h.Steps {
		page.Steps = append(page.Steps, d.tell.Step(id))
	}
	for _, id := range h.Effects {
		page.Effects = append(page.Effects, d.tell.Step(id))
	}
	for _, one := range h.Variables {
		_, chosen := sc.Expect.Variables[one.Name]
		page.Variables = append(page.Variables, views.ScenarioVariable{Name: one.Name, Value: studio.Value(one.Value), Chosen: chosen})
	}
	for i, m := range j.Moves {
		page.Moves = append(page.Moves, s.keptMove(v, d, i, m))
	}
	if why == nil {
		return frame.Show(w, v, page.View())
	}
	page.Wrong = v.FieldTexts(why)
	if page.Wrong == nil {
		page.Refused = v.Why(why)
	}
	if !played.OK {
		page.Differs = d.tell.Differences(played)
	}
	return frame.ShowStatus(w, v, frame.Statuses[fault.KindOf(why)], page.View())
}

// keptMove is a move as the page shows it, with what must be typed for the
// secrets it held.
func (s *Room) keptMove(v *frame.Visit, d desk, i int, m rehearsal.Recorded) views.KeptMove {
	line := views.KeptMove{Words: m.Words, Personal: m.Personal, Files: m.Files}
	switch {
	case m.Do != "":
		line.Title = v.Words.T("scenario.do." + m.Do)
	default:
		line.Title = d.tell.Step(m.Step)
	}
	for _, field := range m.Hidden {
		name := standName(i, field)
		line.Stands = append(line.Stands, views.StandIn{Name: name, Field: field, Value: v.PostFormValue(name)})
	}
	if m.Personal { // what will be written, not what reports tell
		line.Words = answerWords(m.Answer)
	}
	return line
}

// answerWords writes an answer on a line.
func answerWords(answer any) string {
	fields, isForm := answer.(map[string]any)
	if !isForm {
		if answer == nil {
			return ""
		}
		return studio.Value(answer)
	}
	parts := pairsOf("", fields)
	slices.Sort(parts)
	return strings.Join(parts, " · ")
}

// pairsOf are names and values, those within others under both names.
func pairsOf(within string, fields map[string]any) (parts []string) {
	for name, value := range fields {
		below, nested := value.(map[string]any)
		switch {
		case nested:
			parts = append(parts, pairsOf(within+name+".", below)...)
		case value != nil && value != "":
			parts = append(parts, within+name+" = "+studio.Value(value))
		}
	}
	return parts
}

// sendsFiles reports whether the way passes a page where files can be sent:
// test runs keep none, and scenarios carry none.
func sendsFiles(d desk, steps []string) bool {
	for _, p := range d.whole.Procedures {
		for i := range p.Steps {
			step := &p.Steps[i]
			if !slices.Contains(steps, step.ID) {
				continue
			}
			if step.Upload != nil {
				return true
			}
			if step.Form != nil && slices.ContainsFunc(step.Form.Fields, func(f procedure.Field) bool {
				return f.Type == procedure.FieldFile || f.Type == procedure.FieldPhoto || f.Type == procedure.FieldSignature
			}) {
				return true
			}
		}
	}
	return false
}
