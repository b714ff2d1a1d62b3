package editor

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/procedure/edit"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/studio"
	"selfhelp/store"
	"selfhelp/views"
)

// An edit is one post of the page of a procedure: the fields of a form, and
// what its button does besides.
type posting struct {
	fields   url.Values
	verb     string
	args     []string
	revision int64 // that the form was made from
	quiet    bool  // sent while somebody types: the form stays as it is
}

// saved is what became of a posting.
type saved struct {
	proc      store.Procedure
	look      look
	conflicts []edit.Conflict
	lost      []edit.Conflict // what was written in a step that is gone
	merged    bool            // others wrote since the form was made
	refused   error
	strangers []string // groups that what was gone back to names, and that are not those of then
}

// editProcedure carries out what a form of the page of a procedure posted.
func (s *Editor) editProcedure(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseMultipartForm(1 << 20); err != nil && err != http.ErrNotMultipart {
		return frame.Unreadable(err)
	}
	if v.MultipartForm != nil {
		defer v.MultipartForm.RemoveAll()
	}
	post := postingOf(v.PostForm)
	b, err := s.benchOf(v)
	if err != nil {
		return err
	}
	done, err := s.carryOut(v, b, post)
	if err != nil {
		return err
	}
	return s.showEdited(w, v, b, post, done)
}

func postingOf(fields url.Values) posting {
	words := strings.SplitN(fields.Get("do"), "|", 3)
	revision, _ := strconv.ParseInt(fields.Get("revision"), 10, 64) // 0 is none, and refused
	return posting{fields: fields, verb: words[0], args: append(words[1:], "", ""), revision: revision, quiet: fields.Get("quiet") != ""}
}

// errOvertaken is what somebody gets who would take away, unseen, what someone
// else wrote since their page was made.
var errOvertaken = fault.New(fault.Conflict, "fault.editor.overtaken")

// errGone is what somebody gets who wrote in a step that was deleted meanwhile.
var errGone = fault.New(fault.Conflict, "fault.editor.gone")

// overtaken reports whether others wrote since the form was made.
func (p posting) overtaken(b bench) bool { return p.revision != b.proc.Revision }

// verbs are what the buttons of the page do; the form that is sent while
// somebody types has none to name.
var verbs = []string{"", "save", "undo", "redo", "restore", "add", "append", "remove", "up", "down", "duplicate", "delete", "picture", "apply"}

// readable refuses what no form of the page posts: without the revision that it
// was made from, nobody could tell what it would take away.
func (p posting) readable() error {
	if p.revision < 1 {
		return fault.New(fault.Invalid, "fault.edit.revision")
	}
	if !slices.Contains(verbs, p.verb) {
		return fault.New(fault.Invalid, "fault.edit.verb")
	}
	return nil
}

// carryOut does what was asked; what a person can mend is in saved.refused.
func (s *Editor) carryOut(v *frame.Visit, b bench, post posting) (done saved, err error) {
	done = saved{proc: b.proc, look: lookOf(post.fields, b.proc.Data, b.project.Data.Languages)}
	done.look.add, done.look.history = false, false
	if done.refused = post.readable(); done.refused != nil {
		return done, nil
	}
	if post.overtaken(b) && slices.Contains([]string{"undo", "redo", "restore"}, post.verb) {
		done.refused = errOvertaken
		return done, nil
	}
	var p store.Procedure
	switch post.verb {
	case "undo":
		p, err = s.Content.Undo(v.Context(), b.project.ID, b.proc.UID, b.proc.Version, v.Who.ID)
	case "redo":
		p, err = s.Content.Redo(v.Context(), b.project.ID, b.proc.UID, b.proc.Version, v.Who.ID)
	case "restore":
		p, err = s.restoreRevision(v, b, post.args[0])
	default:
		return s.carryOutOperations(v, b, post, done)
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		done.refused, err = err, nil
		return done, nil
	}
	if err != nil {
		return done, err
	}
	done.proc = p
	done.strangers, err = s.strangers(v, b, p.Data)
	return done, err
}

