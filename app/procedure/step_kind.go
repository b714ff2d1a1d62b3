package procedure

// stepTypes lists every type with its family and how its part is found; the
// order is the Studio's.
var stepTypes = []struct {
	is     StepType
	family Family
	has    func(*Step) bool
}{
	{StepStart, Flow, func(s *Step) bool { return s.Start != nil }},
	{StepPage, Interactive, func(s *Step) bool { return s.Page != nil }},
	{StepQuestion, Interactive, func(s *Step) bool { return s.Question != nil }},
	{StepChoices, Interactive, func(s *Step) bool { return s.Choices != nil }},
	{StepForm, Interactive, func(s *Step) bool { return s.Form != nil }},
	{StepTable, Interactive, func(s *Step) bool { return s.Table != nil }},
	{StepUpload, Interactive, func(s *Step) bool { return s.Upload != nil }},
	{StepLink, Interactive, func(s *Step) bool { return s.Link != nil }},
	{StepConfirm, Interactive, func(s *Step) bool { return s.Confirm != nil }},
	{StepFeedback, Interactive, func(s *Step) bool { return s.Feedback != nil }},
	{StepHandover, Interactive, func(s *Step) bool { return s.Handover != nil }},
	{StepTest, Automatic, func(s *Step) bool { return s.Test != nil }},
	{StepSwitch, Automatic, func(s *Step) bool { return s.Switch != nil }},
	{StepSet, Automatic, func(s *Step) bool { return s.Set != nil }},
	{StepScript, Automatic, func(s *Step) bool { return s.Script != nil }},
	{StepREST, Automatic, func(s *Step) bool { return s.REST != nil }},
	{StepSOAP, Automatic, func(s *Step) bool { return s.SOAP != nil }},
	{StepTicket, Automatic, func(s *Step) bool { return s.Ticket != nil }},
	{StepMail, Automatic, func(s *Step) bool { return s.Mail != nil }},
	{StepDirectory, Automatic, func(s *Step) bool { return s.Directory != nil }},
	{StepSearch, Automatic, func(s *Step) bool { return s.Search != nil }},
	{StepWait, Automatic, func(s *Step) bool { return s.Wait != nil }},
	{StepLog, Automatic, func(s *Step) bool { return s.Log != nil }},
	{StepLocale, Automatic, func(s *Step) bool { return s.Locale != nil }},
	{StepBreakpoint, Automatic, func(s *Step) bool { return s.Breakpoint != nil }},
	{StepCall, Flow, func(s *Step) bool { return s.Call != nil }},
	{StepJump, Flow, func(s *Step) bool { return s.Jump != nil }},
	{StepEach, Flow, func(s *Step) bool { return s.Each != nil }},
	{StepEnd, Flow, func(s *Step) bool { return s.End != nil }},
	{StepBox, Layout, func(s *Step) bool { return s.Box != nil }},
	{StepSticky, Layout, func(s *Step) bool { return s.Sticky != nil }},
}

// StepTypes returns every type in the order the Studio offers them.
func StepTypes() []StepType {
	all := make([]StepType, len(stepTypes))
	for i, t := range stepTypes {
		all[i] = t.is
	}
	return all
}

// Kind returns the type of the step: that of its first part that is set, and
// "" when none is. Check reports a step with none or several.
func (s *Step) Kind() StepType {
	for _, t := range stepTypes {
		if t.has(s) {
			return t.is
		}
	}
	return ""
}

// Kinds returns the types of all parts of the step that are set: one, unless
// something is wrong.
func (s *Step) Kinds() (kinds []StepType) {
	for _, t := range stepTypes {
		if t.has(s) {
			kinds = append(kinds, t.is)
		}
	}
	return kinds
}

// Family returns the family of the step's type, "" when it has none.
func (s *Step) Family() Family { return s.Kind().Family() }

// Family returns the family of a type, "" for an unknown one.
func (t StepType) Family() Family {
	for _, known := range stepTypes {
		if known.is == t {
			return known.family
		}
	}
	return ""
}

// Step returns the step with an id, nil when there is none.
func (p *Procedure) Step(id string) *Step {
	for i := range p.Steps {
		if p.Steps[i].ID == id {
			return &p.Steps[i]
		}
	}
	return nil
}

// Start returns the first Start step, nil when there is none.
func (p *Procedure) Start() *Step {
	for i := range p.Steps {
		if p.Steps[i].Start != nil {
			return &p.Steps[i]
		}
	}
	return nil
}

// GivesResult reports whether the step has a result that formulas may read.
func (s *Step) GivesResult() bool {
	return s.Kind() != "" && s.Start == nil && s.End == nil && s.Jump == nil && s.Family() != Layout
}
