package admin

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

var tokenOrder = frame.Order[views.TokenRow]{
	"name":    func(a, b views.TokenRow) int { return cmp.Compare(frame.Fold(a.Name), frame.Fold(b.Name)) },
	"owner":   func(a, b views.TokenRow) int { return cmp.Compare(frame.Fold(a.Owner), frame.Fold(b.Owner)) },
	"created": func(a, b views.TokenRow) int { return a.Created.Compare(b.Created) },
	"expires": func(a, b views.TokenRow) int { return a.Expires.Compare(b.Expires) },
	"used":    func(a, b views.TokenRow) int { return b.Used.Compare(a.Used) },
}

// tokenRows are the tokens of everybody.
func (s *Admin) tokenRows(v *frame.Visit) (rows []views.TokenRow, err error) {
	all, err := s.Content.Tokens(v.Context())
	if err != nil {
		return nil, err
	}
	users := map[string]store.User{}
	for _, k := range all {
		u, known := users[k.User]
		if !known {
			if u, err = s.Content.User(v.Context(), k.User); err != nil && !fault.Is(err, fault.NotFound) {
				return nil, err
			}
			users[k.User] = u
		}
		rows = append(rows, s.TokenRow(v, k, u))
	}
	return rows, nil
}

// tokenList is the list of tokens that an address asks for, whole.
func (s *Admin) tokenList(v *frame.Visit, q url.Values) ([]views.TokenRow, views.List, error) {
	l := frame.Listed(q, "/admin/tokens", tokenOrder.Columns(), "q", "state")
	rows, err := s.tokenRows(v)
	if err != nil {
		return nil, l, err
	}
	if state := l.Value("state"); state != "" {
		rows = slices.DeleteFunc(rows, func(r views.TokenRow) bool {
			return r.State != state && (state != string(frame.TokenOpen) || r.State != string(frame.TokenSoon))
		})
	}
	words := func(r views.TokenRow) string { return r.Name + " " + r.Owner + " " + strings.Join(r.Scopes, " ") }
	return frame.Arrange(&l, rows, words, tokenOrder), l, nil
}

// tokens lists what programs come in with.
func (s *Admin) tokens(w http.ResponseWriter, v *frame.Visit) error {
	rows, l, err := s.tokenList(v, v.URL.Query())
	if err != nil {
		return err
	}
	page := views.AdminTokens{Office: s.Office(w, v, "tokens", v.Words.T("admin.tokens")), States: []views.Option{{Name: v.Words.T("token.states")}}}
	for _, state := range frame.TokenStates() {
		page.States = append(page.States, views.Option{Value: string(state), Name: v.TokenWords(state)})
	}
	page.Rows = frame.OnePage(v, &l, rows)
	page.List = l
	return frame.Show(w, v, page.View())
}

// tokensTable gives the list out.
func (s *Admin) tokensTable(w http.ResponseWriter, v *frame.Visit) error {
	rows, _, err := s.tokenList(v, v.URL.Query())
	if err != nil {
		return err
	}
	var table [][]string
	for _, r := range rows {
		used := ""
		if !r.Used.IsZero() {
			used = r.Used.Format(time.RFC3339)
		}
		table = append(table, []string{r.Name, r.Owner, strings.Join(r.Scopes, ", "), r.Created.Format(time.RFC3339), r.Expires.Format(time.RFC3339), used, r.Words})
	}
	return s.SendTable(w, v, frame.Table{Name: "tokens", Head: Head(v, "token.name", "token.owner", "token.scopes", "token.created", "token.expires", "token.used", "token.state"), Next: Once(table)})
}

// chosenTokens are the tokens that a form names, or all that its filter shows.
func (s *Admin) chosenTokens(v *frame.Visit) ([]views.TokenRow, views.List, error) {
	if err := v.ParseForm(); err != nil {
		return nil, views.List{}, frame.Unreadable(err)
	}
	q, err := url.ParseQuery(v.PostFormValue("filter"))
	if err != nil {
		return nil, views.List{}, frame.Unreadable(err)
	}
	rows, l, err := s.tokenList(v, q)
	if v.PostFormValue("every") != "yes" {
		rows = slices.DeleteFunc(rows, func(r views.TokenRow) bool { return !slices.Contains(v.PostForm["pick"], r.ID) })
	}
	return rows[:min(len(rows), maxChosen)], l, err
}

// chooseTokens asks whether the tokens chosen are to be revoked.
func (s *Admin) chooseTokens(w http.ResponseWriter, v *frame.Visit) error {
	rows, l, err := s.chosenTokens(v)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		s.Say(w, ui.Warn, "admin.chosen.none")
		return frame.GoTo(w, v, l.Address(""))
	}
	page := views.AdminChosen{
		Office: s.Office(w, v, "tokens", v.Words.N("admin.tokens.revoke.ask", len(rows))), Action: "/admin/tokens/apply", Danger: true,
		Button: v.Words.N("admin.tokens.revoke", len(rows)), Back: l.Address(""), Hidden: [][2]string{{"filter", v.PostFormValue("filter")}},
	}
	page.Ask = page.Title
	for i, r := range rows {
		page.IDs = append(page.IDs, r.ID)
		if i < namesShown {
			page.Names = append(page.Names, r.Name+" · "+r.Owner)
		} else {
			page.More++
		}
	}
	return frame.Show(w, v, page.View())
}

// applyTokens revokes the tokens chosen.
func (s *Admin) applyTokens(w http.ResponseWriter, v *frame.Visit) error {
	rows, l, err := s.chosenTokens(v)
	if err != nil {
		return err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	n, err := s.Content.RevokeTokens(v.Context(), "", ids, v.Who.ID)
	if err != nil {
		return err
	}
	s.Sessions.Forget()
	s.Say(w, ui.OK, "admin.tokens.revoked", strconv.Itoa(n))
	return frame.GoTo(w, v, l.Address(""))
}

// recently is how lately a token was used whose end would be noticed.
const recently = 30 * 24 * time.Hour

// examineTokens says how many tokens in use are about to expire.
func (s *Admin) examineTokens(v *frame.Visit, page *views.AdminHome) error {
	rows, err := s.tokenRows(v)
	n := 0
	for _, r := range rows {
		if r.State == string(frame.TokenSoon) && s.Now().Sub(r.Used) < recently {
			n++
		}
	}
	if n > 0 {
		page.Alerts = append(page.Alerts, views.Alert{Tone: ui.Warn, What: v.Words.N("admin.alert.tokens", n), Do: v.Words.T("admin.alert.tokens.do"), URL: "/admin/tokens?state=soon"})
	}
	return err
}
