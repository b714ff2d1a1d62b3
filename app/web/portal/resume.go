package portal

import (
	"net/http"
	"net/url"

	"selfhelp/app/fault"
	"selfhelp/app/web/drive"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// aside marks the address of the page that says how to come back: another than
// that of the page it was put aside on, so that the browser's Back leads there.
const aside = "?aside"

// pause keeps an execution aside and says how to come back to it.
func (s *Portal) pause(w http.ResponseWriter, v *frame.Visit, j *drive.Journey, at drive.Stand) error {
	code := drive.NewCode()
	name := s.EntryName(v, v.Pass)
	if err := s.Activity.PauseExecution(v.Context(), v.Pass.Execution, s.Keys.Mark("resume", code), name); err != nil {
		return err
	}
	v.Words = ui.In(at.Page.Language, v.Words.Lang())
	here := frame.Place{Domain: v.Pass.Domain, Project: j.Project()}
	page := views.Paused{
		Chrome: s.PortalChrome(v, here, v.Words.T("paused.title")), Name: name, Code: drive.Spaced(code), Link: s.whole(v, "/resume/"+code),
		Action: "/x/" + v.Pass.Execution, Portal: ui.Place{Name: v.Words.T("player.leave"), URL: here.Address()},
	}
	w.Header().Set("Swap-Url", drive.PageAddress(v.Pass.Execution, at.Page.Address)+aside)
	return frame.Show(w, v, page.View())
}

// whole is an address with the server in front of it.
func (s *Portal) whole(v *frame.Visit, path string) string {
	if s.Origin != "" {
		return s.Origin + path
	}
	scheme := "http"
	if v.Secure {
		scheme = "https"
	}
	return scheme + "://" + v.Host + path
}

// resumePage asks for a code, or shows the one of the address. Nothing is
// opened before the button is pressed: links are fetched by more than people.
func (s *Portal) resumePage(w http.ResponseWriter, v *frame.Visit) error {
	code := v.PathValue("code")
	if known := drive.ReadCode(code); known != "" {
		code = drive.Spaced(known)
	}
	return frame.Show(w, v, s.resumeForm(v, code, "").View())
}

func (s *Portal) resumeForm(v *frame.Visit, code, wrong string) views.Resume {
	return views.Resume{Chrome: v.Chrome(ui.Portal, v.Words.T("resume.title")), Code: code[:min(len(code), 40)], Wrong: wrong}
}

// resume opens the execution of a code in this browser. One that was begun
// with an account is opened to that account only.
func (s *Portal) resume(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	typed := v.PostFormValue("code")
	e, err := s.pausedBy(v, drive.ReadCode(typed))
	if fault.Is(err, fault.NotFound) {
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, s.resumeForm(v, typed, v.Words.T("fault.resume.code")).View())
	}
	if err != nil {
		return err
	}
	if e.User != "" && !v.Who.SignedIn() {
		return frame.GoTo(w, v, "/login?next="+url.QueryEscape("/resume/"+drive.ReadCode(typed)))
	}
	hash, err := s.Activity.UseCode(v.Context(), e.ID, s.Keys.Marks("resume", drive.ReadCode(typed)), s.OwnServer())
	if fault.Is(err, fault.NotFound) { // somebody was quicker
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, s.resumeForm(v, typed, v.Words.T("fault.resume.code")).View())
	}
	if err != nil {
		return err
	}
	if e.User == "" {
		s.GiveResumed(w, drive.Resumed{Execution: e.ID, Code: hash, Server: s.OwnServer()})
	}
	if err := s.carryResumed(w, v, e); err != nil {
		return err
	}
	return frame.GoTo(w, v, "/x/"+e.ID)
}

// carryResumed has the browser carry along the execution of a code: another server
// may not know it.
func (s *Portal) carryResumed(w http.ResponseWriter, v *frame.Visit, e store.Execution) error {
	if !s.IsOneOfSeveral() {
		return nil
	}
	if _, err := s.KeptExecution(v, e.ID); err != nil {
		return err
	}
	if v.Who.ID == "" {
		v.Who.ID = drive.ResumedOwner(e.ID)
	}
	j, last, err := s.Reopen(v)
	if err != nil {
		return err
	}
	at, err := j.StandAt(string(last.State), last.Seq, "")
	if err == nil {
		s.Carry(w, v, at)
	}
	return err
}

// pausedBy finds the execution of a code, as far as the visitor may have it.
func (s *Portal) pausedBy(v *frame.Visit, code string) (store.Execution, error) {
	if code == "" {
		return store.Execution{}, fault.New(fault.NotFound, "fault.resume.code")
	}
	e, err := s.Activity.PausedExecution(v.Context(), s.Keys.Marks("resume", code))
	if err == nil && e.User != "" && v.Who.SignedIn() && e.User != v.Who.ID {
		return e, fault.New(fault.NotFound, "fault.resume.code")
	}
	return e, err
}