// strangers are the groups that a procedure of before names, and the present one does
// not, which got their name from a group that is gone: the name is free while only the
// history has it.
func (s *Editor) strangers(v *frame.Visit, b bench, old *procedure.Procedure) ([]string, error) {
	now := b.proc.Data.GroupNames()
	names := slices.DeleteFunc(old.GroupNames(), func(name string) bool { return slices.Contains(now, name) })
	if len(names) == 0 {
		return nil, nil
	}
	return s.Content.Strangers(v.Context(), b.project.Domain, names)
}

// restoreRevision makes an old revision the present one, as a new one: nothing
// of the history is lost.
func (s *Editor) restoreRevision(v *frame.Visit, b bench, number string) (store.Procedure, error) {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return store.Procedure{}, fault.Because(fault.Invalid, err, "fault.form")
	}
	old, err := s.Content.Revision(v.Context(), b.project.ID, b.proc.UID, n)
	if err != nil {
		return store.Procedure{}, err
	}
	return s.keepRevision(v.Context(), b.proc, old, []procedure.Operation{{Do: "restore", Value: n}}, v.Who.ID)
}

func (s *Editor) keepRevision(ctx context.Context, p store.Procedure, data *procedure.Procedure, ops []procedure.Operation, by string) (store.Procedure, error) {
	what, err := json.Marshal(ops)
	if err != nil {
		return p, fmt.Errorf("write operations: %w", err)
	}
	return s.Content.SaveRevision(ctx, store.Edit{Project: p.Project, UID: p.UID, Version: p.Version, Data: data, Operation: what, By: by})
}

// readOperations reads what a revision did.
func readOperations(raw json.RawMessage) (ops []procedure.Operation, err error) {
	if len(raw) == 0 {
		return nil, nil
	}
	return ops, json.Unmarshal(raw, &ops)
}

// attempts is how often an edit is tried on what others saved in between.
const attempts = 4

// carryOutOperations saves the operations of a posting as one revision, on
// what the procedure says by then.
func (s *Editor) carryOutOperations(v *frame.Visit, b bench, post posting, done saved) (saved, error) {
	for range attempts {
		tried, err := s.tryOperations(v, b, post, done)
		if !fault.Is(err, fault.Conflict) {
			if fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooLarge) {
				done.refused, err = err, nil
				return done, nil
			}
			return tried, err
		}
		done.refused = err
		if b.proc, err = s.Content.Procedure(v.Context(), b.project.ID, b.proc.UID); err != nil {
			return done, err
		}
		done.proc = b.proc
	}
	return done, nil
}

func (s *Editor) tryOperations(v *frame.Visit, b bench, post posting, done saved) (saved, error) {
	done.refused = nil
	base := b.proc.Data
	if post.overtaken(b) {
		var err error
		if base, err = s.Content.Revision(v.Context(), b.project.ID, b.proc.UID, post.revision); err != nil {
			return done, err
		}
		done.merged = true
	}
	if step := post.fields.Get("step"); post.overtaken(b) && base.Step(step) != nil && b.proc.Data.Step(step) == nil {
		ops, err := edit.Read(base, step, post.fields)
		done.refused, done.lost = errGone, edit.Lost(ops)
		return done, err
	}
	ops, err := edit.Read(base, done.look.step, post.fields)
	if err != nil {
		return done, err
	}
	for i := range ops {
		if ops[i].Do == "set_text" {
			ops[i].Languages = b.project.Data.Languages // our own words are not kept beside others
		}
	}
	if done.merged {
		ops, done.conflicts = edit.Conflicts(base, b.proc.Data, ops)
	}
	more, err := s.verbOperations(v, b, post, &done.look)
	if err != nil {
		return done, err
	}
	if slices.ContainsFunc(more, func(op procedure.Operation) bool { return edit.Overtaken(base, b.proc.Data, op) }) {
		done.refused = errOvertaken
		return done, nil
	}
	next, ops, err := applyAll(b.proc.Data, append(ops, more...))
	if err != nil || len(ops) == 0 {
		return done, err
	}
	chooseAfter(ops[len(ops)-1], post, &done.look)
	if alias := next.Alias; alias != b.proc.Alias && !studio.AliasForm.MatchString(alias) {
		return done, fault.InField("alias", "fault.alias")
	}
	done.proc, err = s.keepRevision(v.Context(), b.proc, next, ops, v.Who.ID)
	return done, err
}

