package editor

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"selfhelp/app/check"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/studio"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// bench is what the page of a procedure works on: the project, the procedure
// as it is now, and what the person looks at.
type bench struct {
	project store.Project
	proc    store.Procedure
	look    look
	mayKeep bool // the person may make a scenario of a test run
}

// look is what is chosen on the page of a procedure.
type look struct {
	step, edge, tab, lang, layout string
	add, history                  bool
	open                          string // entry of a list that was just added, by its path
}

// lookOf reads what is chosen from an address or a form.
func lookOf(q url.Values, p *procedure.Procedure, languages []string) look {
	l := look{
		step: q.Get("step"), edge: q.Get("edge"), tab: q.Get("tab"), lang: q.Get("lang"), layout: q.Get("view"), add: q.Get("add") != "", history: q.Get("history") != "",
	}
	if p.Step(l.step) == nil {
		l.step = ""
	}
	if !slices.Contains([]string{"logic", "preview"}, l.tab) {
		l.tab = "content"
	}
	if l.layout != "outline" {
		l.layout = "map"
	}
	if !slices.Contains(languages, l.lang) {
		l.lang = languages[0]
	}
	return l
}

// show shows the page of a procedure.
func (s *Editor) show(w http.ResponseWriter, v *frame.Visit) error {
	b, err := s.benchOf(v)
	if err != nil {
		return err
	}
	b.look = lookOf(v.URL.Query(), b.proc.Data, b.project.Data.Languages)
	if b.look.lang == b.project.Data.Languages[0] && v.URL.Query().Get("lang") == "" {
		b.look.lang = s.WritingLanguage(v, b.project)
	}
	page, err := s.editorPage(w, v, b)
	if err != nil {
		return err
	}
	if v.Fragment {
		lessen(&page.Canvas, v.Header.Get("Drawn"))
	}
	frame.AllowFrames(w.Header(), "'self'") // the preview
	return frame.Show(w, v, page.View())
}

// benchOf reads the project and the procedure of the address.
func (s *Editor) benchOf(v *frame.Visit) (b bench, err error) {
	if b.project, err = s.Content.Project(v.Context(), v.PathValue("project")); err != nil {
		return b, err
	}
	b.proc, err = s.Content.Procedure(v.Context(), b.project.ID, v.PathValue("procedure"))
	return b, err
}

// editorPage gathers the page of a procedure.
func (s *Editor) editorPage(w http.ResponseWriter, v *frame.Visit, b bench) (views.Editor, error) {
	p := b.proc.Data
	title := s.Words(v, p.Title)
	d, _, err := s.Desk(w, v, "procedures", title)
	if err != nil {
		return views.Editor{}, err
	}
	whole, err := s.Content.WholeProject(v.Context(), b.project.ID)
	if err != nil {
		return views.Editor{}, err
	}
	shared, err := s.Edition.SharedWith(v.Context(), b.project, whole)
	if err != nil {
		return views.Editor{}, err
	}
	found := check.Procedure(whole, p, check.Options{Shared: shared, Today: procedure.DateOf(s.Now())})
	d.Errors, d.Warnings = studio.Count(found)
	todo := 0
	for _, problem := range found {
		if b.look.begins(problem) {
			todo++
		}
	}
	d.Errors -= todo
	d.Here, d.Scripts = editorURL(b), []string{"studio-editor"}
	page := views.Editor{
		Desk: d, UID: p.UID, Alias: p.Alias, Heading: title, Entry: p.Entry, Revision: b.proc.Revision,
		Saved: s.savedWords(v, b.proc.Changed), Languages: b.project.Data.Languages,
		Lang: b.look.lang, Tab: b.look.tab, Layout: b.look.layout, Step: b.look.step,
		Todo: todo,
	}
	if err := s.undoable(v, b, &page); err != nil {
		return page, err
	}
	for _, sc := range whole.Scenarios {
		if sc.Procedure == p.UID {
			page.Scenarios++
		}
	}
	page.Folders = s.tree(v, b, whole)
	page.Problems = s.editorProblems(v, b, found)
	marks := b.look.perStep(found)
	if b.look.layout == "outline" {
		page.Outline = s.outline(v, b, marks)
	} else {
		page.Canvas = s.canvas(v, b, marks)
	}
	page.Inspector, err = s.inspector(v, b, whole, found)
	return page, err
}

// savedWords say when the procedure was saved last: the hour, when it was today.
func (s *Editor) savedWords(v *frame.Visit, at time.Time) string {
	if day := v.Words.Date(at); day != v.Words.Date(s.Now()) {
		return v.Words.T("editor.saved_on", day)
	}
	return v.Words.T("editor.saved", v.Words.Time(at))
}

