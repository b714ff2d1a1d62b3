package signin

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// passwords shows how passwords are kept here.
func (s *Room) passwords(w http.ResponseWriter, v *frame.Visit) error {
	settings, version, err := s.Desk.Settings(v.Context())
	if err != nil {
		return err
	}
	m, err := settings.Method(admission.InternalID)
	if err != nil {
		return err
	}
	page, err := s.passwordsPage(w, v, m.Kept, version)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *Room) passwordsPage(w http.ResponseWriter, v *frame.Visit, kept admission.Kept, version int64) (views.AdminPasswords, error) {
	page := views.AdminPasswords{
		Office: s.Office(w, v, where, v.Words.T("method.internal")), Version: version, Resets: !kept.NoReset,
		Shortest: strconv.Itoa(login.Rule{Shortest: kept.Shortest}.Length()), Least: login.Shortest, Most: login.MostShortest,
	}
	page.Words = views.FormField{Input: ui.Input{Name: "words", Label: v.Words.T("admin.passwords.words"), Help: v.Words.T("admin.passwords.words.help"), Value: strings.Join(kept.Words, "\n")}, Rows: 4}
	list, wrong := s.Desk.Breached()
	page.Breached = views.BreachedFacts{Active: list != nil, Broken: wrong != nil}
	if list != nil {
		bytes, passwords := list.Facts()
		page.Breached.Size = v.Words.T("admin.breached.size", v.Words.Size(bytes))
		if passwords > 0 {
			page.Breached.Size = v.Words.N("admin.breached.count", passwords)
		}
	}
	var err error
	page.ByMail, err = s.Post.Links(v.Context())
	return page, err
}

// savePasswords keeps another way of keeping them.
func (s *Room) savePasswords(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	kept := admission.Kept{NoReset: v.PostFormValue("resets") != "yes", Words: readWords(v.PostFormValue("words"))}
	var err error
	if kept.Shortest, err = strconv.Atoi(v.PostFormValue("shortest")); err != nil || kept.Shortest == 0 {
		kept.Shortest = -1 // no number is one that is refused
	}
	err = s.change(v, func(settings admission.Settings) (admission.Settings, error) {
		m, err := settings.Method(admission.InternalID)
		m.Kept = kept
		return settings.Put(m), err
	})
	kind := fault.KindOf(err)
	switch {
	case err == nil:
		s.Say(w, ui.OK, "admin.method.saved")
		return frame.GoTo(w, v, "/admin/sign-in/internal")
	case kind != fault.Invalid && kind != fault.Conflict:
		return err
	}
	_, version, perr := s.Desk.Settings(v.Context())
	if perr != nil {
		return perr
	}
	page, perr := s.passwordsPage(w, v, kept, version)
	if perr != nil {
		return perr
	}
	page.Shortest, page.Stale = v.PostFormValue("shortest"), kind == fault.Conflict
	page.Wrong = map[string]string{}
	for _, field := range []string{"shortest", "words"} {
		if wrong := v.FieldTexts(err)[admission.InternalID+"."+field]; wrong != "" {
			page.Wrong[field] = wrong
		}
	}
	page.Words.Wrong = page.Wrong["words"]
	return frame.ShowStatus(w, v, frame.Statuses[kind], page.View())
}

// readWords reads words, one a line, each once.
func readWords(text string) (words []string) {
	for line := range strings.Lines(text) {
		if w := strings.Join(strings.Fields(line), " "); w != "" && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}
