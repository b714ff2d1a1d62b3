package procedure

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

func (d *draft) addStep(op Operation) error {
	_, err := d.newStep(op, len(d.p.Steps))
	return err
}

// newStep puts a new step at a place in the list.
func (d *draft) newStep(op Operation, place int) (*Step, error) {
	switch {
	case op.Kind.Family() == "":
		return nil, invalid("op.unknown_kind", string(op.Kind))
	case op.Kind == StepStart && d.p.Start() != nil:
		return nil, invalid("op.one_start")
	}
	s := NewStep(op.Kind, op.ID, d.languages(op))
	if op.Words != "" {
		s.Title = Text{In: map[string]string{cmp.Or(op.Language, d.languages(op)[0]): op.Words}}
	}
	return d.insert(s, place)
}

// insert puts a step into the list if its id is good and free.
func (d *draft) insert(s Step, place int) (*Step, error) {
	switch {
	case !idPattern.MatchString(s.ID):
		return nil, invalid("op.bad_id", s.ID)
	case d.p.Step(s.ID) != nil:
		return nil, invalid("op.taken_id", s.ID)
	case len(d.p.Steps) >= maxSteps:
		return nil, invalid("op.too_many")
	}
	d.p.Steps = slices.Insert(d.p.Steps, place, s)
	d.owned[s.ID] = true
	return &d.p.Steps[place], nil
}

// languages returns those that new texts get words in.
func (d *draft) languages(op Operation) []string {
	if len(op.Languages) > 0 {
		return op.Languages
	}
	if langs := sorted(d.p.Title.In); len(langs) > 0 {
		return langs
	}
	return []string{"en"}
}

func (d *draft) addAfter(op Operation) error {
	before, err := d.step(op.Step)
	if err != nil {
		return err
	}
	if op.Edge == "" {
		op.Edge = before.freeEdge()
	}
	return d.insertOnEdge(op)
}

// freeEdge returns the edge a new step goes on: the first that misses its
// target, else next, else the first there is.
func (s *Step) freeEdge() string {
	ids := s.EdgeIDs()
	for _, e := range s.Edges() {
		if e.To == "" {
			return e.ID
		}
	}
	if slices.Contains(ids, "next") || len(ids) == 0 {
		return "next"
	}
	return ids[0]
}

// goesWrong reports whether an edge is taken when the answer is no, or something
// failed.
func goesWrong(edge string) bool {
	return slices.Contains([]string{"no", "error", "timeout", "status", "fault", "missing", "refused"}, edge[strings.LastIndexByte(edge, '.')+1:])
}

func (d *draft) insertOnEdge(op Operation) error {
	before, err := d.step(op.Step)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(before.slots(), func(slot edgeSlot) bool { return slot.id == op.Edge })
	if i < 0 {
		return invalid("op.unknown_edge", op.Edge)
	}
	to, frame := *before.slots()[i].to, before.Frame
	place := slices.IndexFunc(d.p.Steps, func(s Step) bool { return s.ID == op.Step })
	s, err := d.newStep(op, place+1)
	if err != nil {
		return err
	}
	if s.Family() == Layout || s.Start != nil {
		return invalid("op.not_on_edge")
	}
	if slices.Contains(s.EdgeIDs(), "next") {
		s.Next = to
	}
	if s.End != nil && goesWrong(op.Edge) {
		s.End.Outcome = Unsolved
	}
	s.Frame = frame
	d.p.Step(op.Step).Connect(op.Edge, s.ID)
	return nil
}

func (d *draft) duplicateStep(op Operation) error {
	place := slices.IndexFunc(d.p.Steps, func(s Step) bool { return s.ID == op.Step })
	if place < 0 {
		return invalid("op.unknown_step", op.Step)
	}
	s := clone(d.p.Steps[place])
	if s.Start != nil {
		return invalid("op.one_start")
	}
	s.ID = op.ID
	_, err := d.insert(s, place+1)
	return err
}

func (d *draft) replaceStep(op Operation) error {
	s, err := d.step(op.Step)
	if err != nil {
		return err
	}
	next := Step{ID: s.ID}
	if err := bindValue(op.Value, reflect.ValueOf(&next).Elem(), op.Step); err != nil {
		return err
	}
	if next.ID != s.ID {
		return invalid("op.id_stays", s.ID)
	}
	*s = next
	return nil
}

func (d *draft) deleteStep(op Operation) error {
	place := slices.IndexFunc(d.p.Steps, func(s Step) bool { return s.ID == op.Step })
	if place < 0 {
		return invalid("op.unknown_step", op.Step)
	}
	gone := d.p.Steps[place]
	if gone.Start != nil && d.starts() == 1 {
		return invalid("op.one_start")
	}
	d.p.Steps = slices.Delete(d.p.Steps, place, place+1)
	to := ""
	if op.Join && gone.Next != gone.ID {
		to = gone.Next
	}
	for i := range d.p.Steps {
		if d.p.Steps[i].names(gone.ID) {
			s, _ := d.step(d.p.Steps[i].ID)
			s.forget(gone.ID, to, gone.Frame)
		}
	}
	return nil
}

func (d *draft) starts() (n int) {
	for i := range d.p.Steps {
		if d.p.Steps[i].Start != nil {
			n++
		}
	}
	return n
}

// names reports whether the step leads to another, or stands in or beside it.
func (s *Step) names(id string) bool {
	return s.Frame == id || s.Sticky != nil && s.Sticky.Beside == id ||
		slices.ContainsFunc(s.slots(), func(slot edgeSlot) bool { return *slot.to == id })
}

// forget lets the edges to a step lead elsewhere; what stood in it stands in
// the frame it stood in.
func (s *Step) forget(id, to, frame string) {
	for _, slot := range s.slots() {
		if *slot.to == id {
			*slot.to = to
		}
	}
	if s.Frame == id {
		s.Frame = frame
	}
	if s.Sticky != nil && s.Sticky.Beside == id {
		s.Sticky.Beside = ""
	}
}

func (d *draft) moveStep(op Operation) error {
	from := slices.IndexFunc(d.p.Steps, func(s Step) bool { return s.ID == op.Step })
	if from < 0 {
		return invalid("op.unknown_step", op.Step)
	}
	if op.Place == nil || *op.Place < 0 || *op.Place >= len(d.p.Steps) {
		return invalid("op.bad_place")
	}
	s := d.p.Steps[from]
	d.p.Steps = slices.Insert(slices.Delete(d.p.Steps, from, from+1), *op.Place, s)
	return nil
}

func (d *draft) connect(op Operation) error {
	s, err := d.step(op.Step)
	if err != nil {
		return err
	}
	if err := d.mayLead(op.To); err != nil {
		return err
	}
	if !s.Connect(op.Edge, op.To) {
		return invalid("op.unknown_edge", op.Edge)
	}
	return nil
}

// mayLead reports why an edge may not lead to a step; "" is nowhere.
func (d *draft) mayLead(to string) error {
	if to == "" {
		return nil
	}
	s := d.p.Step(to)
	switch {
	case s == nil:
		return invalid("op.unknown_step", to)
	case s.Start != nil:
		return invalid("op.not_to_start")
	case s.Family() == Layout:
		return invalid("op.not_to_layout", to)
	}
	return nil
}