// applyAll carries out operations one after the other, and returns them with
// the ids they were given.
func applyAll(p *procedure.Procedure, ops []procedure.Operation) (*procedure.Procedure, []procedure.Operation, error) {
	for i, op := range ops {
		ops[i] = procedure.Complete(p, op)
		next, err := procedure.Apply(p, ops[i])
		if err != nil {
			return nil, nil, err
		}
		p = next
	}
	return p, ops, nil
}

// chooseAfter chooses what an operation has made, and nothing where the chosen
// step is gone.
func chooseAfter(op procedure.Operation, post posting, l *look) {
	switch post.verb {
	case "append":
		l.open = op.Path + "." + op.ID
	case "add", "duplicate":
		l.step, l.tab = op.ID, "content"
	case "delete":
		l.step, l.tab = "", "content"
	}
}

// verbOperations are what the button of a form does besides saving its fields.
func (s *Editor) verbOperations(v *frame.Visit, b bench, post posting, l *look) ([]procedure.Operation, error) {
	path, item := post.args[0], post.args[1]
	one := func(op procedure.Operation) ([]procedure.Operation, error) {
		op.Language, op.Languages = l.lang, b.project.Data.Languages
		return []procedure.Operation{op}, nil
	}
	switch post.verb {
	case "add":
		return one(addition(procedure.StepType(path), post.fields))
	case "append":
		return one(procedure.Operation{Do: "add_item", Step: l.step, Path: path})
	case "remove":
		return one(procedure.Operation{Do: "delete_item", Step: l.step, Path: path, Item: item})
	case "up", "down":
		return moved(b.proc.Data, l.step, path, item, post.verb)
	case "duplicate":
		return one(procedure.Operation{Do: "duplicate_step", Step: l.step})
	case "delete":
		return one(procedure.Operation{Do: "delete_step", Step: l.step, Join: true})
	case "picture":
		op, err := s.pictureOperation(v, b, post, l)
		return []procedure.Operation{op}, err
	case "apply":
		op, err := readOperation(post.fields.Get("operation"))
		return []procedure.Operation{op}, err
	}
	return nil, nil
}

// readOperation reads the operation of a button that mends something.
func readOperation(text string) (op procedure.Operation, err error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&op); err != nil {
		return op, fault.Because(fault.Invalid, err, "fault.form")
	}
	return op, nil
}

// addition is the operation that adds a step of a type where the menu of types
// was opened.
func addition(kind procedure.StepType, fields url.Values) procedure.Operation {
	op := procedure.Operation{Do: "insert_on_edge", Kind: kind, Step: fields.Get("after"), Edge: fields.Get("edge"), Words: strings.TrimSpace(fields.Get("words"))}
	switch {
	case kind.Family() == procedure.Layout:
		op.Do, op.Step, op.Edge = "add_step", "", ""
	case op.Edge == "":
		op.Do = "add_after"
	}
	return op
}

// moved is the operation that moves an entry of a list by one.
func moved(p *procedure.Procedure, step, path, item, verb string) ([]procedure.Operation, error) {
	d := edit.Index(p, step)[path]
	place := slices.IndexFunc(d.Entries, func(e procedure.Entry) bool { return e.Name == item })
	if place < 0 {
		return nil, fault.New(fault.Invalid, "fault.form")
	}
	if verb == "up" {
		place--
	} else {
		place++
	}
	return []procedure.Operation{{Do: "move_item", Step: step, Path: path, Item: item, Place: &place}}, nil
}

