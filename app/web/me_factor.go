package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/login/factor"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/store/people"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// factors shows what the person has to show beside a password, or instead of one.
func (s *hall) factors(w http.ResponseWriter, v *frame.Visit) error {
	page, _, err := s.factorsPage(w, v)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *hall) factorsPage(w http.ResponseWriter, v *frame.Visit) (views.Factors, store.User, error) {
	u, err := s.Content.User(v.Context(), v.Who.ID)
	if err != nil {
		return views.Factors{}, u, err
	}
	page := views.Factors{Chrome: v.Chrome(ui.Portal, v.Words.T("factors.title")), Login: u.Login}
	if page.Must, err = s.Desk.MustAdd(v.Context(), u, v.Proof); err != nil {
		return page, u, err
	}
	all, err := s.Content.Factors(v.Context(), u.ID)
	if err != nil {
		return page, u, err
	}
	for _, f := range all {
		row := views.FactorRow{ID: f.ID, Name: f.Name, Created: f.Created, Used: f.Used}
		switch f.Kind {
		case people.Code:
			page.App = &row
		case people.Recovery:
			if row.Left, err = s.Desk.RecoveryLeft(f); err != nil {
				return page, u, err
			}
			page.Recovery = &row
		case people.Passkey:
			page.Passkeys = append(page.Passkeys, row)
		}
	}
	_, err = s.keyParty(v)
	page.Keys, page.Others = err == nil, v.Method == http.MethodGet || v.PostFormValue("others") == "yes"
	if s.mustProve(v, u, page.App != nil || len(page.Passkeys) > 0) {
		page.Again = againAt("/me/factors")
	}
	page.Flash = s.Said(w, v)
	if page.Again == "" && v.URL.Query().Get("add") == "app" || v.PostFormValue("secret") != "" {
		return page, u, s.offerApp(v, u, &page)
	}
	return page, u, nil
}

// secretPurpose is what the secret of an app is sealed for while its page is open.
const secretPurpose = "factor/new"

// offerApp shows the secret that an authenticator app is to learn.
func (s *hall) offerApp(v *frame.Visit, u store.User, page *views.Factors) error {
	secret, err := s.Store.Keys.Unseal(secretPurpose, v.PostFormValue("secret"))
	if err != nil {
		secret = factor.NewSecret()
	}
	qr, err := factor.Draw(factor.URL(secret, "Self Help", u.Login))
	page.New = &views.NewApp{Sealed: s.Store.Keys.Seal(secretPurpose, secret), Secret: spaced(secret), Size: qr.Size, Path: qr.Path}
	return err
}

// spaced writes a secret in groups of four, as people type it.
func spaced(secret string) string {
	var parts []string
	for ; len(secret) > 4; secret = secret[4:] {
		parts = append(parts, secret[:4])
	}
	return strings.Join(append(parts, secret), " ")
}

// mustProve reports whether somebody has to sign in again before they change what
// they have to show: a password alone, which is asked for as well, is not all that
// they show, or they have none here.
func (s *hall) mustProve(v *frame.Visit, u store.User, second bool) bool {
	return (second || u.Password == "") && !s.JustProved(v)
}

// sure asks the password again of who changes what they have to show. People of a
// provider have none here. The page has a form for each thing that can be changed, so
// that what is wrong is said in the one that was sent.
func (s *hall) sure(v *frame.Visit, u store.User) error {
	field := "present-" + v.PostFormValue("of")
	tried := login.Name{Of: login.Own, ID: "password:" + u.ID}
	if s.Guesses.Take(s.Now(), tried) > 0 {
		return fault.InField(field, "fault.password.wait")
	}
	e, err := s.Desk.Recognise(v.Context(), login.First, u.Login, v.PostFormValue("present"))
	switch {
	case err == nil && e.User.ID == u.ID:
		s.Guesses.Succeeded(tried)
		return nil
	case err == nil || fault.Is(err, fault.Unauthenticated):
		if known, err := s.Content.IdentitiesOf(v.Context(), u.ID); err == nil && u.Password == "" && len(known) > 0 && !s.Desk.Types(v.Context(), known) {
			s.Guesses.Return(tried)
			return nil
		}
		return fault.InField(field, "fault.password.present")
	}
	s.Guesses.Return(tried)
	return err
}

// addApp keeps an authenticator app, once it gave a right code.
func (s *hall) addApp(w http.ResponseWriter, v *frame.Visit) error {
	return s.changeFactors(w, v, func(u store.User) error {
		secret, err := s.Store.Keys.Unseal(secretPurpose, v.PostFormValue("secret"))
		if err != nil {
			return fault.InField("code", "fault.factor.code")
		}
		return s.Desk.AddCode(v.Context(), u.ID, secret, v.PostFormValue("code"))
	}, "factors.app.added", true)
}

