package admin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"selfhelp/app/access"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
)

// shownRule shows whom a rule would let in, and changes nothing: when that is
// asked for, and when the rule is to be saved although something about it is
// doubtful, once.
func (s *Admin) shownRule(w http.ResponseWriter, v *frame.Visit, rule access.Rule, asked bool) (bool, error) {
	if !asked && v.PostFormValue("doubted") == ruleSign(rule) {
		return false, nil
	}
	page, err := s.rulePage(w, v, rule)
	if err != nil {
		return false, err
	}
	people, err := s.Content.PeopleForRules(v.Context())
	if err != nil {
		return false, err
	}
	from, err := s.Content.MembersFrom(v.Context(), page.ID)
	if err != nil {
		return false, err
	}
	var leavers []string
	page.Preview, leavers = previewOf(v, rule, people, from)
	if page.Preview.Doubts, err = s.doubts(v, rule, people, page.Preview.In.Count, leavers); err != nil {
		return false, err
	}
	if len(page.Preview.Doubts) > 0 {
		page.Doubted = ruleSign(rule)
	}
	page.Version, _ = strconv.ParseInt(v.PostFormValue("version"), 10, 64)
	switch {
	case asked:
		return true, frame.Show(w, v, page.View())
	case page.Doubted != "":
		return true, frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	return false, nil
}

// ruleSign stands for a rule that is doubtful: who changes it is asked anew.
func ruleSign(rule access.Rule) string {
	sign, err := json.Marshal(rule)
	if err != nil {
		panic(fmt.Errorf("write a rule of texts: %w", err)) // it is texts
	}
	return string(sign)
}

// previewOf is whom a rule would let in, and the ids of those who would leave.
func previewOf(v *frame.Visit, rule access.Rule, people []store.User, from map[string][]string) (preview *views.RulePreview, leavers []string) {
	preview = &views.RulePreview{}
	for _, u := range people {
		have, is := u.Compared(), from[u.ID]
		switch in := rule.Holds(have); {
		case in:
			note(&preview.In, u, met(v, rule, have))
			if len(is) == 0 {
				note(&preview.Enter, u, met(v, rule, have))
			}
		case slices.Equal(is, []string{store.ByRule}):
			note(&preview.Leave, u, unmet(v, rule, have))
			leavers = append(leavers, u.ID)
		}
	}
	return preview, leavers
}

// fewPeople is how many accounts there are at most before most of them is nothing
// to ask about.
const fewPeople = 10

// doubts are what makes it likely that a rule is not what was meant: it takes in
// most of the accounts, looks at what no account has, or takes their last entry from
// some.
func (s *Admin) doubts(v *frame.Visit, rule access.Rule, people []store.User, in int, leavers []string) (doubts []string, err error) {
	if len(people) > fewPeople && in*2 > len(people) {
		doubts = append(doubts, v.Words.T("admin.rule.doubt.most", in, len(people)))
	}
	var told []string
	for _, c := range rule.Conditions {
		has := func(u store.User) bool { _, has := u.Compared()[c.Attribute]; return has }
		if !slices.Contains(told, c.Attribute) && !slices.ContainsFunc(people, has) {
			told = append(told, c.Attribute)
			doubts = append(doubts, v.Words.T("admin.rule.doubt.nobody", c.Attribute))
		}
	}
	if len(leavers) == 0 {
		return doubts, nil
	}
	lost, err := s.Content.Stranded(v.Context(), store.Loss{Groups: []string{v.Managed.Group.ID}, Users: leavers, Source: store.ByRule})
	if len(lost) > 0 {
		doubts = append(doubts, v.Words.N("admin.rule.doubt.stranded", len(lost)))
	}
	return doubts, err
}