// showEdited answers a posting: the page as it is by now.
func (s *Editor) showEdited(w http.ResponseWriter, v *frame.Visit, b bench, post posting, done saved) error {
	b.proc, b.look = done.proc, done.look
	if b.proc.Data.Step(b.look.step) == nil {
		b.look.step = ""
	}
	here := editorURL(b)
	whole := done.refused == nil && len(done.conflicts)+len(done.strangers) == 0
	if whole && !v.Fragment {
		return frame.GoTo(w, v, here)
	}
	page, err := s.editorPage(w, v, b)
	if err != nil {
		return err
	}
	page.Quiet = whole && post.quiet && !done.merged
	lessen(&page.Canvas, post.fields.Get("drawn"))
	status := http.StatusOK
	if done.refused != nil {
		page.Refused, status = refusedBecause(v, done.refused), frame.Statuses[fault.KindOf(done.refused)]
		if b.look.step == post.fields.Get("step") { // into no other form than it was typed in
			page.Inspector.Fields = retyped(page.Inspector.Fields, post.fields, fault.FieldsOf(done.refused), v)
		}
	}
	if n := len(done.strangers); n > 0 {
		page.Strangers = v.Words.N("editor.strangers", n, strings.Join(done.strangers, ", "))
	}
	for _, c := range done.lost {
		page.Lost = append(page.Lost, s.conflictLine(v, b, c))
	}
	for _, c := range done.conflicts {
		page.Conflict, status = append(page.Conflict, s.conflictLine(v, b, c)), http.StatusConflict
	}
	w.Header().Set("Swap-Url", here)
	return frame.ShowStatus(w, v, status, page.View())
}

// editorURL is the address of what is looked at.
func editorURL(b bench) string {
	q := url.Values{"lang": {b.look.lang}, "view": {b.look.layout}}
	for key, value := range map[string]string{"step": b.look.step, "tab": b.look.tab} {
		if value != "" && value != "content" {
			q.Set(key, value)
		}
	}
	return studio.ProcedureURL(b.project.ID, b.proc.UID) + "?" + q.Encode()
}

// refusedBecause is why an edit was refused, in words. The language has its own
// catalogue.
func refusedBecause(v *frame.Visit, err error) string {
	if key, args := fault.TextOf(err); procedure.Messages()[key] != nil {
		return procedure.Sentence(key, args, v.Words.Lang())
	}
	if fields := fault.FieldsOf(err); len(fields) > 1 {
		key, args := fault.TextOf(err)
		return v.Sentence(key, args)
	}
	return v.Why(err)
}

func (s *Editor) conflictLine(v *frame.Visit, b bench, c edit.Conflict) views.ConflictLine {
	op := c.Operation
	f := former{site: s, v: v, b: b}
	line := views.ConflictLine{Theirs: c.Theirs, Yours: c.Yours}
	switch op.Do {
	case "connect":
		line.Name = edit.Edge + op.Edge
		line.Label = v.Words.T("editor.way")
		if step := b.proc.Data.Step(op.Step); step != nil {
			line.Label = s.edgeWords(v, b, step, op.Edge)
		}
	case "set_text":
		line.Name, line.Label = edit.Text+op.Path+":"+op.Language, f.label(lastName(op.Path))
	default:
		line.Name, line.Label = edit.Property+op.Path, f.label(lastName(op.Path))
	}
	return line
}

func lastName(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// retyped puts what was typed back into a form that was refused, and says what
// is wrong with each field.
func retyped(fields []views.Prop, typed url.Values, wrong map[string]string, v *frame.Visit) []views.Prop {
	for i := range fields {
		f := &fields[i]
		if values := typed[f.Name]; len(values) > 0 && f.Control != "flag" {
			f.Value = values[0]
		}
		if key := wrong[f.Path]; key != "" && f.Lang == "" {
			f.Wrong = v.Words.T(key)
		}
		f.Fields = retyped(f.Fields, typed, wrong, v)
		for e := range f.Entries {
			f.Entries[e].Fields = retyped(f.Entries[e].Fields, typed, wrong, v)
		}
	}
	return fields
}