// removeFactor takes away what the person had to show.
func (s *hall) removeFactor(w http.ResponseWriter, v *frame.Visit) error {
	return s.changeFactors(w, v, func(u store.User) error {
		return s.Content.RemoveFactor(v.Context(), u.ID, v.PostFormValue("factor"), u.ID)
	}, "factors.removed", false)
}

// newRecovery gives new recovery codes.
func (s *hall) newRecovery(w http.ResponseWriter, v *frame.Visit) error {
	return s.changeFactors(w, v, func(store.User) error { return nil }, "", true)
}

// changeFactors changes something, once the person has given their password, and
// shows new recovery codes where some are due.
func (s *hall) changeFactors(w http.ResponseWriter, v *frame.Visit, do func(store.User) error, said string, recovery bool) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	page, u, err := s.factorsPage(w, v)
	if err != nil {
		return err
	}
	if page.Again != "" {
		return proveAgain(w, v, "/me/factors")
	}
	if err = s.sure(v, u); err == nil {
		err = do(u)
	}
	if fields := v.FieldTexts(err); fields != nil {
		page.Wrong = fields
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if err != nil {
		return err
	}
	if err := s.settleFactors(w, v, u); err != nil {
		return err
	}
	if recovery {
		shown, err := s.Desk.NewRecovery(v.Context(), u.ID)
		if err != nil {
			return err
		}
		return frame.Show(w, v, views.RecoveryCodes{Chrome: v.Chrome(ui.Portal, v.Words.T("recovery.title")), Codes: shown}.View())
	}
	s.Say(w, ui.OK, said)
	return frame.GoTo(w, v, "/me/factors")
}

// settleFactors goes on after what somebody shows was changed: their session has
// another token, for they have proved who they are; others end when they want it,
// and they are told.
func (s *hall) settleFactors(w http.ResponseWriter, v *frame.Visit, u store.User) error {
	if v.PostFormValue("others") == "yes" {
		s.tellOf(v, u, s.Post.TellFactors)
		return s.stopOthers(w, v)
	}
	s.Sessions.Forget()
	s.tellOf(v, u, s.Post.TellFactors)
	return s.Sessions.Rotate(v.Context(), w, v.Token)
}

// tellOf writes to somebody about a change of how they sign in. The change is made
// and stays: that the letter could not be written is for those who operate.
func (s *hall) tellOf(v *frame.Visit, u store.User, tell func(context.Context, store.User, string) error) {
	if err := tell(v.Context(), u, v.Words.Lang()); err != nil {
		s.Log.ErrorContext(v.Context(), "a letter about a change of sign-in could not be written", "request", v.ID, "err", err)
	}
}

// askNewKey asks a browser for a new passkey.
func (s *hall) askNewKey(w http.ResponseWriter, v *frame.Visit) error {
	u, err := s.Content.User(v.Context(), v.Who.ID)
	if err != nil {
		return err
	}
	party, err := s.keyParty(v)
	if err != nil {
		return err
	}
	holder, err := s.Desk.Holder(v.Context(), u)
	if err != nil {
		return err
	}
	options, kept, err := party.BeginRegistration(holder, s.Now())
	if err != nil {
		return err
	}
	body, err := json.Marshal(kept)
	if err == nil {
		err = s.depart(w, passage{Method: passkeyPassage, Out: true, Kept: body})
	}
	if err != nil {
		return err
	}
	return sendOptions(w, options)
}

// addKey keeps a new passkey.
func (s *hall) addKey(w http.ResponseWriter, v *frame.Visit) error {
	return s.changeFactors(w, v, func(u store.User) error {
		p := s.comeBack(w, v, passkeyPassage, true)
		var kept factor.Kept
		if p.Kept == nil || json.Unmarshal(p.Kept, &kept) != nil {
			return fault.InField("name", "fault.passkey.refused")
		}
		party, err := s.keyParty(v)
		if err != nil {
			return err
		}
		holder, err := s.Desk.Holder(v.Context(), u)
		if err != nil {
			return err
		}
		holder.Handle = kept.Handle
		c, err := party.FinishRegistration(v.Context(), holder, kept, []byte(v.PostFormValue("answer")), s.Activity.Spent(), s.Now())
		if fault.Is(err, fault.Unauthenticated) || fault.Is(err, fault.Invalid) {
			return fault.InField("name", "fault.passkey.refused")
		}
		if err != nil {
			return err
		}
		name := strings.TrimSpace(v.PostFormValue("name"))
		if access.WrongTitle(name) != "" {
			return fault.InField("name", "fault.passkey.name")
		}
		return s.Desk.AddPasskey(v.Context(), u.ID, name, holder, c)
	}, "factors.passkey.added", false)
}
