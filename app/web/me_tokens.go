package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// tokenTerms are how many days a token may last.
var tokenTerms = []int{7, 30, 90, 365}

const (
	usualTerm    = 90
	maxTokenName = 100
)

// tokens shows the person's tokens.
func (s *hall) tokens(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.tokensPage(w, v)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// tokenRows are the tokens of an account, and how many are about to expire.
func (s *hall) tokenRows(v *frame.Visit, u store.User) (rows []views.TokenRow, soon int, err error) {
	all, err := s.Content.TokensOf(v.Context(), u.ID)
	for _, k := range all {
		row := s.TokenRow(v, k, u)
		if row.State == string(frame.TokenSoon) {
			soon++
		}
		rows = append(rows, row)
	}
	return rows, soon, err
}

func (s *hall) tokensPage(w http.ResponseWriter, v *frame.Visit) (views.Tokens, error) {
	page := views.Tokens{Chrome: v.Chrome(ui.Portal, v.Words.T("token.mine")), Form: tokenForm(v, nil, usualTerm)}
	u, err := s.Content.User(v.Context(), v.Who.ID)
	if err != nil {
		return page, err
	}
	if page.Rows, page.Soon, err = s.tokenRows(v, u); err != nil {
		return page, err
	}
	page.Flash = s.Said(w, v)
	return page, nil
}

// tokenForm offers what the person may give.
func tokenForm(v *frame.Visit, given []access.Scope, days int) views.TokenForm {
	form := views.TokenForm{Days: strconv.Itoa(days)}
	for _, d := range tokenTerms {
		form.Terms = append(form.Terms, views.Option{Value: strconv.Itoa(d), Name: v.Words.N("token.term", d)})
	}
	for _, scope := range access.Scopes() {
		if access.MayGive(v.Who, scope) {
			key := "scope." + string(scope)
			form.Scopes = append(form.Scopes, views.ScopeTick{
				Option: views.Option{Value: string(scope), Name: v.Words.T(key)}, Help: v.Words.T(key + ".help"), On: slices.Contains(given, scope),
			})
		}
	}
	return form
}

// createToken makes a token and shows its secret, this once.
func (s *hall) createToken(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	k, days, err := readToken(v, s.Now())
	secret, hash := frame.NewToken()
	if err == nil {
		k, err = s.Content.CreateToken(v.Context(), k, hash, v.Who.ID)
	}
	wrong := v.FieldTexts(err)
	if err != nil && wrong == nil {
		return err
	}
	page, failed := s.tokensPage(w, v)
	if failed != nil {
		return failed
	}
	if err != nil {
		page.Form = tokenForm(v, k.Scopes, days)
		page.Form.Name, page.Form.Wrong = k.Name, wrong
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	page.Made, page.MadeOf = secret, k.Name
	return frame.ShowStatus(w, v, http.StatusCreated, page.View())
}

// readToken reads the form of a new token, and says everything that is wrong
// with it at once.
func readToken(v *frame.Visit, now time.Time) (k store.Token, days int, err error) {
	wrong := map[string]string{}
	k = store.Token{User: v.Who.ID, Name: strings.TrimSpace(v.PostFormValue("name"))}
	if k.Name == "" || utf8.RuneCountInString(k.Name) > maxTokenName || !utf8.ValidString(k.Name) || strings.ContainsFunc(k.Name, isHidden) {
		wrong["name"] = "fault.token.name"
	}
	for _, scope := range access.Scopes() {
		if slices.Contains(v.PostForm["scope"], string(scope)) {
			k.Scopes = append(k.Scopes, scope)
		}
	}
	if len(k.Scopes) == 0 || len(k.Scopes) != len(v.PostForm["scope"]) || slices.ContainsFunc(k.Scopes, func(s access.Scope) bool { return !access.MayGive(v.Who, s) }) {
		wrong["scope"] = "fault.token.scopes"
	}
	days, err = strconv.Atoi(v.PostFormValue("days"))
	if err != nil || !slices.Contains(tokenTerms, days) {
		wrong["days"], days = "fault.token.days", usualTerm
	}
	k.Expires = now.AddDate(0, 0, days)
	if len(wrong) > 0 {
		return k, days, &fault.Error{Kind: fault.Invalid, Key: "fault.form", Fields: wrong}
	}
	return k, days, nil
}

// isHidden reports whether a sign is not seen where names are listed.
func isHidden(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

// revokeToken takes one of the person's own tokens out of the world.
func (s *hall) revokeToken(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	n, err := s.Content.RevokeTokens(v.Context(), v.Who.ID, []string{v.PostFormValue("pick")}, v.Who.ID)
	if err != nil {
		return err
	}
	s.Sessions.Forget()
	if n > 0 {
		s.Say(w, ui.OK, "token.revoked")
	}
	return frame.GoTo(w, v, "/me/tokens")
}

// profileTokens is what the profile says of the person's tokens, nil when they
// may hold none.
func (s *hall) profileTokens(v *frame.Visit, u store.User) (*views.ProfileTokens, error) {
	if s.Role&frame.Edition == 0 || u.MustChange || !access.MayHoldTokens(v.Who) {
		return nil, nil
	}
	rows, soon, err := s.tokenRows(v, u)
	return &views.ProfileTokens{Count: len(rows), Soon: soon}, err
}
