package admin

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// peopleShown is how many people of each list a preview names.
const peopleShown = 50

// ruleWords is a rule as people read it.
func ruleWords(v *frame.Visit, r *access.Rule) *views.RuleWords {
	if r == nil {
		return nil
	}
	words := &views.RuleWords{Any: r.Any}
	for _, c := range r.Conditions {
		words.Conditions = append(words.Conditions, conditionWords(v, c))
	}
	return words
}

func conditionWords(v *frame.Visit, c access.Condition) string {
	words := v.Words.T("admin.rule.condition", c.Attribute, v.Words.T("compare."+string(c.Is)))
	if c.Is.TakesValue() {
		words = v.Words.T("admin.rule.condition.value", words, c.Value)
	}
	return words
}

// whyMembers writes into members of a group why they are in it.
func (s *Admin) whyMembers(v *frame.Visit, members []views.UserRow, group string) error {
	from, err := s.Content.MembersFrom(v.Context(), group)
	if err != nil {
		return err
	}
	ways, err := s.WaysIn(v.Context())
	for i, u := range members {
		members[i].Hand, members[i].Told = slices.Contains(from[u.ID], store.ByHand), told(v, from[u.ID], ways)
	}
	return err
}

// groupRule shows the form of a rule.
func (s *Admin) groupRule(w http.ResponseWriter, v *frame.Visit) error {
	var rule access.Rule
	if kept := v.Managed.Group.Rule; kept != nil {
		rule = *kept
	}
	page, err := s.rulePage(w, v, rule)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *Admin) rulePage(w http.ResponseWriter, v *frame.Visit, rule access.Rule) (views.AdminRule, error) {
	g := v.Managed.Group
	page := views.AdminRule{
		Office: s.Office(w, v, "groups", v.Words.T("admin.rule.of", s.GroupTitle(v, g))), ID: g.ID, Group: s.GroupTitle(v, g),
		Version: g.Version, Has: g.Rule != nil, Any: rule.Any, Own: rule.LeftToPeople(),
	}
	for _, c := range rule.Conditions {
		page.Conditions = append(page.Conditions, views.ConditionRow{Attribute: c.Attribute, Is: string(c.Is), Value: c.Value})
	}
	for _, c := range access.Comparisons() {
		page.Comparisons = append(page.Comparisons, views.Option{Value: string(c), Name: v.Words.T("compare." + string(c))})
	}
	var err error
	page.AttributeNames, err = s.attributeNames(v)
	page.AttributeNames = append(page.AttributeNames, "language", "role", "title") // what every account has
	return page, err
}

// readRule reads the rule of a form. Rows without an attribute say nothing.
func readRule(v *frame.Visit) (rule access.Rule, err error) {
	if err := v.ParseForm(); err != nil {
		return rule, frame.Unreadable(err)
	}
	names, is, values := v.PostForm["attribute"], v.PostForm["is"], v.PostForm["value"]
	if len(names) != len(is) || len(names) != len(values) {
		return rule, fault.New(fault.Invalid, "fault.form.unreadable")
	}
	rule.Any = v.PostFormValue("any") == "any"
	for i, name := range names {
		c := access.Condition{Attribute: strings.ToLower(strings.TrimSpace(name)), Is: access.Comparison(is[i]), Value: strings.TrimSpace(values[i])}
		if c.Attribute+c.Value == "" {
			continue
		}
		if !c.Is.TakesValue() {
			c.Value = ""
		}
		rule.Conditions = append(rule.Conditions, c)
	}
	if key, at := rule.Check(); key != "" {
		err = fault.InField(views.ConditionField(min(at, len(rule.Conditions))), key)
	}
	return rule, err
}

// saveRule shows whom a rule would let in, gives it to the group, or takes the
// rule of the group away.
func (s *Admin) saveRule(w http.ResponseWriter, v *frame.Visit) error {
	rule, err := access.Rule{}, v.ParseForm()
	if err != nil {
		return frame.Unreadable(err)
	}
	g, do := v.Managed.Group, v.PostFormValue("do")
	if do == "remove" && g.Rule != nil {
		if asked, err := s.askToUnrule(w, v); asked || err != nil {
			return err
		}
	}
	if g.Rule = nil; do != "remove" {
		if rule, err = readRule(v); err == nil {
			if shown, err := s.shownRule(w, v, rule, do == "preview"); shown || err != nil {
				return err
			}
		}
		if err == nil && rule.LeftToPeople() && v.PostFormValue("own") != "yes" {
			err = fault.InField("own", "fault.rule.own")
		}
		g.Rule = &rule
	}
	if err == nil {
		g.Version, _ = strconv.ParseInt(v.PostFormValue("version"), 10, 64)
		_, err = s.Content.SaveGroup(v.Context(), g, v.Who.ID)
		s.Sessions.Forget()
	}
	if err != nil {
		return s.refuseRule(w, v, rule, err)
	}
	s.Say(w, ui.OK, map[bool]string{true: "admin.rule.removed", false: "admin.rule.saved"}[do == "remove"], s.GroupTitle(v, g))
	return frame.GoTo(w, v, "/admin/groups/"+g.ID)
}

// refuseRule shows the form again with what is wrong, or with the rule that
// someone else gave meanwhile.
func (s *Admin) refuseRule(w http.ResponseWriter, v *frame.Visit, rule access.Rule, err error) error {
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	page, perr := s.rulePage(w, v, rule)
	if perr != nil {
		return perr
	}
	if page.Wrong = v.FieldTexts(err); page.Wrong == nil {
		page.Stale = true
		theirs := v.Words.T("admin.rule.none")
		if kept := ruleWords(v, v.Managed.Group.Rule); kept != nil {
			theirs = strings.Join(kept.Conditions, "; ")
		}
		page.Theirs = []views.Difference{{Name: v.Words.T("admin.rule"), Theirs: theirs}}
	}
	return frame.ShowStatus(w, v, frame.Statuses[kind], page.View())
}

// note counts somebody in, and names the first.
func note(list *views.RuledList, u store.User, why []string) {
	if list.Count++; list.Count <= peopleShown {
		list.People = append(list.People, views.RuledRow{ID: u.ID, Name: u.Name(), Login: u.Login, Why: why})
	}
}

// met are what somebody has that meets the conditions of a rule.
func met(v *frame.Visit, rule access.Rule, have map[string]string) []string {
	return having(v, rule, have, true)
}

// unmet are what somebody has that fails them.
func unmet(v *frame.Visit, rule access.Rule, have map[string]string) []string {
	return having(v, rule, have, false)
}

func having(v *frame.Visit, rule access.Rule, have map[string]string, holds bool) (why []string) {
	for _, c := range rule.Conditions {
		if c.Holds(have) != holds {
			continue
		}
		value := have[c.Attribute]
		if value == "" {
			value = v.Words.T("admin.attribute.empty")
		}
		if words := v.Words.T("admin.chosen.why", c.Attribute, value); !slices.Contains(why, words) {
			why = append(why, words)
		}
	}
	return why
}
