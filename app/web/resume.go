package web

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// A resume code lets a person go on on another device. It is short enough to be
// typed: 60 random bits, good once, guessed at most once a second from one
// address. What is kept of it is a keyed mark, so that a copy of the database
// opens nothing.
const (
	codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // Crockford's: none looks like another
	codeLength  = 12
)

// newCode makes a code.
func newCode() string {
	random := make([]byte, codeLength)
	rand.Read(random)
	for i, b := range random {
		random[i] = codeLetters[b%byte(len(codeLetters))]
	}
	return string(random)
}

// readCode returns a code as it was made, however it was typed; "" for what is
// none.
func readCode(typed string) string {
	var code strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch r {
		case ' ', '-', '\u2011', '\u00a0', '\u202f':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if !strings.ContainsRune(codeLetters, r) || code.Len() == codeLength {
			return ""
		}
		code.WriteRune(r)
	}
	if code.Len() != codeLength {
		return ""
	}
	return code.String()
}

// spaced writes a code as people read it.
func spaced(code string) string { return code[:4] + "-" + code[4:8] + "-" + code[8:] }

// pause keeps an execution aside and says how to come back to it.
func (s *Site) pause(w http.ResponseWriter, v *visit, j *journey, at stand) error {
	code := newCode()
	name := s.entryName(v, v.pass)
	if err := s.activity.PauseExecution(v.Context(), v.pass.execution, s.keys.mark("resume", code), name); err != nil {
		return err
	}
	v.words = ui.In(at.page.Language, v.words.Lang())
	here := place{domain: v.pass.domain, project: j.project()}
	page := views.Paused{
		Chrome: s.portalChrome(v, here, v.words.T("paused.title")), Name: name, Code: spaced(code), Link: s.whole(v, "/resume/"+code),
		Action: "/x/" + v.pass.execution, Portal: ui.Place{Name: v.words.T("player.leave"), URL: here.address()},
	}
	return show(w, v, page.View())
}

// whole is an address with the server in front of it.
func (s *Site) whole(v *visit, path string) string {
	if s.origin != "" {
		return s.origin + path
	}
	scheme := "http"
	if v.secure {
		scheme = "https"
	}
	return scheme + "://" + v.Host + path
}

// resumePage asks for a code, or shows the one of the address. Nothing is
// opened before the button is pressed: links are fetched by more than people.
func (s *Site) resumePage(w http.ResponseWriter, v *visit) error {
	code := v.PathValue("code")
	if known := readCode(code); known != "" {
		code = spaced(known)
	}
	return show(w, v, s.resumeForm(v, code, "").View())
}

func (s *Site) resumeForm(v *visit, code, wrong string) views.Resume {
	return views.Resume{Chrome: v.chrome(ui.Portal, v.words.T("resume.title")), Code: code[:min(len(code), 40)], Wrong: wrong}
}

// resume opens the execution of a code in this browser. One that was begun
// with an account is opened to that account only.
func (s *Site) resume(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return unreadable(err)
	}
	typed := v.PostFormValue("code")
	e, err := s.pausedBy(v, readCode(typed))
	if fault.Is(err, fault.NotFound) {
		return showStatus(w, v, http.StatusUnprocessableEntity, s.resumeForm(v, typed, v.words.T("fault.resume.code")).View())
	}
	if err != nil {
		return err
	}
	if e.User != "" && !v.who.SignedIn() {
		return goTo(w, v, "/login?next="+url.QueryEscape("/resume/"+readCode(typed)))
	}
	if err := s.activity.PauseExecution(v.Context(), e.ID, "", ""); err != nil {
		return err
	}
	if e.User == "" {
		http.SetCookie(w, &http.Cookie{
			Name: resumedCookie, Value: s.keys.sign("resumed", e.ID), Path: "/x/" + e.ID, MaxAge: int(30 * 24 * time.Hour / time.Second),
			HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
		})
	}
	return goTo(w, v, "/x/"+e.ID)
}

// pausedBy finds the execution of a code, as far as the visitor may have it.
func (s *Site) pausedBy(v *visit, code string) (store.Execution, error) {
	if code == "" {
		return store.Execution{}, fault.New(fault.NotFound, "fault.resume.code")
	}
	e, err := s.activity.PausedExecution(v.Context(), s.keys.mark("resume", code))
	if err == nil && e.User != "" && v.who.SignedIn() && e.User != v.who.ID {
		return e, fault.New(fault.NotFound, "fault.resume.code")
	}
	return e, err
}
