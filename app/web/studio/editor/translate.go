package editor

import (
	"iter"
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
	"selfhelp/views/ui"
)

// lookedBack is how many revisions are read to find what an original said when
// it was translated.
const lookedBack = 60

// passageField begins the names of the fields of a translation: the step and
// the path of the text come after it.
const passageField = "w:"

// translation is what is being translated, and what became of a form of it.
type translation struct {
	bench
	from, to  string
	typed     url.Values
	conflicts []edit.Conflict
}

// translationOf reads the languages of the address: from the project's first
// into the one asked for.
func (s *Editor) translationOf(v *frame.Visit, to string) (t translation, err error) {
	t.bench, err = s.benchOf(v)
	if err != nil {
		return t, err
	}
	languages := t.project.Data.Languages
	t.from = languages[0]
	if others := languages[1:]; slices.Contains(others, to) {
		t.to = to
	} else if len(others) > 0 {
		t.to = others[0]
	}
	return t, nil
}

// translate shows the texts of a procedure in two languages side by side.
func (s *Editor) translate(w http.ResponseWriter, v *frame.Visit) error {
	t, err := s.translationOf(v, v.URL.Query().Get("to"))
	if err != nil {
		return err
	}
	page, err := s.translationPage(w, v, t, v.URL.Query())
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *Editor) translationPage(w http.ResponseWriter, v *frame.Visit, t translation, q url.Values) (views.StudioTranslation, error) {
	title := s.Words(v, t.proc.Data.Title)
	d, _, err := s.Desk(w, v, "procedures", v.Words.T("translate.title", title))
	if err != nil {
		return views.StudioTranslation{}, err
	}
	page := views.StudioTranslation{Desk: d, UID: t.proc.UID, Heading: title, From: t.from, To: t.to, Others: t.project.Data.Languages[1:], Revision: t.proc.Revision, Page: q.Get("page")}
	page.List = frame.Listed(q, studio.ProcedureURL(t.project.ID, t.proc.UID)+"/translate", nil, "to", "show")
	if t.to == "" {
		return page, nil
	}
	list := edit.Passages(t.proc.Data, t.from, t.to)
	edit.Translated(list, t.from, t.to, s.earlier(v, t.bench, &err))
	if err != nil {
		return page, err
	}
	show := page.Value("show")
	page.Total = len(list)
	list = slices.DeleteFunc(list, func(p edit.Passage) bool {
		if p.Missing() {
			page.Missing++
		}
		if p.Changed() {
			page.Changed++
		}
		return show == views.PassagesMissing && !p.Missing() || show == views.PassagesChanged && !p.Changed()
	})
	if len(t.conflicts) > 0 { // nothing that was typed hides on another page
		list = slices.DeleteFunc(edit.Passages(t.proc.Data, t.from, t.to), func(p edit.Passage) bool { return !t.typed.Has(fieldOf(p)) })
	} else {
		page.Count = int64(len(list))
		list = frame.OnePage(v, &page.List, list)
	}
	for _, p := range list {
		page.Passages = append(page.Passages, s.passageLine(v, t, p))
	}
	return page, nil
}

// earlier gives the revisions that the present one was made from, the latest
// first.
func (s *Editor) earlier(v *frame.Visit, b bench, err *error) iter.Seq[*procedure.Procedure] {
	return func(yield func(*procedure.Procedure) bool) {
		var history []store.Revision
		history, *err = s.Content.History(v.Context(), b.project.ID, b.proc.UID, b.proc.Revision+1, lookedBack)
		number := b.proc.Revision
		for _, r := range history {
			if *err != nil {
				return
			}
			if r.Number != number || r.Parent == 0 {
				continue
			}
			number = r.Parent
			var p *procedure.Procedure
			if p, *err = s.Content.Revision(v.Context(), b.project.ID, b.proc.UID, number); *err != nil || !yield(p) {
				return
			}
		}
	}
}

func fieldOf(p edit.Passage) string { return passageField + p.Step + ":" + p.Path }

