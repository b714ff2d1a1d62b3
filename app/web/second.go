package web

import (
	"encoding/json"
	"net/http"
	"time"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/login/factor"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// The passages of somebody who has given a password and not yet the rest, and of
// a passkey that was asked for.
const (
	secondPassage  = "second"
	passkeyPassage = "passkey"
)

// overKey is the sentence for who took too long, or gave no password.
const overKey = "fault.second.over"

// half is somebody who has given their password.
type half struct {
	User    string       `json:"u"`
	Method  string       `json:"m"`
	RunOnly bool         `json:"r,omitempty"`
	Without []string     `json:"w,omitempty"`
	Era     string       `json:"e,omitempty"` // of the account, then
	Since   int64        `json:"s"`           // milliseconds since 1970
	Asked   *factor.Kept `json:"a,omitempty"` // of a passkey
}

// second asks for what somebody shows beside their password, if there is
// anything; else it lets them in.
func (s *hall) second(w http.ResponseWriter, v *frame.Visit, e admission.Entry, next string) error {
	code, passkey, err := s.Desk.HasSecond(v.Context(), e.User.ID)
	if err != nil {
		return err
	}
	if !code && !passkey {
		e.Proved = s.Now()
		return s.welcome(w, v, e, next)
	}
	h := half{User: e.User.ID, Method: e.Method, RunOnly: e.RunOnly, Without: e.Without, Era: e.User.Era, Since: s.Now().UnixMilli()}
	if err := s.departHalf(w, h, next); err != nil {
		return err
	}
	return frame.GoTo(w, v, "/login/second")
}

func (s *hall) departHalf(w http.ResponseWriter, h half, next string) error {
	body, err := json.Marshal(h)
	if err != nil {
		return err
	}
	return s.depart(w, passage{Method: secondPassage, Kept: body, Next: next})
}

// halfway returns who has given their password in this browser, and where they
// were going. It leaves the passage: a wrong code may be typed again.
func (s *hall) halfway(v *frame.Visit) (h half, e admission.Entry, next string, err error) {
	p, ok := s.peek(v, secondPassage, false)
	if !ok || json.Unmarshal(p.Kept, &h) != nil {
		return h, e, "", fault.New(fault.Invalid, overKey)
	}
	e = admission.Entry{Method: h.Method, RunOnly: h.RunOnly, Without: h.Without}
	e.User, err = s.Content.User(v.Context(), h.User)
	ended := err == nil && !e.User.Counts(h.Era, time.UnixMilli(h.Since)) // the password is another, or they were signed out
	if ended || fault.Is(err, fault.NotFound) {
		err = fault.New(fault.Invalid, overKey)
	}
	return h, e, p.Next, err
}

// secondPage asks for the code.
func (s *hall) secondPage(w http.ResponseWriter, v *frame.Visit) error {
	_, e, _, err := s.halfway(v)
	if fault.Is(err, fault.Invalid) {
		return s.showSignIn(w, v, http.StatusUnprocessableEntity, "/", "", v.Words.T(overKey))
	}
	if err != nil {
		return err
	}
	return s.showSecond(w, v, e, http.StatusOK, "")
}

func (s *hall) showSecond(w http.ResponseWriter, v *frame.Visit, e admission.Entry, status int, wrong string) error {
	code, passkey, err := s.Desk.HasSecond(v.Context(), e.User.ID)
	if err != nil {
		return err
	}
	c := v.Chrome(ui.Portal, v.Words.T("second.title"))
	c.Quiet = true
	return frame.ShowStatus(w, v, status, views.Second{Chrome: c, Code: code, Passkey: passkey, Wrong: wrong}.View())
}

// takeSecond checks the code, and lets the person in.
func (s *hall) takeSecond(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	h, e, next, err := s.halfway(v)
	if v.PostFormValue("leave") == "yes" { // they are somebody else: what was proved so far is forgotten
		frame.DropCookie(w, s.CookieName(passageCookie))
		return frame.GoTo(w, v, frame.SignInAt(localPath(next)))
	}
	if fault.Is(err, fault.Invalid) {
		return s.showSignIn(w, v, http.StatusUnprocessableEntity, "/", "", v.Words.T(overKey))
	}
	if err != nil {
		return err
	}
	tried := login.Name{Of: login.Own, ID: "second:" + e.User.ID}
	if wait := s.Guesses.Take(s.Now(), tried); wait > 0 {
		return s.showSecond(w, v, e, http.StatusUnprocessableEntity, v.Words.T("fault.sign_in.wait", v.Words.Duration(wait.Round(time.Second)+time.Second)))
	}
	if answer := v.PostFormValue("answer"); answer != "" {
		err = s.takeSecondKey(v, h, e, answer)
	} else {
		err = s.Desk.TakeCode(v.Context(), e.User.ID, v.PostFormValue("code"))
	}
	if fault.Is(err, fault.Unauthenticated) {
		s.refuse(v, e.User)
		key, _ := fault.TextOf(err)
		return s.showSecond(w, v, e, http.StatusUnprocessableEntity, v.Words.T(key))
	}
	if err != nil {
		s.Guesses.Return(tried)
		return err
	}
	s.Guesses.Succeeded(tried)
	frame.DropCookie(w, s.CookieName(passageCookie))
	e.Proved = s.Now()
	return s.welcome(w, v, e, localPath(next))
}

// keyParty is us, as passkeys know us. Where the address is none for passkeys,
// nothing about them is found.
func (s *hall) keyParty(v *frame.Visit) (*factor.Party, error) {
	origin, err := s.origin(v)
	if err != nil {
		return nil, fault.Because(fault.NotFound, err, "fault.not_found")
	}
	party, err := factor.NewParty("Self Help", origin)
	if err != nil {
		return nil, fault.Because(fault.NotFound, err, "fault.not_found")
	}
	return party, nil
}

// askSecondKey asks for a passkey of somebody who has given their password.
func (s *hall) askSecondKey(w http.ResponseWriter, v *frame.Visit) error {
	h, e, next, err := s.halfway(v)
	if err != nil {
		return err
	}
	party, err := s.keyParty(v)
	if err != nil {
		return err
	}
	holder, err := s.Desk.Holder(v.Context(), e.User)
	if err != nil {
		return err
	}
	options, kept, err := party.BeginSecond(holder, s.Now())
	if err != nil {
		return err
	}
	h.Asked = &kept
	if err := s.departHalf(w, h, next); err != nil {
		return err
	}
	return sendOptions(w, options)
}

func sendOptions(w http.ResponseWriter, options json.RawMessage) error {
	w.Header().Set("Content-Type", "application/json")
	_, err := w.Write(options)
	return err
}

func (s *hall) takeSecondKey(v *frame.Visit, h half, e admission.Entry, answer string) error {
	party, err := s.keyParty(v)
	if err != nil {
		return err
	}
	holder, err := s.Desk.Holder(v.Context(), e.User)
	if err != nil {
		return err
	}
	if h.Asked == nil {
		return fault.New(fault.Unauthenticated, "fault.passkey.refused")
	}
	c, err := party.FinishSecond(v.Context(), holder, *h.Asked, []byte(answer), s.Activity.Spent(), s.Now())
	if err != nil {
		return err
	}
	return s.Desk.UsedPasskey(v.Context(), e.User.ID, c)
}

// askKey asks for a passkey of whoever is there.
func (s *hall) askKey(w http.ResponseWriter, v *frame.Visit) error {
	party, err := s.keyParty(v)
	if err != nil {
		return err
	}
	options, kept, err := party.BeginLogin(s.Now())
	if err != nil {
		return err
	}
	body, err := json.Marshal(kept)
	if err == nil {
		err = s.depart(w, passage{Method: passkeyPassage, Kept: body})
	}
	if err != nil {
		return err
	}
	return sendOptions(w, options)
}

// takeKey lets in who has shown a passkey: it is a password and more in one.
func (s *hall) takeKey(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	next := localPath(v.PostFormValue("next"))
	e, err := s.holderOf(w, v)
	if fault.Is(err, fault.Unauthenticated) || fault.Is(err, fault.Conflict) {
		return s.showSignIn(w, v, http.StatusUnprocessableEntity, next, "", v.Words.T("fault.passkey.refused"))
	}
	if err != nil {
		return err
	}
	e.Proved = s.Now()
	return s.welcome(w, v, e, next)
}

func (s *hall) holderOf(w http.ResponseWriter, v *frame.Visit) (e admission.Entry, err error) {
	p := s.comeBack(w, v, passkeyPassage, false)
	var kept factor.Kept
	if p.Kept == nil || json.Unmarshal(p.Kept, &kept) != nil {
		return e, fault.New(fault.Unauthenticated, "fault.passkey.refused")
	}
	party, err := s.keyParty(v)
	if err != nil {
		return e, err
	}
	find := func(handle []byte) (h factor.Holder, err error) {
		h, e.User, err = s.Desk.HolderOf(v.Context(), handle)
		return h, err
	}
	_, c, err := party.FinishLogin(v.Context(), kept, []byte(v.PostFormValue("answer")), find, s.Activity.Spent(), s.Now())
	if err != nil {
		return e, err
	}
	if err := s.Desk.UsedPasskey(v.Context(), e.User.ID, c); err != nil {
		return e, err
	}
	may := false
	if e, may, err = s.Desk.Keyed(v.Context(), e.User); err == nil && !may {
		err = fault.New(fault.Unauthenticated, "fault.passkey.refused")
	}
	return e, err
}