// editorProblems are the problems in words, errors first, each with what
// mends it where that is evident.
func (s *Editor) editorProblems(v *frame.Visit, b bench, found []check.Problem) (lines []views.EditorProblem) {
	for _, severity := range []check.Severity{check.Error, check.Warning} {
		for _, p := range found {
			if p.Severity != severity || len(lines) == studio.ProblemsShown {
				continue
			}
			look := bench{project: b.project, proc: b.proc, look: look{step: p.Place.Step, lang: b.look.lang, layout: b.look.layout, tab: tabOf(p.Place)}}
			line := views.EditorProblem{Wrong: p.Severity == check.Error && !b.look.begins(p), Todo: b.look.begins(p), Text: p.Sentence(v.Words.Lang()), URL: editorURL(look), Step: p.Place.Step, Path: p.Place.Path}
			if step := b.proc.Data.Step(p.Place.Step); step != nil {
				line.Where = s.stepTitle(v, b, step)
			}
			if name := studio.PlaceWords(v, b.proc.Data, p.Place.Step, p.Place.Path, b.wordsIn(s.Now())); name != "" {
				line.Where = strings.TrimPrefix(line.Where+" · "+name, " · ")
			}
			if p.Fix != nil {
				if fix, err := json.Marshal(p.Fix); err == nil {
					line.Fix, line.Mends = string(fix), s.fixWords(v, b, *p.Fix)
				}
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// wordsIn picks the words of a text in the language that is written.
func (b bench) wordsIn(now time.Time) func(procedure.Text) string {
	return func(t procedure.Text) string {
		words, _ := t.Pick(now, b.look.lang, b.project.Data.Languages[0])
		return words
	}
}

// tabOf is where the inspector shows what a problem is about.
func tabOf(at check.Place) string {
	name, _, nested := strings.Cut(at.Path, ".")
	if !nested && at.Step != "" && slices.Contains(logicNames, name) {
		return "logic"
	}
	return "content"
}

// undoable says which ways the history goes on from the present revision.
func (s *Editor) undoable(v *frame.Visit, b bench, page *views.Editor) error {
	history, err := s.Content.History(v.Context(), b.project.ID, b.proc.UID, 0, historyShown)
	if err != nil {
		return err
	}
	for _, r := range history {
		if r.Number == b.proc.Revision {
			page.CanUndo = r.Parent > 0
		}
		if r.Parent == b.proc.Revision {
			page.CanRedo = true
		}
	}
	return nil
}

// begins reports whether a problem is only that the chosen step is not finished:
// whoever writes it sees what is still to be filled in, and no alarm.
func (l look) begins(p check.Problem) bool {
	return l.step != "" && !l.add && p.Place.Step == l.step && p.Severity == check.Error && p.Unfinished()
}

// tallies are how many problems a step has, and how much of it is to be filled in.
type tallies struct {
	studio.Tallies
	todo int
}

// perStep tallies problems by step.
func (l look) perStep(found []check.Problem) map[string]tallies {
	per := map[string]tallies{}
	for _, p := range found {
		t := per[p.Place.Step]
		switch {
		case l.begins(p):
			t.todo++
		case p.Severity == check.Error:
			t.Errors++
		default:
			t.Warnings++
		}
		per[p.Place.Step] = t
	}
	return per
}

// tree is the project's procedures by folder.
func (s *Editor) tree(v *frame.Visit, b bench, whole *procedure.Project) (folders []views.TreeFolder) {
	here := studio.ProcedureURL(b.project.ID, b.proc.UID)
	for _, p := range whole.Procedures {
		folder := p.Folder
		if p.UID == b.proc.UID {
			folder = b.proc.Data.Folder
		}
		i := slices.IndexFunc(folders, func(f views.TreeFolder) bool { return f.Path == folder })
		if i < 0 {
			i = len(folders)
			folders = append(folders, views.TreeFolder{Path: folder, Here: here})
		}
		folders[i].Procedures = append(folders[i].Procedures, ui.Place{Name: s.Words(v, p.Title), URL: studio.ProcedureURL(b.project.ID, p.UID)})
	}
	slices.SortFunc(folders, func(a, b views.TreeFolder) int { return compareText(a.Path, b.Path) })
	for _, f := range folders {
		slices.SortFunc(f.Procedures, func(a, b ui.Place) int { return compareText(a.Name, b.Name) })
	}
	return folders
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// stepTitle is how a step is called on the page: its title, or its type.
func (s *Editor) stepTitle(v *frame.Visit, b bench, step *procedure.Step) string {
	if words := b.wordsIn(s.Now())(step.Title); words != "" {
		return words
	}
	if step.Sticky != nil && step.Note != "" {
		return step.Note
	}
	return kindName(v, step.Kind())
}

// kindName is a type of step in words.
func kindName(v *frame.Visit, kind procedure.StepType) string {
	if kind == "" {
		return v.Words.T("step.none")
	}
	return v.Words.T("step." + string(kind))
}

// historyShown is how many revisions are listed.
const historyShown = 40

// historyLines are the revisions of a procedure in words.
func (s *Editor) historyLines(v *frame.Visit, b bench) (lines []views.HistoryLine, err error) {
	history, err := s.Content.History(v.Context(), b.project.ID, b.proc.UID, 0, historyShown)
	if err != nil {
		return nil, err
	}
	for _, r := range history {
		lines = append(lines, views.HistoryLine{
			Number: r.Number, What: s.operationWords(v, b, r), By: s.NameOf(v, r.Author), Ago: v.Words.Ago(r.At, s.Now()), Current: r.Number == b.proc.Revision,
		})
	}
	return lines, nil
}

// operationWords says what a revision did.
func (s *Editor) operationWords(v *frame.Visit, b bench, r store.Revision) string {
	ops, err := readOperations(r.Operation)
	if err != nil || len(ops) == 0 {
		return v.Words.T("operation.other")
	}
	op := ops[0]
	title := op.Step
	if step := b.proc.Data.Step(op.Step); step != nil {
		title = s.stepTitle(v, b, step)
	}
	if title == "" {
		title = v.Words.T("operation.procedure")
	}
	return v.Words.T("operation."+op.Do, title)
}
