package admin

import (
	"net/http"
	"strconv"

	"selfhelp/app/connect/mail"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/watch"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// lettersShown is how many letters the page of the mail server lists.
const lettersShown = 50

// mail shows the mail server, and the letters that are not with it.
func (s *Admin) mail(w http.ResponseWriter, v *frame.Visit) error {
	server, version, err := s.Post.Server(v.Context())
	if err != nil {
		return err
	}
	page, err := s.mailPage(w, v, server, version, nil)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// mailPage is the page with these settings in its form.
func (s *Admin) mailPage(w http.ResponseWriter, v *frame.Visit, server mail.Server, version int64, wrong map[string]string) (views.AdminMail, error) {
	kept, _, err := s.Post.Server(v.Context())
	if err != nil {
		return views.AdminMail{}, err
	}
	page := views.AdminMail{
		Office: s.Office(w, v, "mail", v.Words.T("admin.mail")), Version: version, Wrong: wrong, On: kept.Host != "", Nowhere: s.Post.Address() == "",
		Sections: mailSections(v, server, kept.Password != "", wrong),
	}
	me, err := s.Content.User(v.Context(), v.Who.ID)
	if err != nil {
		return page, err
	}
	page.To = me.Mail
	return page, s.fillLetters(v, &page)
}

// fillLetters adds the letters that are not with the mail server.
func (s *Admin) fillLetters(v *frame.Visit, page *views.AdminMail) error {
	waiting, err := s.Post.Backlog(v.Context(), store.MessageWaiting)
	if err != nil {
		return err
	}
	lost, err := s.Post.Backlog(v.Context(), store.MessageFailed)
	if err != nil {
		return err
	}
	page.Waiting, page.LostAll = waiting.Count, lost.Count
	if page.Late, err = s.letters(v, store.MessageWaiting); err != nil {
		return err
	}
	page.Lost, err = s.letters(v, store.MessageFailed)
	return err
}

// letters are those in a state that were tried.
func (s *Admin) letters(v *frame.Visit, state store.MessageState) (rows []views.LetterRow, err error) {
	list, err := s.Post.Undelivered(v.Context(), state, lettersShown)
	for _, l := range list {
		if l.Why != "" {
			rows = append(rows, views.LetterRow{ID: l.ID, To: l.To, Subject: l.Subject, At: l.At, Due: l.Due, Attempts: l.Attempts, Why: v.Words.T(l.Why, l.Args...)})
		}
	}
	return rows, err
}

// saveMail keeps another mail server.
func (s *Admin) saveMail(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	kept, _, err := s.Post.Server(v.Context())
	if err != nil {
		return err
	}
	return s.keepMail(w, v, readMail(v, kept), "admin.mail.saved")
}

// removeMail ends that letters are sent.
func (s *Admin) removeMail(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	return s.keepMail(w, v, mail.Server{}, "admin.mail.removed")
}

func (s *Admin) keepMail(w http.ResponseWriter, v *frame.Visit, server mail.Server, said string) error {
	version, err := strconv.ParseInt(v.PostFormValue("version"), 10, 64)
	if err != nil {
		return frame.Unreadable(err)
	}
	err = s.Post.SaveServer(v.Context(), server, version, v.Who.ID)
	kind := fault.KindOf(err)
	switch {
	case err == nil:
		s.Say(w, ui.OK, said)
		return frame.GoTo(w, v, "/admin/mail")
	case kind != fault.Invalid && kind != fault.Conflict:
		return err
	}
	stale := kind == fault.Conflict
	if stale {
		var perr error
		if _, version, perr = s.Post.Server(v.Context()); perr != nil {
			return perr
		}
	}
	page, perr := s.mailPage(w, v, server, version, v.FieldTexts(err))
	if perr != nil {
		return perr
	}
	page.Stale = stale
	return frame.ShowStatus(w, v, frame.Statuses[kind], page.View())
}

// testMail sends a letter to the person themselves, and shows what was said.
func (s *Admin) testMail(w http.ResponseWriter, v *frame.Visit) error {
	me, err := s.Content.User(v.Context(), v.Who.ID)
	if err != nil {
		return err
	}
	if me.Mail == "" {
		return fault.New(fault.Invalid, "admin.mail.test.nobody")
	}
	if err := s.Content.Audit(v.Context(), v.Who.ID, "mail.test", "setting:mail", nil); err != nil {
		return err
	}
	trace, failed := s.Post.Try(v.Context(), me, v.Words)
	page := views.AdminMailTest{
		Office: s.Office(w, v, "mail", v.Words.T("admin.mail.test")), Tone: ui.OK,
		Outcome: v.Words.T("admin.mail.test.sent", me.Mail), Trace: TraceRows(v, trace.Lines),
	}
	if failed != nil {
		key, args := fault.TextOf(failed)
		page.Tone, page.Outcome = ui.Wrong, v.Words.T(key, args...)
		if advice := key + ".do"; v.Words.Has(advice) {
			page.Advice = v.Words.T(advice)
		}
	}
	return frame.Show(w, v, page.View())
}

// settleLetter tries a letter that was given up again, or has it forgotten.
func (s *Admin) settleLetter(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	id, err := strconv.ParseInt(v.PathValue("letter"), 10, 64)
	if err != nil {
		return fault.Because(fault.NotFound, err, "fault.not_found")
	}
	said := "admin.mail.dropped"
	if v.PostFormValue("do") == "again" {
		said = "admin.mail.tried"
		err = s.Post.Again(v.Context(), id)
	} else {
		err = s.Activity.DropMessage(v.Context(), id)
	}
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, said)
	return frame.GoTo(w, v, "/admin/mail")
}

// examineMail says which letters are not with the mail server.
func (s *Admin) examineMail(v *frame.Visit, page *views.AdminHome) error {
	lost, err := s.Post.Backlog(v.Context(), store.MessageFailed)
	if err != nil {
		return err
	}
	waiting, err := s.Post.Backlog(v.Context(), store.MessageWaiting)
	if err != nil {
		return err
	}
	if lost.Count > 0 {
		page.Alerts = append(page.Alerts, views.Alert{Tone: ui.Warn, What: v.Words.N("admin.mail.lost", lost.Count), Do: v.Words.T("admin.alert.mail.do"), URL: "/admin/mail#lost"})
	}
	if waiting.Attempts >= watch.Stuck {
		page.Alerts = append(page.Alerts, views.Alert{
			Tone: ui.Wrong, What: v.Words.T("admin.alert.mail", v.Words.Ago(waiting.Since, s.Now())),
			Do: v.Words.T("admin.alert.mail.do"), URL: "/admin/mail#waiting",
		})
	}
	return nil
}

// TraceRows are the lines of a trace as pages show them.
func TraceRows(v *frame.Visit, lines []login.TraceLine) (rows []views.TraceRow) {
	for _, l := range lines {
		rows = append(rows, views.TraceRow{After: v.Words.T("admin.trace.ms", strconv.FormatInt(l.After.Milliseconds(), 10)), Sent: said(v, l.Sent), Worded: l.Sent.Key != "", Answer: said(v, l.Answer), Failed: l.Failed})
	}
	return rows
}

// said is one side of an exchange in the language of the page.
func said(v *frame.Visit, s login.Said) string {
	if s.Key == "" {
		return s.Text
	}
	args := make([]any, len(s.Args))
	for i, a := range s.Args {
		args[i] = a
	}
	return v.Words.T(s.Key, args...)
}