// passageLine is a text as the page shows it, as it was typed if it was.
func (s *Editor) passageLine(v *frame.Visit, t translation, p edit.Passage) views.PassageLine {
	line := views.PassageLine{Name: fieldOf(p), From: p.From, To: p.To, Missing: p.Missing(), What: studio.PropertyWords(v, p.Path), Step: p.Step, Where: v.Words.T("editor.procedure")}
	if step := t.proc.Data.Step(p.Step); step != nil {
		line.Where = s.stepTitle(v, bench{project: t.project, proc: t.proc, look: look{lang: t.from}}, step)
	}
	if p.Changed() {
		for _, piece := range edit.Pieces(p.Then, p.From) {
			line.Since = append(line.Since, views.TextPiece(piece))
		}
	}
	if t.typed.Has(line.Name) {
		line.To = t.typed.Get(line.Name)
	}
	for _, c := range t.conflicts {
		if c.Operation.Step == p.Step && c.Operation.Path == p.Path {
			line.Conflict, line.Theirs = true, c.Theirs
		}
	}
	return line
}

// saveTranslation saves the words of a form, apart from those that somebody
// else wrote meanwhile: these are shown beside what was typed.
func (s *Editor) saveTranslation(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	saved := 0
	t, err := s.translationOf(v, v.PostFormValue("to"))
	for n := 0; err == nil && n < attempts; n++ {
		if saved, err = s.keepTranslation(v, &t); !fault.Is(err, fault.Conflict) || n+1 == attempts {
			break
		}
		t, err = s.translationOf(v, v.PostFormValue("to")) // somebody saved just now
	}
	if err != nil {
		return err
	}
	if len(t.conflicts) > 0 {
		page, err := s.translationPage(w, v, t, v.PostForm)
		if err != nil {
			return err
		}
		return frame.ShowStatus(w, v, http.StatusConflict, page.View())
	}
	s.Say(w, ui.OK, "translate.saved", strconv.Itoa(saved))
	return frame.GoTo(w, v, backToTranslation(v, t))
}

// backToTranslation is the page of the list that a form came from.
func backToTranslation(v *frame.Visit, t translation) string {
	q := url.Values{"to": {t.to}}
	for _, name := range []string{"show", "page"} {
		if value := v.PostFormValue(name); value != "" {
			q.Set(name, value)
		}
	}
	return studio.ProcedureURL(t.project.ID, t.proc.UID) + "/translate?" + q.Encode()
}

// keepTranslation makes one revision of what was typed, and says how many texts
// it changed.
func (s *Editor) keepTranslation(v *frame.Visit, t *translation) (int, error) {
	t.typed, t.conflicts = v.PostForm, nil
	base := t.proc.Data
	n, err := strconv.ParseInt(v.PostFormValue("revision"), 10, 64)
	if err != nil || n < 1 {
		return 0, fault.Because(fault.Invalid, err, "fault.edit.revision")
	}
	if n != t.proc.Revision {
		if base, err = s.Content.Revision(v.Context(), t.project.ID, t.proc.UID, n); err != nil {
			return 0, err
		}
	}
	var ops []procedure.Operation
	for _, p := range edit.Passages(base, t.from, t.to) {
		if !t.typed.Has(fieldOf(p)) {
			continue
		}
		if words := typedWords(t.typed.Get(fieldOf(p)), p.Markdown); words != p.To {
			ops = append(ops, procedure.Operation{Do: "set_text", Step: p.Step, Path: p.Path, Language: t.to, Words: words})
		}
	}
	ops, t.conflicts = edit.Conflicts(base, t.proc.Data, ops)
	next, ops, err := applyAll(t.proc.Data, ops)
	if err != nil || len(ops) == 0 {
		return 0, err
	}
	kept, err := s.keepRevision(v.Context(), t.proc, next, ops, v.Who.ID)
	if err == nil {
		t.proc = kept
	}
	return len(ops), err
}

// typedWords are words as they are kept; a text that is no CommonMark has one
// line.
func typedWords(typed string, markdown bool) string {
	words := strings.TrimRight(strings.ReplaceAll(typed, "\r\n", "\n"), " \n\t")
	if !markdown {
		words = strings.TrimSpace(strings.ReplaceAll(words, "\n", " "))
	}
	return words
}
