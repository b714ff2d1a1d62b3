package studio

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/web/drive"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

const (
	notesShown = 30
	maxReply   = 2000 // characters of what a writer answers
)

// noteRoutes are those of what visitors wrote.
func (s *Studio) noteRoutes() []frame.Route {
	return []frame.Route{
		{Pattern: "GET /studio/p/{project}/notes", Needs: access.ReadReports, Role: frame.Edition, Subject: s.ProjectOf, Do: s.notes},
		{Pattern: "GET /studio/p/{project}/notes.csv", Needs: access.ReadReports, Role: frame.Edition, Subject: s.ProjectOf, Do: s.notesTable, Slow: true},
		{Pattern: "GET /studio/p/{project}/notes.xlsx", Needs: access.ReadReports, Role: frame.Edition, Subject: s.ProjectOf, Do: s.notesTable, Slow: true},
		{Pattern: "POST /studio/p/{project}/notes", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.closeNotes, Body: frame.PlainBody},
		{Pattern: "POST /studio/p/{project}/notes/answer", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.answerNote, Body: frame.FormBody, Keep: keepAnswerToNote},
	}
}

// keepAnswerToNote keeps what a writer answers.
func keepAnswerToNote(v *frame.Visit) frame.Kept {
	shown, _ := url.ParseQuery(v.PostFormValue("filter")) // the list from the beginning, when it is none
	page := url.URL{Path: strings.TrimSuffix(v.URL.Path, "/answer"), RawQuery: shown.Encode()}
	return frame.Kept{Page: page.RequestURI(), Inner: func(name string) bool { return name != "answer" }, About: v.PostFormValue("note")}
}

// noteFilter reads which notes a list shows: those still open, unless the
// address says otherwise.
func noteFilter(project string, q url.Values) (store.NoteFilter, views.NoteFilter) {
	f := views.NoteFilter{Procedure: q.Get("procedure"), Kind: q.Get("kind"), State: cmp.Or(q.Get("state"), string(store.NotesOpen)), Text: frame.OneLine(q.Get("q"))}
	state := store.NoteState(f.State)
	if f.State == "all" {
		state = store.NotesAll
	}
	return store.NoteFilter{Project: project, Procedure: f.Procedure, Kind: store.NoteKind(f.Kind), State: state, Text: f.Text, After: q.Get("after"), Limit: notesShown + 1}, f
}

// notes lists what visitors wrote: post-its, and the words of opinions.
func (s *Studio) notes(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.notesPage(w, v, v.URL.Query())
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *Studio) notesPage(w http.ResponseWriter, v *frame.Visit, q url.Values) (views.StudioNotes, error) {
	d, p, err := s.Desk(w, v, "notes", v.Words.T("desk.notes"))
	if err != nil {
		return views.StudioNotes{}, err
	}
	f, shown := noteFilter(p.ID, q)
	page := views.StudioNotes{Desk: d, Filter: shown, Query: shown.Query()}
	found, err := s.Activity.Notes(v.Context(), f)
	if err != nil {
		return page, err
	}
	if len(found) > notesShown {
		found = found[:notesShown]
		page.Older = string(d.URL("/notes")) + "?" + shown.Query("after", found[notesShown-1].Cursor())
	}
	titles, err := s.noteTitles(v, p.ID)
	if err != nil {
		return page, err
	}
	page.Procedures = titles.entries
	for _, n := range found {
		line, err := s.noteLine(v, p.ID, n, titles)
		if err != nil {
			return page, err
		}
		page.Notes = append(page.Notes, line)
	}
	return page, nil
}

// titles are how procedures and their steps are called now.
type titles struct {
	procedures map[string]string
	steps      map[string]map[string]string // by procedure, once read
	entries    []ui.Place                   // the choices of a filter
}

func (s *Studio) noteTitles(v *frame.Visit, project string) (titles, error) {
	t := titles{procedures: map[string]string{}, steps: map[string]map[string]string{}}
	lines, err := s.Content.Procedures(v.Context(), project)
	for _, l := range lines {
		t.procedures[l.UID] = s.Words(v, l.Title)
		t.entries = append(t.entries, ui.Place{Name: t.procedures[l.UID], URL: l.UID})
	}
	return t, err
}

// step is the title of a step as it is written now, its id when it has none,
// and whether it is still there.
func (s *Studio) step(v *frame.Visit, t titles, project, uid, id string) (title string, there bool, err error) {
	if t.steps[uid] == nil {
		t.steps[uid] = map[string]string{}
		p, err := s.Content.Procedure(v.Context(), project, uid)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return "", false, err
		}
		if p.Data != nil {
			for _, step := range p.Data.Steps {
				t.steps[uid][step.ID] = cmp.Or(s.Words(v, step.Title), step.ID)
			}
		}
	}
	title, there = t.steps[uid][id]
	return cmp.Or(title, id), there, nil
}

