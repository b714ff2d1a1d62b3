package portal

import (
	"net/http"
	"strings"

	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/views"
)

// peopleSuggested is how many accounts or groups are suggested at once.
const peopleSuggested = 8

// people suggests accounts or groups of the domain for a field that asks for a
// person, to those who have an account there.
func (s *Portal) people(w http.ResponseWriter, v *frame.Visit) error {
	words, among := queryOf(v), v.URL.Query().Get("among")
	var page views.Suggestions
	if !v.Who.In(v.Pass.Domain) || len([]rune(words)) < 3 {
		return frame.Show(w, v, page.Options())
	}
	if among == procedure.AmongGroups || among == procedure.AmongBoth {
		groups, err := s.groupsLike(v, words)
		if err != nil {
			return err
		}
		page.Cards = groups
	}
	if among != procedure.AmongGroups {
		users, err := s.AccountsBy(v.Context(), v.Pass.Domain, "", words)
		if err != nil {
			return err
		}
		for _, u := range users {
			if u.Active {
				page.Cards = append(page.Cards, views.Card{Title: views.Plain(u.Name()), Where: u.Mail, Icon: "account", Value: u.Login})
			}
		}
	}
	page.Cards = page.Cards[:min(len(page.Cards), peopleSuggested)]
	return frame.Show(w, v, page.Options())
}

// groupsLike are the groups of the domain that have words in their title or
// name; the name is what is filled in.
func (s *Portal) groupsLike(v *frame.Visit, words string) (cards []views.Card, err error) {
	groups, err := s.Content.Groups(v.Context(), v.Pass.Domain)
	for _, g := range groups {
		title := s.GroupTitle(v, g)
		if strings.Contains(frame.Fold(title+"\n"+g.Name), frame.Fold(words)) {
			cards = append(cards, views.Card{Title: views.Plain(title), Where: v.Words.T("portal.group"), Icon: "people", Value: g.Name})
		}
	}
	return cards, err
}