// noteLine is a note as the list shows it.
func (s *Studio) noteLine(v *frame.Visit, project string, n store.Note, t titles) (views.NoteLine, error) {
	line := views.NoteLine{
		Key: n.Key, Kind: string(n.Kind), Text: n.Text, Procedure: cmp.Or(t.procedures[n.Procedure], v.Words.T("notes.procedure_gone")), Version: n.Version, Language: n.Language,
		At: n.At, Ago: v.Words.Ago(n.At, s.Now()), Done: !n.Done.IsZero(), Answer: n.Answer,
		Report: "/studio/p/" + project + "/executions/" + n.Execution,
	}
	if n.Kind == store.NoteOpinion {
		line.Score = drive.ScoreWords(v, n.Scale, n.Score)
	}
	if n.Answer != "" {
		line.AnsweredBy, line.Answered = s.NameOf(v, n.AnsweredBy), n.Answered
	}
	if n.Step == "" {
		line.Step = v.Words.T("notes.at_the_end")
		return line, nil
	}
	title, there, err := s.step(v, t, project, n.Procedure, n.Step)
	line.Step = title
	if there {
		line.URL = ProcedureURL(project, n.Procedure) + "?step=" + n.Step
	}
	return line, err
}

// closeNotes closes the notes chosen, or opens them again.
func (s *Studio) closeNotes(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	project, keys, done := v.PathValue("project"), v.PostForm["note"], v.PostFormValue("do") != "open"
	back := "/studio/p/" + project + "/notes" + backTo(v.PostFormValue("filter"))
	if len(keys) == 0 || len(keys) > 1000 {
		s.Say(w, ui.Warn, "notes.none_chosen")
		return frame.GoTo(w, v, back)
	}
	n, err := s.Activity.SetNotesDone(v.Context(), project, keys, done)
	if err != nil {
		return err
	}
	said := "notes.opened"
	if done {
		said = "notes.closed"
	}
	s.Say(w, ui.OK, said, strconv.FormatInt(n, 10))
	return frame.GoTo(w, v, back)
}

// backTo is the query of the list that a form came from.
func backTo(filter string) string {
	q, err := url.ParseQuery(filter)
	if err != nil || len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// answerNote keeps a writer's answer, which the visitor finds in their report,
// and closes the note.
func (s *Studio) answerNote(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	project := v.PathValue("project")
	answer := strings.TrimSpace(strings.ToValidUTF8(v.PostFormValue("answer"), ""))
	if answer == "" || len([]rune(answer)) > maxReply {
		return s.refuseAnswer(w, v, fault.New(fault.Invalid, "fault.note.answer"))
	}
	var seen time.Time
	if at, err := strconv.ParseInt(v.PostFormValue("seen"), 10, 64); err == nil && at > 0 {
		seen = time.UnixMicro(at)
	}
	err := s.Activity.AnswerNote(v.Context(), project, v.PostFormValue("note"), seen, answer, v.Who.ID)
	if fault.Is(err, fault.Conflict) {
		return s.refuseAnswer(w, v, fault.New(fault.Conflict, "fault.note.answered"))
	}
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, "notes.answered")
	return frame.GoTo(w, v, "/studio/p/"+project+"/notes"+backTo(v.PostFormValue("filter")))
}

// refuseAnswer shows the notes with an answer as it was typed. One that a
// colleague has answered meanwhile is closed by that, and shown all the same.
func (s *Studio) refuseAnswer(w http.ResponseWriter, v *frame.Visit, why error) error {
	q, err := url.ParseQuery(v.PostFormValue("filter"))
	if err != nil {
		return frame.Unreadable(err)
	}
	if fault.Is(why, fault.Conflict) {
		q.Set("state", "all")
	}
	page, err := s.notesPage(w, v, q)
	if err != nil {
		return err
	}
	page.Refused, page.Typed, page.Wrong = v.PostFormValue("note"), v.PostFormValue("answer"), v.Why(why)
	return frame.ShowStatus(w, v, frame.Statuses[fault.KindOf(why)], page.View())
}

// notesTable gives the notes of a filter out.
func (s *Studio) notesTable(w http.ResponseWriter, v *frame.Visit) error {
	project := v.PathValue("project")
	f, _ := noteFilter(project, v.URL.Query())
	if err := s.Content.Audit(v.Context(), v.Who.ID, "note.export", "project:"+project, map[string]string{"filter": v.URL.RawQuery}); err != nil {
		return err
	}
	names, err := s.noteTitles(v, project)
	if err != nil {
		return err
	}
	var columns []string
	for _, key := range []string{"notes.at", "notes.kind", "notes.procedure", "notes.step", "executions.version", "notes.text", "notes.given", "notes.state", "notes.answer"} {
		columns = append(columns, v.Words.T(key))
	}
	f.After, f.Limit = "", tablePage
	done := false
	return s.SendTable(w, v, frame.Table{Name: "notes", Head: columns, Next: func() ([][]string, error) {
		if done {
			return nil, nil
		}
		found, err := s.Activity.Notes(v.Context(), f)
		if err != nil || len(found) == 0 {
			return nil, err
		}
		done, f.After = len(found) < f.Limit, found[len(found)-1].Cursor()
		table := make([][]string, len(found))
		for i, n := range found {
			line, err := s.noteLine(v, project, n, names)
			if err != nil {
				return nil, err
			}
			state := "notes.state.open"
			if line.Done {
				state = "notes.state.done"
			}
			table[i] = []string{line.At.Format(time.RFC3339), v.Words.T("notes.kind." + line.Kind), line.Procedure, line.Step, line.Version, line.Text, line.Score, v.Words.T(state), line.Answer}
		}
		return table, nil
	}})
}
